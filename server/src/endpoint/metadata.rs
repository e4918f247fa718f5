//! The server's metadata (RFC 8414).

use super::{AuthorizationServer, Reply};
use http::StatusCode;
use serde_json::json;

/// Where the metadata lies, for an issuer without a path (RFC 8414 §3).
pub const WELL_KNOWN: &str = "/.well-known/oauth-authorization-server";

/// The authorization endpoint's path.
pub const AUTHORIZE: &str = "/authorize";

/// The token endpoint's path.
pub const TOKEN: &str = "/token";

/// The document: what is supported, and nothing else (P28).
#[must_use]
pub fn document(server: &AuthorizationServer) -> serde_json::Value {
    let mut scopes: Vec<&str> =
        server.clients.iter().flat_map(|client| &client.scopes).map(String::as_str).collect();
    scopes.sort_unstable();
    scopes.dedup();
    json!({
        "issuer": server.policy.issuer,
        "authorization_endpoint": server.address_of(AUTHORIZE),
        "token_endpoint": server.address_of(TOKEN),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": scopes,
    })
}

/// The answer to a GET of [`WELL_KNOWN`].
#[must_use]
pub fn reply(server: &AuthorizationServer) -> Reply {
    Reply::json(StatusCode::OK, &document(server))
}
