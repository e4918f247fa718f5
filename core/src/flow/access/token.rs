//! A token without the user: the one that is kept, refreshed where it must be.

use super::vault::Kept;
use super::{AccessOutcome, Context, Dpop, Source};
use crate::error::Error;
use crate::keep::grant::Grant;
use crate::keep::key;
use crate::keep::signed_in::SignedIn;
use crate::token::TokenSet;

const NOTHING: Error =
    Error::SignInRequired { reason: "nobody has signed in here with this client and account" };
const NO_REFRESH: Error = Error::SignInRequired {
    reason: "the access token has expired, and the server gave no refresh token",
};

const NOT_BOUND: Error =
    Error::SignInRequired { reason: "the tokens that are kept are not bound to a key" };

impl Context {
    pub(super) async fn token(&self) -> Result<AccessOutcome, Error> {
        let place = self.place().await?.ok_or(NOTHING)?;
        let kept = self.vault.load(&place, Grant::open).await?;
        let grant = kept.value.ok_or(NOTHING)?;
        // Where possession is demanded, a token that anyone can use is none.
        if self.config.dpop == Dpop::Required && !grant.tokens.bound {
            return Err(NOT_BOUND);
        }
        if !self.must_refresh(&grant.tokens) {
            return Ok(AccessOutcome::tokens(grant.tokens, Source::Kept));
        }
        if grant.tokens.refresh_token.is_none() {
            return self.still_good(grant.tokens, None).map_err(|_| NO_REFRESH);
        }
        match self.vault.locked(&place, self.refresh(&place)).await {
            // Nothing is lost by waiting: what was there before may still be good.
            Err(error) if error.family() == crate::Family::Retry => {
                self.still_good(grant.tokens, Some(error))
            }
            other => other,
        }
    }

    /// Where the tokens of the configured address lie, if anyone has signed in there.
    pub(super) async fn place(&self) -> Result<Option<String>, Error> {
        Ok(self.signed_in().await?.map(|who| self.place_of(&who)))
    }

    pub(super) fn place_of(&self, who: &SignedIn) -> String {
        let config = &self.config;
        let (resource, account) = (config.resource.as_deref(), config.account.as_deref());
        key::tokens(&who.issuer, &who.client_id, resource, account)
    }

    /// Issuer and client of the configured address: as configured, or of the last sign-in there.
    pub(super) async fn signed_in(&self) -> Result<Option<SignedIn>, Error> {
        let config = &self.config;
        if let (Some(issuer), Some(client_id)) = (&config.issuer, &config.client_id) {
            let (issuer, client_id) = (issuer.clone(), client_id.clone());
            return Ok(Some(SignedIn { issuer, client_id }));
        }
        let pointer = key::signed_in(&config.target(), config.client_id.as_deref());
        let Kept { value, .. } = self.vault.load(&pointer, SignedIn::open).await?;
        Ok(value
            .filter(|found| config.issuer.as_ref().is_none_or(|issuer| *issuer == found.issuer)))
    }

    /// Whether a token that is kept will not do: it is old, or the resource did not take it.
    pub(super) fn must_refresh(&self, tokens: &TokenSet) -> bool {
        self.is_rejected(tokens) || !tokens.is_fresh(self.io.now())
    }

    fn is_rejected(&self, tokens: &TokenSet) -> bool {
        self.config.rejected.is_some_and(|rejected| rejected == tokens.fingerprint())
    }

    /// The tokens as they are, while the server takes them; else the reason why there are no better ones.
    fn still_good(&self, tokens: TokenSet, warning: Option<Error>) -> Result<AccessOutcome, Error> {
        if self.is_rejected(&tokens) || !tokens.is_valid(self.io.now()) {
            return Err(warning.unwrap_or(NO_REFRESH));
        }
        Ok(AccessOutcome { warning, ..AccessOutcome::tokens(tokens, Source::Kept) })
    }
}
