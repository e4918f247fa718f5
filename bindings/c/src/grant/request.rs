//! The authorization request, judged.

use super::rows::{client, pk_client_record, pk_policy, policy};
use crate::call::call;
use crate::error::pk_error;
use crate::input::{self, Structure};
use crate::output::{Buffer, Kept, Out};
use crate::status::{Fail, Misuse, pk_status};
use crate::table::Table;
use crate::text::pk_text;
use core::ffi::c_char;
use core::mem::size_of;
use proofkey::Error;
use proofkey::grant::client::redirect_uri_matches;
use proofkey::grant::policy::Policy;
use proofkey::grant::request::{Decline, GrantRequest, RequestRefusal};
use std::sync::Mutex;

/// An authorization request that was judged. The handle belongs to the caller, who frees it with
/// `pk_grant_request_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_grant_request {
    /// Not for the caller.
    pub id: u64,
}

/// Show it to the user: `client_id`, the host of `redirect_uri`, `scope`, `resource`.
pub const PK_REQUEST_ACCEPTED: u32 = 1;
/// Refused: show `error` and `description` to the user on a page with status 400. Never redirect.
pub const PK_REQUEST_PAGE: u32 = 2;
/// Refused: send the browser to `location` with a 303.
pub const PK_REQUEST_REDIRECT: u32 = 3;

/// What was found. Members that do not belong to `kind` are absent. All pointers belong to the library and
/// are good until the next call with the same handle.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_request_verdict {
    /// `sizeof(pk_request_verdict)`, set by the caller:
    /// `pk_request_verdict verdict = PK_REQUEST_VERDICT_INIT;`.
    pub size: usize,
    /// `PK_REQUEST_ACCEPTED`, `PK_REQUEST_PAGE` or `PK_REQUEST_REDIRECT`.
    pub kind: u32,
    /// The client that asks.
    pub client_id: pk_text,
    /// Where the answer goes.
    pub redirect_uri: pk_text,
    /// The scopes that are asked for, with a space between them.
    pub scope: pk_text,
    /// The resource that is asked for (RFC 8707).
    pub resource: pk_text,
    /// `PK_REQUEST_ACCEPTED`: the challenge that the grant will be bound to, 43 characters.
    pub code_challenge: pk_text,
    /// `PK_REQUEST_ACCEPTED`: the thumbprint of the key that the code will be bound to (RFC 9449 §10); may be absent.
    pub dpop_jkt: pk_text,
    /// `PK_REQUEST_ACCEPTED`: what else is asked for: an array, as JSON text (RFC 9396 §2); may be absent. Show it on
    /// the consent page.
    pub authorization_details: pk_text,
    /// `PK_REQUEST_ACCEPTED`: how the user should sign in: authentication context classes with a space between them, the
    /// preferred one first (OpenID Connect Core §3.1.2.1, RFC 9470 §4); may be empty.
    pub acr_values: pk_text,
    /// `PK_REQUEST_ACCEPTED`: what the user is to be asked, with a space between them (OpenID Connect Core §3.1.2.1):
    /// `none` alone, or any of `login`, `consent`, `select_account` and what a server adds. Empty: the server's choice.
    pub prompt: pk_text,
    /// `PK_REQUEST_ACCEPTED`: who the client thinks will sign in; may be absent. Anybody may have written it: escape it,
    /// and believe nothing of it.
    pub login_hint: pk_text,
    /// `PK_REQUEST_ACCEPTED`: the languages that the user prefers, as BCP 47 tags with a space between them; may be
    /// empty.
    pub ui_locales: pk_text,
    /// `PK_REQUEST_ACCEPTED`: what the ID token will say again; may be absent.
    pub nonce: pk_text,
    /// `PK_REQUEST_ACCEPTED`, with `has_max_age`: how long ago the user may have signed in at most, in seconds (OpenID
    /// Connect Core §3.1.2.1).
    pub max_age: u64,
    /// Whether `max_age` was sent: 0 or 1.
    pub has_max_age: u32,
    /// The OAuth error code.
    pub error: pk_text,
    /// What was wrong, for the page.
    pub description: pk_text,
    /// The redirect URI with the error in it. It holds the client's state.
    pub location: pk_text,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_request_verdict {}

pub(super) struct Judged {
    /// `None` once a flow took it.
    pub(super) request: Option<Result<GrantRequest, RequestRefusal>>,
    pub(super) policy: Policy,
    kept: Kept,
}

pub(super) static REQUESTS: Table<Mutex<Judged>> = Table::new(6, "grant_request");

/// Whether a redirect URI that was sent is the registered one (RFC 9700 §2.1): equal as strings, but for the
/// port of a loopback address.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_redirect_uri_matches(
    registered: *const c_char,
    registered_length: usize,
    sent: *const c_char,
    sent_length: usize,
    matches: *mut bool,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("matches", matches)?;
            let registered = input::text("registered", registered, registered_length)?;
            let sent = input::text("sent", sent, sent_length)?;
            out.write(redirect_uri_matches(&registered, &sent));
            Ok(())
        })
    }
}

/// Writes the client that a request names, so that its record can be looked up. `query` is what stands after
/// the question mark.
///
/// Returns `PK_OK`; `PK_NOTHING` where it names none, or several, or is too long, which is to be shown to the
/// user on a page with status 400; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_grant_request_client_id(
    query: *const c_char,
    query_length: usize,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let query = input::text("query", query, query_length)?;
            match GrantRequest::client_id_of(&query) {
                Ok(id) => Buffer::new("buffer", buffer, capacity, length).write(&id),
                Err(RequestRefusal::Page { description, .. }) => Err(Fail::Nothing(description)),
                Err(RequestRefusal::Redirect { .. }) => {
                    Err(Fail::Nothing("the request is refused"))
                }
            }
        })
    }
}

/// Judges an authorization request (RFC 6749 §4.1.1) from this client. `*grant_request` is the caller's to
/// free; `pk_grant_request_verdict` says what was found.
///
/// Returns `PK_OK`, also where the request is refused; `PK_ERROR` with `invalid_configuration` for the policy; or a
/// status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_grant_request_judge(
    query: *const c_char,
    query_length: usize,
    client: *const pk_client_record,
    policy: *const pk_policy,
    grant_request: *mut pk_grant_request,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("grant_request", grant_request)?;
            let query = input::text("query", query, query_length)?;
            let (client, policy) = (self::client(client)?, self::policy(policy)?);
            let request = Some(GrantRequest::judge(&query, &client, &policy));
            let judged = Judged { request, policy, kept: Kept::default() };
            out.write(pk_grant_request { id: REQUESTS.insert(Mutex::new(judged))? });
            Ok(())
        })
    }
}

/// Says what was found.
///
/// Returns `PK_OK`; `PK_ERROR` with `flow_ended` once `pk_issue_new` took the request; or a status of misuse. Any
/// thread, one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_grant_request_verdict(
    grant_request: pk_grant_request,
    verdict: *mut pk_request_verdict,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::structure("verdict", verdict)?;
            REQUESTS.locked(grant_request.id, |judged| {
                let request = judged.request.as_ref().ok_or(Error::FlowEnded)?;
                let mut kept = Kept::default();
                out.write(keep(request, &mut kept));
                judged.kept = kept;
                Ok(())
            })
        })
    }
}

fn keep(request: &Result<GrantRequest, RequestRefusal>, kept: &mut Kept) -> pk_request_verdict {
    let mut out = pk_request_verdict {
        size: size_of::<pk_request_verdict>(),
        kind: PK_REQUEST_ACCEPTED,
        client_id: pk_text::ABSENT,
        redirect_uri: pk_text::ABSENT,
        scope: pk_text::ABSENT,
        resource: pk_text::ABSENT,
        code_challenge: pk_text::ABSENT,
        dpop_jkt: pk_text::ABSENT,
        authorization_details: pk_text::ABSENT,
        acr_values: pk_text::ABSENT,
        prompt: pk_text::ABSENT,
        login_hint: pk_text::ABSENT,
        ui_locales: pk_text::ABSENT,
        nonce: pk_text::ABSENT,
        max_age: 0,
        has_max_age: 0,
        error: pk_text::ABSENT,
        description: pk_text::ABSENT,
        location: pk_text::ABSENT,
    };
    match request {
        Ok(request) => {
            out.client_id = kept.text(request.client_id());
            out.redirect_uri = kept.text(request.redirect_uri());
            out.scope = kept.text(&request.scopes().join(" "));
            out.resource = kept.optional(request.resource());
            out.code_challenge = kept.text(&request.code_challenge().to_text());
            out.dpop_jkt = kept.optional(request.dpop_jkt());
            out.authorization_details = kept.optional(request.authorization_details());
            out.acr_values = kept.text(&request.acr_values().join(" "));
            out.prompt = kept.text(&request.prompt().join(" "));
            out.login_hint = kept.optional(request.login_hint());
            out.ui_locales = kept.text(&request.ui_locales().join(" "));
            out.nonce = kept.optional(request.nonce());
            out.max_age = request.max_age().unwrap_or_default();
            out.has_max_age = u32::from(request.max_age().is_some());
        }
        Err(RequestRefusal::Page { error, description }) => {
            out.kind = PK_REQUEST_PAGE;
            out.error = kept.text(error);
            out.description = kept.text(description);
        }
        Err(RequestRefusal::Redirect { location, error }) => {
            out.kind = PK_REQUEST_REDIRECT;
            out.error = kept.text(error);
            out.location = kept.text(location);
        }
    }
    out
}

/// The user said no: writes where to send the browser with a 303, with `access_denied` in it. It holds the
/// client's state.
///
/// Returns `PK_OK`; `PK_NOTHING` where the request was not accepted; `PK_BUFFER_TOO_SMALL`; `PK_ERROR` with
/// `flow_ended` once `pk_issue_new` took the request; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_grant_request_deny(
    grant_request: pk_grant_request,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            REQUESTS.locked(grant_request.id, |judged| {
                let request = judged.request.as_ref().ok_or(Error::FlowEnded)?;
                let refused = Fail::Nothing("the request was refused; there is nothing to deny");
                let location = request.as_ref().map_err(|_| refused)?.deny(&judged.policy);
                Buffer::new("buffer", buffer, capacity, length).write(&location)
            })
        })
    }
}

/// The user, or the server, does not allow it (RFC 6749 §4.1.2.1).
pub const PK_DECLINE_DENIED: u32 = 1;
/// Nobody is signed in, and nobody may be asked to (OpenID Connect Core §3.1.2.6).
pub const PK_DECLINE_LOGIN_REQUIRED: u32 = 2;
/// Somebody would have to consent, and nobody may be asked to (OpenID Connect Core §3.1.2.6).
pub const PK_DECLINE_CONSENT_REQUIRED: u32 = 3;
/// Somebody would have to choose an account, and nobody may be asked to (OpenID Connect Core §3.1.2.6).
pub const PK_DECLINE_ACCOUNT_SELECTION_REQUIRED: u32 = 4;
/// Something else would have to be asked, and nothing may be (OpenID Connect Core §3.1.2.6).
pub const PK_DECLINE_INTERACTION_REQUIRED: u32 = 5;
/// The user cannot sign in as the request demands (RFC 9470 §5).
pub const PK_DECLINE_UNMET_AUTHENTICATION: u32 = 6;
/// The server cannot serve it now; later it may (RFC 6749 §4.1.2.1).
pub const PK_DECLINE_TEMPORARILY_UNAVAILABLE: u32 = 7;
/// The server has failed (RFC 6749 §4.1.2.1).
pub const PK_DECLINE_SERVER_ERROR: u32 = 8;

/// The request comes to nothing, for one of the reasons `PK_DECLINE_…`: writes where to send the browser with a 303,
/// with the error, and a NUL behind it. It holds the client's state.
///
/// Returns `PK_OK`; `PK_BUFFER_TOO_SMALL`; `PK_NOTHING` where the request was refused already; `PK_ERROR` with
/// `flow_ended` once `pk_issue_new` took the request; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_grant_request_decline(
    grant_request: pk_grant_request,
    why: u32,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let why = decline(why)?;
            REQUESTS.locked(grant_request.id, |judged| {
                let request = judged.request.as_ref().ok_or(Error::FlowEnded)?;
                let refused = Fail::Nothing("the request was refused; there is nothing to decline");
                let location = request.as_ref().map_err(|_| refused)?.decline(why, &judged.policy);
                Buffer::new("buffer", buffer, capacity, length).write(&location)
            })
        })
    }
}

const fn decline(why: u32) -> Result<Decline, Fail> {
    Ok(match why {
        PK_DECLINE_DENIED => Decline::Denied,
        PK_DECLINE_LOGIN_REQUIRED => Decline::LoginRequired,
        PK_DECLINE_CONSENT_REQUIRED => Decline::ConsentRequired,
        PK_DECLINE_ACCOUNT_SELECTION_REQUIRED => Decline::AccountSelectionRequired,
        PK_DECLINE_INTERACTION_REQUIRED => Decline::InteractionRequired,
        PK_DECLINE_UNMET_AUTHENTICATION => Decline::UnmetAuthentication,
        PK_DECLINE_TEMPORARILY_UNAVAILABLE => Decline::TemporarilyUnavailable,
        PK_DECLINE_SERVER_ERROR => Decline::ServerError,
        _ => return Err(Fail::Misuse(Misuse::Value, "why")),
    })
}

/// Frees the request. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_grant_request_free(grant_request: pk_grant_request) -> pk_status {
    REQUESTS.free(grant_request.id)
}
