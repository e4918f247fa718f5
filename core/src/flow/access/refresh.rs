//! The refresh (RFC 6749 §6, P14), under the store's lock: sent once, and its answer kept.

use super::{AccessOutcome, Context, Source};
use crate::error::{Error, cleaned};
use crate::flow::coroutine::unexpected;
use crate::form::FormWriter;
use crate::http::{HttpRequest, HttpResponse, Lost};
use crate::id_token;
use crate::keep::grant::Grant;
use crate::secret::Secret;
use crate::step::Event;
use crate::token::{self, Asked, TokenSet};

/// How long a refresh may take, in milliseconds. It is run to its end, so it must have one.
const TIMEOUT_MS: u64 = 30_000;

impl Context {
    /// Reads again what is kept, now that nobody else changes it, and refreshes it if that is still needed.
    pub(super) async fn refresh(&self, place: &str) -> Result<AccessOutcome, Error> {
        let gone = Error::SignInRequired { reason: "somebody has signed out meanwhile" };
        let kept = self.vault.load(place, Grant::open).await?;
        let mut grant = kept.value.ok_or(gone.clone())?;
        if !self.must_refresh(&grant.tokens) {
            return Ok(AccessOutcome::tokens(grant.tokens, Source::Kept));
        }
        let Some(refresh_token) = grant.tokens.refresh_token.take() else {
            return Err(Error::SignInRequired { reason: "there is no refresh token any more" });
        };
        let sent = self.send_refresh(&grant, &refresh_token).await;
        match sent {
            Ok(mut tokens) => {
                // RFC 6749 §6: one that does not come back leaves the old one.
                tokens.refresh_token.get_or_insert(refresh_token);
                // Whose they are, what was asked for and the key stay those of the sign-in.
                let old = &mut grant.tokens;
                tokens.binding = old.binding.take();
                tokens.identity = old.identity.take();
                tokens.id_token = old.id_token.take();
                tokens.requested = core::mem::take(&mut old.requested);
                tokens.requested_details = core::mem::take(&mut old.requested_details);
                let details = &mut tokens.authorization_details;
                *details = details.take().or(old.authorization_details.take());
                let fresh = Grant { tokens, outcome_lost: false, ..grant };
                self.keep(place, kept.revision, fresh, gone).await
            }
            Err(Failure::Refused(description)) => {
                self.vault.swap(place, kept.revision, None).await?;
                Err(if grant.outcome_lost {
                    Error::RefreshOutcomeLost { description }
                } else {
                    Error::InvalidGrant { description }
                })
            }
            Err(Failure::Lost(error)) if !grant.outcome_lost => {
                // The server may have replaced the token. Whoever is refused next shall know why.
                grant.tokens.refresh_token = Some(refresh_token);
                let marked = Grant { outcome_lost: true, ..grant };
                let bytes = marked.seal(self.vault.key(), place)?;
                // Without the mark the next refusal is an ordinary one.
                let _ = self.vault.swap(place, kept.revision, Some(bytes)).await;
                Err(error)
            }
            Err(Failure::Other(Error::ClientRefused { .. })) if grant.registered_as.is_some() => {
                // Nobody can mend the registration but the next sign-in, which makes a new one.
                self.forget_registration_of(&grant).await?;
                Err(Error::SignInRequired {
                    reason: "the server does not accept the client any more, which was registered with it",
                })
            }
            Err(Failure::Lost(error) | Failure::Other(error)) => Err(error),
        }
    }

    async fn forget_registration_of(&self, grant: &Grant) -> Result<(), Error> {
        match (&grant.registered_as, &grant.tokens) {
            (Some(name), TokenSet { issuer, client_id, .. }) => {
                self.forget_registration(issuer, name, client_id).await
            }
            (None, _) => Ok(()),
        }
    }

    async fn send_refresh(
        &self,
        grant: &Grant,
        refresh_token: &Secret,
    ) -> Result<TokenSet, Failure> {
        let tokens = &grant.tokens;
        let make = || {
            let mut body = FormWriter::body();
            body.pair("grant_type", "refresh_token")
                .pair("refresh_token", refresh_token.expose())
                .pair("client_id", &tokens.client_id)
                // RFC 8707 §2.2, M6: on every leg. The scope stays away: what was granted is meant
                // (RFC 6749 §6).
                .pair_if("resource", tokens.resource.as_deref());
            HttpRequest::form_post(&grant.token_endpoint, body.finish(), TIMEOUT_MS)
        };
        match self.exchange(tokens.binding.as_ref(), true, make).await.map_err(Failure::Other)? {
            Event::Response(response) => {
                self.read(grant, refresh_token, &response).map_err(|error| judge(error, &response))
            }
            Event::Unreachable { reason, detail } => {
                let endpoint = token::ENDPOINT;
                let error = Error::Unreachable { endpoint, reason, detail: cleaned(&detail) };
                Err(if reason == Lost::NotConnected {
                    Failure::Other(error)
                } else {
                    Failure::Lost(error)
                })
            }
            Event::Cancel => Err(Failure::Other(Error::Cancelled)),
            event => Err(Failure::Other(unexpected(&event, "Send"))),
        }
    }

    fn read(
        &self,
        grant: &Grant,
        refresh_token: &Secret,
        response: &HttpResponse,
    ) -> Result<TokenSet, Error> {
        let tokens = &grant.tokens;
        let asked = Asked {
            issuer: &tokens.issuer,
            client_id: &tokens.client_id,
            resource: tokens.resource.as_deref(),
            scopes: &tokens.scopes,
            dpop: tokens.binding.is_some(),
        };
        let fresh = token::read(response, asked, self.io.now(), &[refresh_token.expose()])?;
        // RFC 9449 §5: a token that was bound does not become one that is not.
        if tokens.bound && !fresh.bound {
            return Err(Error::TokenNotBound);
        }
        // OpenID Connect Core §12.2: it is still the same user. Nothing else of it is believed.
        if let (Some(token), Some(who)) = (&fresh.id_token, &tokens.identity) {
            let subject = id_token::subject_of(token.expose(), &who.issuer, &tokens.client_id)?;
            if subject != who.subject {
                let reason = "of the refresh names another user than that of the sign-in";
                return Err(Error::IdTokenRefused { reason });
            }
        }
        Ok(fresh)
    }

    /// Keeps what the server has just issued. A newer grant wins, and ours is given back.
    async fn keep(
        &self,
        place: &str,
        revision: u64,
        fresh: Grant,
        gone: Error,
    ) -> Result<AccessOutcome, Error> {
        let bytes = fresh.seal(self.vault.key(), place)?;
        match self.vault.swap(place, revision, Some(bytes)).await {
            Ok(true) => Ok(AccessOutcome::tokens(fresh.tokens, Source::Refreshed)),
            Ok(false) => {
                let theirs = self.vault.load(place, Grant::open).await?;
                // What comes of it changes nothing here: ours is not used.
                if let Err(Error::ClientRefused { .. }) = self.revoke(&fresh).await {
                    let _ = self.forget_registration_of(&fresh).await;
                }
                let theirs = theirs.value.ok_or(gone)?;
                if theirs.tokens.is_valid(self.io.now()) {
                    return Ok(AccessOutcome::tokens(theirs.tokens, Source::Kept));
                }
                Err(Error::StoreFailed { detail: "others wrote the same record".to_owned() })
            }
            // The only copy is here: it is given out, and the caller is told.
            Err(error) => Ok(AccessOutcome {
                stored: false,
                warning: Some(error),
                ..AccessOutcome::tokens(fresh.tokens, Source::Refreshed)
            }),
        }
    }
}

/// Why a refresh came to nothing.
enum Failure {
    /// `invalid_grant`: the refresh token is worth nothing any more.
    Refused(Option<String>),
    /// It may have arrived and been obeyed.
    Lost(Error),
    /// It was not obeyed.
    Other(Error),
}

/// What an answer says of the refresh token: only `invalid_grant` says anything (P14).
fn judge(error: Error, response: &HttpResponse) -> Failure {
    match error {
        Error::InvalidGrant { description } => Failure::Refused(description),
        // 200: the server did what it was asked, and its answer cannot be used.
        error if response.status == 200 => Failure::Lost(error),
        error => Failure::Other(error),
    }
}
