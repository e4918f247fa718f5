//! A private database server, ended with the test program.

use serde_json::Value;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A server in a folder of its own, on a port that the system chose; `tests/lib/private_database.py` runs it. It
/// ends when its standard input does: with this, or with the test program, however that ends.
pub struct Server {
    _process: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    pub ready: Value,
}

impl Server {
    pub fn start(arguments: &[&str]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/lib/private_database.py");
        let mut process = Command::new("python3")
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let commands = process.stdin.take().unwrap();
        let mut answers = BufReader::new(process.stdout.take().unwrap());
        let ready = serde_json::from_str(&line(&mut answers)).unwrap();
        Self { _process: process, commands, answers, ready }
    }

    /// What the line that it begins with says of `name`.
    pub fn text(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap()
    }

    /// `stop`, `kill`, `start`, `hang`, `go on`, `full BYTES` or `room`; it is done when this returns.
    pub fn tell(&mut self, command: &str) {
        writeln!(self.commands, "{command}").unwrap();
        assert_eq!(line(&mut self.answers), command);
    }
}

fn line(answers: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    answers.read_line(&mut line).unwrap();
    assert!(!line.is_empty(), "the private server has ended");
    line.trim_end().to_owned()
}
