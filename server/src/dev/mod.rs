//! The authorization server for development and tests.
//!
//! Not for the public network: it knows one user, who is always signed in, and speaks plain http. It
//! listens on loopback unless it is asked otherwise.

mod builder;
mod clients;
mod handlers;
mod more;
mod protected;
mod router;
mod state;
mod user;

pub use crate::openid::Algorithm;
pub use crate::site::Discovery;
pub use builder::Builder;
pub use clients::{ClientDocuments, development_client};
pub use more::More;

use crate::endpoint::introspect::Introspection;
use crate::site::SiteError;
use axum::Router;
use proofkey::secret::Secret;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// The server could not be made or could not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DevError {
    /// The address is not loopback.
    #[error(
        "{address} is not a loopback address; the development server listens on loopback only, \
         unless remote use is allowed"
    )]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose another port, or 0 for a free one")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// The system's words.
        source: std::io::Error,
    },
    /// Something that was configured cannot be used.
    #[error("{0}")]
    Configuration(#[from] proofkey::Error),
    /// The issuer is not one that this server can answer for.
    #[error("the issuer {issuer:?} {reason}")]
    Issuer {
        /// The issuer.
        issuer: String,
        /// What is wrong, as the end of a sentence.
        reason: &'static str,
    },
    /// Two clients have one identifier.
    #[error("two clients have the identifier {client_id:?}; each needs its own")]
    DuplicateClient {
        /// The identifier.
        client_id: String,
    },
    /// The system's random generator failed. There is no fallback.
    #[error("the operating system's random generator failed")]
    Random,
    /// The system's clock stands before 1970.
    #[error("the system's clock stands before 1970: set it")]
    Clock,
}

/// A bound server: its port is taken, nothing is answered yet.
pub struct DevServer {
    listener: TcpListener,
    router: Router,
    address: SocketAddr,
    addresses: Addresses,
    paths: Vec<String>,
    introspection: Option<Arc<Introspection>>,
    shutdown_deadline: Duration,
}

/// Where a server's endpoints are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Addresses {
    /// The issuer identifier (RFC 8414 §2).
    pub issuer: String,
    /// The addresses of its metadata, in the order in which a client asks for them.
    pub metadata: Vec<String>,
    /// The authorization endpoint.
    pub authorization_endpoint: String,
    /// The token endpoint.
    pub token_endpoint: String,
    /// The revocation endpoint (RFC 7009).
    pub revocation_endpoint: String,
    /// The registration endpoint (RFC 7591), if clients may register themselves.
    pub registration_endpoint: Option<String>,
    /// Where requests are pushed (RFC 9126).
    pub pushed_authorization_request_endpoint: String,
    /// Where devices begin (RFC 8628).
    pub device_authorization_endpoint: String,
    /// The page where a user types a device's code.
    pub device_page: String,
    /// The keys that ID tokens are checked with.
    pub jwks_uri: String,
    /// Where a browser session ends (OpenID Connect RP-Initiated Logout).
    pub end_session_endpoint: String,
    /// The URI of the resource: the audience that its tokens need.
    pub resource: String,
    /// The address of the resource's metadata (RFC 9728).
    pub resource_metadata: String,
    /// Where the resource may ask about a token (RFC 7662), if it may.
    pub introspection_endpoint: Option<String>,
    /// The counters of what arrived and how it was answered, as JSON.
    pub counters: String,
}

impl From<SiteError> for DevError {
    fn from(error: SiteError) -> Self {
        match error {
            SiteError::Configuration(error) => Self::Configuration(error),
            SiteError::Issuer { issuer, reason } => Self::Issuer { issuer, reason },
            SiteError::Random => Self::Random,
        }
    }
}

impl DevServer {
    /// Begins a configuration.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The address, with the port that the system chose.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its endpoints are.
    #[must_use]
    pub const fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// The paths that it answers at: those of its [`Site`](crate::site::Site::paths), and its own.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    /// The issuer identifier (RFC 8414 §2).
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.addresses.issuer
    }

    /// The authorization endpoint.
    #[must_use]
    pub fn authorization_endpoint(&self) -> &str {
        &self.addresses.authorization_endpoint
    }

    /// The token endpoint.
    #[must_use]
    pub fn token_endpoint(&self) -> &str {
        &self.addresses.token_endpoint
    }

    /// The URI of the resource `/api`: the audience that its tokens need.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.addresses.resource
    }

    /// What the resource shows when it asks about a token (RFC 7662), where it may: see [`More`].
    #[must_use]
    pub fn introspection_secret(&self) -> Option<&Secret> {
        self.introspection.as_ref().map(|asking| &asking.secret)
    }

    /// Answers requests until `shutdown` ends. Then it takes no new connection, lets the requests that
    /// run come to their end, and cuts them off at the shutdown deadline.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        crate::serve::serve(self.listener, self.router, shutdown, self.shutdown_deadline).await;
    }
}

impl std::fmt::Debug for DevServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DevServer")
            .field("address", &self.address)
            .field("issuer", &self.addresses.issuer)
            .finish_non_exhaustive()
    }
}
