//! The end of a sign-in: the code is redeemed, and what came is kept.

use super::{AccessOutcome, Context, Source};
use crate::error::Error;
use crate::flow::sign_in::redeemed;
use crate::keep::grant::Grant;
use crate::keep::key;
use crate::keep::pending::Known;
use crate::keep::signed_in::SignedIn;
use crate::session::TokenRequest;
use crate::step::Step;

impl Context {
    pub(super) async fn redeem(
        &self,
        code: TokenRequest,
        known: Known,
    ) -> Result<AccessOutcome, Error> {
        let request = code.http_request();
        let token_endpoint = request.url.clone();
        let (issuer, client_id) = code.parties();
        let answer = self.io.perform(Step::Send { request, finish: true }).await;
        let tokens = match redeemed(code, answer, self.io.now()) {
            Err(error) => {
                let registered_as = known.registered_as.as_ref();
                self.doubt_registration(&error, &issuer, &client_id, registered_as).await?;
                return Err(error);
            }
            Ok(tokens) => tokens,
        };
        let grant = Grant {
            tokens,
            token_endpoint,
            revocation_endpoint: known.revocation_endpoint,
            account: self.config.account.clone(),
            registered_as: known.registered_as.map(|registered| registered.client_name),
            outcome_lost: false,
        };
        let kept = self.keep_grant(&grant).await;
        // The only copy is here: it is given out, and the caller is told.
        let outcome = AccessOutcome::tokens(grant.tokens, Source::SignedIn);
        match kept {
            Ok(()) => Ok(outcome),
            Err(mistake @ Error::UnexpectedEvent { .. }) => Err(mistake),
            Err(error) => Ok(AccessOutcome { stored: false, warning: Some(error), ..outcome }),
        }
    }

    /// The newest sign-in is the one that counts: it replaces what is kept.
    async fn keep_grant(&self, grant: &Grant) -> Result<(), Error> {
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
        let with_client = config.resource.as_ref().map(|_| client_id.as_str());
        for client_id in [None].into_iter().chain(with_client.map(Some)) {
            let place = key::signed_in(&config.target(), client_id);
            let bytes = signed_in.seal(self.vault.key(), &place)?;
            self.vault.put(&place, Some(bytes)).await?;
        }
        Ok(())
    }
}
