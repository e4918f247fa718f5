//! The tokens of one sign-in.

use crate::call::call;
use crate::error::pk_error;
use crate::input;
use crate::output::{Buffer, Out};
use crate::status::{Fail, pk_status};
use crate::table::Table;
use core::ffi::c_char;
use proofkey::token::TokenSet;

/// The tokens of one sign-in. The handle belongs to the caller, who frees it with `pk_tokens_free`; the
/// tokens are wiped then.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_tokens {
    /// Not for the caller.
    pub id: u64,
}

pub(crate) static TOKENS: Table<TokenSet> = Table::new(4, "tokens");

/// Takes tokens in.
pub(crate) fn insert(set: TokenSet) -> Result<pk_tokens, Fail> {
    Ok(pk_tokens { id: TOKENS.insert(set)? })
}

/// Writes a text of the tokens into the caller's buffer.
///
/// # Safety
/// As [`Buffer::new`] and [`call`].
pub(crate) unsafe fn text(
    tokens: pk_tokens,
    (buffer, capacity, length): (*mut c_char, usize, *mut usize),
    error: *mut pk_error,
    read: impl FnOnce(&TokenSet) -> Option<String>,
    missing: &'static str,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            TOKENS.with(tokens.id, |set| {
                let text = zeroize::Zeroizing::new(read(set).ok_or(Fail::Nothing(missing))?);
                Buffer::new("buffer", buffer, capacity, length).write(&text)
            })
        })
    }
}

/// Writes the access token, for the header `Authorization: Bearer …` of requests to its resource and to no
/// other. It is a secret: the caller wipes the buffer when it is done.
///
/// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length. To learn the
/// length call with a capacity of 0.
///
/// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_expose_access_token(
    tokens: pk_tokens,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    let read = |set: &TokenSet| Some(set.expose_access_token().to_owned());
    // SAFETY: the caller's promise.
    unsafe { text(tokens, (buffer, capacity, length), error, read, "") }
}

/// Writes the refresh token. It is a secret: the caller wipes the buffer when it is done.
///
/// Returns `PK_OK`; `PK_NOTHING` where the server issued none; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_expose_refresh_token(
    tokens: pk_tokens,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    let read = |set: &TokenSet| set.expose_refresh_token().map(str::to_owned);
    // SAFETY: the caller's promise.
    unsafe {
        text(tokens, (buffer, capacity, length), error, read, "the server issued no refresh token")
    }
}

/// Whether the access token can still be used at `now`, in seconds since the epoch: it does not expire within the
/// next minute or so, nor within the last quarter of a short life.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_is_fresh(
    tokens: pk_tokens,
    now: u64,
    fresh: *mut bool,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("fresh", fresh)?;
            TOKENS.with(tokens.id, |set| {
                out.write(set.is_fresh(now));
                Ok(())
            })
        })
    }
}

/// Writes the value of the header field `Authorization` for a request to `url` (RFC 6750 §2.1), while the access
/// token is fresh at `now`, in seconds since the epoch. It is a secret: the caller wipes the buffer when it is done. A
/// token that is bound to a key needs a proof beside it: `pk_tokens_authorize` is for both kinds.
///
/// Returns `PK_OK`; `PK_NOTHING` where the token must be refreshed first; `PK_ERROR` with `wrong_resource` where `url`
/// does not lie in the resource that the token is for, or the token is for none, with `signing_failed` where the token
/// is bound; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_authorization(
    tokens: pk_tokens,
    url: *const c_char,
    url_length: usize,
    now: u64,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let url = input::text("url", url, url_length)?;
            TOKENS.with(tokens.id, |set| {
                let stale = Fail::Nothing("the access token must be refreshed first");
                let value = set.authorization(&url, now)?.ok_or(stale)?;
                Buffer::new("buffer", buffer, capacity, length).write(value.expose())
            })
        })
    }
}

/// Names the access token without showing it: its SHA-256. `fingerprint` points to 32 bytes. It is what `rejected` of
/// a `pk_access_run` wants when a resource has refused the token.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_fingerprint(
    tokens: pk_tokens,
    fingerprint: *mut u8,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise; an array of bytes is where its first byte is.
    unsafe {
        call(error, || {
            let out = Out::new("fingerprint", fingerprint.cast::<[u8; 32]>())?;
            TOKENS.with(tokens.id, |set| {
                out.write(set.fingerprint());
                Ok(())
            })
        })
    }
}

/// When the access token expires, in seconds since the epoch by the clock that was given.
///
/// Returns `PK_OK`; `PK_NOTHING` where the server did not say; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_expires_at(
    tokens: pk_tokens,
    expires_at: *mut u64,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("expires_at", expires_at)?;
            TOKENS.with(tokens.id, |set| {
                let missing = Fail::Nothing("the server did not say when the token expires");
                out.write(set.expires_at().ok_or(missing)?);
                Ok(())
            })
        })
    }
}

/// Writes the scopes that were granted, with a space between them; may be empty.
///
/// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_scope(
    tokens: pk_tokens,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    let read = |set: &TokenSet| Some(set.scopes().join(" "));
    // SAFETY: the caller's promise.
    unsafe { text(tokens, (buffer, capacity, length), error, read, "") }
}

/// Writes who issued the tokens.
///
/// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_issuer(
    tokens: pk_tokens,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    let read = |set: &TokenSet| Some(set.issuer().to_owned());
    // SAFETY: the caller's promise.
    unsafe { text(tokens, (buffer, capacity, length), error, read, "") }
}

/// Writes whom the tokens were issued to.
///
/// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_client_id(
    tokens: pk_tokens,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    let read = |set: &TokenSet| Some(set.client_id().to_owned());
    // SAFETY: the caller's promise.
    unsafe { text(tokens, (buffer, capacity, length), error, read, "") }
}

/// Writes the resource that was asked for (RFC 8707).
///
/// Returns `PK_OK`; `PK_NOTHING` where none was; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_resource(
    tokens: pk_tokens,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    let read = |set: &TokenSet| set.resource().map(str::to_owned);
    // SAFETY: the caller's promise.
    unsafe { text(tokens, (buffer, capacity, length), error, read, "no resource was asked for") }
}

/// Frees the tokens and wipes them. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_tokens_free(tokens: pk_tokens) -> pk_status {
    TOKENS.free(tokens.id)
}
