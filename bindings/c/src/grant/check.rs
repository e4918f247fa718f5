//! The flow behind a resource.

use super::flow::Flows;
use super::store::{pk_store_event, pk_store_step};
use crate::call::call;
use crate::error::pk_error;
use crate::input::{self, Structure};
use crate::output::{Kept, Out};
use crate::status::pk_status;
use crate::text::pk_text;
use core::ffi::c_char;
use core::mem::size_of;
use proofkey::grant::check::{Access, CheckToken};

/// A token that is being checked. The handle belongs to the caller, who frees it with `pk_check_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_check {
    /// Not for the caller.
    pub id: u64,
}

/// Whether a request may pass. All pointers belong to the library and are good until the handle is freed or
/// used again.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_check_outcome {
    /// `sizeof(pk_check_outcome)`, set by the caller: `pk_check_outcome outcome = PK_CHECK_OUTCOME_INIT;`.
    pub size: usize,
    /// Whether it may pass: 0 or 1.
    pub granted: u32,
    /// Where it may not: the HTTP status, 400, 401 or 403; 503 where the store failed.
    pub status: u16,
    /// Where it may not: the value of `WWW-Authenticate` (RFC 6750 §3), if one is due.
    pub www_authenticate: pk_text,
    /// Where it may: who allowed it.
    pub subject: pk_text,
    /// Where it may: who asks.
    pub client_id: pk_text,
    /// Where it may: the granted scopes, with a space between them.
    pub scope: pk_text,
    /// Where it may: the grant, for a log.
    pub grant_id: pk_text,
    /// Where it may: when the token expires, in seconds since the epoch by the store's clock.
    pub expires_at: u64,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_check_outcome {}

static CHECKS: Flows<CheckToken> = Flows::new(9, "check");

/// Makes the flow. `authorization` is the header field as it came, absent where none did; `audience` the
/// resource's own URI. `*check` is the caller's to free.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_check_new(
    authorization: pk_text,
    audience: *const c_char,
    audience_length: usize,
    required_scopes: *const pk_text,
    required_scope_count: usize,
    check: *mut pk_check,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("check", check)?;
            let authorization = input::optional("authorization", authorization)?;
            let audience = input::text("audience", audience, audience_length)?;
            let required = input::texts("required_scopes", required_scopes, required_scope_count)?;
            let flow = CheckToken::new(authorization.as_deref(), &audience, &required);
            let id = CHECKS.insert(flow)?;
            out.write(pk_check { id });
            Ok(())
        })
    }
}

/// Says what the store has done and gets what it does next. Begin with `PK_STORE_EVENT_START`. What `*step`
/// points to is good until the next call with this handle.
///
/// Returns `PK_OK`; `PK_ERROR`, which ends the flow, and nothing is granted; or a status of misuse, upon which
/// nothing has happened. Any thread, one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_check_advance(
    check: pk_check,
    event: *const pk_store_event,
    step: *mut pk_store_step,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe { CHECKS.advance(check.id, event, step, error, CheckToken::advance) }
}

/// Takes the answer out, once, after `PK_STORE_STEP_DONE`.
///
/// Returns `PK_OK`, also where the request may not pass; `PK_NOTHING` before and from the second time on; or a
/// status of misuse. Any thread, one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_check_take_outcome(
    check: pk_check,
    outcome: *mut pk_check_outcome,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe { CHECKS.take(check.id, ("outcome", outcome), error, CheckToken::outcome, keep) }
}

fn keep(access: &Access, kept: &mut Kept) -> pk_check_outcome {
    let mut out = pk_check_outcome {
        size: size_of::<pk_check_outcome>(),
        granted: 0,
        status: 0,
        www_authenticate: pk_text::ABSENT,
        subject: pk_text::ABSENT,
        client_id: pk_text::ABSENT,
        scope: pk_text::ABSENT,
        grant_id: pk_text::ABSENT,
        expires_at: 0,
    };
    match access {
        Access::Granted(token) => {
            out.granted = 1;
            out.subject = kept.text(&token.grant.subject);
            out.client_id = kept.text(&token.grant.client_id);
            out.scope = kept.text(token.scope());
            out.grant_id = kept.text(&token.grant.grant_id);
            out.expires_at = token.expires_at;
        }
        Access::Refused { status, www_authenticate } => {
            out.status = *status;
            out.www_authenticate = kept.optional(www_authenticate.as_deref());
        }
    }
    out
}

/// Frees the flow. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_check_free(check: pk_check) -> pk_status {
    CHECKS.free(check.id)
}
