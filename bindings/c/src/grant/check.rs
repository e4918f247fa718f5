//! The flow behind a resource.

use super::flow::Flows;
use super::possession::{self, pk_proof_rules, pk_request_proof};
use super::rows::pk_grant;
use super::store::{KeptRows, pk_store_event, pk_store_step};
use crate::call::call;
use crate::error::pk_error;
use crate::http::pk_header;
use crate::input::{self, Structure};
use crate::output::Out;
use crate::status::pk_status;
use crate::text::pk_text;
use core::ffi::c_char;
use core::mem::size_of;
use proofkey::grant::check::{Access, Authentication, CheckToken};
use proofkey::http::Header;

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
    /// The header fields that the answer needs: `WWW-Authenticate` where the request may not pass, and `DPoP-Nonce`
    /// (RFC 9449 §9) where there is a nonce to be used from now on, also where it may.
    pub headers: *const pk_header,
    /// How many.
    pub header_count: usize,
    /// Where it may: the whole grant; else null.
    pub grant: *const pk_grant,
    /// Where it may: the thumbprint of the key that the token is bound to (RFC 9449 §6); absent: a bearer token.
    pub dpop_jkt: pk_text,
    /// Where it may: when the token expires, in seconds since the epoch by the store's clock.
    pub expires_at: u64,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_check_outcome {}

/// What a resource asks of a request beside a token for it. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_check_demands {
    /// `sizeof(pk_check_demands)`: `pk_check_demands demands = PK_CHECK_DEMANDS_INIT;`.
    pub size: usize,
    /// The authentication context classes of which one will do, the preferred one first (RFC 9470 §3).
    pub acr_values: *const pk_text,
    /// How many. 0: any will do.
    pub acr_value_count: usize,
    /// Where the resource's metadata are (RFC 9728 §5.1); may be absent. A challenge then says so, and with status 401
    /// also which scopes are needed (RFC 6750 §3).
    pub metadata_url: pk_text,
    /// With `has_max_age`: how long ago the user may have signed in, in seconds (RFC 9470 §3).
    pub max_age_s: u64,
    /// Whether `max_age_s` is asked for: 0, or anything else for yes.
    pub has_max_age: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_check_demands {}

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

/// Says how the user must have signed in (RFC 9470), and where the resource's metadata are. Before the first event.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration` once the flow has begun; or a status of misuse. Any
/// thread, one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_check_demand(
    check: pk_check,
    demands: *const pk_check_demands,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        CHECKS.change(check.id, error, |flow| {
            let given = input::structure("demands", demands)?;
            let authentication = Authentication {
                acr_values: input::texts("acr_values", given.acr_values, given.acr_value_count)?,
                max_age_s: (given.has_max_age != 0).then_some(given.max_age_s),
            };
            let metadata_url = input::optional("metadata_url", given.metadata_url)?;
            Ok(flow.demand(authentication, metadata_url)?)
        })
    }
}

/// Has the flow judge the request's proof of possession before all else (RFC 9449 §7.1), if its token came as one that
/// is bound to a key, and asks the store to remember it (`PK_STORE_STEP_REMEMBER`). Where the rules require proofs, no
/// bearer token passes. Without this call the flow knows of no proof, and no token that is bound to a key passes. Before
/// the first event.
///
/// Returns `PK_OK`, also where the proof is not a good one: the outcome says so; `PK_ERROR` with
/// `invalid_configuration` for rules that cannot be used, or once the flow has begun; or a status of misuse. Any
/// thread, one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_check_present(
    check: pk_check,
    rules: *const pk_proof_rules,
    proof: *const pk_request_proof,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        CHECKS.change(check.id, error, |flow| {
            Ok(possession::read(rules, proof, |rules, proof| flow.present(rules, proof))??)
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
    unsafe { CHECKS.take(check.id, ("outcome", outcome), error, taken, keep) }
}

fn taken(flow: &mut CheckToken) -> Option<(Access, Vec<Header>)> {
    let fields = flow.fields().to_vec();
    flow.outcome().map(|access| (access, fields))
}

fn keep((access, fields): &(Access, Vec<Header>), rows: &mut KeptRows) -> pk_check_outcome {
    let kept = &mut rows.texts;
    let (headers, header_count) = kept.headers(fields);
    let mut out = pk_check_outcome {
        size: size_of::<pk_check_outcome>(),
        granted: 0,
        status: 0,
        www_authenticate: pk_text::ABSENT,
        subject: pk_text::ABSENT,
        client_id: pk_text::ABSENT,
        scope: pk_text::ABSENT,
        grant_id: pk_text::ABSENT,
        headers,
        header_count,
        grant: core::ptr::null(),
        dpop_jkt: pk_text::ABSENT,
        expires_at: 0,
    };
    match access {
        Access::Granted(token) => {
            out.granted = 1;
            out.subject = kept.text(&token.grant.subject);
            out.client_id = kept.text(&token.grant.client_id);
            out.scope = kept.text(token.scope());
            out.grant_id = kept.text(&token.grant.grant_id);
            out.dpop_jkt = kept.optional(token.dpop_jkt.as_deref());
            out.expires_at = token.expires_at;
            out.grant = rows.grant(&token.grant);
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
