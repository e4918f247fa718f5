//! The flow behind the token endpoint.

use super::flow::Flows;
use super::possession::{self, pk_proof_rules, pk_request_proof};
use super::rows::{pk_grant, pk_policy, policy};
use super::store::{KeptRows, pk_store_event, pk_store_step};
use crate::call::call;
use crate::error::pk_error;
use crate::http::pk_header;
use crate::input::{self, Structure};
use crate::output::{Buffer, Out};
use crate::status::pk_status;
use crate::text::pk_text;
use core::ffi::c_char;
use core::mem::size_of;
use proofkey::grant::answer::{Audit, TokenAnswer, with_id_token};
use proofkey::grant::redeem::Redeem;
use proofkey::secret::Secret;
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
    /// What tokens were issued from, where some were, for an ID token beside them; else null.
    pub grant: *const pk_grant,
    /// With `grant`: the scope of the access token, separated by single spaces.
    pub scope: pk_text,
    /// With `grant`: SHA-256 of the access token. Its left half, in base64url, is what an ID token calls `at_hash`
    /// (OpenID Connect Core §3.1.3.6), where that is signed with a 256-bit hash.
    pub access_token_hash: [u8; 32],
    /// With `grant`: 1 where they are the first ones of the grant, for a code; then an ID token says the request's
    /// nonce again, and after a refresh it does not (OpenID Connect Core §12.2).
    pub first: u32,
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

/// Has the flow judge the request's proof of possession before all else (RFC 9449 §5). It asks the store to remember it
/// (`PK_STORE_STEP_REMEMBER`); the tokens are bound to its key, and the answer gives the nonce for the next one. Without
/// this call it knows of no proof, and what is bound to a key is not redeemed. Before the first event.
///
/// Returns `PK_OK`, also where the proof is not a good one: the answer says so; `PK_ERROR` with
/// `invalid_configuration` for rules that cannot be used, or once the flow has begun; or a status of misuse. Any
/// thread, one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_redeem_present(
    redeem: pk_redeem,
    rules: *const pk_proof_rules,
    proof: *const pk_request_proof,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        REDEEMS.change(redeem.id, error, |flow| {
            Ok(possession::read(rules, proof, |rules, proof| flow.present(rules, proof))??)
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

pub(super) fn keep(answer: &TokenAnswer, rows: &mut KeptRows) -> pk_token_answer {
    let kept = &mut rows.texts;
    let (headers, header_count) = kept.headers(&answer.headers);
    let mut out = pk_token_answer {
        size: size_of::<pk_token_answer>(),
        headers,
        header_count,
        body: kept.text(answer.body.expose()),
        audit: kept.text(answer.audit.name()),
        grant: core::ptr::null(),
        scope: pk_text::ABSENT,
        access_token_hash: [0; 32],
        first: u32::from(answer.audit == Audit::Issued),
        status: answer.status,
    };
    if let Some(issued) = &answer.issued {
        out.scope = kept.text(&issued.scope);
        out.access_token_hash = issued.access_token_hash;
        out.grant = rows.grant(&issued.grant);
    }
    out
}

/// Puts an ID token beside the tokens of an answer (OpenID Connect Core §3.1.3.3), signed by the server itself: writes
/// the body of `pk_token_answer` anew, and a NUL behind it. It is a secret.
///
/// Returns `PK_OK`; `PK_BUFFER_TOO_SMALL`; `PK_ERROR` with `invalid_configuration` where the text is no JWS or the body
/// no JSON object; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_body_with_id_token(
    body: *const c_char,
    body_length: usize,
    id_token: *const c_char,
    id_token_length: usize,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let body = Secret::new(input::text("body", body, body_length)?);
            let id_token = input::text("id_token", id_token, id_token_length)?;
            let body = with_id_token(&body, &id_token)?;
            Buffer::new("buffer", buffer, capacity, length).write(body.expose())
        })
    }
}

/// Frees the flow and wipes its secrets. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_redeem_free(redeem: pk_redeem) -> pk_status {
    REDEEMS.free(redeem.id)
}
