//! The authorization request, judged.

use super::rows::{client, pk_client_record, pk_policy, policy};
use crate::call::call;
use crate::error::pk_error;
use crate::input::{self, Structure};
use crate::output::{Buffer, Kept, Out};
use crate::status::{Fail, pk_status};
use crate::table::Table;
use crate::text::pk_text;
use core::ffi::c_char;
use core::mem::size_of;
use proofkey::Error;
use proofkey::grant::client::redirect_uri_matches;
use proofkey::grant::policy::Policy;
use proofkey::grant::request::{GrantRequest, RequestRefusal};
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

/// Frees the request. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_grant_request_free(grant_request: pk_grant_request) -> pk_status {
    REQUESTS.free(grant_request.id)
}
