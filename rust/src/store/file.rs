//! The store in files of the user, and where its data key lies.

use super::{Store, StoreLock, Stored};
use crate::keyring::{self, Keyring};
use proofkey::error::Error;
use proofkey::file_store::{self as files, StoreError};
use proofkey::flow::access::KeptSignIn;
use proofkey::seal::DataKey;
use proofkey::secret::SecretBytes;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use files::KeyPlace;

/// Keeps sign-ins in a folder of the user, sealed, for all programs that name this folder: what
/// `proofkey login` has stored a Rust, Python or C program uses, and the other way round.
///
/// The key that all is sealed under lies in the system's keyring (with the feature `keyring`; service
/// `proofkey`, account `data-key`) where there is one, else in a file beside the records. The file keeps
/// other users out and is no encryption against a program of the same user. It is decided once for a folder;
/// [`key_place`](Self::key_place) says what was decided. Clones are the same store.
#[derive(Clone)]
pub struct FileStore {
    files: files::FileStore,
    keyring: Arc<dyn Keyring>,
    key: Arc<Mutex<Option<Arc<DataKey>>>>,
}

impl core::fmt::Debug for FileStore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("FileStore").field(&self.files.folder()).finish()
    }
}

impl FileStore {
    /// Opens a folder, and makes it for this user alone if it is not there.
    ///
    /// # Errors
    /// [`Error::StoreInsecure`], [`Error::StoreDenied`] and the like.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        Self::with_keyring(folder.as_ref(), Arc::new(keyring::System))
    }

    /// Opens the default folder of this user, the same for every language and for the program `proofkey`:
    /// `PROOFKEY_STORE` where it is set, else `proofkey` in the folder that the system has for such things.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_default() -> Result<Self, Error> {
        Self::open(files::FileStore::default_folder().map_err(failed)?)
    }

    pub(crate) fn with_keyring(folder: &Path, keyring: Arc<dyn Keyring>) -> Result<Self, Error> {
        let files = files::FileStore::open(folder).map_err(failed)?;
        Ok(Self { files, keyring, key: Arc::default() })
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.files.folder()
    }

    /// Where the data key of this folder lies. A program that wants to be plain about it says so where it is
    /// [`KeyPlace::File`].
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn key_place(&self) -> Result<KeyPlace, Error> {
        self.files.key_place().map_err(failed)
    }

    /// All sign-ins that are kept here, by resource or issuer; without the network, and without asking
    /// anyone for a key. With each that cannot be read comes the reason instead.
    ///
    /// # Errors
    /// What keeps the folder from being listed, and the key from being had.
    pub fn list(&self) -> Result<Vec<Result<KeptSignIn, Error>>, Error> {
        let key = self.data_key(false)?;
        let mut list = Vec::new();
        for name in self.files.keys().map_err(failed)? {
            let read = self.load(&name).and_then(|stored| match stored {
                Some(stored) => KeptSignIn::read(key.as_deref(), &name, stored.value.expose()),
                // Somebody has signed out meanwhile.
                None => Ok(None),
            });
            list.extend(read.transpose());
        }
        list.sort_by_cached_key(|kept| match kept {
            Ok(kept) => (
                false,
                kept.resource.clone().unwrap_or_else(|| kept.issuer.clone()),
                kept.account.clone(),
            ),
            Err(error) => (true, error.to_string(), None),
        });
        Ok(list)
    }

    /// The key, where one was decided on. Where none was yet, and where the keyring has lost it, it is made if
    /// there is somebody to ask.
    fn find_key(&self, ask: bool) -> Result<Option<DataKey>, Error> {
        match self.key_place()? {
            KeyPlace::File => self.file_key().map(Some),
            KeyPlace::Keyring => match self.keyring.read(ask)? {
                Some(key) => Ok(Some(key)),
                // What was sealed under the old one is lost; a sign-in makes a new one.
                None if ask => self.decide(true),
                None => Ok(None),
            },
            KeyPlace::Undecided if ask => self.decide(false),
            KeyPlace::Undecided => Ok(None),
        }
    }

    /// Decides where the key lies, alone among all processes, and makes it.
    fn decide(&self, lost: bool) -> Result<Option<DataKey>, Error> {
        let name = files::FileStore::KEYRING_ACCOUNT;
        let lock = self.files.lock(name, KEY_LOCK_MS).map_err(failed)?;
        let Some(_lock) = lock else {
            return Err(Error::StoreBusy { seconds: KEY_LOCK_MS / 1000 });
        };
        if !lost {
            match self.key_place()? {
                KeyPlace::File => return self.file_key().map(Some),
                KeyPlace::Keyring => return self.keyring.read(true),
                KeyPlace::Undecided => {}
            }
        }
        let key = match self.keyring.read_or_make() {
            Ok(key) => key,
            Err(error) if lost => return Err(error),
            // There is none, or it does not open: the file serves every program of this user alike.
            Err(_) => return self.file_key().map(Some),
        };
        if self.files.decide_keyring().map_err(failed)? {
            return Ok(Some(key));
        }
        self.file_key().map(Some)
    }

    fn file_key(&self) -> Result<DataKey, Error> {
        let bytes = self.files.file_key().map_err(failed)?;
        DataKey::from_bytes(&*bytes)
    }
}

/// How long another process may take to make the key: its keyring may ask the user.
const KEY_LOCK_MS: u64 = 90_000;

impl Store for FileStore {
    fn load(&self, key: &str) -> Result<Option<Stored>, Error> {
        let stored = self.files.load(key).map_err(failed)?;
        Ok(stored.map(|mut stored| Stored {
            revision: stored.revision,
            value: SecretBytes::new(core::mem::take(&mut *stored.value)),
        }))
    }

    fn swap(&self, key: &str, revision: Option<u64>, value: Option<&[u8]>) -> Result<bool, Error> {
        self.files.swap(key, revision, value).map_err(failed)
    }

    fn lock(&self, key: &str, wait: Duration) -> Result<Option<StoreLock>, Error> {
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        Ok(self.files.lock(key, wait_ms).map_err(failed)?.map(StoreLock::new))
    }

    fn data_key(&self, ask: bool) -> Result<Option<Arc<DataKey>>, Error> {
        let mut held = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_none() {
            *held = self.find_key(ask)?.map(Arc::new);
        }
        Ok(held.clone())
    }
}

/// The file store's error as the client's: by its code, and in its words.
fn failed(error: StoreError) -> Error {
    Error::from_store(error.code(), &error.to_string())
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
