//! Where the documents are that servers publish about themselves.

use crate::error::Outcome;
use crate::guard::call;
use proofkey::metadata::well_known as core;

/// The addresses of an authorization server's metadata, in the order in which they are asked (RFC 8414 §3.1,
/// OpenID Connect Discovery 1.0 §4). `invalid_configuration` names `issuer`.
#[uniffi::export]
pub fn authorization_server_urls(issuer: String) -> Outcome<Vec<String>> {
    call("authorization_server_urls", || Ok(core::authorization_server_urls(&issuer)?))
}

/// The addresses of a protected resource's metadata, in the order in which they are asked (RFC 9728 §3.1).
/// `invalid_configuration` names `resource`.
#[uniffi::export]
pub fn protected_resource_urls(resource: String) -> Outcome<Vec<String>> {
    call("protected_resource_urls", || Ok(core::protected_resource_urls(&resource)?))
}
