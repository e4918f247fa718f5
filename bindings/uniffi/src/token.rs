//! The tokens of one sign-in.

use crate::error::Outcome;
use crate::guard::{call, shows};
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
