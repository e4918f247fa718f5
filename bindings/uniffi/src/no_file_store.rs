//! Stands in for the core's file store where the feature `file-store` is left out, so that every build
//! exports the same and one generated source serves all platforms of a language. There is no value of these
//! types.

use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

#[derive(Debug)]
pub(crate) enum FileStore {}

pub(crate) enum Lock {}

pub(crate) struct Stored {
    pub(crate) revision: u64,
    pub(crate) value: Zeroizing<Vec<u8>>,
}

#[expect(dead_code)] // nothing is ever kept
pub(crate) enum KeyPlace {
    Undecided,
    Keyring,
    File,
}

pub(crate) struct StoreError;

impl StoreError {
    pub(crate) const fn code(&self) -> &'static str {
        "store_denied"
    }
}

impl core::fmt::Display for StoreError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("this build of ProofKey has no file store; use the store of the platform")
    }
}

impl FileStore {
    pub(crate) const KEYRING_SERVICE: &'static str = "proofkey";
    pub(crate) const KEYRING_ACCOUNT: &'static str = "data-key";

    pub(crate) const fn open(_folder: &Path) -> Result<Self, StoreError> {
        Err(StoreError)
    }

    pub(crate) const fn default_folder() -> Result<PathBuf, StoreError> {
        Err(StoreError)
    }

    pub(crate) const fn folder(&self) -> &Path {
        match *self {}
    }

    pub(crate) const fn load(&self, _key: &str) -> Result<Option<Stored>, StoreError> {
        match *self {}
    }

    pub(crate) const fn swap(
        &self,
        _key: &str,
        _revision: Option<u64>,
        _value: Option<&[u8]>,
    ) -> Result<bool, StoreError> {
        match *self {}
    }

    pub(crate) const fn lock(&self, _key: &str, _wait_ms: u64) -> Result<Option<Lock>, StoreError> {
        match *self {}
    }

    pub(crate) const fn key_place(&self) -> Result<KeyPlace, StoreError> {
        match *self {}
    }

    pub(crate) const fn file_key(&self) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        match *self {}
    }

    pub(crate) const fn decide_keyring(&self) -> Result<bool, StoreError> {
        match *self {}
    }
}
