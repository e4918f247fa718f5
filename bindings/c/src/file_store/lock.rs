//! The lock of a key.

use super::{STORES, pk_file_store};
use crate::call::call;
use crate::error::pk_error;
use crate::input;
use crate::output::Out;
use crate::status::{Fail, pk_status};
use crate::table::Table;
use core::ffi::c_char;
use proofkey::file_store::Lock;

/// A lock that is held. The handle belongs to the caller, who gives the lock back with `pk_file_lock_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_file_lock {
    /// Not for the caller.
    pub id: u64,
}

static LOCKS: Table<Lock> = Table::new(17, "file_lock");

/// Takes the lock of a key, for `PK_STEP_LOCK`: it keeps others who ask for it away, in all threads and processes. It
/// waits `wait_ms` milliseconds at most; who wants to be able to stop waiting asks for a short time, again and again.
/// `*file_lock` is the caller's to free, which any thread may do; when the process ends the lock is free by itself.
///
/// Returns `PK_OK`; `PK_BUSY` where somebody else held it all the time, upon which nothing was taken; `PK_ERROR`, to be
/// passed on as the `code` of `PK_EVENT_FAILED`, with `store_insecure`, `store_denied`, `store_full` or `store_failed`; or
/// a status of misuse. Any thread; one that takes a lock twice waits in vain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_file_store_lock(
    file_store: pk_file_store,
    key: *const c_char,
    key_length: usize,
    wait_ms: u64,
    file_lock: *mut pk_file_lock,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("file_lock", file_lock)?;
            let key = input::text("key", key, key_length)?;
            STORES.with(file_store.id, |store| {
                let lock = store.lock(&key, wait_ms)?.ok_or(Fail::Busy)?;
                out.write(pk_file_lock { id: LOCKS.insert(lock)? });
                Ok(())
            })
        })
    }
}

/// Gives the lock back, for `PK_STEP_UNLOCK`.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_file_lock_free(file_lock: pk_file_lock) -> pk_status {
    LOCKS.free(file_lock.id)
}
