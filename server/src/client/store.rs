//! Where clients that registered themselves are kept: one trait, and what goes through it.

use crate::store::{Seen, StoreError};
use async_trait::async_trait;
use proofkey::grant::Hash;
use proofkey::grant::client::ClientRecord;

/// The texts of a client that registers itself are so many bytes together at most: identifier, name, redirect URIs
/// and scopes.
pub const MAX_CLIENT: usize = 8 * 1024;

/// A client that registers itself (RFC 7591). It has no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClient {
    /// Its record; its texts have [`MAX_CLIENT`] bytes at most.
    pub client: ClientRecord,
    /// SHA-256 of the token that manages the registration (RFC 7592 §3).
    pub token_hash: Hash,
    /// How long it is kept unless it is used, in seconds.
    pub lifetime_s: u64,
}

/// How much room there is for clients that register themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// So many are kept at once.
    pub at_most: u64,
    /// For so many seconds after it has registered, one that was never used makes room for no other.
    pub spared_s: u64,
}

/// What has become of a client that was to be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    /// It is kept.
    Kept,
    /// There is one of that identifier already.
    Known,
    /// There is no room.
    Full,
}

/// A client as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundClient {
    /// Its record, as it was put.
    pub client: ClientRecord,
    /// Whether something was issued to it.
    pub used: bool,
    /// Until when it is kept, in seconds since the epoch by the store's clock.
    pub keep_until: u64,
}

/// A store of clients that registered themselves.
///
/// Whoever can reach the server may register, so it is bounded, and it forgets by its own clock: what was never used
/// soon, and sooner where room is needed; what was used after the time that [`keep`](Self::keep) gave it. An error
/// means that it is not known whether the write happened; then nobody is registered, found or asked for (P29).
///
/// `proofkey_server::testing::clients` (feature `testing`) holds each store to it.
#[async_trait]
pub trait ClientStore: Send + Sync {
    /// Keeps a client of a new identifier. Where there are as many as there is room for, those that were never used
    /// and are not spared any more make room, the oldest first; one that was used never does. A few that are over
    /// are forgotten with each call. Of many that come with one identifier at once exactly one is kept.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn register(&self, new: NewClient, room: Room) -> Result<Registered, StoreError>;

    /// Reads the client of this identifier, compared as a string, if its time is not over.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed or the row cannot be understood.
    async fn registered(&self, client_id: &str) -> Result<Seen<FoundClient>, StoreError>;

    /// Marks the client as used, to be kept for `lifetime_s` seconds from now, or longer if it is kept longer already.
    /// Says whether it did: not if there is no such client, or its time is over.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn keep(&self, client_id: &str, lifetime_s: u64) -> Result<bool, StoreError>;

    /// Forgets the client if this is the hash of the token that manages it (RFC 7592 §2.3). Says whether it did; of
    /// many at once to one alone.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn unregister(&self, client_id: &str, token_hash: &Hash) -> Result<bool, StoreError>;
}
