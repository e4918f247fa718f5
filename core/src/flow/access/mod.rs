//! Access to a resource: from an address to a token that stays fresh.
//!
//! One flow for all that a program wants of a sign-in that is kept: a token, the sign-in itself, the end of
//! it. It finds the servers, gets the client an identifier, signs the user in, keeps what came of it, and
//! refreshes it in any number of programs at once. `docs/decisions/access.md` tells what happens when.

mod by_hand;
mod ceiling;
mod client;
mod connect;
mod device;
mod device_client;
mod exchange;
mod identity;
mod possession;
mod pushed;
mod redeem;
mod refresh;
mod replaced;
mod resume;
mod sign_in;
mod sign_out;
mod token;
mod vault;

use super::coroutine::{Coroutine, Io};
use super::discovery::{Discovered, DiscoveryConfig};
use super::sign_in::{RedirectTarget, check_browse_timeout};
use crate::authorization::{check_client_id, check_extra, check_scopes};
use crate::client_document::{check_client_name, check_client_url};
use crate::dpop::DpopNonces;
use crate::error::Error;
use crate::keep::key::Target;
use crate::listen::Listen;
use crate::resource_call::StepUp;
use crate::seal::DataKey;
use crate::secret::Secret;
use crate::session::Parameter;
use crate::step::{Event, Step};
use crate::token::TokenSet;
use crate::uri;
use std::sync::Arc;
use vault::Vault;

pub use crate::keep::summary::KeptSignIn;

/// What the flow is to come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Goal {
    /// A token, without the user: the one that is kept, refreshed where it must be. Else
    /// [`Error::SignInRequired`] or another error of the family `sign_in_again`.
    Token,
    /// A token; where it cannot be had without the user, by a sign-in.
    TokenOrSignIn,
    /// A sign-in, whatever is kept.
    SignIn,
    /// The end of a sign-in that an earlier run of the program began.
    Resume,
    /// The end of what is kept: revoked at the server where that can be (RFC 7009), and forgotten.
    SignOut,
}

/// What the flow needs to know. An address is enough: `issuer` or `resource`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessConfig {
    /// The authorization server's identifier, where it is known. With a resource that names its issuers it
    /// must be one of them.
    pub issuer: Option<String>,
    /// The protected resource, an MCP server for instance: the tokens are for it alone (RFC 8707).
    pub resource: Option<String>,
    /// The endpoints of the issuer, where its metadata is not to be asked.
    pub endpoints: Option<Endpoints>,
    /// The client's identifier, where it was registered beforehand.
    pub client_id: Option<String>,
    /// The address of the client's metadata document, for servers that take it as the identifier.
    pub client_document: Option<String>,
    /// The client's name: with it the client is registered dynamically (RFC 7591) where there is no other
    /// way.
    pub client_name: Option<String>,
    /// The scopes to ask for; where there are none, those that the resource demands or lists.
    pub scopes: Vec<String>,
    /// The scopes that no sign-in goes beyond, whether the program, the resource or the server names more: what
    /// is only listed and lies above is left out, what is demanded by name ends the sign-in
    /// ([`Error::ScopeCeiling`]). `offline_access` is a scope like others. Without a ceiling there is no limit.
    /// A [`ResourceCall`](crate::resource_call::ResourceCall) is made with the same.
    pub scope_ceiling: Option<Vec<String>>,
    /// Which of several accounts of the user this is; a name that the program chooses.
    pub account: Option<String>,
    /// Where the redirect arrives.
    pub redirect: RedirectTarget,
    /// Whether nothing listens and the user pastes the address that the browser ends at. For machines
    /// without a browser; only with a redirect on loopback.
    pub paste: bool,
    /// How long the user may take, in milliseconds; from 1 s to 1 h.
    pub browse_timeout_ms: u64,
    /// More parameters of the authorization request.
    pub extra_parameters: Vec<Parameter>,
    /// The `WWW-Authenticate` fields of the resource's 401, where there was one (RFC 9728 §5).
    pub www_authenticate: Vec<String>,
    /// The issuers that may leave S256 out of their metadata, by name (M3).
    pub allow_missing_s256: Vec<String>,
    /// Whether a pending sign-in is kept, so that [`Goal::Resume`] can take it up.
    pub resumable: bool,
    /// For [`Goal::Resume`]: the redirect that has arrived, where it started this run of the program.
    pub redirect_uri: Option<String>,
    /// The [fingerprint](TokenSet::fingerprint) of an access token that the resource did not take, although
    /// it was fresh: where that one is still kept it is refreshed.
    pub rejected: Option<[u8; 32]>,
    /// Whether the user signs in on another device (RFC 8628): for programs without a browser. It is never
    /// chosen by itself.
    pub device: bool,
    /// Whether the tokens are bound to a key, so that who steals one cannot use it (RFC 9449).
    pub dpop: Dpop,
    /// The name of a key that the platform keeps and signs with; without one a key is made for each
    /// sign-in and kept with its tokens.
    pub dpop_key: Option<String>,
    /// Whether the authorization request is pushed also to servers that only offer it (RFC 9126); those
    /// that require it get it so in any case.
    pub push: bool,
    /// What a resource demanded of the sign-in; see [`ResourceCall`](crate::resource_call::ResourceCall).
    pub step_up: Option<StepUp>,
    /// What an earlier flow discovered; it is taken while it is less than an hour old.
    pub known: Option<Box<Discovered>>,
}

/// Whether tokens are bound to a key (RFC 9449).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dpop {
    /// They are not.
    #[default]
    Never,
    /// They are where the server offers it; what came of it is the type of the tokens.
    Preferred,
    /// They are, or there is no sign-in: [`Error::DpopUnsupported`], [`Error::TokenNotBound`].
    Required,
}

/// The endpoints that a sign-in needs, given by hand. An empty text is one that was not given: what stands beside
/// the two endpoints is an error without them ([`AccessConfig::check`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Where the user is sent.
    pub authorization_endpoint: String,
    /// Where codes and refresh tokens are redeemed.
    pub token_endpoint: String,
    /// Where tokens are revoked (RFC 7009).
    pub revocation_endpoint: Option<String>,
    /// Where authorization requests are pushed (RFC 9126).
    pub pushed_authorization_request_endpoint: Option<String>,
    /// Where device codes come from (RFC 8628).
    pub device_authorization_endpoint: Option<String>,
    /// Where the server's keys are: without them no ID token is looked at.
    pub jwks_uri: Option<String>,
    /// Where the user signs out of the browser's session (OpenID Connect RP-Initiated Logout).
    pub end_session_endpoint: Option<String>,
    /// Whether the server promises `iss` in its answers (RFC 9207 §3).
    pub iss_promised: bool,
}

impl Default for AccessConfig {
    /// A loopback redirect at a port of the system's choice, five minutes, and nothing else.
    fn default() -> Self {
        let listen = Listen { host: Default::default(), port: 0, path: "/callback".to_owned() };
        Self {
            issuer: None,
            resource: None,
            endpoints: None,
            client_id: None,
            client_document: None,
            client_name: None,
            scopes: Vec::new(),
            scope_ceiling: None,
            account: None,
            redirect: RedirectTarget::Loopback(listen),
            paste: false,
            browse_timeout_ms: 300_000,
            extra_parameters: Vec::new(),
            www_authenticate: Vec::new(),
            allow_missing_s256: Vec::new(),
            resumable: false,
            redirect_uri: None,
            rejected: None,
            device: false,
            dpop: Dpop::Never,
            dpop_key: None,
            push: false,
            step_up: None,
            known: None,
        }
    }
}

impl AccessConfig {
    fn target(&self) -> Target<'_> {
        Target {
            issuer: self.issuer.as_deref(),
            resource: self.resource.as_deref(),
            account: self.account.as_deref(),
        }
    }

    /// What discovery would start from.
    fn discovery(&self) -> DiscoveryConfig {
        DiscoveryConfig {
            issuer: self.issuer.clone(),
            resource: self.resource.clone(),
            www_authenticate: self.www_authenticate.clone(),
            allow_missing_s256: self.allow_missing_s256.clone(),
        }
    }

    /// Checks what [`Access::new`] checks: what is wrong is said now, not when the user waits.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] names the field that cannot be used.
    pub fn check(&self) -> Result<(), Error> {
        let named = |field| move |reason| Error::InvalidConfiguration { field, reason };
        match &self.endpoints {
            None => drop(super::discovery::Discovery::new(self.discovery())?),
            Some(endpoints) => {
                endpoints.check()?;
                let missing = "is missing; endpoints that are given by hand belong to an issuer";
                uri::check_issuer(self.issuer.as_deref().ok_or(named("issuer")(missing))?)?;
                endpoints.check_urls()?;
                self.resource.as_deref().map_or(Ok(()), uri::check_resource)?;
            }
        }
        self.client_id.as_deref().map_or(Ok(()), check_client_id)?;
        let document = self.client_document.as_deref();
        document.map_or(Ok(()), check_client_url).map_err(named("client_document"))?;
        let name = self.client_name.as_deref();
        name.map_or(Ok(()), check_client_name).map_err(named("client_name"))?;
        check_scopes(&self.scopes)?;
        self.check_ceiling()?;
        check_extra(&self.extra_parameters)?;
        check_browse_timeout(self.browse_timeout_ms)?;
        if self.dpop_key.as_ref().is_some_and(|id| !(1..=256).contains(&id.len())) {
            return Err(named("dpop_key")("is empty or longer than 256 bytes"));
        }
        if self.device && self.resumable {
            let reason = "cannot be with device: no redirect comes that another run could take up";
            return Err(named("resumable")(reason));
        }
        if self.account.as_ref().is_some_and(|account| account.is_empty() || account.len() > 256) {
            let reason =
                "is empty or longer than 256 bytes; leave it out where there is one account";
            return Err(named("account")(reason));
        }
        match &self.redirect {
            RedirectTarget::Loopback(listen) => uri::check_loopback_path(&listen.path),
            RedirectTarget::Fixed(_) if self.paste => {
                Err(named("paste")("needs a redirect on loopback, where nothing listens"))
            }
            RedirectTarget::Fixed(uri) => uri::check_redirect_uri(uri),
        }
    }
}

/// How the flow came to its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// They were kept.
    Kept,
    /// They were refreshed.
    Refreshed,
    /// The user signed in.
    SignedIn,
}

impl Source {
    /// The stable name: `kept`, `refreshed`, `signed_in`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Refreshed => "refreshed",
            Self::SignedIn => "signed_in",
        }
    }
}

/// What came of the flow.
#[derive(Debug)]
pub struct AccessOutcome {
    /// The tokens; none after [`Goal::SignOut`].
    pub tokens: Option<TokenSet>,
    /// Where they came from; none after [`Goal::SignOut`].
    pub source: Option<Source>,
    /// Whether the store holds what is given here, or after [`Goal::SignOut`] nothing more.
    pub stored: bool,
    /// After [`Goal::SignOut`]: whether the server has revoked them; none where there were no tokens.
    pub revoked: Option<bool>,
    /// What went wrong without ending the flow: why a refresh failed while the old token is still good, why
    /// tokens could not be stored, why the server did not revoke.
    pub warning: Option<Error>,
    /// After [`Goal::SignOut`]: where the user's browser ends the session that it may still have with the
    /// server (OpenID Connect RP-Initiated Logout §2). Opening it is the program's part. It holds the ID
    /// token, so it belongs into the browser and into no log.
    pub end_session_url: Option<Secret>,
    /// What was discovered, for the next flow's [`AccessConfig::known`].
    pub discovered: Option<Box<Discovered>>,
}

impl AccessOutcome {
    pub(super) const fn tokens(tokens: TokenSet, source: Source) -> Self {
        Self {
            tokens: Some(tokens),
            source: Some(source),
            stored: true,
            revoked: None,
            warning: None,
            end_session_url: None,
            discovered: None,
        }
    }
}

/// The flow. See [`crate::step`] for how it is driven.
#[derive(Debug)]
pub struct Access(Coroutine<AccessOutcome>);

impl Access {
    /// Makes the flow; nothing happens until [`Event::Start`]. What is kept is sealed under `key`; without
    /// one the store itself must keep it from others.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] names the field that cannot be used.
    pub fn new(config: AccessConfig, goal: Goal, key: Option<Arc<DataKey>>) -> Result<Self, Error> {
        Self::with_nonces(config, goal, key, Arc::default())
    }

    /// The same, with what a program's earlier flows and requests heard of nonces (RFC 9449 §8).
    ///
    /// # Errors
    /// As [`Access::new`].
    pub fn with_nonces(
        config: AccessConfig,
        goal: Goal,
        key: Option<Arc<DataKey>>,
        nonces: Arc<DpopNonces>,
    ) -> Result<Self, Error> {
        config.check()?;
        Ok(Self(Coroutine::new(|io| {
            run(Context { vault: Vault::new(io.clone(), key), io, config, nonces }, goal)
        })))
    }

    /// Takes what has happened and says what to do next. `now` is in seconds since the epoch.
    ///
    /// # Errors
    /// Every error ends the flow; its secrets are wiped, and every later event is answered by
    /// [`Error::FlowEnded`].
    pub fn advance(&mut self, event: Event, now: u64) -> Result<Step, Error> {
        self.0.advance(event, now)
    }

    /// What came of it, once, after [`Step::Done`].
    pub fn outcome(&mut self) -> Option<AccessOutcome> {
        self.0.outcome()
    }
}

/// What all parts of the flow work with.
struct Context {
    io: Io,
    vault: Vault,
    config: AccessConfig,
    nonces: Arc<DpopNonces>,
}

async fn run(context: Context, goal: Goal) -> Result<AccessOutcome, Error> {
    match goal {
        Goal::Token => context.token().await,
        Goal::TokenOrSignIn => match context.token().await {
            Err(error) if error.family() == crate::Family::SignInAgain => context.sign_in().await,
            other => other,
        },
        Goal::SignIn => context.sign_in().await,
        Goal::Resume => context.resume().await,
        Goal::SignOut => context.sign_out().await,
    }
}
