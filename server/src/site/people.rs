//! What a site asks its owner: who the user is, and what they consent to.

use crate::endpoint::Reply;
use crate::endpoint::authorize::{Asked, SignIn};
use async_trait::async_trait;
use http::HeaderMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// A request that a browser has sent to one of the site's pages. `Debug` leaves out cookies and queries.
#[non_exhaustive]
pub struct Visit<'a> {
    /// Its header fields: cookies among them.
    pub headers: &'a HeaderMap,
    /// The authorization request, at the authorization endpoint. What it says of the user's sign-in is to be heard
    /// (`max_age`, `acr_values`, `prompt`, `login_hint`): of a user whose sign-in is older than `max_age` seconds the
    /// client is told `login_required`.
    pub asked: Option<&'a Asked>,
    /// Where a page of the owner's, which signs the user in, leads back to: path and query on this host, of the
    /// characters that an address may hold and no quotes (RFC 3986 §3.4).
    pub return_to: String,
}

impl std::fmt::Debug for Visit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let page = self.return_to.split('?').next().unwrap_or_default();
        f.debug_struct("Visit").field("page", &page).finish_non_exhaustive()
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Who it is, for clients and resources: stable, never given to another (`sub`, OpenID Connect Core §2).
    pub subject: String,
    /// What the user is called on the pages.
    pub name: String,
    /// When and how they signed in.
    pub sign_in: SignIn,
}

/// Who sits at the browser.
#[derive(Debug)]
pub enum Who {
    /// This user.
    User(User),
    /// Nobody that is known: the browser gets this answer, which leads to a page that signs the user in and then
    /// back to [`Visit::return_to`].
    Elsewhere(Reply),
}

/// What comes before a code goes to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// The user is asked, by the consent page.
    Ask,
    /// The user has allowed it before: these of the scopes that are asked for.
    Allow {
        /// The scopes.
        scopes: Vec<String>,
    },
    /// It is denied: `access_denied` goes to the client.
    Deny,
}

/// The owner of a [`Site`](super::Site).
///
/// Which client may do what is said by its [`ClientRecord`](proofkey::grant::client::ClientRecord); where those
/// lie elsewhere than in the configuration, see [`ClientSource`](crate::client::ClientSource).
#[async_trait]
pub trait People: Send + Sync + 'static {
    /// Who sits at the browser. It is asked for every page and again for every form; a form is taken from the user
    /// alone whom its page was shown to.
    async fn who(&self, visit: Visit<'_>) -> Who;

    /// What comes before a code goes to this client. [`Consent::Ask`] if this is not written; a request with
    /// `prompt=consent` has the user asked also where this says that it is allowed.
    ///
    /// A client that cannot be verified, which is one whose redirect URI is on loopback or of a scheme of its own,
    /// must not be allowed without asking, unless it was allowed before (RFC 8252 §8.6).
    async fn consent(&self, asked: &Asked, user: &User) -> Consent {
        let _ = (asked, user);
        Consent::Ask
    }

    /// The user has allowed it by the consent page: the place to remember it.
    async fn allowed(&self, asked: &Asked, user: &User) {
        let _ = (asked, user);
    }

    /// The user signs out: header fields that end the browser's session (`Set-Cookie`) are added to the answer.
    async fn signed_out(&self, headers: &HeaderMap, reply: &mut Reply) {
        let _ = (headers, reply);
    }

    /// Whether the device page and the page that signs out ask. Only a server for tests says no: a user whom
    /// nobody asks connects the device of whoever sent the address (RFC 8628 §5.4).
    fn asks(&self) -> bool {
        true
    }

    /// Whom the limits count: the peer's [`network`]. Behind a proxy every request comes from that, and the field that
    /// it sets says more.
    fn address(&self, headers: &HeaderMap, peer: Option<SocketAddr>) -> String {
        let _ = headers;
        peer.map(|peer| network(peer.ip())).unwrap_or_default()
    }
}

/// Whom an address belongs to: an IPv4 address is one of itself, whichever way it is written; of IPv6 each subscriber
/// has a whole network of 2^64 addresses (RFC 6177 §2), which is named by the first of them.
#[must_use]
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = u128::from(address) >> 64 << 64;
            format!("{}/64", Ipv6Addr::from(network))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends with its first wrong step")]
    use super::*;

    #[test]
    fn whoever_has_a_network_counts_once() {
        for (address, counted) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
            ("::1", "::/64"),
        ] {
            assert_eq!(network(address.parse().unwrap()), counted, "{address}");
        }
    }

    /// "Secrets in logs": an owner who prints what he is asked shows neither cookies nor the client's state.
    #[test]
    fn debug_shows_no_cookie_and_no_query() {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", "session=canary".parse().unwrap());
        let return_to = "/authorize?state=canary".into();
        let shown = format!("{:?}", Visit { headers: &headers, asked: None, return_to });
        assert!(shown.contains("/authorize") && !shown.contains("canary"), "{shown}");
    }
}
