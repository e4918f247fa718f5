//! What a sign-in came to: the kind of its tokens, who signed in, what was granted of what was asked for.

use crate::call::call;
use crate::error::pk_error;
use crate::identity::{self, pk_identity};
use crate::output::{Buffer, Out};
use crate::status::{Fail, pk_status};
use crate::tokens::{TOKENS, pk_tokens, text};
use core::ffi::c_char;
use proofkey::token::TokenSet;

/// Writes the type of the access token: `Bearer`, or `DPoP` where it is bound to a key (RFC 9449 §5).
///
/// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_token_type(
    tokens: pk_tokens,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    let read = |set: &TokenSet| Some(set.token_type().to_owned());
    // SAFETY: the caller's promise.
    unsafe { text(tokens, (buffer, capacity, length), error, read, "") }
}

/// Says who signed in, where the scope `openid` was asked for and the server's ID token was verified. `*identity` is the
/// caller's to free, and outlives the tokens.
///
/// Returns `PK_OK`; `PK_NOTHING` where no ID token was verified; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_identity(
    tokens: pk_tokens,
    identity: *mut pk_identity,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("identity", identity)?;
            TOKENS.with(tokens.id, |set| {
                let missing = Fail::Nothing("no ID token was verified");
                out.write(identity::insert(set.identity().ok_or(missing)?)?);
                Ok(())
            })
        })
    }
}

/// Writes the scopes that the last sign-in asked for, with a space between them; may be empty.
///
/// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_requested_scope(
    tokens: pk_tokens,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    let read = |set: &TokenSet| Some(set.requested_scopes().join(" "));
    // SAFETY: the caller's promise.
    unsafe { text(tokens, (buffer, capacity, length), error, read, "") }
}

/// Writes the scopes that were asked for and not granted, with a space between them; may be empty.
///
/// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_missing_scope(
    tokens: pk_tokens,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    let read = |set: &TokenSet| Some(set.missing_scopes().join(" "));
    // SAFETY: the caller's promise.
    unsafe { text(tokens, (buffer, capacity, length), error, read, "") }
}

/// Writes the authorization details that were granted (RFC 9396 §7), as the JSON text of the answer.
///
/// Returns `PK_OK`; `PK_NOTHING` where the answer has none; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_authorization_details(
    tokens: pk_tokens,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    let read = |set: &TokenSet| set.authorization_details().map(str::to_owned);
    // SAFETY: the caller's promise.
    unsafe { text(tokens, (buffer, capacity, length), error, read, "none were granted") }
}

/// Writes the type of an authorization detail that was asked for and of which none was granted (RFC 9396 §7); `index`
/// begins with 0, and each type comes once. Details of one type may still differ from what was asked for.
///
/// Returns `PK_OK`; `PK_NOTHING` after the last; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_missing_authorization_detail(
    tokens: pk_tokens,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            TOKENS.with(tokens.id, |set| {
                let missing = set.missing_authorization_details();
                let kind = missing.get(index).ok_or(Fail::Nothing("no more types are missing"))?;
                Buffer::new("buffer", buffer, capacity, length).write(kind)
            })
        })
    }
}
