//! `PkceSession`: one pending sign-in, used once, for those who bring their own loop.

use crate::error::Outcome;
use crate::guard::{self, Guarded, shows};
use crate::http::{HttpRequest, HttpResponse};
use crate::seal::DataKey;
use crate::token::TokenSet;
use proofkey::Error;
use proofkey::session as core;
use std::sync::Arc;

/// What a sign-in asks for, and where.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AuthorizationRequest {
    /// The authorization server's identifier (RFC 8414 §2), compared as a string.
    pub issuer: String,
    /// Where the user is sent (RFC 6749 §3.1).
    pub authorization_endpoint: String,
    /// Where the code is redeemed (RFC 6749 §3.2).
    pub token_endpoint: String,
    /// Whether the server promises `iss` in its answers (RFC 9207 §3).
    pub iss_promised: bool,
    /// The public client's identifier.
    pub client_id: String,
    /// Where the answer arrives (RFC 8252 §7).
    pub redirect_uri: String,
    /// The scopes; may be empty.
    pub scopes: Vec<String>,
    /// The resource that the tokens are for (RFC 8707).
    pub resource: Option<String>,
    /// More parameters of the authorization request: `prompt`, `login_hint`, `max_age`, `acr_values`,
    /// `ui_locales`, `authorization_details` and the like. None may stand in for one that ProofKey sets.
    #[uniffi(default = [])]
    pub extra_parameters: Vec<Parameter>,
}

/// A parameter of the authorization request, both parts before encoding.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

crate::mirror::mirrors!(Parameter, core::Parameter { name, value });

/// A list of parameters, from one side to the other.
pub(crate) fn parameters<A, B: From<A>>(list: Vec<A>) -> Vec<B> {
    list.into_iter().map(Into::into).collect()
}

impl From<AuthorizationRequest> for core::AuthorizationRequest {
    fn from(request: AuthorizationRequest) -> Self {
        Self {
            issuer: request.issuer,
            authorization_endpoint: request.authorization_endpoint,
            token_endpoint: request.token_endpoint,
            iss_promised: request.iss_promised,
            client_id: request.client_id,
            redirect_uri: request.redirect_uri,
            scopes: request.scopes,
            resource: request.resource,
            extra_parameters: parameters(request.extra_parameters),
        }
    }
}

/// One pending sign-in. It is used once: after a redirect that is ours, whatever it says, and after
/// `discard`, every call is `flow_ended`.
#[derive(uniffi::Object)]
pub struct PkceSession(Guarded<Option<core::PkceSession>>);

/// What a redirect did to a session.
#[derive(uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Completion {
    /// It is ours and carries a code: this redeems it.
    Accepted {
        /// The token request.
        request: Arc<TokenRequest>,
    },
    /// It is not ours; the session waits on.
    NotOurs {
        /// Why: the stable code.
        code: String,
        /// Why, for a log. Nothing of the redirect stands in it.
        text: String,
    },
}

shows!(Completion, |it| match it {
    Completion::Accepted { .. } => "Accepted(…)".to_owned(),
    Completion::NotOurs { code, .. } => format!("NotOurs({code})"),
});

#[uniffi::export]
impl PkceSession {
    /// Begins: checks the request, then draws verifier, state and nonce from the system's generator.
    /// `invalid_configuration` names the field that cannot be used.
    #[uniffi::constructor]
    pub fn begin(request: AuthorizationRequest) -> Outcome<Arc<Self>> {
        guard::call("PkceSession.begin", || {
            let session = core::PkceSession::begin(request.into())?;
            Ok(Arc::new(Self(Guarded::new(Some(session)))))
        })
    }

    /// The URL for the user's browser (RFC 6749 §4.1.1, RFC 7636 §4.3). It holds the challenge, never
    /// the verifier.
    pub fn authorization_url(&self) -> Outcome<String> {
        self.0.with("PkceSession.authorization_url", |session| {
            Ok(session.as_ref().ok_or(Error::FlowEnded)?.authorization_url())
        })
    }

    /// Judges a redirect: the whole URI as it arrived, undecoded. An error is final, and the session is
    /// over.
    pub fn complete(&self, redirect: String) -> Outcome<Completion> {
        self.0.with("PkceSession.complete", |held| {
            let session = held.take().ok_or(Error::FlowEnded)?;
            match session.complete(&redirect) {
                core::Completion::Accepted(request) => {
                    let request = Arc::new(TokenRequest(Guarded::new(Some(request))));
                    Ok(Completion::Accepted { request })
                }
                core::Completion::NotOurs(session, refusal) => {
                    *held = Some(session);
                    let (code, text) = (refusal.code().to_owned(), refusal.to_string());
                    Ok(Completion::NotOurs { code, text })
                }
                core::Completion::Ended(error) => Err(error.into()),
            }
        })
    }

    /// The session as bytes that may lie on a disk, sealed under this key: for a platform that may end the
    /// program while the user is at the browser. Until `expires_at`, in seconds since the epoch, they can
    /// be opened again by one who names the same issuer, client and redirect URI. Who opens them deletes them
    /// first, so that of two that try one succeeds.
    pub fn seal(&self, key: Arc<DataKey>, expires_at: u64) -> Outcome<Vec<u8>> {
        self.0.with("PkceSession.seal", |session| {
            let session = session.as_ref().ok_or(Error::FlowEnded)?;
            Ok(session.seal(key.core(), expires_at)?.expose().to_vec())
        })
    }

    /// Opens what `seal` made. `now` is in seconds since the epoch. `record_unreadable` where the bytes were
    /// changed, sealed with another key, or belong to another issuer, client or redirect URI;
    /// `session_expired`.
    #[uniffi::constructor]
    pub fn open(
        key: Arc<DataKey>,
        sealed: Vec<u8>,
        issuer: String,
        client_id: String,
        redirect_uri: String,
        now: u64,
    ) -> Outcome<Arc<Self>> {
        guard::call("PkceSession.open", || {
            let session = core::PkceSession::open(
                key.core(),
                &sealed,
                &issuer,
                &client_id,
                &redirect_uri,
                now,
            )?;
            Ok(Arc::new(Self(Guarded::new(Some(session)))))
        })
    }

    /// Ends the session unused and wipes its secrets now. May be called again.
    pub fn discard(&self) -> Outcome<()> {
        self.0.with("PkceSession.discard", |session| {
            drop(session.take());
            Ok(())
        })
    }
}

/// A code and the verifier that redeems it. It reads one answer; then every call is `flow_ended`.
#[derive(uniffi::Object)]
pub struct TokenRequest(Guarded<Option<core::TokenRequest>>);

#[uniffi::export]
impl TokenRequest {
    /// The token request (RFC 6749 §4.1.3, RFC 7636 §4.5). Send it once: a code is never tried twice.
    pub fn http_request(&self) -> Outcome<HttpRequest> {
        self.0.with("TokenRequest.http_request", |request| {
            Ok(request.as_ref().ok_or(Error::FlowEnded)?.http_request().into())
        })
    }

    /// Reads the answer of the token endpoint. `now` is in seconds since the epoch.
    pub fn tokens(&self, response: HttpResponse, now: u64) -> Outcome<Arc<TokenSet>> {
        self.0.with("TokenRequest.tokens", |request| {
            let request = request.take().ok_or(Error::FlowEnded)?;
            Ok(TokenSet::new(request.into_tokens(&response.into(), now)?))
        })
    }
}
