//! What can be asked of what was found: texts, lists, ages.

use crate::document::{PK_DOCUMENT_PROVIDER, PK_DOCUMENT_RESOURCE};
use crate::status::{Fail, Misuse};
use proofkey::flow::discovery::Discovered;
use proofkey::metadata::{ProtectedResource, Provider};

/// The issuer, byte for byte the one that was asked for.
pub const PK_FIELD_ISSUER: u32 = 1;
/// The issuer's host and port: what a user is shown before the browser opens.
pub const PK_FIELD_ISSUER_HOST: u32 = 2;
/// Where the user is sent.
pub const PK_FIELD_AUTHORIZATION_ENDPOINT: u32 = 3;
/// Where codes and refresh tokens are redeemed.
pub const PK_FIELD_TOKEN_ENDPOINT: u32 = 4;
/// Where tokens are revoked (RFC 7009).
pub const PK_FIELD_REVOCATION_ENDPOINT: u32 = 5;
/// Where clients register (RFC 7591).
pub const PK_FIELD_REGISTRATION_ENDPOINT: u32 = 6;
/// Where authorization requests are pushed (RFC 9126).
pub const PK_FIELD_PUSHED_AUTHORIZATION_REQUEST_ENDPOINT: u32 = 7;
/// Where device codes come from (RFC 8628).
pub const PK_FIELD_DEVICE_AUTHORIZATION_ENDPOINT: u32 = 8;
/// Where the user signs out (OpenID Connect RP-Initiated Logout).
pub const PK_FIELD_END_SESSION_ENDPOINT: u32 = 9;
/// Where the signing keys are (RFC 8414 §2).
pub const PK_FIELD_JWKS_URI: u32 = 10;
/// Where the authorization server's document was.
pub const PK_FIELD_METADATA_URL: u32 = 11;
/// The protected resource, byte for byte the one that was asked for.
pub const PK_FIELD_RESOURCE: u32 = 12;
/// Where the protected resource's document was.
pub const PK_FIELD_RESOURCE_METADATA_URL: u32 = 13;

/// The scopes to ask for: those of the 401, else those that the resource lists, else none. Never absent.
pub const PK_LIST_SCOPES: u32 = 101;
/// `scopes_supported` of the authorization server. A server need not list all (RFC 8414 §2).
pub const PK_LIST_PROVIDER_SCOPES: u32 = 102;
/// `grant_types_supported` of the authorization server.
pub const PK_LIST_GRANT_TYPES: u32 = 103;
/// `token_endpoint_auth_methods_supported` of the authorization server. Nothing is decided by it: servers leave
/// `none` out and serve public clients all the same.
pub const PK_LIST_AUTH_METHODS: u32 = 104;
/// `code_challenge_methods_supported` of the authorization server.
pub const PK_LIST_CODE_CHALLENGE_METHODS: u32 = 105;
/// `dpop_signing_alg_values_supported` of the authorization server.
pub const PK_LIST_DPOP_SIGNING_ALGS: u32 = 106;
/// `authorization_servers` of the protected resource: none of them is checked but the chosen one.
pub const PK_LIST_AUTHORIZATION_SERVERS: u32 = 107;
/// `scopes_supported` of the protected resource.
pub const PK_LIST_RESOURCE_SCOPES: u32 = 108;
/// `bearer_methods_supported` of the protected resource.
pub const PK_LIST_BEARER_METHODS: u32 = 109;

/// The documents, and what follows from them.
pub(crate) struct Known {
    pub(crate) issuer: String,
    pub(crate) provider: Option<Provider>,
    pub(crate) resource: Option<ProtectedResource>,
    /// The scopes to ask for.
    pub(crate) scopes: Vec<String>,
}

impl From<Discovered> for Known {
    fn from(found: Discovered) -> Self {
        Self {
            issuer: found.provider.issuer.clone(),
            provider: Some(found.provider),
            resource: found.resource,
            scopes: found.scopes,
        }
    }
}

impl Known {
    /// The same for the core; none where no authorization server's document was read.
    pub(crate) fn discovered(&self) -> Option<Discovered> {
        Some(Discovered {
            provider: self.provider.clone()?,
            resource: self.resource.clone(),
            scopes: self.scopes.clone(),
        })
    }

    pub(crate) fn text(&self, field: u32) -> Result<&str, Fail> {
        let provider = self.provider.as_ref();
        let resource = self.resource.as_ref();
        let text = match field {
            PK_FIELD_ISSUER => Some(&*self.issuer),
            PK_FIELD_ISSUER_HOST => provider.map(Provider::issuer_host),
            PK_FIELD_AUTHORIZATION_ENDPOINT => provider.map(|it| &*it.authorization_endpoint),
            PK_FIELD_TOKEN_ENDPOINT => provider.map(|it| &*it.token_endpoint),
            PK_FIELD_REVOCATION_ENDPOINT => {
                provider.and_then(|it| it.revocation_endpoint.as_deref())
            }
            PK_FIELD_REGISTRATION_ENDPOINT => {
                provider.and_then(|it| it.registration_endpoint.as_deref())
            }
            PK_FIELD_PUSHED_AUTHORIZATION_REQUEST_ENDPOINT => {
                provider.and_then(|it| it.pushed_authorization_request_endpoint.as_deref())
            }
            PK_FIELD_DEVICE_AUTHORIZATION_ENDPOINT => {
                provider.and_then(|it| it.device_authorization_endpoint.as_deref())
            }
            PK_FIELD_END_SESSION_ENDPOINT => {
                provider.and_then(|it| it.end_session_endpoint.as_deref())
            }
            PK_FIELD_JWKS_URI => provider.and_then(|it| it.jwks_uri.as_deref()),
            PK_FIELD_METADATA_URL => provider.map(|it| &*it.metadata_url),
            PK_FIELD_RESOURCE => resource.map(|it| &*it.resource),
            PK_FIELD_RESOURCE_METADATA_URL => resource.map(|it| &*it.metadata_url),
            _ => return Err(Fail::Misuse(Misuse::Value, "field")),
        };
        text.ok_or(Fail::Nothing("the documents do not say it"))
    }

    pub(crate) fn list(&self, list: u32) -> Result<&[String], Fail> {
        let provider = self.provider.as_ref();
        let resource = self.resource.as_ref();
        let list = match list {
            PK_LIST_SCOPES => Some(&*self.scopes),
            PK_LIST_PROVIDER_SCOPES => provider.and_then(|it| it.scopes.as_deref()),
            PK_LIST_GRANT_TYPES => provider.and_then(|it| it.grant_types.as_deref()),
            PK_LIST_AUTH_METHODS => {
                provider.and_then(|it| it.token_endpoint_auth_methods.as_deref())
            }
            PK_LIST_CODE_CHALLENGE_METHODS => {
                provider.and_then(|it| it.code_challenge_methods.as_deref())
            }
            PK_LIST_DPOP_SIGNING_ALGS => provider.and_then(|it| it.dpop_signing_algs.as_deref()),
            PK_LIST_AUTHORIZATION_SERVERS => resource.map(|it| &*it.authorization_servers),
            PK_LIST_RESOURCE_SCOPES => resource.and_then(|it| it.scopes.as_deref()),
            PK_LIST_BEARER_METHODS => resource.and_then(|it| it.bearer_methods.as_deref()),
            _ => return Err(Fail::Misuse(Misuse::Value, "list")),
        };
        list.ok_or(Fail::Nothing("the documents have no such list"))
    }

    pub(crate) fn fetched_at(&self, document: u32) -> Result<u64, Fail> {
        let at = match document {
            PK_DOCUMENT_PROVIDER => self.provider.as_ref().map(|it| it.fetched_at),
            PK_DOCUMENT_RESOURCE => self.resource.as_ref().map(|it| it.fetched_at),
            _ => return Err(Fail::Misuse(Misuse::Value, "document")),
        };
        at.ok_or(Fail::Nothing("this document was not read"))
    }

    pub(crate) fn is_fresh(&self, now: u64, max_age_s: u64) -> bool {
        self.provider.iter().all(|it| it.is_fresh(now, max_age_s))
            && self.resource.iter().all(|it| it.is_fresh(now, max_age_s))
    }
}
