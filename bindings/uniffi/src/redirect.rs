//! Redirect URIs, for servers that register clients and compare what is sent with it.

use crate::error::Outcome;
use crate::guard::call;
use proofkey::grant::client;

/// Whether a client may register this redirect URI: https, http on loopback, or a private-use scheme that is
/// a reversed domain (RFC 8252 §7). `invalid_configuration` says what is wrong with it.
#[uniffi::export]
pub fn check_redirect_uri(uri: String) -> Outcome<()> {
    call("check_redirect_uri", || Ok(proofkey::check_redirect_uri(&uri)?))
}

/// Whether a redirect URI that was sent is the registered one: equal as strings; for `http` to `127.0.0.1`
/// and `[::1]` the port may differ (RFC 8252 §7.3, RFC 9700 §2.1). One that could not be registered matches
/// nothing, not even itself.
#[uniffi::export]
pub fn redirect_uri_matches(registered: String, sent: String) -> Outcome<bool> {
    call("redirect_uri_matches", || Ok(client::redirect_uri_matches(&registered, &sent)))
}
