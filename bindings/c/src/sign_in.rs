//! The sign-in flow.

use crate::call::call;
use crate::client::Flows;
use crate::error::pk_error;
use crate::event::pk_event;
use crate::input::{self, Structure};
use crate::output::Out;
use crate::parameter::{parameters, pk_parameter};
use crate::status::{Fail, pk_status};
use crate::step::{host, pk_step};
use crate::text::pk_text;
use crate::tokens::{TOKENS, pk_tokens};
use proofkey::flow::sign_in::{RedirectTarget, SignIn, SignInConfig};
use proofkey::step::Listen;

/// A sign-in that runs. The handle belongs to the caller, who frees it with `pk_sign_in_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_sign_in {
    /// Not for the caller.
    pub id: u64,
}

/// What a sign-in needs to know. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_sign_in_config {
    /// `sizeof(pk_sign_in_config)`: `pk_sign_in_config config = PK_SIGN_IN_CONFIG_INIT;`.
    pub size: usize,
    /// The authorization server's identifier (RFC 8414 §2).
    pub issuer: pk_text,
    /// Where the user is sent.
    pub authorization_endpoint: pk_text,
    /// Where the code is redeemed.
    pub token_endpoint: pk_text,
    /// The public client's identifier.
    pub client_id: pk_text,
    /// A redirect URI that the platform watches; absent for the loopback receiver.
    pub redirect_uri: pk_text,
    /// Without `redirect_uri`: the path of the loopback receiver, with its leading slash.
    pub loopback_path: pk_text,
    /// The scopes, each by itself; at most 256.
    pub scopes: *const pk_text,
    /// How many.
    pub scope_count: usize,
    /// The resource that the tokens are for (RFC 8707); may be absent.
    pub resource: pk_text,
    /// How long the user may take, in milliseconds; from 1000 to 3600000.
    pub browse_timeout_ms: u64,
    /// Whether the server promises `iss` in its answers (RFC 9207 §3): 0, or anything else for yes.
    pub iss_promised: u32,
    /// Without `redirect_uri`: the receiver's host, `PK_HOST_V4` and the like.
    pub loopback_host: u32,
    /// Without `redirect_uri`: the receiver's port; 0 leaves the choice to the system.
    pub loopback_port: u16,
    /// More parameters of the authorization request; may be null where there are none.
    pub extra_parameters: *const pk_parameter,
    /// How many.
    pub extra_parameter_count: usize,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_sign_in_config {}

static SIGN_INS: Flows<SignIn> = Flows::new(3, "sign_in");

/// # Safety
/// As [`input::structure`], and everything it points to is as [`input::bytes`] wants it.
unsafe fn config(data: *const pk_sign_in_config) -> Result<SignInConfig, Fail> {
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        let given = input::structure("config", data)?;
        let redirect = match input::optional("redirect_uri", given.redirect_uri)? {
            Some(uri) => RedirectTarget::Fixed(uri),
            None => RedirectTarget::Loopback(Listen {
                host: host(given.loopback_host)?,
                port: given.loopback_port,
                path: input::required("loopback_path", given.loopback_path)?,
            }),
        };
        let (extra, extra_count) = (given.extra_parameters, given.extra_parameter_count);
        let endpoint = "authorization_endpoint";
        Ok(SignInConfig {
            issuer: input::required("issuer", given.issuer)?,
            authorization_endpoint: input::required(endpoint, given.authorization_endpoint)?,
            token_endpoint: input::required("token_endpoint", given.token_endpoint)?,
            iss_promised: given.iss_promised != 0,
            client_id: input::required("client_id", given.client_id)?,
            redirect,
            scopes: input::texts("scopes", given.scopes, given.scope_count)?,
            resource: input::optional("resource", given.resource)?,
            extra_parameters: parameters(extra, extra_count)?,
            browse_timeout_ms: given.browse_timeout_ms,
        })
    }
}

/// Makes a sign-in. Nothing happens until it is advanced with `PK_EVENT_START`. `*sign_in` is the caller's to
/// free.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, whose `field` names what cannot be used; or a status
/// of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_sign_in_new(
    config: *const pk_sign_in_config,
    sign_in: *mut pk_sign_in,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("sign_in", sign_in)?;
            let flow = SignIn::new(self::config(config)?)?;
            out.write(pk_sign_in { id: SIGN_INS.insert(flow)? });
            Ok(())
        })
    }
}

/// Says what has happened and gets what to do next. Begin with `PK_EVENT_START`, do what `*step` says, say what
/// came of it, until `PK_STEP_DONE`. `now` is in seconds since the epoch; it is used for expiry alone.
///
/// What `*step` points to is wiped at the next `pk_sign_in_advance` or `pk_sign_in_outcome` with this handle,
/// and when it is freed.
///
/// Returns `PK_OK`; `PK_ERROR`, which ends the flow; or a status of misuse, upon which nothing has happened and
/// the event may be given again. Any thread, one at a time: others wait, and take the step away from the one
/// before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_sign_in_advance(
    sign_in: pk_sign_in,
    event: *const pk_event,
    now: u64,
    step: *mut pk_step,
    error: *mut pk_error,
) -> pk_status {
    let give = |flow: &mut SignIn, event| flow.advance(event, now);
    // SAFETY: the caller's promise.
    unsafe { SIGN_INS.advance(sign_in.id, event, step, error, give) }
}

/// Takes the tokens out, once, after `PK_STEP_DONE`. `*tokens` is the caller's to free.
///
/// Returns `PK_OK`; `PK_NOTHING` before `PK_STEP_DONE` and from the second time on; or a status of misuse. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_sign_in_outcome(
    sign_in: pk_sign_in,
    tokens: *mut pk_tokens,
    error: *mut pk_error,
) -> pk_status {
    let keep = |set| Ok(pk_tokens { id: TOKENS.insert(set)? });
    // SAFETY: the caller's promise.
    unsafe { SIGN_INS.take(sign_in.id, ("tokens", tokens), error, SignIn::outcome, keep) }
}

/// Frees the sign-in, wherever it is, and wipes its secrets. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_sign_in_free(sign_in: pk_sign_in) -> pk_status {
    SIGN_INS.free(sign_in.id)
}
