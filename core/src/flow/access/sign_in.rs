//! The sign-in: the server, the client, the browser, and what comes back.

use super::client::Client;
use super::connect::Server;
use super::{AccessOutcome, Context};
use crate::error::Error;
use crate::flow::sign_in::not_redirected;
use crate::keep::key;
use crate::keep::pending::{Known, Pending};
use crate::session::{AuthorizationRequest, Completion, Parameter, PkceSession};
use crate::step::{Event, Step};

/// OpenID Connect Core §3.1.2.1.
const PROMPT: &str = "prompt";
const MAX_AGE: &str = "max_age";
const ACR_VALUES: &str = "acr_values";

impl Context {
    pub(super) async fn sign_in(&self) -> Result<AccessOutcome, Error> {
        let config = &self.config;
        if config.device {
            return self.sign_in_by_device().await;
        }
        let server = self.connect().await?;
        let client = self.client(&server).await?;
        let session = PkceSession::begin(self.request(&server, &client))?;
        let binding = self.binding(&server).await?;
        let url = self.url(&server, &session, binding.as_ref()).await?;
        let known = Known {
            revocation_endpoint: server.revocation_endpoint,
            jwks_uri: server.jwks_uri,
            end_session_endpoint: server.end_session_endpoint,
            max_age: max_age(&session.pinned().extra_parameters),
            binding,
            registered_as: client.registered_as,
        };
        let pending = Pending { session, known };
        if config.resumable {
            // A browser that may outlive the program is opened only when the sign-in can be finished.
            let expires_at = self.io.now().saturating_add(config.browse_timeout_ms / 1000);
            let place = self.pending_place();
            let bytes = pending.seal(self.vault.key(), &place, expires_at)?;
            self.vault.put(&place, Some(bytes)).await?;
        }
        let redirect_uri = client.redirect_uri;
        let deadline_ms = config.browse_timeout_ms;
        let browse = Step::Browse { url, redirect_uri, deadline_ms };
        let mut outcome = self.wait(pending, browse).await;
        if config.resumable && !matches!(outcome, Err(Error::UnexpectedEvent { .. })) {
            // It is over, however it ended. What stays behind expires by itself.
            let removed = self.vault.put(&self.pending_place(), None).await;
            if let (Ok(outcome), Err(error)) = (&mut outcome, removed) {
                outcome.warning.get_or_insert(error);
            }
        }
        outcome.map(|outcome| AccessOutcome { discovered: server.discovered, ..outcome })
    }

    pub(super) fn pending_place(&self) -> String {
        key::pending(&self.config.target(), self.config.client_id.as_deref())
    }

    fn request(&self, server: &Server, client: &Client) -> AuthorizationRequest {
        let mut extra_parameters = self.extra_parameters();
        // OpenID Connect Core §11: without it a server ignores the request for offline access.
        if server.offline_added
            && !extra_parameters.iter().any(|extra| extra.name.eq_ignore_ascii_case(PROMPT))
        {
            let (name, value) = (PROMPT.to_owned(), "consent".to_owned());
            extra_parameters.push(Parameter { name, value });
        }
        AuthorizationRequest {
            issuer: server.issuer.clone(),
            authorization_endpoint: server.authorization_endpoint.clone(),
            token_endpoint: server.token_endpoint.clone(),
            iss_promised: server.iss_promised,
            client_id: client.client_id.clone(),
            redirect_uri: client.redirect_uri.clone(),
            scopes: server.scopes.clone(),
            resource: server.resource.clone(),
            extra_parameters,
        }
    }

    /// The caller's parameters; what a resource demands of the sign-in (RFC 9470 §4) takes their place.
    fn extra_parameters(&self) -> Vec<Parameter> {
        let mut extra = self.config.extra_parameters.clone();
        let Some(demand) = &self.config.step_up else {
            return extra;
        };
        let acr_values = (!demand.acr_values.is_empty()).then(|| demand.acr_values.join(" "));
        let demanded = [
            (ACR_VALUES, acr_values),
            (MAX_AGE, demand.max_age.map(|seconds| seconds.to_string())),
        ];
        for (name, value) in demanded {
            if let Some(value) = value {
                extra.retain(|parameter| parameter.name != name);
                extra.push(Parameter::new(name, value));
            }
        }
        extra
    }

    /// Performs `Browse` or `Await`, and waits until a redirect is ours.
    pub(super) async fn wait(&self, pending: Pending, first: Step) -> Result<AccessOutcome, Error> {
        let Pending { mut session, known } = pending;
        let (issuer, client_id) = session.parties();
        let deadline_ms = self.config.browse_timeout_ms;
        let mut step = first;
        loop {
            let name = step.name();
            let completion = match self.io.perform(step).await {
                Event::Redirect { uri } => session.complete(&uri),
                event => Completion::Ended(not_redirected(event, deadline_ms, name)),
            };
            match completion {
                Completion::Accepted(request) => return self.redeem(request, known).await,
                Completion::NotOurs(back, refused) => {
                    session = back;
                    step = Step::Await { deadline_ms, refused: Some(refused) };
                }
                Completion::Ended(error) => {
                    let registered_as = known.registered_as.as_ref();
                    self.doubt_registration(&error, &issuer, &client_id, registered_as).await?;
                    return Err(error);
                }
            }
        }
    }

    /// As [`wait`](Self::wait) for a redirect that is here already.
    pub(super) async fn finish(
        &self,
        pending: Pending,
        redirect: &str,
    ) -> Result<AccessOutcome, Error> {
        let Pending { session, known } = pending;
        let (issuer, client_id) = session.parties();
        match session.complete(redirect) {
            Completion::Accepted(request) => self.redeem(request, known).await,
            Completion::NotOurs(session, refused) => {
                let pending = Pending { session, known };
                let deadline_ms = self.config.browse_timeout_ms;
                self.wait(pending, Step::Await { deadline_ms, refused: Some(refused) }).await
            }
            Completion::Ended(error) => {
                let registered_as = known.registered_as.as_ref();
                self.doubt_registration(&error, &issuer, &client_id, registered_as).await?;
                Err(error)
            }
        }
    }
}

/// How long ago the user may have signed in, where the request says so.
fn max_age(extra: &[Parameter]) -> Option<u64> {
    extra.iter().find(|parameter| parameter.name == MAX_AGE)?.value.parse().ok()
}
