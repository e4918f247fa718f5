//! The endpoints as plain functions: parts of a request in, a [`Reply`] out.
//!
//! They know HTTP's words and nothing of a web framework, so that they fit under any. The
//! development server is a thin router over them.

pub mod authorize;
pub mod device;
pub mod introspect;
pub mod jwks;
pub mod logout;
pub mod metadata;
pub mod page;
pub mod par;
pub mod register;
mod reply;
pub mod resource;
pub mod revoke;
pub mod token;

pub use reply::{Body, Reply};

use crate::client::Clients;
use crate::clock::Clock;
use crate::counters::Counters;
use crate::devices::Devices;
use crate::narrate::Narrator;
use crate::openid::OpenId;
use crate::possession::Possession;
use crate::pushed::PushedRequests;
use crate::store::GrantStore;
use introspect::Introspection;
use proofkey::grant::policy::Policy;
use std::sync::Arc;

/// An authorization server: what the endpoints work with.
#[derive(Clone)]
pub struct AuthorizationServer {
    /// Where grants are kept.
    pub store: Arc<dyn GrantStore>,
    /// The server's choices; its issuer is the base of the endpoints' addresses.
    pub policy: Policy,
    /// The clients that may ask.
    pub clients: Arc<Clients>,
    /// Who is told what happens.
    pub narrator: Narrator,
    /// What arrived and how it was answered, in numbers.
    pub counters: Arc<Counters>,
    /// The time of all that is not in the store.
    pub clock: Clock,
    /// The requests that clients pushed (RFC 9126).
    pub pushed: Arc<PushedRequests>,
    /// The sign-ins of devices (RFC 8628).
    pub devices: Arc<Devices>,
    /// What judges proofs of keys (RFC 9449).
    pub possession: Arc<Possession>,
    /// What makes ID tokens (OpenID Connect Core).
    pub openid: Arc<OpenId>,
    /// Who may ask about tokens (RFC 7662); none: nobody.
    pub introspection: Option<Arc<Introspection>>,
}

impl AuthorizationServer {
    /// The address of something of this server: its issuer and `path`, which begins with a slash.
    #[must_use]
    pub fn address_of(&self, path: &str) -> String {
        format!("{}{path}", self.policy.issuer.trim_end_matches('/'))
    }
}

/// The only value of a header field, as text.
///
/// # Errors
/// The field's name, where it stands in the request more than once or is not printable ASCII: parties
/// that choose different ones of two values can be played against each other.
pub fn only<'a>(
    headers: &'a http::HeaderMap,
    name: &'static str,
) -> Result<Option<&'a str>, &'static str> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| name),
        (Some(_), Some(_)) => Err(name),
    }
}

/// Whether a request says that its body is coded: compressed, say (RFC 9110 §8.4). No endpoint takes that, and to
/// read it as it is would be to read something else than was sent.
#[must_use]
pub fn is_coded(headers: &http::HeaderMap) -> bool {
    let mut all = headers.get_all(http::header::CONTENT_ENCODING).iter();
    !all.all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}
