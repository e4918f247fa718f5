//! The authorization server for development and tests.
//!
//! Not for the public network: it knows one user, who is always signed in, and speaks plain http. It
//! listens on loopback unless it is asked otherwise.

mod builder;
mod consent;
mod csrf;
mod guard;
mod handlers;
mod serve;
mod state;

pub use builder::{Builder, development_client};

use axum::Router;
use std::future::Future;
use std::net::SocketAddr;
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
}

/// A bound server: its port is taken, nothing is answered yet.
pub struct DevServer {
    listener: TcpListener,
    router: Router,
    address: SocketAddr,
    issuer: String,
    shutdown_deadline: Duration,
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

    /// The issuer identifier (RFC 8414 §2).
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The authorization endpoint.
    #[must_use]
    pub fn authorization_endpoint(&self) -> String {
        format!("{}{}", self.issuer, crate::endpoint::metadata::AUTHORIZE)
    }

    /// The token endpoint.
    #[must_use]
    pub fn token_endpoint(&self) -> String {
        format!("{}{}", self.issuer, crate::endpoint::metadata::TOKEN)
    }

    /// The URI of the resource `/api`: the audience that its tokens need.
    #[must_use]
    pub fn resource(&self) -> String {
        format!("{}{}", self.issuer, handlers::API)
    }

    /// Answers requests until `shutdown` ends. Then it takes no new connection, lets the requests that
    /// run come to their end, and cuts them off at the shutdown deadline.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        serve::serve(self.listener, self.router, shutdown, self.shutdown_deadline).await;
    }
}

impl std::fmt::Debug for DevServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DevServer")
            .field("address", &self.address)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}
