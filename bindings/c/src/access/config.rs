//! What an access needs to know.

use crate::data_key::pk_data_key;
use crate::discovered::{self, pk_discovered};
use crate::dpop_nonces::pk_dpop_nonces;
use crate::input::{self, Structure};
use crate::parameter::{parameters, pk_parameter};
use crate::resource_call::{self, pk_step_up};
use crate::status::{Fail, Misuse};
use crate::step::host;
use crate::text::pk_text;
use proofkey::flow::access::{AccessConfig, Dpop, Endpoints};
use proofkey::flow::sign_in::RedirectTarget;
use proofkey::step::Listen;

/// The tokens are not bound to a key.
pub const PK_DPOP_NEVER: u32 = 0;
/// They are where the server offers it; `pk_tokens_token_type` says what came of it.
pub const PK_DPOP_PREFERRED: u32 = 1;
/// They are, or there is no sign-in: `PK_ERROR` with `dpop_unsupported` or `token_not_bound`.
pub const PK_DPOP_REQUIRED: u32 = 2;

/// What an access needs to know; `issuer` or `resource` is enough. What may be absent is so in a structure that was
/// set to `PK_ACCESS_CONFIG_INIT`. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_access_config {
    /// `sizeof(pk_access_config)`: `pk_access_config config = PK_ACCESS_CONFIG_INIT;`.
    pub size: usize,
    /// The authorization server's identifier, where it is known; may be absent. With a resource that names its issuers
    /// it must be one of them.
    pub issuer: pk_text,
    /// The protected resource, an MCP server for instance: the tokens are for it alone (RFC 8707). May be absent.
    pub resource: pk_text,
    /// Where the user is sent. Absent, with `token_endpoint`, where the issuer's metadata is to be asked.
    pub authorization_endpoint: pk_text,
    /// Where codes and refresh tokens are redeemed.
    pub token_endpoint: pk_text,
    /// With endpoints that are given by hand: where tokens are revoked (RFC 7009); may be absent.
    pub revocation_endpoint: pk_text,
    /// With endpoints that are given by hand: where authorization requests are pushed (RFC 9126); may be absent.
    pub pushed_authorization_request_endpoint: pk_text,
    /// With endpoints that are given by hand: where device codes come from (RFC 8628); may be absent.
    pub device_authorization_endpoint: pk_text,
    /// With endpoints that are given by hand: where the server's keys are; may be absent, and then no ID token is looked
    /// at.
    pub jwks_uri: pk_text,
    /// With endpoints that are given by hand: where the user signs out of the browser's session (OpenID Connect
    /// RP-Initiated Logout); may be absent.
    pub end_session_endpoint: pk_text,
    /// The client's identifier, where it was registered beforehand; may be absent.
    pub client_id: pk_text,
    /// The address of the client's metadata document, for servers that take it as the identifier; may be absent.
    pub client_document: pk_text,
    /// The client's name: with it the client is registered dynamically (RFC 7591) where there is no other way. May be
    /// absent.
    pub client_name: pk_text,
    /// The scopes to ask for, each by itself, at most 256; where there are none, those that the resource demands or
    /// lists.
    pub scopes: *const pk_text,
    /// How many.
    pub scope_count: usize,
    /// The scopes that no sign-in goes beyond, whoever names more: what is only listed and lies above is left out, what
    /// is demanded by name ends the sign-in (`scope_ceiling`). `offline_access` is a scope like others. Null is no
    /// ceiling; anything else with a count of 0 is a ceiling of nothing. `pk_resource_call_new` takes the same.
    pub scope_ceiling: *const pk_text,
    /// How many.
    pub scope_ceiling_count: usize,
    /// Which of several accounts of the user this is, a name that the program chooses; may be absent.
    pub account: pk_text,
    /// With `dpop`: the name of a key that the program keeps, and signs with where `PK_STEP_KEY`, `PK_STEP_SIGN` and
    /// `pk_authorized_unsigned` say so; 1 to 256 bytes. Absent: a key is made for each sign-in and kept with its tokens.
    pub dpop_key: pk_text,
    /// A redirect URI that the platform watches; absent for the loopback receiver.
    pub redirect_uri: pk_text,
    /// Without `redirect_uri`: the path of the loopback receiver, with its leading slash; absent is `/callback`.
    pub loopback_path: pk_text,
    /// More parameters of the authorization request; may be null where there are none.
    pub extra_parameters: *const pk_parameter,
    /// How many.
    pub extra_parameter_count: usize,
    /// The issuers that may leave S256 out of their metadata: an exception that is made by name, for servers
    /// whose metadata is known to be wrong.
    pub allow_missing_s256: *const pk_text,
    /// How many.
    pub allow_missing_s256_count: usize,
    /// How long the user may take, in milliseconds, from 1000 to 3600000; 0 is five minutes.
    pub browse_timeout_ms: u64,
    /// With endpoints that are given by hand: whether the server promises `iss` in its answers (RFC 9207 §3): 0, or
    /// anything else for yes.
    pub iss_promised: u32,
    /// Whether nothing listens and the user pastes the address that the browser ends at, for machines without a
    /// browser: 0, or anything else for yes. Only without `redirect_uri`.
    pub paste: u32,
    /// Whether a pending sign-in is kept, so that `PK_GOAL_RESUME` can take it up: 0, or anything else for yes.
    pub resumable: u32,
    /// Whether the user signs in on another device (RFC 8628), for programs without a browser: 0, or anything else for
    /// yes. It is never chosen by itself. Not with `resumable`.
    pub device: u32,
    /// Whether the authorization request is pushed also to servers that only offer it (RFC 9126): 0, or anything else
    /// for yes. Those that require it get it so in any case.
    pub push: u32,
    /// Whether the tokens are bound to a key, so that who steals one cannot use it (RFC 9449): `PK_DPOP_NEVER` and the
    /// like.
    pub dpop: u32,
    /// Without `redirect_uri`: the receiver's host, `PK_HOST_V4` and the like.
    pub loopback_host: u32,
    /// Without `redirect_uri`: the receiver's port; 0 leaves the choice to the system.
    pub loopback_port: u16,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_access_config {}

/// What is only so in this one run of an access. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_access_run {
    /// `sizeof(pk_access_run)`: `pk_access_run run = PK_ACCESS_RUN_INIT;`.
    pub size: usize,
    /// What is kept is sealed under this key, which stays the caller's to free; without one (an `id` of 0) the store
    /// itself must keep it from others.
    pub data_key: pk_data_key,
    /// What an earlier access or discovery has found; it is taken while it is less than an hour old, and stays the
    /// caller's to free. May be none (an `id` of 0).
    pub known: pk_discovered,
    /// 32 bytes, the `pk_tokens_fingerprint` of an access token that the resource did not take although it was fresh:
    /// where that one is still kept it is refreshed. May be null.
    pub rejected: *const u8,
    /// The values of the `WWW-Authenticate` fields of the resource's 401 (RFC 9728 §5), if there was one.
    pub www_authenticate: *const pk_text,
    /// How many.
    pub www_authenticate_count: usize,
    /// For `PK_GOAL_RESUME`: the redirect that has arrived, where it started this run of the program; may be absent.
    pub redirect: pk_text,
    /// What the program's earlier accesses and requests heard of nonces (RFC 9449 §8), which stays the caller's to free.
    /// May be none (an `id` of 0).
    pub nonces: pk_dpop_nonces,
    /// What a resource demanded of the sign-in: the `step_up` of a `pk_reaction`. May be null.
    pub step_up: *const pk_step_up,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only, handles being numbers.
unsafe impl Structure for pk_access_run {}

/// # Safety
/// As [`input::structure`], and everything it points to is as [`input::bytes`] wants it.
pub(super) unsafe fn read(data: *const pk_access_config) -> Result<AccessConfig, Fail> {
    const EXCEPTIONS: &str = "allow_missing_s256";
    let default = AccessConfig::default();
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        let given = input::structure("config", data)?;
        let (extra, exceptions) = (given.extra_parameter_count, given.allow_missing_s256_count);
        Ok(AccessConfig {
            issuer: input::optional("issuer", given.issuer)?,
            resource: input::optional("resource", given.resource)?,
            endpoints: endpoints(&given)?,
            client_id: input::optional("client_id", given.client_id)?,
            client_document: input::optional("client_document", given.client_document)?,
            client_name: input::optional("client_name", given.client_name)?,
            scopes: input::texts("scopes", given.scopes, given.scope_count)?,
            scope_ceiling: ceiling(given.scope_ceiling, given.scope_ceiling_count)?,
            account: input::optional("account", given.account)?,
            redirect: redirect(&given)?,
            paste: given.paste != 0,
            browse_timeout_ms: match given.browse_timeout_ms {
                0 => default.browse_timeout_ms,
                chosen => chosen,
            },
            extra_parameters: parameters(given.extra_parameters, extra)?,
            allow_missing_s256: input::texts(EXCEPTIONS, given.allow_missing_s256, exceptions)?,
            resumable: given.resumable != 0,
            device: given.device != 0,
            dpop: dpop(given.dpop)?,
            dpop_key: input::optional("dpop_key", given.dpop_key)?,
            push: given.push != 0,
            ..default
        })
    }
}

/// A ceiling of scopes; null is none.
///
/// # Safety
/// As [`input::texts`].
pub(crate) unsafe fn ceiling(
    scopes: *const pk_text,
    count: usize,
) -> Result<Option<Vec<String>>, Fail> {
    // SAFETY: the caller's promise.
    let texts = unsafe { input::texts("scope_ceiling", scopes, count)? };
    Ok((!scopes.is_null()).then_some(texts))
}

/// # Safety
/// As for [`read`].
unsafe fn endpoints(given: &pk_access_config) -> Result<Option<Endpoints>, Fail> {
    const AUTHORIZATION: &str = "authorization_endpoint";
    const PUSHED: &str = "pushed_authorization_request_endpoint";
    const DEVICE: &str = "device_authorization_endpoint";
    let by_hand = [
        given.authorization_endpoint,
        given.token_endpoint,
        given.revocation_endpoint,
        given.pushed_authorization_request_endpoint,
        given.device_authorization_endpoint,
        given.jwks_uri,
        given.end_session_endpoint,
    ];
    let absent = |text: &pk_text| text.data.is_null() && text.length == 0;
    if by_hand.iter().all(absent) && given.iss_promised == 0 {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    unsafe {
        Ok(Some(Endpoints {
            // One that is missing is the core's to name.
            authorization_endpoint: input::optional(AUTHORIZATION, given.authorization_endpoint)?
                .unwrap_or_default(),
            token_endpoint: input::optional("token_endpoint", given.token_endpoint)?
                .unwrap_or_default(),
            revocation_endpoint: input::optional("revocation_endpoint", given.revocation_endpoint)?,
            pushed_authorization_request_endpoint: input::optional(
                PUSHED,
                given.pushed_authorization_request_endpoint,
            )?,
            device_authorization_endpoint: input::optional(
                DEVICE,
                given.device_authorization_endpoint,
            )?,
            jwks_uri: input::optional("jwks_uri", given.jwks_uri)?,
            end_session_endpoint: input::optional(
                "end_session_endpoint",
                given.end_session_endpoint,
            )?,
            iss_promised: given.iss_promised != 0,
        }))
    }
}

fn dpop(value: u32) -> Result<Dpop, Fail> {
    match value {
        PK_DPOP_NEVER => Ok(Dpop::Never),
        PK_DPOP_PREFERRED => Ok(Dpop::Preferred),
        PK_DPOP_REQUIRED => Ok(Dpop::Required),
        _ => Err(Fail::Misuse(Misuse::Value, "dpop")),
    }
}

/// # Safety
/// As for [`read`].
unsafe fn redirect(given: &pk_access_config) -> Result<RedirectTarget, Fail> {
    // SAFETY: the caller's promise.
    unsafe {
        if let Some(uri) = input::optional("redirect_uri", given.redirect_uri)? {
            return Ok(RedirectTarget::Fixed(uri));
        }
        let path = input::optional("loopback_path", given.loopback_path)?;
        Ok(RedirectTarget::Loopback(Listen {
            host: host(given.loopback_host)?,
            port: given.loopback_port,
            path: path.unwrap_or_else(|| "/callback".to_owned()),
        }))
    }
}

/// Fills in what is only so in this run; the key and the nonces are the caller's business.
///
/// # Safety
/// Everything that `given` points to is as [`input::bytes`] wants it.
pub(super) unsafe fn read_run(
    given: &pk_access_run,
    config: &mut AccessConfig,
) -> Result<(), Fail> {
    const FIELDS: &str = "www_authenticate";
    let fields = given.www_authenticate_count;
    // SAFETY: the caller's promise.
    unsafe {
        config.www_authenticate = input::fields(FIELDS, given.www_authenticate, fields)?;
        config.redirect_uri = input::optional("redirect", given.redirect)?;
        if !given.rejected.is_null() {
            config.rejected = Some(input::hash("rejected", given.rejected)?);
        }
        config.step_up = resource_call::read_or_null(given.step_up)?;
    }
    if given.known.id != 0 {
        config.known = Some(Box::new(discovered::find(given.known)?));
    }
    Ok(())
}
