//! The flow behind the token endpoint.

use super::flow::Flows;
use super::rows::{pk_policy, policy};
use super::store::{pk_store_event, pk_store_step};
use crate::call::call;
use crate::error::pk_error;
use crate::http::pk_header;
use crate::input::{self, Structure};
use crate::output::{Kept, Out};
use crate::status::pk_status;
use crate::text::pk_text;
use core::ffi::c_char;
use core::mem::size_of;
use proofkey::grant::answer::TokenAnswer;
use proofkey::grant::redeem::Redeem;
use zeroize::Zeroizing;

/// A token request that is being judged. The handle belongs to the caller, who frees it with
/// `pk_redeem_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_redeem {
    /// Not for the caller.
    pub id: u64,
}

/// The answer of the token or the revocation endpoint. All pointers belong to the library and are good until the
/// handle is freed or used again.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_token_answer {
    /// `sizeof(pk_token_answer)`, set by the caller: `pk_token_answer answer = PK_TOKEN_ANSWER_INIT;`.
    pub size: usize,
    /// The header fields.
    pub headers: *const pk_header,
    /// How many.
    pub header_count: usize,
    /// The JSON body, empty after a revocation. It may hold a token: it is a secret.
    pub body: pk_text,
    /// What happened, for a log: `issued`, `refreshed`, `mismatch`, `replay_revoked` and the like. No secret.
    pub audit: pk_text,
    /// The HTTP status.
    pub status: u16,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_token_answer {}

static REDEEMS: Flows<Redeem> = Flows::new(8, "redeem");

/// Makes the flow from a token request: the body, and the header fields `Content-Type` and `Authorization` as
/// they came, absent where they did not. `*redeem` is the caller's to free.
///
/// Returns `PK_OK`, also where the request is not a good one: the answer says so; `PK_ERROR` with
/// `invalid_configuration` for the policy; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_redeem_new(
    body: *const c_char,
    body_length: usize,
    content_type: pk_text,
    authorization: pk_text,
    policy: *const pk_policy,
    redeem: *mut pk_redeem,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("redeem", redeem)?;
            let body = Zeroizing::new(input::bytes("body", body, body_length)?);
            let content_type = input::optional("content_type", content_type)?;
            let authorization = input::optional("authorization", authorization)?;
            let policy = self::policy(policy)?;
            let flow =
                Redeem::new(&body, content_type.as_deref(), authorization.as_deref(), &policy);
            let id = REDEEMS.insert(flow)?;
            out.write(pk_redeem { id });
            Ok(())
        })
    }
}

/// Says what the store has done and gets what it does next. Begin with `PK_STORE_EVENT_START`. What `*step`
/// points to is good until the next call with this handle.
///
/// Returns `PK_OK`; `PK_ERROR`, which ends the flow, and nothing is issued; or a status of misuse, upon which
/// nothing has happened. Any thread, one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_redeem_advance(
    redeem: pk_redeem,
    event: *const pk_store_event,
    step: *mut pk_store_step,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe { REDEEMS.advance(redeem.id, event, step, error, Redeem::advance) }
}

/// Takes the token endpoint's answer out, once, after `PK_STORE_STEP_DONE`.
///
/// Returns `PK_OK`; `PK_NOTHING` before and from the second time on; or a status of misuse. Any thread, one at a
/// time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_redeem_take_answer(
    redeem: pk_redeem,
    answer: *mut pk_token_answer,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe { REDEEMS.take(redeem.id, ("answer", answer), error, Redeem::outcome, keep) }
}

pub(super) fn keep(answer: &TokenAnswer, kept: &mut Kept) -> pk_token_answer {
    let (headers, header_count) = kept.headers(&answer.headers);
    pk_token_answer {
        size: size_of::<pk_token_answer>(),
        headers,
        header_count,
        body: kept.text(answer.body.expose()),
        audit: kept.text(answer.audit.name()),
        status: answer.status,
    }
}

/// Frees the flow and wipes its secrets. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_redeem_free(redeem: pk_redeem) -> pk_status {
    REDEEMS.free(redeem.id)
}
