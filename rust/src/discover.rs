//! From one URL to the authorization server behind it.

use crate::ask::{self, Ask, Interaction};
use crate::browser::Browser;
use crate::cancel::CancelHandle;
use crate::driver::{self, Host};
use crate::http::{self, Unreachable};
use crate::store::MemoryStore;
use proofkey::error::Error;
use proofkey::flow::discovery::{Discovered, Discovery, DiscoveryConfig};
use proofkey::http::Header;
use std::sync::Arc;
use std::time::Duration;

/// Finds out what an issuer or a resource says of itself (RFC 8414, OpenID Connect Discovery, RFC 9728).
/// It fetches documents and opens nothing: show [`Provider::issuer_host`] to the user before a sign-in
/// where the issuer was named by a resource.
///
/// It blocks for some seconds at most: each document has a deadline of its own.
///
/// [`Provider::issuer_host`]: proofkey::metadata::Provider::issuer_host
///
/// # Errors
/// [`Error::family`] says what can be done about it, [`Error::advice`] in words.
pub fn discover(config: DiscoveryConfig) -> Result<Discovered, Error> {
    discover_until(config, &CancelHandle::new())
}

/// As [`discover`], until `cancel` is used from another thread. The exchange that runs then is waited for.
///
/// # Errors
/// As [`discover`], and [`Error::Cancelled`].
pub fn discover_until(config: DiscoveryConfig, cancel: &CancelHandle) -> Result<Discovered, Error> {
    // Discovery sends and does nothing else.
    let read_line: ask::ReadLine = Arc::new(ask::at_terminal);
    let ask = Ask::new(Interaction::Never, &Browser::default(), &read_line);
    let store = MemoryStore::new();
    let host =
        Host { ask: &ask, store: &store, confirm: None, show_code: None, signer: None, cancel };
    driver::run(Discovery::new(config)?, &host)
}

/// How long a resource may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(15);

/// Asks a resource without a token, and gives the `WWW-Authenticate` fields of its 401, for
/// [`DiscoveryConfig::www_authenticate`]: they may name its metadata and the scopes that it wants (RFC 9728 §5.1,
/// RFC 6750 §3). Any other answer has none. No redirect is followed, and no body read.
///
/// # Errors
/// [`Error::InvalidConfiguration`] for what is no address of a resource; [`Error::Unreachable`].
pub fn challenge(resource: &str) -> Result<Vec<String>, Error> {
    // Checked as discovery does it.
    Discovery::new(DiscoveryConfig { resource: Some(resource.to_owned()), ..Default::default() })?;
    let headers = [
        Header::new("Accept", "application/json, text/event-stream"),
        Header::new("Accept-Encoding", "identity"),
    ];
    match http::open(("GET", resource), &headers, None, PATIENCE) {
        Ok(opened) if opened.status == 401 => {
            let fields = opened.headers.into_iter();
            let named = fields.filter(|field| field.name == "www-authenticate");
            Ok(named.map(|field| field.value).collect())
        }
        Ok(_) => Ok(Vec::new()),
        Err(Unreachable { reason, detail }) => {
            Err(Error::Unreachable { endpoint: "the resource", reason, detail })
        }
    }
}
