//! What a program holds: a client of one authorization server.

use crate::browser::Browser;
use crate::cancel::CancelHandle;
use crate::driver;
use proofkey::error::Error;
use proofkey::flow::sign_in::{RedirectTarget, SignIn, SignInConfig};
use proofkey::step::{Listen, LoopbackHost};
use proofkey::token::TokenSet;
use std::time::Duration;

/// A public client of one authorization server. It holds settings and no secret; it may be shared
/// between threads, and each sign-in stands for itself.
#[derive(Debug, Clone)]
pub struct Client {
    config: SignInConfig,
    browser: Browser,
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
                browse_timeout_ms: 300_000,
            },
            listen: Listen { host: LoopbackHost::V4, port: 0, path: "/callback".to_owned() },
            browser: Browser::default(),
        }
    }

    /// Signs the user in: opens the browser, waits for the redirect, redeems the code.
    ///
    /// It blocks until the user is done, at most for the browse timeout and 30 s for the exchange.
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
        driver::run(&mut SignIn::new(self.config.clone())?, &self.browser, cancel)
    }
}

/// The settings of a [`Client`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientBuilder {
    config: SignInConfig,
    listen: Listen,
    browser: Browser,
}

impl ClientBuilder {
    /// The authorization server's identifier, exactly as the server writes it (RFC 8414 §2).
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.config.issuer = issuer.into();
        self
    }

    /// Where the user is sent (RFC 6749 §3.1).
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
        SignIn::new(self.config.clone())?;
        Ok(Client { config: self.config, browser: self.browser })
    }
}
