//! The loopback receiver (RFC 8252 §7.3).

use crate::call::call;
use crate::error::pk_error;
use crate::input;
use crate::output::{Buffer, Out};
use crate::status::{PK_MAX_INPUT, pk_status};
use crate::step::host;
use crate::table::Table;
use core::ffi::c_char;
use proofkey::loopback::{LoopbackReceiver, Received};
use proofkey::step::Listen;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use zeroize::Zeroizing;

/// A port on the loopback address that waits for redirects. The handle belongs to the caller, who frees it
/// with `pk_receiver_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_receiver {
    /// Not for the caller.
    pub id: u64,
}

/// A redirect arrived.
pub const PK_RECEIVED_REDIRECT: u32 = 1;
/// The time is up.
pub const PK_RECEIVED_ELAPSED: u32 = 2;
/// `pk_receiver_cancel` was called, or the receiver was freed.
pub const PK_RECEIVED_CANCELLED: u32 = 3;

/// A buffer of this size is large enough for every redirect that `pk_receiver_wait` gives.
pub const PK_REDIRECT_CAPACITY: usize = 16_384;

const _: () = assert!(PK_REDIRECT_CAPACITY < PK_MAX_INPUT);

struct Receiver {
    receiver: LoopbackReceiver,
    /// A redirect that did not fit into the caller's buffer.
    pending: Mutex<Option<Zeroizing<String>>>,
}

/// Without a mutex around it: a wait must not keep a cancel waiting.
static RECEIVERS: Table<Receiver> = Table::new(5, "receiver");

/// Opens the port. It listens until it is freed; redirects that come meanwhile are kept for
/// `pk_receiver_wait`. `*receiver` is the caller's to free.
///
/// `host` is `PK_HOST_V4` and the like, `port` of 0 leaves the choice to the system, `path` begins with a slash.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, `port_in_use` or `listen_failed`, to be passed on
/// as the `code` of `PK_EVENT_FAILED`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_receiver_bind(
    host: u32,
    port: u16,
    path: *const c_char,
    path_length: usize,
    receiver: *mut pk_receiver,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("receiver", receiver)?;
            let path = input::text("path", path, path_length)?;
            let receiver = LoopbackReceiver::bind(&Listen { host: self::host(host)?, port, path })?;
            let id = RECEIVERS.insert(Receiver { receiver, pending: Mutex::default() })?;
            out.write(pk_receiver { id });
            Ok(())
        })
    }
}

/// The port, for `PK_EVENT_LISTENING`.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_receiver_port(
    receiver: pk_receiver,
    port: *mut u16,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("port", port)?;
            RECEIVERS.with(receiver.id, |receiver| {
                out.write(receiver.receiver.port());
                Ok(())
            })
        })
    }
}

/// Writes the redirect URI to be sent in an authorization request.
///
/// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_receiver_redirect_uri(
    receiver: pk_receiver,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            RECEIVERS.with(receiver.id, |receiver| {
                let uri = receiver.receiver.redirect_uri();
                Buffer::new("buffer", buffer, capacity, length).write(&uri)
            })
        })
    }
}

/// Waits for the next redirect, for at most `timeout_ms` milliseconds (a day at most). `*received` becomes
/// `PK_RECEIVED_REDIRECT`, `PK_RECEIVED_ELAPSED` or `PK_RECEIVED_CANCELLED`; with the first the whole URI is
/// written to `buffer`, unjudged. It may hold a code. `length`, which may be null, gets its length.
///
/// Returns `PK_OK`; `PK_BUFFER_TOO_SMALL`, upon which the redirect is kept for the next call; `PK_ERROR` with
/// `listen_failed`; or a status of misuse. Any thread; `pk_receiver_cancel` and `pk_receiver_free` end the wait
/// from another.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_receiver_wait(
    receiver: pk_receiver,
    timeout_ms: u64,
    received: *mut u32,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("received", received)?;
            let buffer = Buffer::new("buffer", buffer, capacity, length);
            // A buffer that cannot even be empty is seen before the wait, not after.
            buffer.fits(0)?;
            RECEIVERS.with(receiver.id, |receiver| receiver.next(timeout_ms, &out, &buffer))
        })
    }
}

impl Receiver {
    fn next(
        &self,
        timeout_ms: u64,
        out: &Out<u32>,
        buffer: &Buffer,
    ) -> Result<(), crate::status::Fail> {
        let pending = || self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = pending().take();
        let uri = match kept {
            Some(uri) => uri,
            None => match self.receiver.wait(Duration::from_millis(timeout_ms))? {
                Received::Redirect(uri) => Zeroizing::new(uri),
                Received::Elapsed => {
                    out.write(PK_RECEIVED_ELAPSED);
                    return Ok(());
                }
                Received::Cancelled => {
                    out.write(PK_RECEIVED_CANCELLED);
                    return Ok(());
                }
            },
        };
        if let Err(fail) = buffer.write(&uri) {
            *pending() = Some(uri);
            return Err(fail);
        }
        out.write(PK_RECEIVED_REDIRECT);
        Ok(())
    }
}

/// Ends the wait that runs, at once, and every later one. It is made to be called from another thread; from a
/// signal handler it must not be called.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_receiver_cancel(
    receiver: pk_receiver,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            RECEIVERS.with(receiver.id, |receiver| {
                receiver.receiver.canceller().cancel();
                Ok(())
            })
        })
    }
}

/// Closes the port and frees the receiver. A wait of another thread ends with `PK_RECEIVED_CANCELLED`, and
/// the port is closed when it has.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_receiver_free(receiver: pk_receiver) -> pk_status {
    // SAFETY: nobody wants to know.
    unsafe {
        call(core::ptr::null_mut(), || {
            let removed = RECEIVERS.remove(receiver.id)?;
            removed.object().receiver.canceller().cancel();
            Ok(())
        })
    }
}
