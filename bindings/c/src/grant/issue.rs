//! The flow that issues a code.

use super::flow::Flows;
use super::request::{REQUESTS, pk_grant_request};
use super::store::{KeptRows, pk_store_event, pk_store_step};
use crate::call::call;
use crate::error::pk_error;
use crate::input::{self, Structure};
use crate::output::Out;
use crate::status::{Fail, pk_status};
use crate::text::pk_text;
use core::ffi::c_char;
use core::mem::size_of;
use proofkey::Error;
use proofkey::grant::issue::{Approval, Issue, IssueOutcome};

/// A code that is being issued. The handle belongs to the caller, who frees it with `pk_issue_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_issue {
    /// Not for the caller.
    pub id: u64,
}

/// Where to send the browser. All pointers belong to the library and are good until the handle is freed or
/// used again.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_issue_outcome {
    /// `sizeof(pk_issue_outcome)`, set by the caller:
    /// `pk_issue_outcome outcome = PK_ISSUE_OUTCOME_INIT;`.
    pub size: usize,
    /// The location of a 303: with the code, or with an error where the store did not take the grant. It is
    /// a secret.
    pub location: pk_text,
    /// The grant's id, for an audit log.
    pub grant_id: pk_text,
    /// Whether a code was issued: 0 or 1.
    pub issued: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_issue_outcome {}

static ISSUES: Flows<Issue> = Flows::new(7, "issue");

/// The user has allowed it: makes the flow that writes the grant and gives out the code. `subject` is the user
/// as the server names them, `scopes` are those of the request that were allowed. An accepted request is used
/// up, whatever comes of it; its handle is still the caller's to free. `*issue` is the caller's to free.
///
/// Returns `PK_OK`; `PK_NOTHING` where the request was refused; `PK_ERROR` with `invalid_configuration` when more
/// is approved than was asked for, or `flow_ended` where the request was used before; or a status of misuse.
/// Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_issue_new(
    grant_request: pk_grant_request,
    subject: *const c_char,
    subject_length: usize,
    scopes: *const pk_text,
    scope_count: usize,
    issue: *mut pk_issue,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("issue", issue)?;
            let approval = Approval {
                subject: input::text("subject", subject, subject_length)?,
                scopes: input::texts("scopes", scopes, scope_count)?,
            };
            REQUESTS.locked(grant_request.id, |judged| {
                let request = match judged.request.take().ok_or(Error::FlowEnded)? {
                    Ok(request) => request,
                    Err(refusal) => {
                        judged.request = Some(Err(refusal));
                        return Err(Fail::Nothing("the request was refused"));
                    }
                };
                let flow = Issue::new(request, approval, &judged.policy)?;
                let id = ISSUES.insert(flow)?;
                out.write(pk_issue { id });
                Ok(())
            })
        })
    }
}

/// Says when the user signed in, in seconds since the epoch, and how: the authentication context class, absent where
/// the server cannot say. Tokens of the grant know it (RFC 9470 §4), and its ID tokens tell it (OpenID Connect Core §2).
/// Before the first event.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration` once the flow has begun; or a status of misuse. Any
/// thread, one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_issue_signed_in(
    issue: pk_issue,
    auth_time: u64,
    acr: pk_text,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        ISSUES.change(issue.id, error, |flow| {
            let acr = input::optional("acr", acr)?;
            Ok(flow.sign_in(auth_time, acr)?)
        })
    }
}

/// Says what the store has done and gets what it does next. Begin with `PK_STORE_EVENT_START`. What `*step`
/// points to is good until the next call with this handle.
///
/// Returns `PK_OK`; `PK_ERROR`, which ends the flow, and nothing is issued; or a status of misuse, upon which
/// nothing has happened. Any thread, one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_issue_advance(
    issue: pk_issue,
    event: *const pk_store_event,
    step: *mut pk_store_step,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe { ISSUES.advance(issue.id, event, step, error, Issue::advance) }
}

/// Takes out where to send the browser, once, after `PK_STORE_STEP_DONE`.
///
/// Returns `PK_OK`; `PK_NOTHING` before and from the second time on; or a status of misuse. Any thread, one at a
/// time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_issue_take_outcome(
    issue: pk_issue,
    outcome: *mut pk_issue_outcome,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe { ISSUES.take(issue.id, ("outcome", outcome), error, Issue::outcome, keep) }
}

fn keep(outcome: &IssueOutcome, KeptRows { texts: kept, .. }: &mut KeptRows) -> pk_issue_outcome {
    pk_issue_outcome {
        size: size_of::<pk_issue_outcome>(),
        location: kept.text(outcome.location.expose()),
        grant_id: kept.text(&outcome.grant_id),
        issued: u32::from(outcome.issued),
    }
}

/// Frees the flow and wipes its secrets. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_issue_free(issue: pk_issue) -> pk_status {
    ISSUES.free(issue.id)
}
