//! The authorization request: what a sign-in asks for, checked once and pinned.

use crate::error::Error;
use crate::grammar::{is_scope_character, is_vschar};
use crate::uri;

/// What a sign-in asks for, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The authorization server's identifier (RFC 8414 §2), compared as a string.
    pub issuer: String,
    /// Where the user is sent (RFC 6749 §3.1).
    pub authorization_endpoint: String,
    /// Where the code is redeemed (RFC 6749 §3.2).
    pub token_endpoint: String,
    /// Whether the server promises `iss` in its answers
    /// (`authorization_response_iss_parameter_supported`, RFC 9207 §3).
    pub iss_promised: bool,
    /// The public client's identifier.
    pub client_id: String,
    /// Where the answer arrives (RFC 8252 §7).
    pub redirect_uri: String,
    /// The scopes, each a scope-token of RFC 6749 §3.3; may be empty.
    pub scopes: Vec<String>,
    /// The resource that the tokens are for (RFC 8707): an absolute URI without fragment.
    pub resource: Option<String>,
}

/// The one record: what was pinned at the beginning is what the end is checked against.
pub(crate) type Pinned = AuthorizationRequest;

impl AuthorizationRequest {
    pub(crate) fn check(&self) -> Result<(), Error> {
        uri::check_issuer(&self.issuer)?;
        uri::check_authorization_endpoint(&self.authorization_endpoint)?;
        uri::check_endpoint("token_endpoint", &self.token_endpoint)?;
        uri::check_redirect_uri(&self.redirect_uri)?;
        check_client_id(&self.client_id)?;
        check_scopes(&self.scopes)?;
        self.resource.as_deref().map_or(Ok(()), uri::check_resource)
    }

    /// The scopes as one parameter; none where none are asked for.
    pub(crate) fn scope(&self) -> Option<String> {
        (!self.scopes.is_empty()).then(|| self.scopes.join(" "))
    }
}

/// RFC 6749 Appendix A.1.
fn check_client_id(client_id: &str) -> Result<(), Error> {
    let reason = match client_id.len() {
        0 => "is empty; expected the identifier that the server gave to this client",
        1..=2048 if client_id.bytes().all(is_vschar) => return Ok(()),
        1..=2048 => "has a character outside printable ASCII",
        _ => "is longer than 2048 bytes",
    };
    Err(Error::InvalidConfiguration { field: "client_id", reason })
}

/// RFC 6749 §3.3: each entry is one scope-token.
fn check_scopes(scopes: &[String]) -> Result<(), Error> {
    let reason = if scopes.len() > 256 || scopes.iter().any(|scope| scope.len() > 1024) {
        "has more than 256 entries, or one longer than 1024 bytes"
    } else if scopes.iter().any(|scope| scope.is_empty() || !scope.bytes().all(is_scope_character))
    {
        "has an entry that is empty or has a space, quote, backslash or non-ASCII character; give one scope an entry"
    } else {
        return Ok(());
    };
    Err(Error::InvalidConfiguration { field: "scopes", reason })
}
