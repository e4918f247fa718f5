//! The endpoints of an issuer, given by hand.

use super::ClientBuilder;
use proofkey::flow::access::Endpoints;

impl ClientBuilder {
    pub(super) fn endpoints(&mut self) -> &mut Endpoints {
        self.endpoints.get_or_insert_with(|| Endpoints {
            authorization_endpoint: String::new(),
            token_endpoint: String::new(),
            revocation_endpoint: None,
            pushed_authorization_request_endpoint: None,
            device_authorization_endpoint: None,
            jwks_uri: None,
            end_session_endpoint: None,
            iss_promised: false,
        })
    }

    /// Where the user is sent (RFC 6749 §3.1). Default: what the issuer's metadata says, and so for the token
    /// endpoint; give both or neither.
    pub fn authorization_endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoints().authorization_endpoint = url.into();
        self
    }

    /// Where codes and refresh tokens are redeemed (RFC 6749 §3.2).
    pub fn token_endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoints().token_endpoint = url.into();
        self
    }

    /// Where tokens are revoked (RFC 7009), beside endpoints that are given by hand.
    pub fn revocation_endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoints().revocation_endpoint = Some(url.into());
        self
    }

    /// Where authorization requests are pushed (RFC 9126), beside endpoints that are given by hand.
    pub fn pushed_authorization_request_endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoints().pushed_authorization_request_endpoint = Some(url.into());
        self
    }

    /// Where device codes come from (RFC 8628), beside endpoints that are given by hand.
    pub fn device_authorization_endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoints().device_authorization_endpoint = Some(url.into());
        self
    }

    /// Where the issuer's keys are, beside endpoints that are given by hand: without them no ID token is looked
    /// at, and nobody knows who has signed in.
    pub fn jwks_uri(mut self, url: impl Into<String>) -> Self {
        self.endpoints().jwks_uri = Some(url.into());
        self
    }

    /// Where the user signs out of the browser's session (OpenID Connect RP-Initiated Logout), beside endpoints
    /// that are given by hand.
    pub fn end_session_endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoints().end_session_endpoint = Some(url.into());
        self
    }
}
