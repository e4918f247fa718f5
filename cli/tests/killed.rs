//! A refresh that `kill -9` ends, at each of its steps and at each call of the system that a step makes.
//!
//! The kill comes from inside (killed/kill_at.c), at a named point, so that no moment is guessed. One whole
//! refresh shows which points there are. `PROOFKEY_KILLS` is how many kills are made, spread evenly over the
//! steps; without it each point has one (`tests/kill-refresh` makes 500).
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::home::Home;
use common::server::{Server, agent};
use common::{code, holds_code_or_token, run, stderr, stdout};
use proofkey::file_store::FileStore;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SIGKILL: i32 = 9;

/// The steps of a refresh, as docs/decisions/steps.md names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// The look at what is stored, by which a token that is still good is found without a lock.
    Look,
    Lock,
    Load,
    /// Until the last of the request is on its way.
    Send,
    /// From then on until the answer is read: the server may have rotated.
    Answer,
    /// The server has rotated, and nothing is in its place yet.
    Swap,
    /// The new grant is in its place.
    Swapped,
    Unlock,
}

impl Step {
    const ALL: [Self; 8] = [
        Self::Look,
        Self::Lock,
        Self::Load,
        Self::Send,
        Self::Answer,
        Self::Swap,
        Self::Swapped,
        Self::Unlock,
    ];
}

/// A point at which a kill comes: which call, and which time it is made.
#[derive(Debug)]
struct Point {
    step: Step,
    name: String,
    time: usize,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {} {}", self.step, self.name, self.time)
    }
}

/// Gives each point that was reached its step.
fn points(trace: &str) -> Vec<Point> {
    let reached: Vec<&str> = trace.lines().collect();
    let first = |name| reached.iter().position(|found| *found == name).expect(name);
    let last = |name| reached.iter().rposition(|found| *found == name).expect(name);
    let ends = [
        (first("before open lock"), Step::Look),
        (first("after flock lock"), Step::Lock),
        (first("before connect socket"), Step::Load),
        (last("after send socket"), Step::Send),
        (last("after recv socket"), Step::Answer),
        (last("after rename record"), Step::Swap),
        (first("before unlock lock"), Step::Swapped),
        (reached.len(), Step::Unlock),
    ];
    assert!(ends.is_sorted(), "the steps come in another order: {reached:?}");
    let point = |at: usize| {
        let name = reached[at];
        let (_, step) = *ends.iter().find(|(end, _)| at < *end).unwrap();
        let time = reached[..=at].iter().filter(|found| **found == name).count();
        Point { step, name: name.to_owned(), time }
    };
    (0..reached.len()).map(point).collect()
}

/// A signed-in user whose token is always old, so that each `proofkey token` refreshes it.
struct User {
    home: Home,
    server: Server,
    library: PathBuf,
    store: FileStore,
    /// That of the tokens.
    key: String,
}

impl User {
    fn new(library: &Path) -> Self {
        // P27: within the window the token that was rotated away is good once more.
        let server = Server::silent(&[
            "--auto-approve",
            "--access-token-lifetime",
            "0",
            "--reuse-window",
            "30",
        ]);
        let home = Home::new();
        let output = home.login(&[server.text("resource")]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let store = FileStore::open(&home.store()).unwrap();
        let key = home.stored("record-tokens-")[0].strip_prefix("record-").unwrap().to_owned();
        Self { home, server, library: library.to_owned(), store, key }
    }

    fn resource(&self) -> &str {
        self.server.text("resource")
    }

    /// A refresh, with this for the library that is loaded before it.
    fn refresh(&self, name: &str, value: &str) -> Output {
        let mut command = self.home.proofkey(&["token", self.resource()]);
        run(command.env("LD_PRELOAD", &self.library).env(name, value))
    }

    /// The points of one whole refresh.
    fn points(&self) -> Vec<Point> {
        let trace = self.home.path().join("trace");
        std::fs::write(&trace, "").unwrap();
        let output = self.refresh("PROOFKEY_KILL_TRACE", trace.to_str().unwrap());
        assert_eq!((code(&output), stderr(&output)), (0, ""));
        points(&std::fs::read_to_string(&trace).unwrap())
    }

    /// How many refreshes have arrived.
    fn refreshes(&self) -> u64 {
        let mut answer = agent().get(self.server.text("counters")).call().unwrap();
        let counters: Value =
            serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        counters["token"]["arrived"]["refresh_token"].as_u64().unwrap_or(0)
    }

    /// What of the tokens is stored, whole as its checksum says.
    fn grant(&self) -> Vec<u8> {
        let stored =
            self.store.load(&self.key).unwrap().expect("neither the old nor the new is there");
        let output = self.home.run(&["status", "--json"]);
        assert_eq!((code(&output), stderr(&output)), (0, ""));
        let json: Value = serde_json::from_str(stdout(&output)).unwrap();
        let signed_in = json["signed_in"].as_array().unwrap();
        assert_eq!((signed_in.len(), &signed_in[0]["refreshable"]), (1, &Value::Bool(true)));
        stored.value.to_vec()
    }

    /// Kills one refresh at this point; the next one finds what the dead one had to leave.
    fn kill(&self, point: &Point) {
        let (old, before) = (self.grant(), self.refreshes());
        let output = self.refresh("PROOFKEY_KILL_AT", &format!("{} {}", point.name, point.time));
        assert_eq!(output.status.signal(), Some(SIGKILL), "{point} {}", stderr(&output));
        // The lock is the next one's without a wait.
        assert!(self.store.lock(&self.key, 0).unwrap().is_some(), "{point}");
        let (kept, arrived) = (self.grant(), self.refreshes() - before);
        match point.step {
            Step::Look | Step::Lock | Step::Load | Step::Send => {
                assert_eq!((kept == old, arrived), (true, 0), "{point}");
            }
            // Whether the request was read before its sender was gone is the server's to say.
            Step::Answer => assert!(kept == old && arrived <= 1, "{point}"),
            Step::Swap => assert_eq!((kept == old, arrived), (true, 1), "{point}"),
            Step::Swapped | Step::Unlock => {
                assert_eq!((kept == old, arrived), (false, 1), "{point}");
            }
        }
        // What is stored is a grant that the server takes, with the old token or the new one.
        let output = self.home.run(&["token", self.resource()]);
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{point}");
        assert!(holds_code_or_token(stdout(&output)), "{point}");
        assert_ne!(self.grant(), kept, "{point}");
        // What the dead one was writing is gone, and nothing had to be set aside.
        let left: Vec<String> = self.home.stored("");
        let odd = |name: &&String| name.starts_with("new-") || name.contains("unreadable");
        assert_eq!(left.iter().find(odd), None, "{point}");
    }
}

/// The library that kills.
fn compiled(folder: &Path) -> PathBuf {
    let library = folder.join("kill_at.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/killed/kill_at.c");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]);
    let output = run(compiler.arg(&library).args([source, "-ldl"]));
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    library
}

/// T27
#[test]
fn a_refresh_that_is_killed_at_any_step_leaves_the_old_grant_or_the_new() {
    let folder = tempfile::tempdir().unwrap();
    let library = compiled(folder.path());
    let points = User::new(&library).points();
    let plan: Vec<&Point> = match std::env::var("PROOFKEY_KILLS") {
        Ok(count) => evenly(&points, count.parse().expect("PROOFKEY_KILLS is a number")),
        Err(_) => points.iter().collect(),
    };
    let mut kills = BTreeMap::new();
    // A server of the tests lives for no longer than their deadline.
    for some in plan.chunks(100) {
        let user = User::new(&library);
        for point in some {
            user.kill(point);
            *kills.entry(point.step).or_insert(0) += 1;
        }
    }
    let said: Vec<String> = kills.iter().map(|(step, kills)| format!("{step:?} {kills}")).collect();
    #[expect(clippy::print_stdout, reason = "the result of `tests/kill-refresh`")]
    {
        println!("{} kills at {} points: {}", plan.len(), points.len(), said.join(", "));
    }
    assert!(kills.keys().eq(&Step::ALL), "a step had no kill");
}

/// So many kills, the same number in each step, and within it one point after the other.
fn evenly(points: &[Point], count: usize) -> Vec<&Point> {
    let steps = Step::ALL
        .map(|step| -> Vec<&Point> { points.iter().filter(|point| point.step == step).collect() });
    let kill = |number: usize| {
        let step = &steps[number % steps.len()];
        step[number / steps.len() % step.len()]
    };
    (0..count).map(kill).collect()
}
