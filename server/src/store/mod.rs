//! Where grants are kept: one trait, whose methods are the steps of the grant flows, and its stores.

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "redis"))]
mod bounds;
mod error;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use error::StoreError;
pub use memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use postgres::{PostgresOptions, PostgresStore};
#[cfg(feature = "redis")]
pub use redis::{RedisOptions, RedisStore};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteOptions, SqliteStore, StoredGrant, StoredToken};

use async_trait::async_trait;
use proofkey::grant::{FoundGrant, FoundToken, Hash, NewGrant, NewToken, Rotation, TokenKind};

/// So many tokens the stores keep of one grant. With a refresh in every minute a family lives for more than
/// two weeks. Forgetting the oldest instead would let a thief who refreshes often enough stay unseen.
const MAX_TOKENS: u64 = 25_000;

/// A database's integers are signed; no time and no count comes near their end.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Where a token of generation `of_token` stands.
fn rotation(kind: TokenKind, of_token: u64, newest: u64, rotated_at: u64) -> Rotation {
    match (kind, newest.checked_sub(of_token)) {
        (TokenKind::Access, _) | (_, Some(0)) => Rotation::Newest,
        (_, Some(1)) => Rotation::Predecessor { rotated_at },
        _ => Rotation::Older,
    }
}

/// What a read found, and the store's clock at that moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<T> {
    /// The row, if there is one.
    pub row: Option<T>,
    /// The store's clock, in seconds since the epoch.
    pub now: u64,
}

/// A store of grants.
///
/// Its methods are the steps of [`StoreStep`](proofkey::grant::StoreStep), one each, and their
/// conditions are the defence: every write is one conditional statement, so that of any number of
/// servers at once exactly one wins (P24). Expiry is by the store's own clock. An error means that
/// it is not known whether the write happened; the flows then issue nothing (P29).
///
/// `proofkey_server::testing` (feature `testing`) holds the behaviour suite that every store must
/// pass.
#[async_trait]
pub trait GrantStore: Send + Sync {
    /// Writes a new grant; it expires `lifetime_s` after the store's clock. `false`, and nothing
    /// written, if a grant of that id exists or the store is full.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn put(&self, grant: NewGrant) -> Result<bool, StoreError>;

    /// Reads the grant of this id whose code has this hash, whatever its state: expired, used,
    /// revoked and burnt grants are found as long as they are kept.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed or the row cannot be understood.
    async fn find(&self, grant_id: &str, code_hash: &Hash) -> Result<Seen<FoundGrant>, StoreError>;

    /// Marks the code used, in one conditional statement: only if it is unused, unexpired, not
    /// revoked and has fewer than `max_mismatches` mismatches. If it did, these tokens are written in
    /// the same transaction, all or none, each to expire `lifetime_s` after the store's clock. Says
    /// whether it did.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn claim(
        &self,
        grant_id: &str,
        code_hash: &Hash,
        max_mismatches: u32,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError>;

    /// Exchanges a refresh token, in one conditional statement and transaction: only if the token is a
    /// refresh token and unexpired, the grant not revoked, and
    /// - the token of the newest generation: then the next one begins, at the store's clock;
    /// - or of the one before it, and the newest began less than `reuse_window_s` ago, and not after now.
    ///
    /// If so, these tokens are written into the newest generation, all or none, each to expire
    /// `lifetime_s` after the store's clock. Says whether they were. `false`, and nothing written, also
    /// where the store keeps too many tokens of the grant. A token that has expired may be forgotten.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn rotate(
        &self,
        grant_id: &str,
        token_hash: &Hash,
        reuse_window_s: u64,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError>;

    /// Adds one to the grant's mismatches, atomically. No such grant: nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn count(&self, grant_id: &str) -> Result<(), StoreError>;

    /// Marks the grant revoked and with it all that was issued from it. No such grant:
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn revoke(&self, grant_id: &str) -> Result<(), StoreError>;

    /// Reads the token with this hash together with its grant, and where it stands among the refresh
    /// tokens of the grant. Tokens that were exchanged are found as long as they are kept.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed or the row cannot be understood.
    async fn find_token(
        &self,
        grant_id: &str,
        token_hash: &Hash,
    ) -> Result<Seen<FoundToken>, StoreError>;
}
