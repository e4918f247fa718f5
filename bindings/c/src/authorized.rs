//! What one request to a resource carries.

use crate::call::call;
use crate::dpop_nonces::{self, pk_dpop_nonces};
use crate::error::pk_error;
use crate::input::{self, Structure};
use crate::output::{Buffer, Kept, Out};
use crate::status::{Fail, pk_status};
use crate::table::Table;
use crate::text::pk_text;
use crate::tokens::{TOKENS, pk_tokens};
use core::ffi::c_char;
use core::mem::{replace, size_of};
use proofkey::Error;
use proofkey::dpop::DpopNonces;
use proofkey::token::{AuthorizationFields, Authorized, TokenSet, UnsignedProof};
use std::sync::Mutex;

/// The header fields of one request to a resource: `Authorization`, and where the token is bound to a key a proof of
/// its possession (RFC 9449 §7.1). The handle belongs to the caller, who frees it with `pk_authorized_free`; the fields
/// are wiped then.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_authorized {
    /// Not for the caller.
    pub id: u64,
}

/// What a key of the platform is to sign. All pointers belong to the library and are good until the next call with the
/// same handle.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_unsigned_proof {
    /// `sizeof(pk_unsigned_proof)`, set by the caller: `pk_unsigned_proof proof = PK_UNSIGNED_PROOF_INIT;`.
    pub size: usize,
    /// The name of the key: `dpop_key` of the `pk_access_config` of the sign-in.
    pub key_id: pk_text,
    /// The algorithm (RFC 7518 §3.1): always `ES256`.
    pub alg: pk_text,
    /// What is signed, ASCII; given whole and not hashed.
    pub input: pk_text,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_unsigned_proof {}

enum State {
    Ready(AuthorizationFields),
    /// With what `pk_authorized_unsigned` lends.
    Unsigned(UnsignedProof, Kept),
    /// The signature was none.
    Spent,
}

static AUTHORIZED: Table<Mutex<State>> = Table::new(21, "authorized");

const UNSIGNED: Fail = Fail::Nothing("the platform's key must sign first");

/// Makes the header fields for a request with this method to `url`, while the access token is fresh at `now`, in
/// seconds since the epoch. Where the token is bound to a key they hold a proof that is good for this one request, with
/// the nonce that `nonces` has of its server; `nonces` may be none (an `id` of 0). `*authorized` is the caller's to
/// free.
///
/// Where the key is one that the platform keeps `pk_authorized_unsigned` says what it is to sign, before the fields are
/// there.
///
/// Returns `PK_OK`; `PK_NOTHING` where the token must be refreshed first; `PK_ERROR` with `wrong_resource` where `url`
/// does not lie in the resource that the token is for, or the token is for none, with `signing_failed` or
/// `random_unavailable`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_authorize(
    tokens: pk_tokens,
    method: *const c_char,
    method_length: usize,
    url: *const c_char,
    url_length: usize,
    now: u64,
    nonces: pk_dpop_nonces,
    authorized: *mut pk_authorized,
    error: *mut pk_error,
) -> pk_status {
    let request = ((method, method_length), (url, url_length), now, nonces);
    // SAFETY: the caller's promise.
    unsafe { authorize(tokens, request, authorized, error, TokenSet::authorize) }
}

/// As `pk_tokens_authorize`, fresh or not: for tokens that an access has just given. They are the best that there are,
/// and the resource says whether they will do.
///
/// Returns what `pk_tokens_authorize` returns but `PK_NOTHING`. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_tokens_authorize_now(
    tokens: pk_tokens,
    method: *const c_char,
    method_length: usize,
    url: *const c_char,
    url_length: usize,
    now: u64,
    nonces: pk_dpop_nonces,
    authorized: *mut pk_authorized,
    error: *mut pk_error,
) -> pk_status {
    let request = ((method, method_length), (url, url_length), now, nonces);
    // SAFETY: the caller's promise.
    unsafe { authorize(tokens, request, authorized, error, TokenSet::authorize_now) }
}

type Text = (*const c_char, usize);

/// # Safety
/// As [`call`], [`Out::new`] and [`input::text`].
unsafe fn authorize(
    tokens: pk_tokens,
    (method, url, now, nonces): (Text, Text, u64, pk_dpop_nonces),
    authorized: *mut pk_authorized,
    error: *mut pk_error,
    make: impl FnOnce(&TokenSet, &str, &str, u64, &DpopNonces) -> Result<Authorized, Error>,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("authorized", authorized)?;
            let method = input::text("method", method.0, method.1)?;
            let url = input::text("url", url.0, url.1)?;
            TOKENS.with(tokens.id, |set| {
                let nonces = dpop_nonces::find_or_none(nonces)?;
                let state = match make(set, &method, &url, now, &nonces)? {
                    Authorized::Stale => {
                        return Err(Fail::Nothing("the access token must be refreshed first"));
                    }
                    Authorized::Ready(fields) => State::Ready(fields),
                    Authorized::Sign(proof) => State::Unsigned(proof, Kept::default()),
                };
                out.write(pk_authorized { id: AUTHORIZED.insert(Mutex::new(state))? });
                Ok(())
            })
        })
    }
}

/// Says what a key that the platform keeps is to sign before the header fields are there. What `*proof` points to is
/// good until the next call with this handle.
///
/// Returns `PK_OK`; `PK_NOTHING` where nothing is to be signed, or was signed already; or a status of misuse. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_authorized_unsigned(
    authorized: pk_authorized,
    proof: *mut pk_unsigned_proof,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::structure("proof", proof)?;
            AUTHORIZED.locked(authorized.id, |state| {
                let State::Unsigned(proof, kept) = state else {
                    return Err(Fail::Nothing("there is nothing to be signed"));
                };
                *kept = Kept::default();
                out.write(pk_unsigned_proof {
                    size: size_of::<pk_unsigned_proof>(),
                    key_id: kept.text(&proof.key_id),
                    alg: kept.text(proof.alg),
                    input: kept.text(&proof.input),
                });
                Ok(())
            })
        })
    }
}

/// Takes the signature of what `pk_authorized_unsigned` gave: 64 bytes (RFC 7518 §3.4), or DER as platforms give it
/// (RFC 3279 §2.2.3).
///
/// Returns `PK_OK`; `PK_ERROR` with `signing_failed` where the bytes are no signature, after which the handle is good
/// for nothing but to be freed; `PK_NOTHING` where nothing is to be signed; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_authorized_sign(
    authorized: pk_authorized,
    signature: *const c_char,
    signature_length: usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let signature = input::bytes("signature", signature, signature_length)?;
            AUTHORIZED.locked(authorized.id, |state| match replace(state, State::Spent) {
                State::Unsigned(proof, _) => {
                    *state = State::Ready(proof.signed(&signature)?);
                    Ok(())
                }
                other => {
                    *state = other;
                    Err(Fail::Nothing("there is nothing to be signed"))
                }
            })
        })
    }
}

/// Writes the value of the header field `Authorization` (RFC 6750 §2.1, RFC 9449 §7.1). It is a secret: the caller
/// wipes the buffer when it is done.
///
/// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
///
/// Returns `PK_OK`; `PK_NOTHING` where the platform's key must sign first; `PK_BUFFER_TOO_SMALL` or a status of misuse.
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_authorized_authorization(
    authorized: pk_authorized,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    let read = |fields: &AuthorizationFields| fields.authorization.expose().to_owned();
    // SAFETY: the caller's promise.
    unsafe { text(authorized, (buffer, capacity, length), error, |fields| Ok(read(fields))) }
}

/// Writes the value of the header field `DPoP` (RFC 9449 §4.1), which is good for the one request. It is sent where
/// there is one. The caller wipes the buffer when it is done.
///
/// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
///
/// Returns `PK_OK`; `PK_NOTHING` where the token is bound to no key, or the platform's key must sign first;
/// `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_authorized_dpop(
    authorized: pk_authorized,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    let unbound = Fail::Nothing("the token is bound to no key");
    let read = |fields: &AuthorizationFields| {
        fields.dpop.as_ref().map(|proof| proof.expose().to_owned()).ok_or(unbound)
    };
    // SAFETY: the caller's promise.
    unsafe { text(authorized, (buffer, capacity, length), error, read) }
}

/// # Safety
/// As [`Buffer::new`] and [`call`].
unsafe fn text(
    authorized: pk_authorized,
    (buffer, capacity, length): (*mut c_char, usize, *mut usize),
    error: *mut pk_error,
    read: impl FnOnce(&AuthorizationFields) -> Result<String, Fail>,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            AUTHORIZED.locked(authorized.id, |state| match state {
                State::Ready(fields) => {
                    let text = zeroize::Zeroizing::new(read(fields)?);
                    Buffer::new("buffer", buffer, capacity, length).write(&text)
                }
                State::Unsigned(..) | State::Spent => Err(UNSIGNED),
            })
        })
    }
}

/// Frees the header fields and wipes them. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_authorized_free(authorized: pk_authorized) -> pk_status {
    AUTHORIZED.free(authorized.id)
}
