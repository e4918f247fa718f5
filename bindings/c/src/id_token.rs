//! ID tokens and the keys that verify them, for those who fetched both themselves.

use crate::call::call;
use crate::error::pk_error;
use crate::identity::{self, pk_identity};
use crate::input::{self, Structure};
use crate::output::Out;
use crate::status::{Fail, pk_status};
use crate::text::pk_text;
use core::ffi::c_char;
use proofkey::id_token::{IdTokenRequest, Verified, verify};
use proofkey::jose::KeySet;
use zeroize::Zeroizing;

/// An ID token, and what it is checked against. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_id_token {
    /// `sizeof(pk_id_token)`: `pk_id_token given = PK_ID_TOKEN_INIT;`.
    pub size: usize,
    /// The ID token, as it came.
    pub token: pk_text,
    /// The document at the issuer's `jwks_uri`, as it came.
    pub keys: pk_text,
    /// The issuer, compared byte for byte with `iss`.
    pub issuer: pk_text,
    /// This client, which has to be in `aud`.
    pub client_id: pk_text,
    /// The nonce of the authorization request, if one was sent: the token has to hold it. May be absent.
    pub nonce: pk_text,
    /// The access token that came with it: `at_hash` has to fit, where the token has one. May be absent.
    pub access_token: pk_text,
    /// With `has_max_age`: the `max_age` of the authorization request, in seconds. The token then has to say when the
    /// user authenticated, and it must not be longer ago.
    pub max_age: u64,
    /// The time, in seconds since the epoch. Clocks may differ by 60 seconds.
    pub now: u64,
    /// Whether `max_age` was sent: 0, or anything else for yes.
    pub has_max_age: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_id_token {}

/// Checks an ID token as OpenID Connect Core §3.1.3.7 demands. An access does so itself: this is for those who bring
/// their own flow. `*identity` is the caller's to free.
///
/// Returns `PK_OK`; `PK_NOTHING` where the key set holds no key that the token could be signed with: the issuer may have
/// changed its keys, and they are fetched once more; `PK_ERROR` with `invalid_key_set` or `id_token_refused`, which
/// shows nothing of the token; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_id_token_verify(
    given: *const pk_id_token,
    identity: *mut pk_identity,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        call(error, || {
            let out = Out::new("identity", identity)?;
            let given = input::structure("given", given)?;
            let token = Zeroizing::new(input::required("token", given.token)?);
            let keys = input::bytes("keys", given.keys.data, given.keys.length)?;
            let issuer = input::required("issuer", given.issuer)?;
            let client_id = input::required("client_id", given.client_id)?;
            let nonce = input::optional("nonce", given.nonce)?.map(Zeroizing::new);
            let bound = input::optional("access_token", given.access_token)?.map(Zeroizing::new);
            let asked = IdTokenRequest {
                issuer: &issuer,
                client_id: &client_id,
                nonce: nonce.as_ref().map(|text| text.as_str()),
                access_token: bound.as_ref().map(|text| text.as_str()),
                max_age: (given.has_max_age != 0).then_some(given.max_age),
                now: given.now,
            };
            match verify(&token, &KeySet::read(&keys)?, &asked)? {
                Verified::Good(who) => {
                    out.write(identity::insert(&who)?);
                    Ok(())
                }
                Verified::UnknownKey => Err(Fail::Nothing(
                    "the key set holds no key that the token could be signed with",
                )),
            }
        })
    }
}

/// Reads the document at an issuer's `jwks_uri` (RFC 7517 §5): at most 64 KiB and 100 keys. `*count` becomes how many
/// keys in it can verify an ID token; that none can is no error.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_key_set`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_key_set_read(
    body: *const c_char,
    body_length: usize,
    count: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("count", count)?;
            let body = input::bytes("body", body, body_length)?;
            out.write(KeySet::read(&body)?.len());
            Ok(())
        })
    }
}
