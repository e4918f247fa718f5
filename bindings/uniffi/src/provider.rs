//! The authorization server, as its metadata describes it (RFC 8414 §2, OpenID Connect Discovery 1.0 §3).

use crate::error::Outcome;
use crate::guard::call;
use crate::sign_in::{RedirectTarget, SignInConfig};
use proofkey::metadata::provider as core;

/// An authorization server, as its metadata describes it. Plain data without secrets; what is not named
/// here was not read.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Provider {
    /// The issuer, byte for byte the one that was asked for.
    pub issuer: String,
    /// Where the user is sent.
    pub authorization_endpoint: String,
    /// Where codes and refresh tokens are redeemed.
    pub token_endpoint: String,
    /// Where tokens are revoked (RFC 7009).
    pub revocation_endpoint: Option<String>,
    /// Where clients register (RFC 7591).
    pub registration_endpoint: Option<String>,
    /// Where authorization requests are pushed (RFC 9126).
    pub pushed_authorization_request_endpoint: Option<String>,
    /// Where device codes come from (RFC 8628).
    pub device_authorization_endpoint: Option<String>,
    /// Where the user signs out (OpenID Connect RP-Initiated Logout).
    pub end_session_endpoint: Option<String>,
    /// Where the signing keys are (RFC 8414 §2).
    pub jwks_uri: Option<String>,
    /// Whether every authorization response carries `iss` (RFC 9207 §3).
    pub iss_promised: bool,
    /// Whether authorization requests must be pushed (RFC 9126 §5).
    pub require_pushed_authorization_requests: bool,
    /// Whether a client may be named by the URL of its document.
    pub client_id_metadata_document_supported: bool,
    /// `code_challenge_methods_supported`; none where it is absent.
    pub code_challenge_methods: Option<Vec<String>>,
    /// `grant_types_supported`; none where it is absent.
    pub grant_types: Option<Vec<String>>,
    /// `scopes_supported`; none where it is absent. A server need not list all (RFC 8414 §2).
    pub scopes: Option<Vec<String>>,
    /// `token_endpoint_auth_methods_supported`; none where it is absent. Nothing is decided by it.
    pub token_endpoint_auth_methods: Option<Vec<String>>,
    /// `dpop_signing_alg_values_supported`; none where it is absent.
    pub dpop_signing_algs: Option<Vec<String>>,
    /// Where the document was.
    pub metadata_url: String,
    /// When it was fetched, in seconds since the epoch by the clock that was given.
    pub fetched_at: u64,
}

crate::mirror::mirrors!(
    Provider,
    core::Provider {
        issuer,
        authorization_endpoint,
        token_endpoint,
        revocation_endpoint,
        registration_endpoint,
        pushed_authorization_request_endpoint,
        device_authorization_endpoint,
        end_session_endpoint,
        jwks_uri,
        iss_promised,
        require_pushed_authorization_requests,
        client_id_metadata_document_supported,
        code_challenge_methods,
        grant_types,
        scopes,
        token_endpoint_auth_methods,
        dpop_signing_algs,
        metadata_url,
        fetched_at,
    }
);

/// Reads a document that was fetched from `metadata_url` because `issuer` was asked for. `now` is in seconds
/// since the epoch; `allow_missing_s256` is the configuration's exception for this issuer.
/// `metadata_issuer_mismatch` where the document is another issuer's (RFC 8414 §3.3), `invalid_metadata`
/// names the member that cannot be used, `pkce_unsupported` where S256 is not promised and no exception is
/// made, `invalid_configuration` names `issuer`.
#[uniffi::export]
pub fn read_provider(
    issuer: String,
    body: Vec<u8>,
    allow_missing_s256: bool,
    metadata_url: String,
    now: u64,
) -> Outcome<Provider> {
    call("read_provider", || {
        Ok(core::Provider::read(&issuer, &body, allow_missing_s256, &metadata_url, now)?.into())
    })
}

/// Whether the document is younger than `max_age_s` seconds at `now`. Where the clock was set back behind
/// the fetching it is not.
#[uniffi::export]
pub fn provider_is_fresh(provider: Provider, now: u64, max_age_s: u64) -> Outcome<bool> {
    call("provider_is_fresh", || Ok(core::Provider::from(provider).is_fresh(now, max_age_s)))
}

/// The issuer's host and port, as they stand in the issuer: what a user is shown before the browser opens.
#[uniffi::export]
pub fn provider_issuer_host(provider: Provider) -> Outcome<String> {
    call("provider_issuer_host", || Ok(core::Provider::from(provider).issuer_host().to_owned()))
}

/// A sign-in at this server: no scopes, no resource, five minutes; all fields can be changed.
#[uniffi::export]
pub fn provider_sign_in(
    provider: Provider,
    client_id: String,
    redirect: RedirectTarget,
) -> Outcome<SignInConfig> {
    call("provider_sign_in", || {
        Ok(core::Provider::from(provider).sign_in(client_id, redirect.into()).into())
    })
}
