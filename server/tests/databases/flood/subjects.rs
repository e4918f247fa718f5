//! The stores that are flooded, and what each of them holds.

use super::{max_grants, max_pending};
use crate::postgres::{beside, new_schema};
use crate::redis::private::Private;
use crate::server::Server;
use async_trait::async_trait;
use proofkey_server::clock::Clock;
use proofkey_server::pending::{MemoryPending, PendingStore};
use proofkey_server::store::{
    GrantStore, MemoryStore, PostgresOptions, PostgresStore, RedisStore, SqliteOptions, SqliteStore,
};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

#[async_trait]
pub trait Subject: Send + Sync {
    fn name(&self) -> String;
    fn grants(&self) -> Arc<dyn GrantStore>;
    fn pending(&self) -> Arc<dyn PendingStore>;
    /// How many grants may pass the bound together, and how many entries.
    fn together(&self) -> usize {
        0
    }
    /// Grants, pending entries, bytes.
    async fn held(&self) -> (u64, u64, u64);
}

pub struct Memory(Arc<MemoryStore>, Arc<MemoryPending>);

impl Memory {
    pub fn new() -> Self {
        let pending = MemoryPending::with_capacity(Clock::system(), max_pending());
        Self(Arc::new(MemoryStore::new(max_grants())), Arc::new(pending))
    }
}

#[async_trait]
impl Subject for Memory {
    fn name(&self) -> String {
        "memory".into()
    }

    fn grants(&self) -> Arc<dyn GrantStore> {
        self.0.clone()
    }

    fn pending(&self) -> Arc<dyn PendingStore> {
        self.1.clone()
    }

    /// What it holds is memory of this process.
    async fn held(&self) -> (u64, u64, u64) {
        (self.0.len().unwrap() as u64, 0, 0)
    }
}

pub struct Sqlite(Arc<SqliteStore>, TempDir);

impl Sqlite {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::default().max_grants(max_grants() as u64);
        let options = options.max_pending(max_pending());
        Self(Arc::new(options.open(folder.path().join("grants.db")).unwrap()), folder)
    }
}

#[async_trait]
impl Subject for Sqlite {
    fn name(&self) -> String {
        "SQLite".into()
    }

    fn grants(&self) -> Arc<dyn GrantStore> {
        self.0.clone()
    }

    fn pending(&self) -> Arc<dyn PendingStore> {
        self.0.clone()
    }

    async fn held(&self) -> (u64, u64, u64) {
        let beside = rusqlite::Connection::open(self.1.path().join("grants.db")).unwrap();
        let count = |table: &str| {
            let sql = format!("SELECT count(*) FROM {table}");
            beside.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap() as u64
        };
        (count("grants"), count("pending"), size(self.1.path()))
    }
}

/// The bytes of all files below.
fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    // A file may have gone meanwhile.
    let one = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    entries.map(|path| if path.is_dir() { size(&path) } else { one(&path) }).sum()
}

pub struct Postgres {
    store: Arc<PostgresStore>,
    schema: String,
    beside: tokio_postgres::Client,
    _server: Server,
}

impl Postgres {
    pub async fn new() -> Self {
        let server = Server::start(&["postgres"]);
        let (url, schema) = (server.text("url"), new_schema());
        let options = PostgresOptions::new(url).unwrap().schema(&schema);
        let options = options.max_grants(max_grants() as u64).max_pending(max_pending());
        let store = options.connect().await.unwrap();
        let beside = beside(url).await;
        Self { store: Arc::new(store), schema, beside, _server: server }
    }
}

#[async_trait]
impl Subject for Postgres {
    fn name(&self) -> String {
        "PostgreSQL".into()
    }

    fn grants(&self) -> Arc<dyn GrantStore> {
        self.store.clone()
    }

    fn pending(&self) -> Arc<dyn PendingStore> {
        self.store.clone()
    }

    /// One for each of its connections.
    fn together(&self) -> usize {
        16
    }

    async fn held(&self) -> (u64, u64, u64) {
        let schema = &self.schema;
        let sql = format!(
            "SELECT (SELECT count(*) FROM \"{schema}\".grants), (SELECT count(*) FROM \"{schema}\".pending),
                (SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c
                 JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r')"
        );
        let row = self.beside.query_one(&sql, &[schema]).await.unwrap();
        let number = |at| row.get::<_, i64>(at) as u64;
        (number(0), number(1), number(2))
    }
}

pub struct Redis(Arc<RedisStore>, Private);

impl Redis {
    pub async fn new() -> Self {
        let server = Private::start();
        let options = server.options().max_grants(max_grants() as u64).max_pending(max_pending());
        Self(Arc::new(options.connect().await.unwrap()), server)
    }
}

#[async_trait]
impl Subject for Redis {
    fn name(&self) -> String {
        "Redis".into()
    }

    fn grants(&self) -> Arc<dyn GrantStore> {
        self.0.clone()
    }

    fn pending(&self) -> Arc<dyn PendingStore> {
        self.0.clone()
    }

    /// Its memory, and its append-only file, which Redis writes anew from 64 MiB on.
    async fn held(&self) -> (u64, u64, u64) {
        let info: String = self.1.admin("INFO memory");
        let used = info.lines().find_map(|line| line.strip_prefix("used_memory:")).unwrap();
        let pending = ["pushed", "device", "user_code", "proof"]
            .map(|kind| self.1.admin::<u64>(&format!("ZCARD {{proofkey:{kind}}}:ends")));
        let grants = self.1.admin("ZCARD proofkey:grants");
        let used: u64 = used.trim().parse().unwrap();
        (grants, pending.iter().sum(), used + size(self.1.0.text("data").as_ref()))
    }
}
