//! The file store: records of bytes in a folder of the user, for programs on a desktop or a server.
//!
//! It is what a driver does for the steps `Lock`, `Load`, `Swap` and `Unlock`, written once for all
//! languages. It knows nothing of what it stores: a value comes here sealed and leaves sealed. This is
//! the only module of the core that touches a disk, and it does so only under the feature
//! `file-store`; phones have stores of their own.
//!
//! - **Whole or not at all.** A value is written to a new file, which is brought to the disk and then
//!   renamed. Who is killed at any point leaves the old value or the new one.
//! - **Compare and swap.** [`FileStore::swap`] writes only over the revision that the caller has seen,
//!   among all threads and processes. The revision is taken from the content (the first eight bytes
//!   of its SHA-256), so there is no counter that could be lost. That one content returns and is
//!   taken for unchanged cannot happen: a seal has a random nonce, so no two are alike.
//! - **A lock that dies with its holder** ([`FileStore::lock`]). It is another than the one under which
//!   is written, so that its holder can write, and so can others who do not want it.
//! - **Nothing is thrown away.** A file that is cut short, damaged or foreign is set aside under a name
//!   that the error tells, and its key reads as absent from then on. A file of a newer version is
//!   left where it is, and is an error each time.
//! - **This user alone.** The folder must belong to the user, and others must not be able to write into
//!   it; a file that others can read or write, or a link in its place, is refused.
//!
//! `docs/decisions/stores.md` says how and why. The store was run on Linux; on macOS and Windows it was
//! never run, and on Windows it relies on what the user's profile folder gives its content.
//!
//! ```no_run
//! use proofkey::file_store::FileStore;
//!
//! let store = FileStore::open(&FileStore::default_folder()?)?;
//! if let Some(lock) = store.lock("tokens", 10_000)? {
//!     let revision = store.load("tokens")?.map_or(0, |stored| stored.revision);
//!     if !store.swap("tokens", revision, Some(b"sealed bytes"))? {
//!         println!("somebody else has written meanwhile");
//!     }
//!     drop(lock);
//! }
//! # Ok::<(), proofkey::file_store::StoreError>(())
//! ```

mod data_key;
mod error;
mod files;
mod folder;
mod format;
mod lock;
mod turns;

pub use data_key::KeyPlace;
pub use error::StoreError;
pub use lock::Lock;

use files::{Found, Writing};
use format::Kind;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// How many bytes a value may have at most.
pub const VALUE_MAX: usize = 128 * 1024;
/// How many bytes a data key has (XChaCha20-Poly1305).
const DATA_KEY_LEN: usize = 32;
/// What comes before the key in the name of a record.
const RECORD: &str = "record-";

/// What was stored under a key.
pub struct Stored {
    /// Names this value, for [`FileStore::swap`]; never 0.
    pub revision: u64,
    /// The bytes, wiped when they are dropped.
    pub value: Zeroizing<Vec<u8>>,
}

impl core::fmt::Debug for Stored {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Stored").field("revision", &self.revision).finish_non_exhaustive()
    }
}

/// A folder with records. A clone is another handle of the same folder; threads can share one as well.
///
/// It holds no file open between its calls, so it may be used on both sides of a fork.
#[derive(Debug, Clone)]
pub struct FileStore {
    folder: Arc<Path>,
}

impl FileStore {
    /// Opens a folder, and makes it, with mode 0700, if it is not there.
    ///
    /// # Errors
    ///
    /// `store_insecure` if it belongs to another user, if others can write into it or exchange it, or
    /// if it is a symbolic link; `store_denied`, `store_full` or `store_failed` for what the system
    /// refuses.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Ok(Self { folder: folder::prepare(folder)?.into() })
    }

    /// The default folder of this user, the same for every language: `PROOFKEY_STORE` where it is
    /// set, else `proofkey` in `XDG_DATA_HOME` or in `~/.local/share`; on macOS in
    /// `~/Library/Application Support`, on Windows in `%LOCALAPPDATA%`. Nothing is made or looked at.
    ///
    /// # Errors
    ///
    /// `store_denied` if `PROOFKEY_STORE` is not an absolute path, or if the user has no home folder.
    pub fn default_folder() -> Result<PathBuf, StoreError> {
        folder::default(|name| std::env::var_os(name))
    }

    /// The folder, by its real path.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads what is stored under a key of 1 to 100 characters of a-z 0-9 -. No lock is needed: a
    /// record is replaced in one piece.
    ///
    /// # Errors
    ///
    /// `store_unreadable` for a file that cannot be used: it has been set aside, and the next call
    /// finds nothing. `store_newer` for one of a later version, which stays. `store_insecure` for a
    /// link and for a file that others can read or write. `store_denied` or `store_failed` for what
    /// the system refuses, and for a key that is none.
    pub fn load(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        let value = self.read(&self.record(key)?, Kind::Record)?;
        Ok(value.map(|value| Stored { revision: revision(&value), value }))
    }

    /// Writes a value of up to [`VALUE_MAX`] bytes, or deletes the record, if what is stored is still
    /// of that revision; 0 is that of nothing, and `None` stands for any, also for what cannot be read and
    /// is set aside. `true` when it was done and has reached the disk, `false` when somebody else was there
    /// first and nothing was done. It waits for other writers, 30 s at most.
    ///
    /// # Errors
    ///
    /// As for [`load`](Self::load), for what is stored; `store_full` if there is no room, `store_busy`
    /// if another writer hangs. After an error, what was stored before is still there, but for one
    /// case: when the new value is in place and the system could not bring its name to the disk.
    pub fn swap(
        &self,
        key: &str,
        expected: impl Into<Option<u64>>,
        value: Option<&[u8]>,
    ) -> Result<bool, StoreError> {
        let expected = expected.into();
        let path = self.record(key)?;
        if let Some(bytes) = value.map(<[u8]>::len).filter(|bytes| *bytes > VALUE_MAX) {
            return Err(StoreError::TooLarge { bytes });
        }
        let writing = self.writing()?;
        let stored = match writing.read(&path, Kind::Record) {
            Err(StoreError::Unreadable { kept: Some(_), .. }) if expected.is_none() => None,
            read => read?,
        };
        let found = stored.as_deref().map_or(0, |value| revision(value));
        if expected.is_some_and(|expected| expected != found) {
            return Ok(false);
        }
        match value {
            Some(value) => writing.replace(&path, Kind::Record, value)?,
            None if stored.is_some() => writing.remove(&path)?,
            None => {}
        }
        Ok(true)
    }

    /// Takes the lock of a key, waiting at most so many milliseconds. `None`: it is busy. The threads of
    /// a process come in the order of their calls, processes in any. It is free again when the guard
    /// is dropped or the process ends, in whatever way. Taking it twice in one thread waits in vain.
    ///
    /// Who wants to be able to stop waiting asks for a short time, again and again.
    ///
    /// # Errors
    ///
    /// `store_insecure` for a lock file that is a link or that others can read or write;
    /// `store_denied`, `store_full` or `store_failed` for what the system refuses, and for a key that
    /// is none.
    pub fn lock(&self, key: &str, wait_ms: u64) -> Result<Option<Lock>, StoreError> {
        let path = self.file("lock-", key)?;
        self.in_folder(|| lock::take(&path, Duration::from_millis(wait_ms)))
    }

    /// The keys under which something is stored, in their order.
    ///
    /// # Errors
    ///
    /// `store_denied` or `store_failed` for what the system refuses.
    pub fn keys(&self) -> Result<Vec<String>, StoreError> {
        let failed = |e: std::io::Error| StoreError::io("list", &self.folder, &e);
        let entries = self.in_folder(|| std::fs::read_dir(&self.folder).map_err(failed))?;
        let mut keys = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed)?.file_name();
            let key = name.to_str().and_then(|name| name.strip_prefix(RECORD));
            // What was set aside and what others have put there is no record.
            keys.extend(key.filter(|key| is_key(key)).map(str::to_owned));
        }
        keys.sort();
        Ok(keys)
    }

    fn record(&self, key: &str) -> Result<PathBuf, StoreError> {
        self.file(RECORD, key)
    }

    /// What comes before the key keeps it from being the name of a device, as `con` is on Windows,
    /// and from that of any other file of the store.
    fn file(&self, before: &str, key: &str) -> Result<PathBuf, StoreError> {
        if !is_key(key) {
            return Err(StoreError::InvalidKey);
        }
        Ok(self.folder.join(format!("{before}{key}")))
    }

    fn read(&self, path: &Path, kind: Kind) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match files::read(path, kind)? {
            Found::Nothing => Ok(None),
            Found::Value(value) => Ok(Some(value)),
            // Read again while nobody writes: what is good by now must not be set aside.
            Found::Bad(reason) => match self.writing() {
                Ok(writing) => writing.read(path, kind),
                Err(_) => Err(StoreError::Unreadable { path: path.to_owned(), reason, kept: None }),
            },
        }
    }

    fn writing(&self) -> Result<Writing<'_>, StoreError> {
        self.in_folder(|| Writing::begin(&self.folder))
    }

    /// Does it again in a new folder if somebody has deleted ours, as users do to sign out of all.
    fn in_folder<T>(&self, run: impl Fn() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let first = run();
        if first.is_err() && !self.folder.exists() {
            folder::prepare(&self.folder)?;
            return run();
        }
        first
    }
}

/// What a key is: a name that every file system takes.
fn is_key(key: &str) -> bool {
    let allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    (1..=100).contains(&key.len()) && key.bytes().all(allowed)
}

/// The name of a value: what its content is decides it, and 0 is kept for there being none.
fn revision(value: &[u8]) -> u64 {
    let sum = Sha256::digest(value);
    sum.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte)).max(1)
}
