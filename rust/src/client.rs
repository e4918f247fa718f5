//! What a program holds: a client of one authorization server.

use crate::browser::Browser;
use crate::cancel::CancelHandle;
use crate::discover::discover_until;
use crate::driver;
use proofkey::error::Error;
use proofkey::flow::discovery::{Discovery, DiscoveryConfig};
use proofkey::flow::sign_in::{RedirectTarget, SignIn, SignInConfig};
use proofkey::metadata::Provider;
use proofkey::step::{Listen, LoopbackHost};
use proofkey::token::TokenSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a server's metadata is believed without asking again, in seconds.
const METADATA_AGE_S: u64 = 3600;

/// A public client of one authorization server. It holds settings and no secret; it may be shared
/// between threads, and each sign-in stands for itself.
#[derive(Debug, Clone)]
pub struct Client {
    config: SignInConfig,
    discovery: Option<Arc<Found>>,
    browser: Browser,
}

/// The endpoints, where nobody named them.
#[derive(Debug)]
struct Found {
    config: DiscoveryConfig,
    provider: Mutex<Option<Provider>>,
}

impl Found {
    /// The provider that is known, while it is fresh, else the one that is fetched now. Two threads may both
    /// ask the server; what they hear is the same.
    fn provider(&self, cancel: &CancelHandle) -> Result<Provider, Error> {
        let known = self.provider.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known.filter(|known| known.is_fresh(driver::now(), METADATA_AGE_S)) {
            return Ok(known);
        }
        let fetched = discover_until(self.config.clone(), cancel)?.provider;
        *self.provider.lock().unwrap_or_else(PoisonError::into_inner) = Some(fetched.clone());
        Ok(fetched)
    }
}

impl Client {
    /// Begins the settings.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            config: SignInConfig {
                issuer: String::new(),
                authorization_endpoint: String::new(),
                token_endpoint: String::new(),
                iss_promised: false,
                client_id: String::new(),
                redirect: RedirectTarget::Fixed(String::new()),
                scopes: Vec::new(),
                resource: None,
                extra_parameters: Vec::new(),
                browse_timeout_ms: 300_000,
            },
            listen: Listen { host: LoopbackHost::V4, port: 0, path: "/callback".to_owned() },
            browser: Browser::default(),
            allow_missing_s256: false,
        }
    }

    /// Signs the user in: opens the browser, waits for the redirect, redeems the code.
    ///
    /// Where the endpoints were not given it first asks the issuer for its metadata (RFC 8414), once an
    /// hour. It blocks until the user is done, at most for the browse timeout and 30 s for the exchange.
    ///
    /// # Errors
    /// Every [`Error`]; [`Error::family`] says what can be done about it, [`Error::advice`] in words.
    pub fn sign_in(&self) -> Result<TokenSet, Error> {
        self.sign_in_until(&CancelHandle::new())
    }

    /// As [`Client::sign_in`], until `cancel` is used from another thread. See [`CancelHandle`] for
    /// what a cancel means at which time.
    ///
    /// # Errors
    /// As [`Client::sign_in`], and [`Error::Cancelled`].
    pub fn sign_in_until(&self, cancel: &CancelHandle) -> Result<TokenSet, Error> {
        let mut config = self.config.clone();
        if let Some(found) = &self.discovery {
            let provider = found.provider(cancel)?;
            config.authorization_endpoint = provider.authorization_endpoint;
            config.token_endpoint = provider.token_endpoint;
            config.iss_promised |= provider.iss_promised;
        }
        driver::run(SignIn::new(config)?, &self.browser, cancel)
    }
}

/// The settings of a [`Client`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientBuilder {
    config: SignInConfig,
    listen: Listen,
    browser: Browser,
    allow_missing_s256: bool,
}

impl ClientBuilder {
    /// The authorization server's identifier, exactly as the server writes it (RFC 8414 §2).
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.config.issuer = issuer.into();
        self
    }

    /// Where the user is sent (RFC 6749 §3.1). Default: what the issuer's metadata says, and so for the token
    /// endpoint; give both or neither.
    pub fn authorization_endpoint(mut self, url: impl Into<String>) -> Self {
        self.config.authorization_endpoint = url.into();
        self
    }

    /// Where the code is redeemed (RFC 6749 §3.2).
    pub fn token_endpoint(mut self, url: impl Into<String>) -> Self {
        self.config.token_endpoint = url.into();
        self
    }

    /// Whether the server promises `iss` in its answers: its metadata says
    /// `authorization_response_iss_parameter_supported` (RFC 9207 §3). Then an answer without it is
    /// refused. Default: no; an `iss` that comes all the same is checked.
    pub const fn iss_promised(mut self, promised: bool) -> Self {
        self.config.iss_promised = promised;
        self
    }

    /// Whether this issuer may leave S256 out of its metadata: for servers that are known to do PKCE and not to
    /// say so. Default: no, and a sign-in is refused (`pkce_unsupported`).
    pub const fn allow_missing_s256(mut self, allowed: bool) -> Self {
        self.allow_missing_s256 = allowed;
        self
    }

    /// The public client's identifier.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.config.client_id = client_id.into();
        self
    }

    /// What is asked for (RFC 6749 §3.3). Default: nothing, which leaves it to the server.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.config.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The resource that the tokens are for (RFC 8707).
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.config.resource = Some(resource.into());
        self
    }

    /// The host of the redirect URI (RFC 8252 §7.3). Default: `127.0.0.1`.
    pub const fn redirect_host(mut self, host: LoopbackHost) -> Self {
        self.listen.host = host;
        self
    }

    /// The port of the redirect URI, for servers that want a fixed one. Default: 0, the system's
    /// choice, which is better: nobody can know or take it beforehand.
    pub const fn port(mut self, port: u16) -> Self {
        self.listen.port = port;
        self
    }

    /// The path of the redirect URI. Default: `/callback`.
    pub fn redirect_path(mut self, path: impl Into<String>) -> Self {
        self.listen.path = path.into();
        self
    }

    /// Which browser is used.
    pub fn browser(mut self, browser: Browser) -> Self {
        self.browser = browser;
        self
    }

    /// How long the user may take, from 1 s to 1 h. Default: 5 min.
    pub fn browse_timeout(mut self, timeout: Duration) -> Self {
        self.config.browse_timeout_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] names the setting that cannot be used.
    pub fn build(mut self) -> Result<Client, Error> {
        self.config.redirect = RedirectTarget::Loopback(self.listen);
        let issuer = &self.config.issuer;
        let discovers =
            self.config.authorization_endpoint.is_empty() && self.config.token_endpoint.is_empty();
        let mut checked = self.config.clone();
        let discovery = if discovers {
            let allowed = self.allow_missing_s256.then(|| issuer.clone());
            let config = DiscoveryConfig {
                issuer: Some(issuer.clone()),
                allow_missing_s256: allowed.into_iter().collect(),
                ..DiscoveryConfig::default()
            };
            Discovery::new(config.clone())?;
            // All else can be checked now; any address that the issuer may have stands for its endpoints.
            checked.authorization_endpoint.clone_from(issuer);
            checked.token_endpoint.clone_from(issuer);
            Some(Arc::new(Found { config, provider: Mutex::new(None) }))
        } else {
            None
        };
        SignIn::new(checked)?;
        Ok(Client { config: self.config, discovery, browser: self.browser })
    }
}
