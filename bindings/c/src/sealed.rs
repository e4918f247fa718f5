//! A pending session as bytes that may lie on a disk.

use crate::call::call;
use crate::data_key::{self, pk_data_key};
use crate::error::pk_error;
use crate::input;
use crate::output::{Buffer, Out};
use crate::session::{self, SESSIONS, pk_session};
use crate::status::pk_status;
use crate::text::pk_text;
use core::ffi::c_char;
use proofkey::Error;
use proofkey::session::PkceSession;
use zeroize::Zeroizing;

/// Writes the session as bytes that may lie on a disk, sealed under this key: for a program that may be ended while
/// the user is at the browser. `pk_session_open` takes it up again until `expires_at`, in seconds since the epoch.
/// The extra parameters are not among it, for the request was made. The session stays as it is.
///
/// Nothing in the bytes ends with their use: delete them before you open them, so that of two that try one succeeds.
///
/// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the number of bytes. A NUL follows that it
/// does not count. Each call seals anew and writes other bytes, as many for the same session and `expires_at`.
///
/// Returns `PK_OK`; `PK_BUFFER_TOO_SMALL`; `PK_ERROR` with `flow_ended` once the session was used, or
/// `random_unavailable`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_session_seal(
    session: pk_session,
    data_key: pk_data_key,
    expires_at: u64,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            SESSIONS.locked(session.id, |session| {
                let key = data_key::find(data_key)?;
                let sealed = session.as_ref().ok_or(Error::FlowEnded)?.seal(&key, expires_at)?;
                Buffer::new("buffer", buffer, capacity, length).write_bytes(sealed.expose())
            })
        })
    }
}

/// Opens what `pk_session_seal` wrote, for who names the same issuer, client and redirect URI. `now` is in seconds
/// since the epoch. `*session` is the caller's to free.
///
/// Returns `PK_OK`; `PK_ERROR` with `record_unreadable` where the bytes were changed, sealed with another key or for
/// others, or `session_expired`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_session_open(
    data_key: pk_data_key,
    sealed: pk_text,
    issuer: pk_text,
    client_id: pk_text,
    redirect_uri: pk_text,
    now: u64,
    session: *mut pk_session,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("session", session)?;
            let key = data_key::find(data_key)?;
            let sealed = Zeroizing::new(input::bytes("sealed", sealed.data, sealed.length)?);
            let issuer = input::required("issuer", issuer)?;
            let client_id = input::required("client_id", client_id)?;
            let redirect_uri = input::required("redirect_uri", redirect_uri)?;
            let opened = PkceSession::open(&key, &sealed, &issuer, &client_id, &redirect_uri, now)?;
            out.write(session::insert(opened)?);
            Ok(())
        })
    }
}
