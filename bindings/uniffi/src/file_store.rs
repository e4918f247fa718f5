//! The file store: sealed records in a folder of the user, shared by all languages and the program.

use crate::error::Outcome;
use crate::guard::{call, shows};
#[cfg(not(feature = "file-store"))]
use crate::no_file_store as core;
use crate::seal::DataKey;
#[cfg(feature = "file-store")]
use proofkey::file_store as core;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// A folder with records, for programs on a desktop or a server. It holds no file open between its calls.
/// Every call may fail with `store_denied`, `store_insecure`, `store_full`, `store_busy` or `store_failed`, and
/// where it reads with `store_unreadable` (what cannot be read was set aside) or `store_newer`.
#[derive(uniffi::Object)]
pub struct FileStore(core::FileStore);

/// What was stored under a key. Nothing of it is shown: whether it is sealed is not known here.
#[derive(uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Stored {
    /// Names this value; never 0.
    pub revision: u64,
    /// The bytes.
    pub value: Vec<u8>,
}

shows!(Stored, |it| format!("Stored({} bytes)", it.value.len()));

/// Where the data key is, under which the records of a folder are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum KeyPlace {
    /// Nowhere yet.
    Undecided,
    /// In the system's keyring, under the entry of `keyring_entry`.
    Keyring,
    /// In a file of the folder.
    File,
}

/// The entry of the system's keyring that holds the data key.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct KeyringEntry {
    /// The name of the service.
    pub service: String,
    /// The name of the account. Its text is the base64url, without padding, of the 32 bytes.
    pub account: String,
}

/// The default folder of this user, the same for every language. Nothing is made or looked at.
#[uniffi::export]
pub fn default_store_folder() -> Outcome<String> {
    call("default_store_folder", || {
        let folder = core::FileStore::default_folder().map_err(error)?;
        let text = folder.into_os_string().into_string();
        text.map_err(|_| from_store("store_denied", "the path of the folder is not UTF-8"))
    })
}

/// The entry of the system's keyring that holds the data key, the same for every language.
#[uniffi::export]
pub fn keyring_entry() -> Outcome<KeyringEntry> {
    call("keyring_entry", || {
        Ok(KeyringEntry {
            service: core::FileStore::KEYRING_SERVICE.to_owned(),
            account: core::FileStore::KEYRING_ACCOUNT.to_owned(),
        })
    })
}

#[uniffi::export]
impl FileStore {
    /// Opens a folder, and makes it, for this user alone, if it is not there.
    #[uniffi::constructor]
    pub fn open(folder: String) -> Outcome<Arc<Self>> {
        call("FileStore.open", || {
            Ok(Arc::new(Self(core::FileStore::open(Path::new(&folder)).map_err(error)?)))
        })
    }

    /// The folder, by its real path.
    pub fn folder(&self) -> Outcome<String> {
        call("FileStore.folder", || Ok(self.0.folder().to_string_lossy().into_owned()))
    }

    /// Reads what is stored under a key.
    pub fn load(&self, key: String) -> Outcome<Option<Stored>> {
        call("FileStore.load", || {
            let stored = self.0.load(&key).map_err(error)?;
            Ok(stored
                .map(|stored| Stored { revision: stored.revision, value: stored.value.to_vec() }))
        })
    }

    /// Writes, or deletes where there is no value, if what is stored is still of that revision: 0 is that of
    /// nothing, none stands for any. Whether it was done and has reached the disk.
    pub fn swap(
        &self,
        key: String,
        revision: Option<u64>,
        value: Option<Vec<u8>>,
    ) -> Outcome<bool> {
        call("FileStore.swap", || self.0.swap(&key, revision, value.as_deref()).map_err(error))
    }

    /// Takes the lock of a key, waiting at most so many milliseconds; none: it is busy. Who wants to be able to
    /// stop waiting asks for a short time, again and again. It is free again when it is released or the
    /// process ends.
    pub fn lock(&self, key: String, wait_ms: u64) -> Outcome<Option<Arc<FileLock>>> {
        call("FileStore.lock", || {
            let lock = self.0.lock(&key, wait_ms).map_err(error)?;
            Ok(lock.map(|lock| Arc::new(FileLock(Mutex::new(Some(lock))))))
        })
    }

    /// Where the data key of this folder is.
    pub fn key_place(&self) -> Outcome<KeyPlace> {
        call("FileStore.key_place", || {
            Ok(match self.0.key_place().map_err(error)? {
                core::KeyPlace::Undecided => KeyPlace::Undecided,
                core::KeyPlace::Keyring => KeyPlace::Keyring,
                core::KeyPlace::File => KeyPlace::File,
            })
        })
    }

    /// The data key that is kept in a file beside the records; where the place is undecided, this decides it
    /// and makes the key. It protects from other users, and is no encryption against a program of the same
    /// user.
    pub fn file_key(&self) -> Outcome<Arc<DataKey>> {
        call("FileStore.file_key", || {
            let key = self.0.file_key().map_err(error)?;
            Ok(DataKey::new(proofkey::seal::DataKey::from_bytes(&*key)?))
        })
    }

    /// Writes down that the data key of this folder is in the system's keyring. Whether it now says so; not,
    /// where it was decided for a file meanwhile. Whoever makes the keyring's entry holds the lock of its
    /// account from before looking for one until this has returned.
    pub fn decide_keyring(&self) -> Outcome<bool> {
        call("FileStore.decide_keyring", || self.0.decide_keyring().map_err(error))
    }
}

/// A lock that is held until it is released or freed.
#[derive(uniffi::Object)]
pub struct FileLock(Mutex<Option<core::Lock>>);

#[uniffi::export]
impl FileLock {
    /// Gives the lock back now. May be called again.
    pub fn release(&self) -> Outcome<()> {
        call("FileLock.release", || {
            drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
            Ok(())
        })
    }
}

fn from_store(code: &str, detail: &str) -> crate::error::ProofKeyError {
    proofkey::Error::from_store(code, detail).into()
}

fn error(error: core::StoreError) -> crate::error::ProofKeyError {
    from_store(error.code(), &error.to_string())
}
