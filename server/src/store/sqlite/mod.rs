//! The embedded store: one SQLite file, durable, of bounded size, readable by its owner alone.

mod batch;
mod open;
mod peek;
mod pending;
mod statements;
mod worker;

pub use peek::{StoredGrant, StoredToken};

use super::bounds::{Bounds, bounded};
use super::{GrantStore, Seen, StoreError, signed};
use crate::clock::Clock;
use async_trait::async_trait;
use proofkey::grant::{FoundGrant, FoundToken, Hash, NewGrant, NewToken};
use std::path::Path;
use worker::Worker;

/// How a [`SqliteStore`] is opened.
#[derive(Debug, Clone, Default)]
pub struct SqliteOptions {
    bounds: Bounds,
    clock: Clock,
}

impl SqliteOptions {
    bounded!();

    /// Another clock than the system's, for tests.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Opens the file, or makes it with mode 0600. Blocks for some milliseconds of disk work.
    ///
    /// # Errors
    /// [`StoreError::Open`] if the path cannot be opened or its folder is not there,
    /// [`StoreError::OpenToOthers`] if other users may read it, [`StoreError::NotAGrantStore`],
    /// [`StoreError::NewerSchema`], [`StoreError::Database`].
    pub fn open(self, path: impl AsRef<Path>) -> Result<SqliteStore, StoreError> {
        let path = path.as_ref();
        let worker = Worker::start(open::connection(path)?, open::reader(path)?, self.clock)?;
        Ok(SqliteStore { worker, bounds: self.bounds })
    }
}

/// Grants in one SQLite file, and what a server keeps for minutes ([`PendingStore`](crate::pending::PendingStore)).
///
/// Write-ahead log, `synchronous = FULL`: what was answered survives a power cut. Two connections on
/// threads of their own do the work, one writes and one reads, so nothing blocks the async runtime;
/// what comes while the one writes to the disk shares the next write, and is answered after it; the
/// other sees what is on the disk alone. Several processes may share the file. Expired rows are
/// swept in small batches when grants are put. Dropping the store waits for the calls that were made
/// and closes the file.
///
/// Calls need a tokio runtime with its timer enabled: each ends after 10 s at the latest.
pub struct SqliteStore {
    worker: Worker,
    bounds: Bounds,
}

impl SqliteStore {
    /// Opens the file, or makes it, with [`SqliteOptions::default`].
    ///
    /// # Errors
    /// Those of [`SqliteOptions::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        SqliteOptions::default().open(path)
    }

    /// How many grants the file holds, expired ones that were not swept yet among them.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn len(&self) -> Result<u64, StoreError> {
        self.worker.read(|connection, _| statements::tally(connection)).await
    }

    /// Whether the file holds no grant.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.len().await? == 0)
    }

    /// The row of a grant with its tokens' rows, as they lie in the file, for showing. Nothing in it
    /// is secret.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn peek(&self, grant_id: &str) -> Result<Option<StoredGrant>, StoreError> {
        let grant_id = grant_id.to_owned();
        self.worker.read(move |connection, _| peek::row(connection, &grant_id)).await
    }
}

#[async_trait]
impl GrantStore for SqliteStore {
    async fn put(&self, grant: NewGrant) -> Result<bool, StoreError> {
        let max_grants = signed(self.bounds.max_grants);
        self.worker.write(move |c, now| statements::put(c, &grant, now, max_grants)).await
    }

    async fn find(&self, grant_id: &str, code_hash: &Hash) -> Result<Seen<FoundGrant>, StoreError> {
        let (grant_id, code_hash) = (grant_id.to_owned(), *code_hash);
        self.worker
            .read(move |c, now| {
                let row = statements::find(c, &grant_id, &code_hash)?;
                Ok(Seen { row, now })
            })
            .await
    }

    async fn claim(
        &self,
        grant_id: &str,
        code_hash: &Hash,
        max_mismatches: u32,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        let (grant_id, code_hash) = (grant_id.to_owned(), *code_hash);
        self.worker
            .write(move |c, now| {
                statements::claim(c, &grant_id, &code_hash, max_mismatches, &tokens, now)
            })
            .await
    }

    async fn rotate(
        &self,
        grant_id: &str,
        token_hash: &Hash,
        reuse_window_s: u64,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        let (grant_id, token_hash, max) =
            (grant_id.to_owned(), *token_hash, signed(self.bounds.max_tokens));
        self.worker
            .write(move |c, now| {
                let tokens = (tokens.as_slice(), max);
                statements::rotate(c, &grant_id, &token_hash, reuse_window_s, tokens, now)
            })
            .await
    }

    async fn count(&self, grant_id: &str) -> Result<(), StoreError> {
        let grant_id = grant_id.to_owned();
        self.worker.write(move |c, _| statements::count(c, &grant_id)).await
    }

    async fn revoke(&self, grant_id: &str) -> Result<(), StoreError> {
        let grant_id = grant_id.to_owned();
        self.worker.write(move |c, _| statements::revoke(c, &grant_id)).await
    }

    async fn find_token(
        &self,
        grant_id: &str,
        token_hash: &Hash,
    ) -> Result<Seen<FoundToken>, StoreError> {
        let (grant_id, token_hash) = (grant_id.to_owned(), *token_hash);
        self.worker
            .read(move |c, now| {
                let row = statements::find_token(c, &grant_id, &token_hash)?;
                Ok(Seen { row, now })
            })
            .await
    }
}
