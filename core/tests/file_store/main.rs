//! The file store as many processes use it at once, as kills and full disks find it, and as somebody
//! hostile prepares it (threats: several processes refresh at once; a sealed record is used twice).
#![cfg(feature = "file-store")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod damage;
mod data_key;
mod kills;
mod lock;
mod remote;
#[cfg(unix)]
mod room;
mod swap;
#[cfg(unix)]
mod unix;

use proofkey::file_store::{FileStore, StoreError};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Longer than any test waits, in milliseconds; it is what a hang would end in.
const LONG: u64 = 60_000;

/// A store in a folder of its own, which goes with it.
struct Own {
    store: FileStore,
    folder: tempfile::TempDir,
}

impl Own {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { store: FileStore::open(&folder.path().join("store")).unwrap(), folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    /// Stores a value under a key that has none.
    fn put(&self, key: &str, value: &[u8]) {
        assert!(self.store.swap(key, 0, Some(value)).unwrap());
    }

    fn value(&self, key: &str) -> Option<Vec<u8>> {
        self.store.load(key).unwrap().map(|stored| stored.value.to_vec())
    }

    fn revision(&self, key: &str) -> u64 {
        self.store.load(key).unwrap().map_or(0, |stored| stored.revision)
    }

    fn record(&self, key: &str) -> PathBuf {
        self.path().join(format!("record-{key}"))
    }

    /// The names in the folder that begin so, in their order.
    fn names(&self, begin: &str) -> Vec<OsString> {
        let entries = std::fs::read_dir(self.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.retain(|name| name.as_encoded_bytes().starts_with(begin.as_bytes()));
        names.sort();
        names
    }
}

/// Asserts the code, and that the text names the file or folder.
fn assert_error(error: &StoreError, code: &str, path: &Path) {
    assert_eq!(error.code(), code, "{error}");
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(error.to_string().contains(name), "{error}");
}
