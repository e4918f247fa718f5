//! Where the data key of a folder is kept: decided once, for all processes.
//!
//! The file `data-key` holds either the key or nothing, which says that it is in the system's keyring.
//! One file, put there in one piece, so that there is no time at which both or half could be read.

use super::error::StoreError;
use super::files::Writing;
use super::format::Kind;
use super::{DATA_KEY_LEN, FileStore};
use crate::random;
use zeroize::Zeroizing;

/// Where the data key is, under which the records of a folder are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyPlace {
    /// Nowhere yet.
    Undecided,
    /// In the system's keyring: service [`KEYRING_SERVICE`](FileStore::KEYRING_SERVICE), account
    /// [`KEYRING_ACCOUNT`](FileStore::KEYRING_ACCOUNT).
    Keyring,
    /// In a file of the folder.
    File,
}

enum Kept {
    Keyring,
    File(Zeroizing<[u8; DATA_KEY_LEN]>),
}

const KEY_FILE: &str = "data-key";

impl FileStore {
    /// The name of the service under which the keyring has the data key.
    pub const KEYRING_SERVICE: &'static str = "proofkey";
    /// The name of the account under which the keyring has the data key. Its text is the base64url,
    /// without padding, of the 32 bytes: 43 characters.
    pub const KEYRING_ACCOUNT: &'static str = "data-key";

    /// Where the data key of this folder is.
    ///
    /// # Errors
    ///
    /// As for [`load`](Self::load): a damaged file is set aside, and the place is undecided again.
    pub fn key_place(&self) -> Result<KeyPlace, StoreError> {
        Ok(match self.kept()? {
            None => KeyPlace::Undecided,
            Some(Kept::Keyring) => KeyPlace::Keyring,
            Some(Kept::File(_)) => KeyPlace::File,
        })
    }

    /// The data key that is kept in a file of mode 0600 beside the records. Where the place is
    /// undecided, this decides it and makes the key: once, however many processes ask at once.
    ///
    /// This protects from other users, and is no encryption against a program of the same user, which
    /// can read this file as well as the records.
    ///
    /// # Errors
    ///
    /// `store_denied` if the key is in the keyring; else as for [`swap`](Self::swap).
    pub fn file_key(&self) -> Result<Zeroizing<[u8; DATA_KEY_LEN]>, StoreError> {
        if let Some(kept) = self.kept()? {
            return self.key_of(kept);
        }
        let writing = self.writing()?;
        if let Some(kept) = self.kept_while(&writing)? {
            return self.key_of(kept);
        }
        let key = random::bytes().map_err(|_| StoreError::RandomUnavailable)?;
        writing.replace(&self.folder.join(KEY_FILE), Kind::DataKey, &*key)?;
        Ok(key)
    }

    /// Writes down that the data key of this folder is in the system's keyring. `true` when it now
    /// says so, also if it did before; `false` when it was decided for a file meanwhile: then
    /// [`file_key`](Self::file_key) has the key, and the one in the keyring is of no use.
    ///
    /// Whoever makes the keyring's entry holds the [`lock`](Self::lock) of
    /// [`KEYRING_ACCOUNT`](Self::KEYRING_ACCOUNT) from before looking for one until this has returned.
    /// Else two processes make an entry each, and what the first has sealed is lost.
    ///
    /// # Errors
    ///
    /// As for [`swap`](Self::swap).
    pub fn decide_keyring(&self) -> Result<bool, StoreError> {
        let writing = self.writing()?;
        match self.kept_while(&writing)? {
            Some(Kept::File(_)) => Ok(false),
            Some(Kept::Keyring) => Ok(true),
            None => {
                writing.replace(&self.folder.join(KEY_FILE), Kind::DataKey, &[])?;
                Ok(true)
            }
        }
    }

    fn key_of(&self, kept: Kept) -> Result<Zeroizing<[u8; DATA_KEY_LEN]>, StoreError> {
        match kept {
            Kept::File(key) => Ok(key),
            Kept::Keyring => Err(StoreError::KeyInKeyring { folder: self.folder.to_path_buf() }),
        }
    }

    fn kept(&self) -> Result<Option<Kept>, StoreError> {
        Ok(self.read(&self.folder.join(KEY_FILE), Kind::DataKey)?.map(|value| kept(&value)))
    }

    fn kept_while(&self, writing: &Writing<'_>) -> Result<Option<Kept>, StoreError> {
        let found = writing.read(&self.folder.join(KEY_FILE), Kind::DataKey)?;
        Ok(found.map(|value| kept(&value)))
    }
}

/// A file with a value of any other length is not taken for ours ([`Kind::DataKey`]).
fn kept(value: &[u8]) -> Kept {
    let mut key = Zeroizing::new([0; DATA_KEY_LEN]);
    if value.len() != key.len() {
        return Kept::Keyring;
    }
    key.copy_from_slice(value);
    Kept::File(key)
}
