//! A Redis server of a test's own, which ends with the test.

use proofkey_server::store::{RedisOptions, RedisStore};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const RUNNER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/lib/private_database.py");

pub struct Private {
    runner: Child,
    commands: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
    told: Value,
}

impl Private {
    /// One that flushes nothing to the disk: a power cut is none of its test's affairs.
    pub fn start() -> Self {
        Self::of(&["redis"])
    }

    /// One with `appendfsync always`.
    pub fn lasting() -> Self {
        Self::of(&["redis", "--lasting"])
    }

    pub fn of(arguments: &[&str]) -> Self {
        let mut runner = Command::new("python3")
            .arg(RUNNER)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let commands = runner.stdin.take();
        let mut answers = BufReader::new(runner.stdout.take().unwrap()).lines();
        let told = answers.next().expect("the server did not start").unwrap();
        Self { runner, commands, answers, told: serde_json::from_str(&told).unwrap() }
    }

    pub fn text(&self, name: &str) -> &str {
        self.told[name].as_str().unwrap()
    }

    pub fn number(&self, name: &str) -> u64 {
        self.told[name].as_u64().unwrap()
    }

    pub fn port(&self) -> u64 {
        self.number("port")
    }

    /// Its address by the socket in its folder.
    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.text("socket"))
    }

    /// SIGKILL. It is dead when this returns.
    pub fn kill(&mut self) {
        self.command("kill");
    }

    /// The same again, on the same files and the same port.
    pub fn start_again(&mut self) {
        self.command("start");
    }

    pub fn command(&mut self, command: &str) {
        writeln!(self.commands.as_mut().unwrap(), "{command}").unwrap();
        assert_eq!(self.answers.next().expect("the runner has ended").unwrap(), command);
    }

    /// A command of an administrator.
    pub fn admin<T: redis::FromRedisValue>(&self, command: &str) -> T {
        let mut words = command.split(' ');
        let mut call = redis::cmd(words.next().unwrap());
        for word in words {
            call.arg(word);
        }
        call.query(&mut self.connection()).unwrap()
    }

    pub fn connection(&self) -> redis::Connection {
        redis::Client::open(self.url()).unwrap().get_connection().unwrap()
    }

    pub async fn store(&self) -> RedisStore {
        self.store_with(RedisOptions::default()).await
    }

    pub async fn store_with(&self, options: RedisOptions) -> RedisStore {
        options.open(&self.url()).await.unwrap()
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        // The end of its input stops the runner, and that the server.
        drop(self.commands.take());
        drop(self.runner.wait());
    }
}
