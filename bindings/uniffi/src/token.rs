//! The tokens of one sign-in.

use crate::dpop::{Authorized, DpopNonces};
use crate::error::Outcome;
use crate::guard::{call, shows};
use crate::identity::Identity;
use std::sync::Arc;

/// The tokens of one sign-in. It shows nothing of them; they are wiped when it is freed.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct TokenSet(proofkey::token::TokenSet);

shows!(TokenSet, |_it| "TokenSet(…)".to_owned());

impl TokenSet {
    pub(crate) fn new(tokens: proofkey::token::TokenSet) -> Arc<Self> {
        Arc::new(Self(tokens))
    }
}

#[uniffi::export]
impl TokenSet {
    /// The access token, for the header `Authorization: Bearer …` of requests to its resource and to no
    /// other. Copies made of it are the caller's to wipe.
    pub fn expose_access_token(&self) -> Outcome<String> {
        call("TokenSet.expose_access_token", || Ok(self.0.expose_access_token().to_owned()))
    }

    /// The refresh token, if the server issued one. Copies made of it are the caller's to wipe.
    pub fn expose_refresh_token(&self) -> Outcome<Option<String>> {
        call("TokenSet.expose_refresh_token", || {
            Ok(self.0.expose_refresh_token().map(str::to_owned))
        })
    }

    /// Whether the access token can still be used at `now`, in seconds since the epoch: it does not expire
    /// within the next minute or so, nor within the last quarter of a short life.
    pub fn is_fresh(&self, now: u64) -> Outcome<bool> {
        call("TokenSet.is_fresh", || Ok(self.0.is_fresh(now)))
    }

    /// The value of the header field `Authorization` for a request to `url` (RFC 6750 §2.1), while the access
    /// token is fresh at `now`, in seconds since the epoch; nothing when it must be refreshed first.
    /// `wrong_resource` where `url` does not lie in the resource that the token is for, or the token is for
    /// none. Copies made of it are the caller's to wipe.
    pub fn authorization(&self, url: String, now: u64) -> Outcome<Option<String>> {
        call("TokenSet.authorization", || {
            Ok(self.0.authorization(&url, now)?.map(|value| value.expose().to_owned()))
        })
    }

    /// As `authorization`, fresh or not: for tokens that a flow has just given. They are the best that there
    /// are, and the resource says whether they will do. Copies made of it are the caller's to wipe.
    pub fn authorization_now(&self, url: String) -> Outcome<String> {
        call("TokenSet.authorization_now", || {
            Ok(self.0.authorization_now(&url)?.expose().to_owned())
        })
    }

    /// The header fields for a request with this method to `url`: `Authorization`, and where the token is bound
    /// to a key a proof of its possession, made for this one request (RFC 9449 §7.1). `Stale` where the access
    /// token is not fresh at `now`, in seconds since the epoch. `nonces` are the client's. Errors as of
    /// `authorization`, and `signing_failed`.
    pub fn authorize(
        &self,
        method: String,
        url: String,
        now: u64,
        nonces: Option<Arc<DpopNonces>>,
    ) -> Outcome<Authorized> {
        call("TokenSet.authorize", || {
            let none = proofkey::dpop::DpopNonces::new();
            let nonces = nonces.as_ref().map_or(&none, |nonces| nonces.core());
            Ok(self.0.authorize(&method, &url, now, nonces)?.into())
        })
    }

    /// As `authorize`, fresh or not: for tokens that a flow has just given.
    pub fn authorize_now(
        &self,
        method: String,
        url: String,
        now: u64,
        nonces: Option<Arc<DpopNonces>>,
    ) -> Outcome<Authorized> {
        call("TokenSet.authorize_now", || {
            let none = proofkey::dpop::DpopNonces::new();
            let nonces = nonces.as_ref().map_or(&none, |nonces| nonces.core());
            Ok(self.0.authorize_now(&method, &url, now, nonces)?.into())
        })
    }

    /// The type of the access token: `Bearer`, or `DPoP` where it is bound to a key (RFC 9449 §5).
    pub fn token_type(&self) -> Outcome<String> {
        call("TokenSet.token_type", || Ok(self.0.token_type().to_owned()))
    }

    /// Who signed in, where the scope `openid` was asked for and the server's ID token was verified.
    pub fn identity(&self) -> Outcome<Option<Identity>> {
        call("TokenSet.identity", || Ok(self.0.identity().cloned().map(Into::into)))
    }

    /// The scopes that the last sign-in asked for.
    pub fn requested_scopes(&self) -> Outcome<Vec<String>> {
        call("TokenSet.requested_scopes", || Ok(self.0.requested_scopes().to_vec()))
    }

    /// The scopes that were asked for and not granted, in their order.
    pub fn missing_scopes(&self) -> Outcome<Vec<String>> {
        call("TokenSet.missing_scopes", || Ok(self.0.missing_scopes()))
    }

    /// The authorization details that were granted (RFC 9396 §7), as the JSON text of the answer; none where
    /// it has none.
    pub fn authorization_details(&self) -> Outcome<Option<String>> {
        call("TokenSet.authorization_details", || {
            Ok(self.0.authorization_details().map(str::to_owned))
        })
    }

    /// The types of the authorization details that were asked for and of which none was granted (RFC 9396 §7), each
    /// once, in their order. Entries of one type may still differ from what was asked for.
    pub fn missing_authorization_details(&self) -> Outcome<Vec<String>> {
        call("TokenSet.missing_authorization_details", || {
            Ok(self.0.missing_authorization_details())
        })
    }

    /// SHA-256 of the access token, 32 bytes: names it without showing it.
    pub fn fingerprint(&self) -> Outcome<Vec<u8>> {
        call("TokenSet.fingerprint", || Ok(self.0.fingerprint().to_vec()))
    }

    /// When the access token expires, in seconds since the epoch by the clock that was given; none
    /// where the server did not say.
    pub fn expires_at(&self) -> Outcome<Option<u64>> {
        call("TokenSet.expires_at", || Ok(self.0.expires_at()))
    }

    /// The scopes that were granted: the server's, or those asked for where it named none
    /// (RFC 6749 §5.1).
    pub fn scopes(&self) -> Outcome<Vec<String>> {
        call("TokenSet.scopes", || Ok(self.0.scopes().to_vec()))
    }

    /// Who issued them.
    pub fn issuer(&self) -> Outcome<String> {
        call("TokenSet.issuer", || Ok(self.0.issuer().to_owned()))
    }

    /// Whom they were issued to.
    pub fn client_id(&self) -> Outcome<String> {
        call("TokenSet.client_id", || Ok(self.0.client_id().to_owned()))
    }

    /// The resource that was asked for (RFC 8707).
    pub fn resource(&self) -> Outcome<Option<String>> {
        call("TokenSet.resource", || Ok(self.0.resource().map(str::to_owned)))
    }
}

/// Checks that a request to `url` may carry a token for `resource`, as `TokenSet.authorization` does: for who has
/// no token yet and asks before the user is asked. `wrong_resource` where `url` does not lie in the resource, or
/// there is none.
#[uniffi::export]
pub fn check_resource(resource: Option<String>, url: String) -> Outcome<()> {
    call("check_resource", || Ok(proofkey::token::check_resource(resource.as_deref(), &url)?))
}
