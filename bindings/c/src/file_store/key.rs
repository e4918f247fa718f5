//! Where the data key of a folder lies.

use super::{STORES, pk_file_store};
use crate::call::call;
use crate::data_key::{self, pk_data_key};
use crate::error::pk_error;
use crate::output::Out;
use crate::status::pk_status;
use proofkey::file_store::KeyPlace;
use proofkey::seal::DataKey;

/// Nowhere yet.
pub const PK_KEY_PLACE_UNDECIDED: u32 = 1;
/// In the system's keyring, under `PK_KEYRING_SERVICE` and `PK_KEYRING_ACCOUNT`.
pub const PK_KEY_PLACE_KEYRING: u32 = 2;
/// In a file of the folder.
pub const PK_KEY_PLACE_FILE: u32 = 3;

/// Where the data key is, under which what lies in the folder is sealed. `*place` becomes `PK_KEY_PLACE_UNDECIDED` and
/// the like.
///
/// Returns `PK_OK`; `PK_ERROR` as `pk_file_store_load`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_file_store_key_place(
    file_store: pk_file_store,
    place: *mut u32,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("place", place)?;
            STORES.with(file_store.id, |store| {
                out.write(match store.key_place()? {
                    KeyPlace::Undecided => PK_KEY_PLACE_UNDECIDED,
                    KeyPlace::Keyring => PK_KEY_PLACE_KEYRING,
                    KeyPlace::File => PK_KEY_PLACE_FILE,
                });
                Ok(())
            })
        })
    }
}

/// Gives the data key that is kept in a file beside the records. Where the place is undecided this decides it and makes
/// the key: once, however many programs ask at once. `*data_key` is the caller's to free. It protects from other users,
/// and is no encryption against a program of the same user.
///
/// Returns `PK_OK`; `PK_ERROR` with `store_denied` where the key is in the keyring, or as `pk_file_store_swap`; or a
/// status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_file_store_file_key(
    file_store: pk_file_store,
    data_key: *mut pk_data_key,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("data_key", data_key)?;
            STORES.with(file_store.id, |store| {
                let bytes = store.file_key()?;
                out.write(data_key::insert(DataKey::from_bytes(&*bytes)?)?);
                Ok(())
            })
        })
    }
}

/// Writes down that the data key of this folder is in the system's keyring. `*decided` becomes whether it now says so;
/// not, where it was decided for a file meanwhile. Whoever makes the keyring's entry holds the lock of
/// `PK_KEYRING_ACCOUNT` from before looking for one until this has returned.
///
/// Returns `PK_OK` for both; `PK_ERROR` as `pk_file_store_swap`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_file_store_decide_keyring(
    file_store: pk_file_store,
    decided: *mut bool,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("decided", decided)?;
            STORES.with(file_store.id, |store| {
                out.write(store.decide_keyring()?);
                Ok(())
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use proofkey::file_store::FileStore;

    #[test]
    fn the_keyrings_entry_in_the_header_is_the_cores() {
        let header = include_str!("../../../../include/proofkey.h");
        let (service, account) = (FileStore::KEYRING_SERVICE, FileStore::KEYRING_ACCOUNT);
        assert!(header.contains(&format!("#define PK_KEYRING_SERVICE \"{service}\"\n")));
        assert!(header.contains(&format!("#define PK_KEYRING_ACCOUNT \"{account}\"\n")));
    }
}
