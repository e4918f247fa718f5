//! The protected resource, as its metadata describes it (RFC 9728 §2).

use crate::error::Outcome;
use crate::guard::call;
use proofkey::metadata::resource as core;

/// A protected resource, as its metadata describes it. Plain data without secrets.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ProtectedResource {
    /// The resource, byte for byte the one that was asked for: the resource indicator (RFC 8707) of every
    /// request for its tokens.
    pub resource: String,
    /// The issuers of tokens that it takes; may be empty. Not checked until one is chosen.
    pub authorization_servers: Vec<String>,
    /// `scopes_supported`; none where it is absent.
    pub scopes: Option<Vec<String>>,
    /// `bearer_methods_supported`; none where it is absent.
    pub bearer_methods: Option<Vec<String>>,
    /// Where the document was.
    pub metadata_url: String,
    /// When it was fetched, in seconds since the epoch by the clock that was given.
    pub fetched_at: u64,
}

crate::mirror::mirrors!(
    ProtectedResource,
    core::ProtectedResource {
        resource,
        authorization_servers,
        scopes,
        bearer_methods,
        metadata_url,
        fetched_at,
    }
);

/// Reads a document that was fetched from `metadata_url` because `resource` was asked for. `now` is in seconds
/// since the epoch. `metadata_resource_mismatch` where the document is another resource's (RFC 9728 §3.3),
/// `invalid_metadata` names the member that cannot be used, `invalid_configuration` names `resource`.
#[uniffi::export]
pub fn read_protected_resource(
    resource: String,
    body: Vec<u8>,
    metadata_url: String,
    now: u64,
) -> Outcome<ProtectedResource> {
    call("read_protected_resource", || {
        Ok(core::ProtectedResource::read(&resource, &body, &metadata_url, now)?.into())
    })
}

/// The issuer to go on with: the one that the configuration names, or the first that the resource lists.
/// `issuer_not_listed` where there is a list and the configured issuer is not on it, `invalid_metadata` where
/// there is neither, or the first of the list is no issuer.
#[uniffi::export]
pub fn protected_resource_issuer(
    resource: ProtectedResource,
    configured: Option<String>,
) -> Outcome<String> {
    call("protected_resource_issuer", || {
        Ok(core::ProtectedResource::from(resource).issuer(configured.as_deref())?)
    })
}

/// The scopes that the resource lists, without those that no request could carry (RFC 6749 §3.3).
#[uniffi::export]
pub fn protected_resource_scopes(resource: ProtectedResource) -> Outcome<Vec<String>> {
    call("protected_resource_scopes", || {
        Ok(core::ProtectedResource::from(resource).scopes_to_ask_for())
    })
}
