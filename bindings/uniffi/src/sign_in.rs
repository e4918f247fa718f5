//! Sign-in with the authorization code grant and PKCE, as a state machine that a driver serves.

use crate::error::Outcome;
use crate::guard::{self, Guarded};
use crate::session::{Parameter, parameters};
use crate::step::{Event, LoopbackHost, Step};
use crate::token::TokenSet;
use proofkey::flow::sign_in as core;
use proofkey::step::Listen;
use std::sync::Arc;

/// What a sign-in needs to know.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SignInConfig {
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
    /// Where the answer arrives.
    pub redirect: RedirectTarget,
    /// The scopes; may be empty.
    pub scopes: Vec<String>,
    /// The resource that the tokens are for (RFC 8707).
    pub resource: Option<String>,
    /// How long the user may take, in milliseconds; from 1 s to 1 h.
    pub browse_timeout_ms: u64,
    /// More parameters of the authorization request; none may stand in for one that ProofKey sets.
    #[uniffi(default = [])]
    pub extra_parameters: Vec<Parameter>,
}

/// Where the redirect arrives.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum RedirectTarget {
    /// At the loopback receiver, which the flow asks the driver to open (RFC 8252 §7.3).
    Loopback {
        /// Where.
        host: LoopbackHost,
        /// The port; 0 leaves the choice to the system.
        port: u16,
        /// The path, with its leading slash.
        path: String,
    },
    /// At a URI that the platform watches: a claimed https link or a private-use scheme.
    Fixed {
        /// The URI.
        uri: String,
    },
}

impl From<RedirectTarget> for core::RedirectTarget {
    fn from(target: RedirectTarget) -> Self {
        match target {
            RedirectTarget::Loopback { host, port, path } => {
                Self::Loopback(Listen { host: host.into(), port, path })
            }
            RedirectTarget::Fixed { uri } => Self::Fixed(uri),
        }
    }
}

impl From<core::RedirectTarget> for RedirectTarget {
    fn from(target: core::RedirectTarget) -> Self {
        match target {
            core::RedirectTarget::Loopback(Listen { host, port, path }) => {
                Self::Loopback { host: host.into(), port, path }
            }
            core::RedirectTarget::Fixed(uri) => Self::Fixed { uri },
        }
    }
}

impl From<SignInConfig> for core::SignInConfig {
    fn from(config: SignInConfig) -> Self {
        Self {
            issuer: config.issuer,
            authorization_endpoint: config.authorization_endpoint,
            token_endpoint: config.token_endpoint,
            iss_promised: config.iss_promised,
            client_id: config.client_id,
            redirect: config.redirect.into(),
            scopes: config.scopes,
            resource: config.resource,
            browse_timeout_ms: config.browse_timeout_ms,
            extra_parameters: parameters(config.extra_parameters),
        }
    }
}

impl From<core::SignInConfig> for SignInConfig {
    fn from(config: core::SignInConfig) -> Self {
        Self {
            issuer: config.issuer,
            authorization_endpoint: config.authorization_endpoint,
            token_endpoint: config.token_endpoint,
            iss_promised: config.iss_promised,
            client_id: config.client_id,
            redirect: config.redirect.into(),
            scopes: config.scopes,
            resource: config.resource,
            browse_timeout_ms: config.browse_timeout_ms,
            extra_parameters: parameters(config.extra_parameters),
        }
    }
}

/// The sign-in flow. The first event is `Start`; each call does one step, and an error ends the flow.
#[derive(uniffi::Object)]
pub struct SignIn(Guarded<core::SignIn>);

#[uniffi::export]
impl SignIn {
    /// Makes the flow; nothing happens until `Start`. `invalid_configuration` names the field that cannot
    /// be used.
    #[uniffi::constructor]
    pub fn new(config: SignInConfig) -> Outcome<Arc<Self>> {
        guard::call("SignIn.new", || {
            Ok(Arc::new(Self(Guarded::new(core::SignIn::new(config.into())?))))
        })
    }

    /// Takes what has happened and says what to do next. `now` is in seconds since the epoch. Every error
    /// ends the flow; every later event is answered by `flow_ended`.
    pub fn advance(&self, event: Event, now: u64) -> Outcome<Step> {
        self.0.with("SignIn.advance", |flow| Ok(flow.advance(event.into(), now)?.into()))
    }

    /// The tokens, once, after `Done`; else nothing.
    pub fn outcome(&self) -> Outcome<Option<Arc<TokenSet>>> {
        self.0.with("SignIn.outcome", |flow| Ok(flow.outcome().map(TokenSet::new)))
    }
}
