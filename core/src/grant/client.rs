//! A registered public client, and which redirect URIs are its own.

use crate::listen::LoopbackHost;
use crate::uri::{self, check_redirect_uri};

/// What a server knows of a public client. There is no secret in it: none could be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRecord {
    /// Its identifier.
    pub client_id: String,
    /// Its name, for the consent page.
    pub name: String,
    /// The redirect URIs that it registered.
    pub redirect_uris: Vec<String>,
    /// The scopes that it may ask for.
    pub scopes: Vec<String>,
    /// Whether it may have refresh tokens: `refresh_token` is among its `grant_types` (RFC 7591 §2).
    pub may_refresh: bool,
}

/// Whether a redirect URI that was sent is the registered one (P26).
///
/// They must be equal as strings; for `http` to the loopback addresses `127.0.0.1` and `[::1]` the port
/// may differ, because a native program gets its port from the system (RFC 8252 §7.3, RFC 9700 §2.1). A URI
/// that could not be registered matches nothing, not even itself.
#[must_use]
pub fn redirect_uri_matches(registered: &str, sent: &str) -> bool {
    if check_redirect_uri(registered).is_err() || check_redirect_uri(sent).is_err() {
        return false;
    }
    if registered == sent {
        return true;
    }
    let (Ok(ours), Ok(theirs)) = (uri::parts(registered), uri::parts(sent)) else {
        return false;
    };
    let literal = matches!(uri::loopback(ours.host), Some(LoopbackHost::V4 | LoopbackHost::V6));
    literal
        && ours.scheme == "http"
        && (ours.scheme, ours.host, ours.path, ours.query)
            == (theirs.scheme, theirs.host, theirs.path, theirs.query)
}
