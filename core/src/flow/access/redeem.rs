//! The end of a sign-in: the code is redeemed, and what came is kept.

use super::identity::Asked;
use super::{AccessOutcome, Context, Dpop, Source};
use crate::error::Error;
use crate::flow::sign_in::redeemed;
use crate::keep::grant::Grant;
use crate::keep::key;
use crate::keep::pending::Known;
use crate::keep::signed_in::SignedIn;
use crate::session::TokenRequest;
use crate::token::TokenSet;

impl Context {
    pub(super) async fn redeem(
        &self,
        code: TokenRequest,
        known: Known,
    ) -> Result<AccessOutcome, Error> {
        let binding = known.binding.as_ref();
        let answer = self.exchange(binding, true, || code.http_request()).await?;
        let (now, dpop) = (self.io.now(), binding.is_some());
        let pinned = code.pinned();
        let mut tokens = match redeemed(answer, |response| code.tokens(response, now, dpop)) {
            Err(error) => {
                let registered_as = known.registered_as.as_ref();
                let (issuer, client_id) = (&pinned.issuer, &pinned.client_id);
                self.doubt_registration(&error, issuer, client_id, registered_as).await?;
                return Err(error);
            }
            Ok(tokens) => tokens,
        };
        let asked = Asked {
            wanted: pinned.wants_identity(),
            jwks_uri: known.jwks_uri.as_deref(),
            nonce: code.nonce(),
            max_age: known.max_age,
        };
        let identified = self.identify(&mut tokens, asked).await;
        let token_endpoint = pinned.token_endpoint.clone();
        self.receive(tokens, token_endpoint, known, identified).await
    }

    /// What comes of fresh tokens: they are kept and given out, unless they are not what was asked for.
    pub(super) async fn receive(
        &self,
        mut tokens: TokenSet,
        token_endpoint: String,
        known: Known,
        identified: Result<(), Error>,
    ) -> Result<AccessOutcome, Error> {
        let bound = tokens.bound;
        tokens.binding = known.binding.filter(|_| bound);
        let grant = Grant {
            tokens,
            token_endpoint,
            revocation_endpoint: known.revocation_endpoint,
            end_session_endpoint: known.end_session_endpoint,
            account: self.config.account.clone(),
            registered_as: known.registered_as.map(|registered| registered.client_name),
            outcome_lost: false,
        };
        let refused = match identified {
            Ok(()) if self.config.dpop == Dpop::Required && !bound => Some(Error::TokenNotBound),
            other => other.err(),
        };
        if let Some(error) = refused {
            if !matches!(error, Error::UnexpectedEvent { .. } | Error::Cancelled) {
                // Nobody uses them: where it can be, they are given back.
                let _ = self.revoke(&grant).await;
            }
            return Err(error);
        }
        let kept = self.keep_grant(&grant).await;
        // The only copy is here: it is given out, and the caller is told.
        let outcome = AccessOutcome::tokens(grant.tokens, Source::SignedIn);
        match kept {
            Ok(warning) => Ok(AccessOutcome { warning, ..outcome }),
            Err(end @ (Error::UnexpectedEvent { .. } | Error::Cancelled)) => Err(end),
            Err(error) => Ok(AccessOutcome { stored: false, warning: Some(error), ..outcome }),
        }
    }

    /// The newest sign-in is the one that counts: it replaces what is kept. Gives what the caller should hear of.
    async fn keep_grant(&self, grant: &Grant) -> Result<Option<Error>, Error> {
        let config = &self.config;
        let tokens = &grant.tokens;
        let account = config.account.as_deref();
        let (issuer, client_id) = (&tokens.issuer, &tokens.client_id);
        let place = key::tokens(issuer, client_id, config.resource.as_deref(), account);
        let bytes = grant.seal(self.vault.key(), &place)?;
        self.vault.put(&place, Some(bytes)).await?;

        // So that who knows the address alone finds them. Who names a resource and a client, and not the
        // issuer, has a pointer of its own.
        let signed_in = SignedIn { issuer: issuer.clone(), client_id: client_id.clone() };
        let (replaced, warning) = self.replaced(&signed_in).await?;
        let with_client = config.resource.as_ref().map(|_| client_id.as_str());
        for client_id in [None].into_iter().chain(with_client.map(Some)) {
            let place = key::signed_in(&config.target(), client_id);
            let bytes = signed_in.seal(self.vault.key(), &place)?;
            self.vault.put(&place, Some(bytes)).await?;
        }
        if let Some(who) = replaced {
            self.remove_replaced(&who).await?;
        }
        Ok(warning)
    }
}
