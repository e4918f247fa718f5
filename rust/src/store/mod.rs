//! Where tokens are kept: in memory, in files of the user, or wherever a program keeps its own things.

mod file;
mod memory;

pub use file::{FileStore, KeyPlace};
pub use memory::MemoryStore;

use proofkey::error::Error;
use proofkey::seal::DataKey;
use proofkey::secret::SecretBytes;
use std::sync::Arc;
use std::time::Duration;

/// A store: bytes under keys, with compare and swap, and a lock for each key.
///
/// Keys are names of `a-z 0-9 -`, at most 64 characters. What is stored is sealed by ProofKey where
/// [`data_key`](Self::data_key) gives a key; without one the store itself must keep it from others. A store
/// that several programs use must keep its promises among all of them. An error is made by
/// [`Error::from_store`] with one of the stable codes (`store_full`, `store_denied`, …; else `store_failed`).
pub trait Store: Send + Sync {
    /// What is stored under this key; nothing where there is nothing.
    ///
    /// # Errors
    /// What keeps it from being read.
    fn load(&self, key: &str) -> Result<Option<Stored>, Error>;

    /// Writes, if what is stored is still of this revision (0: nothing), or whatever is there where no
    /// revision is given; no value deletes. Whether it was done.
    ///
    /// # Errors
    /// What keeps it from being written. What was stored before is then still there.
    fn swap(&self, key: &str, revision: Option<u64>, value: Option<&[u8]>) -> Result<bool, Error>;

    /// Takes the lock of this key, and waits for it so long at most; nothing where somebody else had it all
    /// the time. It keeps away others who ask for it and nobody else: who holds it loads and swaps. It is
    /// free when the guard is dropped, and when its holder dies.
    ///
    /// # Errors
    /// What keeps it from being taken.
    fn lock(&self, key: &str, wait: Duration) -> Result<Option<StoreLock>, Error>;

    /// The key that all is sealed under; nothing where the store keeps it from others by itself.
    ///
    /// `ask` says that a user is there: a keyring may ask to be unlocked, and a key may be made where there
    /// is none yet. Without it nothing is made and nobody asked.
    ///
    /// # Errors
    /// [`Error::KeyringUnavailable`] and the like: the key is there and cannot be had.
    fn data_key(&self, ask: bool) -> Result<Option<Arc<DataKey>>, Error> {
        let _ = ask;
        Ok(None)
    }
}

/// What was stored.
#[derive(Debug)]
pub struct Stored {
    /// Names this value: two different values under one key never have the same. Never 0.
    pub revision: u64,
    /// The bytes as they were written.
    pub value: SecretBytes,
}

/// Whoever holds this has the lock of a key.
#[must_use = "the lock is free again as soon as this is dropped"]
pub struct StoreLock {
    _guard: Box<dyn Guard>,
}

/// Anything that frees a lock when it is dropped.
trait Guard: Send {}
impl<T: Send> Guard for T {}

impl StoreLock {
    /// A lock that is freed by dropping this guard.
    pub fn new(guard: impl Send + 'static) -> Self {
        Self { _guard: Box::new(guard) }
    }
}

impl core::fmt::Debug for StoreLock {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("StoreLock")
    }
}
