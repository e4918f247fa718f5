//! What a server keeps for minutes: pushed requests, devices that wait, proofs that were seen.
//!
//! Grants have a store of their own. This is the rest of what several nodes of one server must have in common, so
//! that a browser, a device and a program may each come to another of them.

mod memory;

pub use memory::MemoryPending;

use crate::store::StoreError;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// What an entry is. Each kind has its own names and its own bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A pushed authorization request (RFC 9126).
    Pushed,
    /// A device's sign-in (RFC 8628), by the hash of its device code.
    Device,
    /// The same, by its user code.
    UserCode,
    /// A proof that was seen (RFC 9449 §11.1).
    Proof,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pushed, Self::Device, Self::UserCode, Self::Proof];

    /// The stable name: `pushed`, `device`, `user_code` or `proof`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pushed => "pushed",
            Self::Device => "device",
            Self::UserCode => "user_code",
            Self::Proof => "proof",
        }
    }

    /// So many entries of this kind are kept at once. Proofs must not be forgotten before their time, so there is
    /// room for all that come within it.
    #[must_use]
    pub const fn capacity(self) -> usize {
        match self {
            Self::Pushed | Self::Device | Self::UserCode => 1_000,
            Self::Proof => 20_000,
        }
    }
}

/// What has become of an entry that was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It is kept.
    Kept,
    /// There is one of that name already.
    Known,
    /// There is no room.
    Full,
}

/// A store of entries that expire. Names are of printable ASCII and at most 128 bytes; values at most 64 KiB and
/// hold no code, token or verifier. Expiry is by the store's own clock.
#[async_trait]
pub trait PendingStore: Send + Sync {
    /// Keeps a value under a name that nobody has, for `lifetime_s` seconds. Of many that put one name at once
    /// exactly one is told [`Put::Kept`].
    ///
    /// # Errors
    /// [`StoreError`] if the store failed; then it is not known whether the value is kept.
    async fn put(
        &self,
        kind: Kind,
        name: &str,
        value: &[u8],
        lifetime_s: u64,
    ) -> Result<Put, StoreError>;

    /// Reads a value that has not expired.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn get(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Puts a new value in the place of an old one, if that is still there; its time goes on. Says whether it did.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn swap(
        &self,
        kind: Kind,
        name: &str,
        old: &[u8],
        new: &[u8],
    ) -> Result<bool, StoreError>;

    /// Takes a value away. Of many that take one at once exactly one gets it.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn take(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError>;
}

/// A name of fixed length for parts that come from outside: SHA-256 in base64url.
pub(crate) fn hashed(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    URL_SAFE_NO_PAD.encode(hash.finalize())
}
