//! The end of what is kept: revoked at the server (RFC 7009), and forgotten here in any case.

use super::{AccessOutcome, Context};
use crate::error::{Error, cleaned};
use crate::flow::coroutine::unexpected;
use crate::form::FormWriter;
use crate::http::HttpRequest;
use crate::keep::grant::Grant;
use crate::keep::key;
use crate::secret::Secret;
use crate::step::{Event, Step};

/// How errors call the endpoint.
const ENDPOINT: &str = "the revocation endpoint";

/// How long a revocation may take, in milliseconds.
const TIMEOUT_MS: u64 = 15_000;

impl Context {
    pub(super) async fn sign_out(&self) -> Result<AccessOutcome, Error> {
        let outcome = match self.place().await? {
            Some(place) => self.vault.locked(&place, self.forget(&place)).await?,
            None => signed_out(None, None),
        };
        let target = self.config.target();
        let client_id = self.config.client_id.as_deref();
        self.vault.put(&key::signed_in(&target, client_id), None).await?;
        self.vault.put(&key::pending(&target, client_id), None).await?;
        Ok(outcome)
    }

    async fn forget(&self, place: &str) -> Result<AccessOutcome, Error> {
        // What cannot be read cannot be revoked, and is forgotten all the same.
        let (_, bytes) = self.vault.load_bytes(place).await?;
        let outcome = match bytes.map(|bytes| Grant::open(self.vault.key(), place, bytes.expose()))
        {
            None => signed_out(None, None),
            Some(Err(unreadable)) => signed_out(Some(false), Some(unreadable)),
            Some(Ok(grant)) => {
                let outcome = match self.revoke(&grant).await {
                    Ok(()) => signed_out(Some(true), None),
                    Err(mistake @ (Error::UnexpectedEvent { .. } | Error::Cancelled)) => {
                        return Err(mistake);
                    }
                    Err(error) => signed_out(Some(false), Some(error)),
                };
                AccessOutcome { end_session_url: Self::end_session_url(&grant), ..outcome }
            }
        };
        self.vault.put(place, None).await?;
        Ok(outcome)
    }

    /// Where the browser ends its session (OpenID Connect RP-Initiated Logout §2): only who signed in with
    /// an ID token has one to name.
    fn end_session_url(grant: &Grant) -> Option<Secret> {
        let endpoint = grant.end_session_endpoint.as_deref()?;
        let id_token = grant.tokens.id_token.as_ref()?;
        let mut url = FormWriter::query(endpoint);
        url.pair("id_token_hint", id_token.expose()).pair("client_id", &grant.tokens.client_id);
        Some(url.finish())
    }

    /// Revokes the refresh token, and with it the grant; where there is none, the access token.
    pub(super) async fn revoke(&self, grant: &Grant) -> Result<(), Error> {
        let Some(endpoint) = &grant.revocation_endpoint else {
            let description = None;
            let error = "the server has no revocation endpoint".to_owned();
            return Err(Error::RequestRefused { error, description });
        };
        let tokens = &grant.tokens;
        let (token, hint) = match tokens.expose_refresh_token() {
            Some(token) => (token, "refresh_token"),
            None => (tokens.expose_access_token(), "access_token"),
        };
        let mut body = FormWriter::body();
        body.pair("token", token)
            .pair("token_type_hint", hint)
            .pair("client_id", &tokens.client_id);
        let request = HttpRequest::form_post(endpoint, body.finish(), TIMEOUT_MS);
        match self.io.perform(Step::Send { request, finish: false }).await {
            // RFC 7009 §2.2: 200 whatever the token was. The body is of no interest.
            Event::Response(response) if response.status == 200 => Ok(()),
            Event::Response(response) if matches!(response.status, 429 | 500..=599) => {
                let what = format!("HTTP {}", response.status);
                Err(Error::ServerUnavailable { what, description: None })
            }
            Event::Response(response) => {
                let (endpoint, status) = (ENDPOINT, response.status);
                let reason = "is not the 200 that says that the token is revoked (RFC 7009 §2.2)";
                Err(Error::MalformedResponse { endpoint, status, reason })
            }
            Event::Unreachable { reason, detail } => {
                let endpoint = ENDPOINT;
                Err(Error::Unreachable { endpoint, reason, detail: cleaned(&detail) })
            }
            Event::Cancel => Err(Error::Cancelled),
            event => Err(unexpected(&event, "Send")),
        }
    }
}

const fn signed_out(revoked: Option<bool>, warning: Option<Error>) -> AccessOutcome {
    AccessOutcome {
        tokens: None,
        source: None,
        stored: true,
        revoked,
        warning,
        end_session_url: None,
        discovered: None,
    }
}
