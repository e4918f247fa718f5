//! Signing in on another device (RFC 8628), at `proofkey serve`, with a user who opens its page.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::home::Home;
use common::page::press;
use common::server::Server;
use common::{Watchdog, code, holds_code_or_token, signal, stderr, stdout};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Stdio};

/// `proofkey login --device`, which waits for its user.
struct Device {
    child: Child,
    stderr: BufReader<ChildStderr>,
    shown: String,
    _watchdog: Watchdog,
}

impl Device {
    /// Begins, and comes back when the code is shown.
    fn begin(home: &Home, args: &[&str]) -> Self {
        Self::of(home, &[&["login", "--device"], args].concat())
    }

    fn of(home: &Home, args: &[&str]) -> Self {
        let mut command = home.proofkey(args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let watchdog = Watchdog::over(&child);
        let (mut stderr, mut shown) = (BufReader::new(child.stderr.take().unwrap()), String::new());
        while !shown.lines().any(|line| line.starts_with("Waiting for the other device")) {
            assert_ne!(stderr.read_line(&mut shown).unwrap(), 0, "no code came: {shown}");
        }
        Self { child, stderr, shown, _watchdog: watchdog }
    }

    /// The line behind the one that ends so.
    fn behind(&self, words: &str) -> &str {
        let mut lines = self.shown.lines().skip_while(|line| !line.ends_with(words)).skip(1);
        lines.find(|line| !line.is_empty()).unwrap().trim()
    }

    /// The page that the user opens, with the code typed.
    fn page(&self) -> String {
        let (page, user_code) = (self.behind("any device:"), self.behind("code there:"));
        format!("{page}?user_code={user_code}")
    }

    /// The exit code, stdout and what else came to stderr.
    fn end(mut self) -> (Option<i32>, String, String) {
        let mut rest = String::new();
        self.stderr.read_to_string(&mut rest).unwrap();
        let output = self.child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), rest)
    }
}

/// P15, T34: the code, where it goes, and what never to do with it; the user says yes, and the token works.
#[test]
fn a_user_says_yes_on_another_device() {
    let (server, home) = (Server::start(&["--device-interval", "0"]), Home::new());
    let resource = server.text("resource");
    let picture = home.path().join("qr.svg");
    let device = Device::begin(&home, &[resource, "--json", "--qr-svg", picture.to_str().unwrap()]);
    let shown = device.shown.replace('\n', " ");
    for words in ["just started this sign-in yourself", "never enter a code that somebody sent you"]
    {
        assert!(shown.contains(words), "{shown}");
    }
    assert!(std::fs::read_to_string(&picture).unwrap().starts_with("<svg"));
    let page = device.page();
    assert_eq!(press(&page, "allow").status(), 200);
    let user_code = device.behind("code there:").to_owned();
    let (code_, said, rest) = device.end();
    assert_eq!(code_, Some(0), "{rest}");
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{said}");
    let told = &lines[0]["device"];
    assert_eq!(told["user_code"], user_code.as_str());
    assert_eq!(told["verification_uri_complete"], page.as_str());
    assert!(told["advice"].as_str().unwrap().contains("never enter a code"));
    assert_eq!(told["expires_in"], 600);
    assert_eq!((&lines[1]["signed_in"], &lines[1]["token_type"]), (&true.into(), &"Bearer".into()));
    assert!(!holds_code_or_token(&said) && !holds_code_or_token(&rest));
    assert_eq!(code(&home.run(&["fetch", resource])), 0);
    assert_eq!(server.end("TERM").0, Some(0));
}

/// The same with a key: the device's tokens are bound as well.
#[test]
fn tokens_of_a_device_are_bound_too() {
    let args = ["--device-interval", "0", "--require-dpop", "--dpop-nonce", "--auto-approve"];
    let (server, home) = (Server::start(&args), Home::new());
    let resource = server.text("resource");
    let device = Device::begin(&home, &[resource, "--dpop"]);
    let page = device.page();
    assert_eq!(common::server::agent().get(&page).call().unwrap().status(), 200);
    let (exit, said, rest) = device.end();
    assert_eq!(exit, Some(0), "{rest}");
    assert!(said.contains("bound to a key that stays here: `proofkey fetch "), "{said}");
    let output = home.run(&["fetch", resource]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(server.end("TERM").0, Some(0));
}

/// A resource that demands another scope gets it in the same way.
#[test]
fn what_is_demanded_more_may_be_had_on_the_device_too() {
    let args = ["--device-interval", "0", "--auto-approve"];
    let (server, home) = (Server::start(&args), Home::new());
    let resource = server.text("resource");
    let device = Device::begin(&home, &[resource, "--scope", "read"]);
    assert_eq!(common::server::agent().get(device.page()).call().unwrap().status(), 200);
    assert_eq!(device.end().0, Some(0));
    let admin = format!("{resource}/admin");
    let device = Device::of(&home, &["fetch", "--yes", "--device", &admin]);
    assert_eq!(common::server::agent().get(device.page()).call().unwrap().status(), 200);
    let (exit, said, rest) = device.end();
    assert_eq!(exit, Some(0), "{rest}");
    let body: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(body["scope"], "read admin");
    assert_eq!(server.end("TERM").0, Some(0));
}

#[test]
fn a_no_is_a_no_and_ctrl_c_leaves_nothing_behind() {
    let (server, home) = (Server::start(&["--device-interval", "0"]), Home::new());
    let resource = server.text("resource");
    let device = Device::begin(&home, &[resource]);
    assert_eq!(press(&device.page(), "deny").status(), 200);
    let (exit, said, rest) = device.end();
    assert_eq!((exit, said.as_str()), (Some(1), ""));
    assert!(rest.starts_with("proofkey: access_denied: "), "{rest}");
    for (name, exit) in [("INT", 130), ("TERM", 143)] {
        let device = Device::begin(&home, &[resource]);
        signal(name, device.child.id());
        let (code, stdout, stderr) = device.end();
        assert_eq!((code, stdout.as_str(), stderr.as_str()), (Some(exit), "", ""), "{name}");
    }
    let output = home.run(&["status", "--json"]);
    let json: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(json["signed_in"], Value::Array(Vec::new()));
    assert_eq!(server.end("TERM").0, Some(0));
}
