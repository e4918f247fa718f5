//! The flow behind the revocation endpoint.

use super::flow::Flows;
use super::redeem::{keep, pk_token_answer};
use super::store::{pk_store_event, pk_store_step};
use crate::call::call;
use crate::error::pk_error;
use crate::input;
use crate::output::Out;
use crate::status::pk_status;
use crate::text::pk_text;
use core::ffi::c_char;
use proofkey::grant::revoke::RevokeToken;
use zeroize::Zeroizing;

/// A revocation request that is being judged. The handle belongs to the caller, who frees it with
/// `pk_revoke_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_revoke {
    /// Not for the caller.
    pub id: u64,
}

static REVOKES: Flows<RevokeToken> = Flows::new(13, "revoke");

/// Makes the flow from a revocation request (RFC 7009): the body, and the header fields `Content-Type` and
/// `Authorization` as they came, absent where they did not. With a token its grant ends, and with that every token
/// of the grant. `*revoke` is the caller's to free.
///
/// Returns `PK_OK`, also where the request is not a good one: the answer says so; or a status of misuse. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_revoke_new(
    body: *const c_char,
    body_length: usize,
    content_type: pk_text,
    authorization: pk_text,
    revoke: *mut pk_revoke,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("revoke", revoke)?;
            let body = Zeroizing::new(input::bytes("body", body, body_length)?);
            let content_type = input::optional("content_type", content_type)?;
            let authorization = input::optional("authorization", authorization)?;
            let flow = RevokeToken::new(&body, content_type.as_deref(), authorization.as_deref());
            let id = REVOKES.insert(flow)?;
            out.write(pk_revoke { id });
            Ok(())
        })
    }
}

/// Says what the store has done and gets what it does next. Begin with `PK_STORE_EVENT_START`. What `*step`
/// points to is good until the next call with this handle.
///
/// Returns `PK_OK`; `PK_ERROR`, which ends the flow; or a status of misuse, upon which nothing has happened. Any
/// thread, one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_revoke_advance(
    revoke: pk_revoke,
    event: *const pk_store_event,
    step: *mut pk_store_step,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe { REVOKES.advance(revoke.id, event, step, error, RevokeToken::advance) }
}

/// Takes the revocation endpoint's answer out, once, after `PK_STORE_STEP_DONE`.
///
/// Returns `PK_OK`; `PK_NOTHING` before and from the second time on; or a status of misuse. Any thread, one at a
/// time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_revoke_take_answer(
    revoke: pk_revoke,
    answer: *mut pk_token_answer,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe { REVOKES.take(revoke.id, ("answer", answer), error, RevokeToken::outcome, keep) }
}

/// Frees the flow. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_revoke_free(revoke: pk_revoke) -> pk_status {
    REVOKES.free(revoke.id)
}
