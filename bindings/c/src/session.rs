//! `PkceSession` and the token request, for those who bring their own loop.

use crate::call::call;
use crate::error::pk_error;
use crate::http::{self, pk_http_request, pk_http_response};
use crate::input::{self, Structure};
use crate::output::{Buffer, Kept, Out};
use crate::parameter::{parameters, pk_parameter};
use crate::status::{Fail, pk_status};
use crate::table::Table;
use crate::text::pk_text;
use crate::tokens::{TOKENS, pk_tokens};
use core::ffi::c_char;
use proofkey::Error;
use proofkey::session::{AuthorizationRequest, Completion, PkceSession, TokenRequest};
use std::sync::Mutex;
use zeroize::Zeroizing;

/// One pending sign-in, used once. The handle belongs to the caller, who frees it with `pk_session_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_session {
    /// Not for the caller.
    pub id: u64,
}

/// A code and the verifier that redeems it. The handle belongs to the caller, who frees it with
/// `pk_token_request_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_token_request {
    /// Not for the caller.
    pub id: u64,
}

/// What a session asks for, and where. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_authorization_request {
    /// `sizeof(pk_authorization_request)`:
    /// `pk_authorization_request request = PK_AUTHORIZATION_REQUEST_INIT;`.
    pub size: usize,
    /// The authorization server's identifier (RFC 8414 §2).
    pub issuer: pk_text,
    /// Where the user is sent.
    pub authorization_endpoint: pk_text,
    /// Where the code is redeemed.
    pub token_endpoint: pk_text,
    /// The public client's identifier.
    pub client_id: pk_text,
    /// Where the answer arrives.
    pub redirect_uri: pk_text,
    /// The scopes, each by itself; at most 256.
    pub scopes: *const pk_text,
    /// How many.
    pub scope_count: usize,
    /// The resource that the tokens are for (RFC 8707); may be absent.
    pub resource: pk_text,
    /// Whether the server promises `iss` in its answers (RFC 9207 §3): 0, or anything else for yes.
    pub iss_promised: u32,
    /// More parameters of the request; may be null where there are none.
    pub extra_parameters: *const pk_parameter,
    /// How many.
    pub extra_parameter_count: usize,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_authorization_request {}

/// `None` once it was used.
pub(crate) static SESSIONS: Table<Mutex<Option<PkceSession>>> = Table::new(1, "session");

/// Takes a session in.
pub(crate) fn insert(session: PkceSession) -> Result<pk_session, Fail> {
    Ok(pk_session { id: SESSIONS.insert(Mutex::new(Some(session)))? })
}

struct Redemption {
    request: Option<TokenRequest>,
    kept: Kept,
}

static TOKEN_REQUESTS: Table<Mutex<Redemption>> = Table::new(2, "token_request");

/// # Safety
/// As [`input::structure`], and everything it points to is as [`input::bytes`] wants it.
unsafe fn request(data: *const pk_authorization_request) -> Result<AuthorizationRequest, Fail> {
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        let given = input::structure("request", data)?;
        let endpoint = "authorization_endpoint";
        Ok(AuthorizationRequest {
            issuer: input::required("issuer", given.issuer)?,
            authorization_endpoint: input::required(endpoint, given.authorization_endpoint)?,
            token_endpoint: input::required("token_endpoint", given.token_endpoint)?,
            iss_promised: given.iss_promised != 0,
            client_id: input::required("client_id", given.client_id)?,
            redirect_uri: input::required("redirect_uri", given.redirect_uri)?,
            scopes: input::texts("scopes", given.scopes, given.scope_count)?,
            resource: input::optional("resource", given.resource)?,
            extra_parameters: parameters(given.extra_parameters, given.extra_parameter_count)?,
        })
    }
}

/// Begins a session: checks the request, then draws verifier, state and nonce from the system's generator.
/// `*session` is the caller's to free.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, whose `field` names what cannot be used, or
/// `random_unavailable`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_session_begin(
    request: *const pk_authorization_request,
    session: *mut pk_session,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("session", session)?;
            out.write(insert(PkceSession::begin(self::request(request)?)?)?);
            Ok(())
        })
    }
}

/// Writes the URL for the user's browser (RFC 6749 §4.1.1, RFC 7636 §4.3). It holds the challenge, never the
/// verifier. Give it to a browser as one argument, never through a shell.
///
/// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
///
/// Returns `PK_OK`; `PK_BUFFER_TOO_SMALL`; `PK_ERROR` with `flow_ended` once the session was used; or a status of
/// misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_session_authorization_url(
    session: pk_session,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            SESSIONS.locked(session.id, |session| {
                let session = session.as_ref().ok_or(Error::FlowEnded)?;
                let url = session.authorization_url();
                Buffer::new("buffer", buffer, capacity, length).write(&url)
            })
        })
    }
}

/// Judges a redirect: the whole URI as it arrived, undecoded.
///
/// Returns
/// - `PK_OK`: it is ours and carries a code. `*token_request` redeems it and is the caller's to free. The
///   session is used up.
/// - `PK_NOT_OURS`: it is noise. The session waits on.
/// - `PK_ERROR`: it is ours and says no, or is broken. The session is over.
/// - a status of misuse: nothing has happened.
///
/// Any thread; of two at once one goes first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_session_complete(
    session: pk_session,
    redirect: *const c_char,
    redirect_length: usize,
    token_request: *mut pk_token_request,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("token_request", token_request)?;
            let redirect = Zeroizing::new(input::text("redirect", redirect, redirect_length)?);
            SESSIONS.locked(session.id, |session| {
                match session.take().ok_or(Error::FlowEnded)?.complete(&redirect) {
                    Completion::Accepted(request) => {
                        let redemption =
                            Redemption { request: Some(request), kept: Kept::default() };
                        let id = TOKEN_REQUESTS.insert(Mutex::new(redemption))?;
                        out.write(pk_token_request { id });
                        Ok(())
                    }
                    Completion::NotOurs(same, refusal) => {
                        *session = Some(same);
                        Err(Fail::NotOurs(refusal))
                    }
                    Completion::Ended(error) => Err(error.into()),
                }
            })
        })
    }
}

/// Ends the session unused and wipes its secrets. The handle is still the caller's to free.
///
/// Returns `PK_OK`, also where it was over before; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_session_discard(
    session: pk_session,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            SESSIONS.locked(session.id, |session| {
                *session = None;
                Ok(())
            })
        })
    }
}

/// Frees the session and wipes its secrets. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_session_free(session: pk_session) -> pk_status {
    SESSIONS.free(session.id)
}

/// Writes the token request (RFC 6749 §4.1.3, RFC 7636 §4.5). Send it once: a code is never tried twice.
///
/// What `*request` points to is wiped at the next call with this handle, and when it is freed. The body
/// holds the code and the verifier.
///
/// Returns `PK_OK`; `PK_ERROR` with `flow_ended` once there were tokens or an error; or a status of misuse. Any
/// thread, one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_token_request_http(
    token_request: pk_token_request,
    request: *mut pk_http_request,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::structure("request", request)?;
            TOKEN_REQUESTS.locked(token_request.id, |redemption| {
                let request = redemption.request.as_ref().ok_or(Error::FlowEnded)?.http_request();
                redemption.kept = Kept::default();
                out.write(pk_http_request::keep(&request, &mut redemption.kept));
                Ok(())
            })
        })
    }
}

/// Reads the answer of the token endpoint. `now` is in seconds since the epoch. `*tokens` is the caller's to
/// free.
///
/// Returns `PK_OK`; `PK_ERROR` with the server's refusal or what was wrong with its answer; or a status of
/// misuse, upon which nothing has happened. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_token_request_tokens(
    token_request: pk_token_request,
    response: *const pk_http_response,
    now: u64,
    tokens: *mut pk_tokens,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("tokens", tokens)?;
            let response = http::response("response", response)?;
            TOKEN_REQUESTS.locked(token_request.id, |redemption| {
                redemption.kept = Kept::default();
                let request = redemption.request.take().ok_or(Error::FlowEnded)?;
                let set = request.into_tokens(&response, now)?;
                out.write(pk_tokens { id: TOKENS.insert(set)? });
                Ok(())
            })
        })
    }
}

/// Frees the token request and wipes its secrets. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_token_request_free(token_request: pk_token_request) -> pk_status {
    TOKEN_REQUESTS.free(token_request.id)
}
