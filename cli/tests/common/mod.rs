//! Running the program, with a deadline on everything.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[cfg(unix)]
pub mod home;
pub mod page;
pub mod server;

use proofkey::challenge::CodeChallenge;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Nothing that the tests start may run longer.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// The program, without the colours and the logging of whoever runs the tests.
pub fn proofkey(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proofkey"));
    command.args(args).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUST_LOG"] {
        command.env_remove(name);
    }
    command
}

/// Ends a process that outlives the deadline, so that a test fails instead of hanging.
pub struct Watchdog(Sender<()>);

impl Watchdog {
    pub fn over(child: &Child) -> Self {
        let pid = child.id();
        let (over, ended) = channel::<()>();
        std::thread::spawn(move || {
            if ended.recv_timeout(DEADLINE) == Err(RecvTimeoutError::Timeout) {
                signal("KILL", pid);
            }
        });
        Self(over)
    }
}

/// Sends a signal, by name.
pub fn signal(name: &str, pid: u32) {
    let sent = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status();
    assert!(sent.unwrap().success(), "the process {pid} is not there");
}

/// Runs it to its end.
pub fn run(command: &mut Command) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _watchdog = Watchdog::over(&child);
    child.wait_with_output().unwrap()
}

/// Runs it with this text on its standard input.
pub fn run_with(command: &mut Command, input: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _watchdog = Watchdog::over(&child);
    // A program that has read enough closes its end: no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

pub fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// The exit code; a program that a signal ended has none.
pub fn code(output: &Output) -> i32 {
    output.status.code().expect("it was ended by a signal")
}

/// Whether there is nothing in the folder.
pub fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().next().is_none()
}

/// Every challenge-shaped text in what was shown: 43 characters of base64url.
pub fn challenges_in(text: &str) -> Vec<CodeChallenge> {
    let word = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    text.split(word).filter_map(|word| CodeChallenge::parse(word).ok()).collect()
}

/// Whether some 43 characters anywhere in the bytes are the verifier of this challenge.
pub fn holds_verifier(bytes: &[u8], challenge: &CodeChallenge) -> bool {
    bytes.windows(43).any(|window| {
        std::str::from_utf8(window).is_ok_and(|text| proofkey::verify(text, challenge) == Ok(true))
    })
}

/// Whether a whole code or token stands in the text: 22 characters, a dot, 43 characters.
pub fn holds_code_or_token(text: &str) -> bool {
    let base64url = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    text.as_bytes().windows(22 + 1 + 43).any(|window| {
        let (id, rest) = window.split_at(22);
        id.iter().all(base64url) && rest[0] == b'.' && rest[1..].iter().all(base64url)
    })
}
