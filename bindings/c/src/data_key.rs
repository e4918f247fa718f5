//! The key that what is kept is sealed under.

use crate::call::call;
use crate::error::pk_error;
use crate::input;
use crate::output::{Buffer, Out};
use crate::status::{Fail, pk_status};
use crate::table::Table;
use core::ffi::c_char;
use proofkey::seal::DataKey;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The key that what is kept is sealed under: 32 bytes that the platform keeps, in a keyring for instance. The
/// handle belongs to the caller, who frees it with `pk_data_key_free`; the bytes are wiped then, or with the last
/// flow that uses them.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_data_key {
    /// Not for the caller.
    pub id: u64,
}

static DATA_KEYS: Table<Arc<DataKey>> = Table::new(18, "data_key");

/// Takes a key in.
pub(crate) fn insert(key: DataKey) -> Result<pk_data_key, Fail> {
    Ok(pk_data_key { id: DATA_KEYS.insert(Arc::new(key))? })
}

/// The key of a handle.
pub(crate) fn find(data_key: pk_data_key) -> Result<Arc<DataKey>, Fail> {
    DATA_KEYS.with(data_key.id, |key| Ok(Arc::clone(key)))
}

/// Makes a key by the system's generator. `*data_key` is the caller's to free.
///
/// Returns `PK_OK`; `PK_ERROR` with `random_unavailable`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_data_key_generate(
    data_key: *mut pk_data_key,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("data_key", data_key)?;
            out.write(insert(DataKey::generate()?)?);
            Ok(())
        })
    }
}

/// The key of these 32 bytes. `*data_key` is the caller's to free, and so are the bytes to wipe.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_data_key_from_bytes(
    bytes: *const u8,
    data_key: *mut pk_data_key,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("data_key", data_key)?;
            let bytes = Zeroizing::new(input::hash("bytes", bytes)?);
            out.write(insert(DataKey::from_bytes(&*bytes)?)?);
            Ok(())
        })
    }
}

/// The key of this text: base64url without padding of 32 bytes, as a keyring keeps it. `*data_key` is the caller's to
/// free, and so is the text to wipe.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration` where it is none; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_data_key_from_text(
    text: *const c_char,
    text_length: usize,
    data_key: *mut pk_data_key,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("data_key", data_key)?;
            let text = Zeroizing::new(input::text("text", text, text_length)?);
            out.write(insert(DataKey::from_text(&text)?)?);
            Ok(())
        })
    }
}

/// Writes the key as base64url without padding, 43 characters and a NUL, for a keyring. It is a secret: the caller
/// wipes the buffer when it is done.
///
/// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
///
/// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_data_key_expose_text(
    data_key: pk_data_key,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            DATA_KEYS.with(data_key.id, |key| {
                Buffer::new("buffer", buffer, capacity, length).write(&key.expose_text())
            })
        })
    }
}

/// Frees the key. Safe while another thread uses the handle; a flow that was made with it keeps its own.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_data_key_free(data_key: pk_data_key) -> pk_status {
    DATA_KEYS.free(data_key.id)
}
