//! The file store: sealed records in a folder of the user, shared by all languages and the program `proofkey`.

// In the order in which the header shows them.
pub mod lock;

pub mod key;

use crate::call::call;
use crate::error::pk_error;
use crate::input;
use crate::output::{Buffer, Out};
use crate::status::{Fail, pk_status};
use crate::table::Table;
use core::ffi::c_char;
use proofkey::file_store::{FileStore, StoreError, VALUE_MAX};
use std::path::Path;

/// A folder with records, for programs on a desktop or a server. The handle belongs to the caller, who frees it with
/// `pk_file_store_free`. It holds no file open between its calls.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_file_store {
    /// Not for the caller.
    pub id: u64,
}

/// A buffer of this size is large enough for everything that `pk_file_store_load` gives.
pub const PK_STORED_CAPACITY: usize = 131_073;

const _: () = assert!(PK_STORED_CAPACITY == VALUE_MAX + 1);

static STORES: Table<FileStore> = Table::new(16, "file_store");

/// Writes the default folder of this user, the same for every language and the program `proofkey`: `PROOFKEY_STORE`
/// where it is set, else a folder `proofkey` where the system keeps such things. Nothing is made or looked at.
///
/// Returns `PK_OK`; `PK_ERROR` with `store_denied` where there is none; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_file_store_default_folder(
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let folder = FileStore::default_folder()?;
            let text =
                folder.to_str().ok_or(StoreError::NoFolder { reason: "its path is not UTF-8" })?;
            Buffer::new("buffer", buffer, capacity, length).write(text)
        })
    }
}

/// Opens a folder, and makes it, for this user alone, if it is not there. `*file_store` is the caller's to free.
///
/// Returns `PK_OK`; `PK_ERROR` with `store_insecure` where others can write into it, or with `store_denied`,
/// `store_full` or `store_failed` for what the system refuses; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_file_store_open(
    folder: *const c_char,
    folder_length: usize,
    file_store: *mut pk_file_store,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("file_store", file_store)?;
            let folder = input::text("folder", folder, folder_length)?;
            let store = FileStore::open(Path::new(&folder))?;
            out.write(pk_file_store { id: STORES.insert(store)? });
            Ok(())
        })
    }
}

/// Writes the folder, by its real path.
///
/// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_file_store_folder(
    file_store: pk_file_store,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            STORES.with(file_store.id, |store| {
                let folder = store.folder().to_string_lossy();
                Buffer::new("buffer", buffer, capacity, length).write(&folder)
            })
        })
    }
}

/// Reads what is stored under a key, for `PK_STEP_LOAD`: writes the bytes to `buffer`, a NUL behind them, and names them
/// in `*revision`. They may hold secrets: the caller wipes the buffer when it is done. `key` is 1 to 100 characters of
/// `a-z 0-9 -`. A `capacity` of `PK_STORED_CAPACITY` is always enough; `length`, which may be null, gets the number of
/// bytes.
///
/// Returns `PK_OK`; `PK_NOTHING` where nothing is stored, which is revision 0; `PK_BUFFER_TOO_SMALL`; `PK_ERROR`, to be
/// passed on as the `code` of `PK_EVENT_FAILED`, with `store_unreadable` (what cannot be read was set aside),
/// `store_newer`, `store_insecure`, `store_denied` or `store_failed`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_file_store_load(
    file_store: pk_file_store,
    key: *const c_char,
    key_length: usize,
    revision: *mut u64,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("revision", revision)?;
            let key = input::text("key", key, key_length)?;
            STORES.with(file_store.id, |store| {
                let stored = store.load(&key)?.ok_or(Fail::Nothing("nothing is stored there"))?;
                Buffer::new("buffer", buffer, capacity, length).write_bytes(&stored.value)?;
                out.write(stored.revision);
                Ok(())
            })
        })
    }
}

/// Writes `value`, or deletes where it is null, if what is stored is still of `*revision`, for `PK_STEP_SWAP`: 0 is that
/// of nothing, and a null `revision` stands for any. `*swapped` becomes whether it was done and has reached the disk. It
/// waits for other writers, 30 s at most.
///
/// Returns `PK_OK` for both; `PK_ERROR`, to be passed on as the `code` of `PK_EVENT_FAILED`, with `store_full`,
/// `store_busy` or as `pk_file_store_load`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_file_store_swap(
    file_store: pk_file_store,
    key: *const c_char,
    key_length: usize,
    revision: *const u64,
    value: *const c_char,
    value_length: usize,
    swapped: *mut bool,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("swapped", swapped)?;
            let key = input::text("key", key, key_length)?;
            let value = crate::text::pk_text { data: value, length: value_length };
            let value = input::optional_bytes("value", value)?.map(zeroize::Zeroizing::new);
            let revision = (!revision.is_null()).then(|| revision.read_unaligned());
            STORES.with(file_store.id, |store| {
                out.write(store.swap(&key, revision, value.as_ref().map(|value| &***value))?);
                Ok(())
            })
        })
    }
}

/// Frees the handle; the records stay, and locks that were taken are held. Safe while another thread uses it.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_file_store_free(file_store: pk_file_store) -> pk_status {
    STORES.free(file_store.id)
}
