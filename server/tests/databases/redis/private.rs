//! A Redis server of a test's own.

use crate::server::Server;
use proofkey_server::store::{RedisOptions, RedisStore};

pub struct Private(pub Server);

impl Private {
    /// One that flushes nothing to the disk: a power cut is none of its test's affairs.
    pub fn start() -> Self {
        Self(Server::start(&["redis"]))
    }

    /// One with `appendfsync always`.
    pub fn lasting() -> Self {
        Self(Server::start(&["redis", "--lasting"]))
    }

    /// One that belongs to a cluster and has no slots.
    pub fn in_a_cluster() -> Self {
        Self(Server::start(&["redis-cluster"]))
    }

    pub fn port(&self) -> u64 {
        self.0.ready["port"].as_u64().unwrap()
    }

    /// Its address by the socket in its folder.
    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.0.text("socket"))
    }

    pub fn connection(&self) -> redis::Connection {
        redis::Client::open(self.url()).unwrap().get_connection().unwrap()
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

    pub fn options(&self) -> RedisOptions {
        RedisOptions::new(&self.url()).unwrap()
    }

    pub async fn store(&self) -> RedisStore {
        self.options().connect().await.unwrap()
    }
}
