//! A whole authorization server as an axum router: [`Site`].
//!
//! The endpoints are those of [`endpoint`](crate::endpoint). What a site adds is a browser's side of them: the
//! consent page, the page for devices and the one that signs out, with forms that no other site can send. Who
//! the user is, and what they are asked, its owner says: [`People`].
//!
//! ```no_run
//! # use proofkey_server::{endpoint::AuthorizationServer, serve::serve, site::{People, Site}};
//! # use std::{sync::Arc, time::Duration};
//! # async fn run(server: AuthorizationServer, people: Arc<dyn People>) -> Result<(), Box<dyn std::error::Error>> {
//! let site = Site::new(server, people)?.token_requests_per_minute(120);
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! let shutdown = std::future::pending(); // what ends the server: a signal, say
//! serve(listener, site.router(), shutdown, Duration::from_secs(10)).await;
//! # Ok(())
//! # }
//! ```

mod browser;
pub(crate) mod consent;
mod csrf;
mod device;
pub(crate) mod guard;
mod handlers;
mod limit;
mod logout;
mod operations;
mod people;
mod place;
mod posted;
pub(crate) mod routes;

pub use guard::Peer;
pub use operations::operations;
pub use people::{Consent, People, User, Visit, Who, network};
pub use place::Discovery;

pub(crate) use place::Place;

use crate::endpoint::{AuthorizationServer, metadata};
use crate::random;
use axum::Router;
use csrf::Csrf;
use limit::Limiter;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A site cannot be made of what it was given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// Something that was configured cannot be used.
    #[error("{0}")]
    Configuration(#[from] proofkey::Error),
    /// The issuer is not one that a site can answer for.
    #[error("the issuer {issuer:?} {reason}")]
    Issuer {
        /// The issuer.
        issuer: String,
        /// What is wrong, as the end of a sentence.
        reason: &'static str,
    },
    /// The system's random generator failed. There is no fallback.
    #[error("the operating system's random generator failed")]
    Random,
}

/// An authorization server with its pages.
pub struct Site {
    pub(crate) server: AuthorizationServer,
    pub(crate) people: Arc<dyn People>,
    pub(crate) place: Place,
    consent_form: Csrf,
    device_form: Csrf,
    logout_form: Csrf,
    any_host: bool,
    token_limit: Limiter,
    registration_limit: Limiter,
}

impl Site {
    /// A site at the issuer of the server's policy.
    ///
    /// # Errors
    /// [`SiteError`] says what cannot be used.
    pub fn new(server: AuthorizationServer, people: Arc<dyn People>) -> Result<Self, SiteError> {
        let place = Place::of(&server.policy.issuer, Discovery::Both)?;
        let key = random::bytes().map_err(|_| SiteError::Random)?;
        let [consent_form, device_form, logout_form] = forms(&place, &key);
        Ok(Self {
            server,
            people,
            place,
            consent_form,
            device_form,
            logout_form,
            any_host: false,
            token_limit: Limiter::default(),
            registration_limit: Limiter::default(),
        })
    }

    /// The key that forms are signed with: the same on every node of one server, so that any of them takes a form
    /// that another has shown. Random bytes of this process if this is not called.
    #[must_use]
    pub fn form_key(mut self, key: [u8; 32]) -> Self {
        let key = Zeroizing::new(key);
        [self.consent_form, self.device_form, self.logout_form] = forms(&self.place, &key);
        self
    }

    /// Which kinds of discovery are served. Both if this is not called.
    ///
    /// # Errors
    /// Those of [`Site::new`].
    pub fn discovery(mut self, discovery: Discovery) -> Result<Self, SiteError> {
        self.place = Place::of(&self.server.policy.issuer, discovery)?;
        Ok(self)
    }

    /// Takes requests whatever `Host` they name: for a site whose proxy does not pass it on and checks it itself.
    /// Otherwise it has to be the issuer's, so that no page of another name can reach the site (DNS rebinding).
    #[must_use]
    pub const fn any_host(mut self) -> Self {
        self.any_host = true;
        self
    }

    /// So many requests a minute one address may send to the token, the revocation, the device authorization and
    /// the pushed authorization request endpoint, counted apart; the next ones are answered by 429 with
    /// `Retry-After`. No limit if this is not called. The address is what [`People::address`] says. Each node
    /// counts for itself.
    #[must_use]
    pub fn token_requests_per_minute(mut self, requests: u32) -> Self {
        self.token_limit = Limiter::per_minute(requests);
        self
    }

    /// The same for registrations.
    #[must_use]
    pub fn registrations_per_minute(mut self, requests: u32) -> Self {
        self.registration_limit = Limiter::per_minute(requests);
        self
    }

    /// The paths that the site answers at, as patterns of axum: for a proxy that passes on what it has to, and nothing
    /// else.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        routes::paths(&routes::table(self)).collect()
    }

    /// The router. It answers at the paths of the metadata, below the issuer's own path, and checks and completes
    /// every request and answer. Merge others into it, or nest nothing: metadata lies at the root of a host (RFC
    /// 8414 §3).
    pub fn router(self) -> Router {
        let site = Arc::new(self);
        let router = routes::router(routes::table(&site), site.clone());
        guard::around(router, site)
    }
}

fn forms(place: &Place, key: &Zeroizing<[u8; 32]>) -> [Csrf; 3] {
    [metadata::AUTHORIZE, metadata::DEVICE, metadata::END_SESSION]
        .map(|path| Csrf::new(key.clone(), place, path))
}

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Site").field("issuer", &self.server.policy.issuer).finish_non_exhaustive()
    }
}
