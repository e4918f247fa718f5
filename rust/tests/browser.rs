//! A browser is one program that gets one argument (CVE-2025-6514, RUSTSEC-2026-0257; threat: command
//! or flag injection on opening the browser).
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proofkey_client::{Browser, Family};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{Server, approve, client, tokens};

/// What a shell would obey, and a URI may hold (RFC 3986 §2.2).
const TRAP: &str = "https://login.example/authorize?a=$(id)&b=;reboot;'&c=!*%20%3Bid%0A--flag";

/// A program that writes down how many arguments it got and each of them, into a pipe that the test
/// reads: the end of the writing is the event.
struct FakeBrowser {
    folder: PathBuf,
}

impl FakeBrowser {
    fn new(name: &str) -> Self {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        assert!(Command::new("mkfifo").arg(folder.join("pipe")).status().unwrap().success());
        let fake = Self { folder };
        let script =
            format!("#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" > '{}'\n", fake.pipe().display());
        std::fs::write(fake.program(), script).unwrap();
        std::fs::set_permissions(fake.program(), PermissionsExt::from_mode(0o755)).unwrap();
        fake
    }

    fn program(&self) -> PathBuf {
        self.folder.join("fake browser")
    }

    fn pipe(&self) -> PathBuf {
        self.folder.join("pipe")
    }

    /// The one argument, once the program was started.
    fn argument(&self) -> String {
        let written = std::fs::read_to_string(self.pipe()).unwrap();
        let (count, arguments) = written.split_once('\n').unwrap();
        assert_eq!(count, "1", "{written:?}");
        arguments.strip_suffix('\n').unwrap().to_owned()
    }
}

impl Drop for FakeBrowser {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn the_program_gets_the_url_unchanged_as_its_only_argument() {
    let fake = FakeBrowser::new("program");
    let server = Server::answering(tokens());
    let client = client(&server)
        .authorization_endpoint(TRAP)
        .browser(Browser::Program(fake.program()))
        .build()
        .unwrap();
    std::thread::scope(|scope| {
        let signing_in = scope.spawn(|| client.sign_in());
        let url = fake.argument();
        assert!(url.starts_with(&format!("{TRAP}&")), "{url}");
        // The state in it is whole: with it the sign-in comes to its end.
        approve(&url);
        assert!(signing_in.join().unwrap().is_ok());
    });
}

#[test]
fn the_variable_browser_names_one_program_and_loopback_needs_no_proxy() {
    // The environment of this process is shared by all tests, so another process is asked.
    let fake = FakeBrowser::new("variable");
    let dead = "http://127.0.0.1:9";
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_signs_in", "--ignored", "--nocapture"])
        .env("BROWSER", fake.program())
        .envs(
            ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "all_proxy"]
                .map(|name| (name, dead)),
        )
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .spawn()
        .unwrap();
    approve(&fake.argument());
    assert!(child.wait().unwrap().success());
}

#[test]
#[ignore = "a part of the test above, which starts it with the environment that it needs"]
fn child_signs_in() {
    let server = Server::answering(tokens());
    client(&server).build().unwrap().sign_in().unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_browser_that_is_missing_is_said_with_advice() {
    let server = Server::answering(tokens());
    for program in ["/no/such/browser", "sh -c id", ""] {
        let client = client(&server).browser(Browser::Program(program.into())).build().unwrap();
        let error = client.sign_in().unwrap_err();
        assert_eq!(error.code(), "browser_failed", "{program}");
        assert_eq!(error.family(), Family::FixConfiguration);
        assert!(error.to_string().contains(program), "{error}");
        assert!(error.advice().contains("browser"));
    }
}
