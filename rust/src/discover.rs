//! From one URL to the authorization server behind it.

use crate::ask::{self, Ask, Interaction};
use crate::browser::Browser;
use crate::cancel::CancelHandle;
use crate::driver::{self, Host};
use crate::store::MemoryStore;
use proofkey::error::Error;
use proofkey::flow::discovery::{Discovered, Discovery, DiscoveryConfig};
use std::sync::Arc;

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
    let host = Host { ask: &ask, store: &MemoryStore::new(), confirm: None, cancel };
    driver::run(Discovery::new(config)?, &host)
}
