//! A program that is killed: this very test program, which runs one test again in another role.

use super::{CLIENTS, Ledger, rand_below, work};
use proofkey_server::store::{GrantStore, StoreError};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Names to the child what it works over.
const STORE: &str = "PROOFKEY_KILLED_STORE";

/// So many lines come before the last point of a round.
const LINES: usize = 80;

/// Works until it is killed, if this is the child. Its lines go to the standard error, where the test harness writes
/// nothing, each in one write: a killed program leaves no half of one.
pub async fn run_if_child<F>(open: impl FnOnce(String) -> F)
where
    F: Future<Output = Result<Arc<dyn GrantStore>, StoreError>>,
{
    let Ok(named) = std::env::var(STORE) else { return };
    tell("opening".into());
    let store = open(named).await.unwrap();
    let mut working = JoinSet::new();
    for number in 0..CLIENTS {
        let store = store.clone();
        working.spawn(async move { work(&*store, number, tell).await });
    }
    working.join_next().await.unwrap().unwrap();
    panic!("the store of the child has failed");
}

fn tell(line: String) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// Lets a child work over `store` by running `test` in it, and kills it after a random number of its lines.
pub fn kill_one(test: &str, store: &str) -> Ledger {
    let mut child = Started(
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(STORE, store)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut lines = BufReader::new(child.0.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(lines.next().as_deref(), Some("opening"));
    let mut ledger = Ledger::default();
    for _ in 0..rand_below(LINES) {
        ledger.read(&lines.next().expect("the child has ended by itself"));
    }
    child.0.kill().unwrap();
    // What it told before it died counts as well.
    lines.for_each(|line| ledger.read(&line));
    ledger
}

/// Ends with the test, however that ends.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
