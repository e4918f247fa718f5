//! `proofkey serve`, running.

use super::{Watchdog, proofkey, signal};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A running server.
pub struct Server {
    pub child: Child,
    pub stdout: BufReader<ChildStdout>,
    pub _watchdog: Watchdog,
    pub ready: Value,
}

impl Server {
    /// At a port of the system's choice.
    pub fn start(args: &[&str]) -> Self {
        Self::start_with(&[&["--port", "0"], args].concat())
    }

    pub fn start_with(args: &[&str]) -> Self {
        Self::of(proofkey(&[&["serve", "--json"], args].concat()))
    }

    /// Without its story: it would wait for somebody to read it, after some hundred requests.
    pub fn silent(args: &[&str]) -> Self {
        let mut command = proofkey(&[&["serve", "--json", "--port", "0"], args].concat());
        command.env("RUST_LOG", "off");
        Self::of(command)
    }

    pub fn of(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let watchdog = Watchdog::over(&child);
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no ready line: {line}"));
        Self { child, stdout, _watchdog: watchdog, ready }
    }

    pub fn text(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap()
    }

    /// Sends the signal; gives the exit code, what else came to stdout, and the log.
    pub fn end(mut self, name: &str) -> (Option<i32>, String, String) {
        signal(name, self.child.id());
        let (mut rest, mut log) = (String::new(), String::new());
        self.stdout.read_to_string(&mut rest).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code(), rest, log)
    }
}

/// Follows nothing and takes every status.
pub fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .timeout_global(Some(super::DEADLINE));
    config.build().new_agent()
}
