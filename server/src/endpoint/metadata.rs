//! What the server says of itself (RFC 8414) and of its resource (RFC 9728).

use super::{AuthorizationServer, Reply};
use http::StatusCode;
use serde_json::json;

/// Where the metadata lies, for an issuer without a path (RFC 8414 §3).
pub const WELL_KNOWN: &str = "/.well-known/oauth-authorization-server";

/// The authorization endpoint's path, behind the issuer's.
pub const AUTHORIZE: &str = "/authorize";

/// The token endpoint's path.
pub const TOKEN: &str = "/token";

/// The revocation endpoint's path.
pub const REVOKE: &str = "/revoke";

/// The registration endpoint's path.
pub const REGISTER: &str = "/register";

/// The document: what is supported, and nothing else (P28).
#[must_use]
pub fn document(server: &AuthorizationServer) -> serde_json::Value {
    let grant_types: &[&str] = if server.policy.refresh_token_lifetime_s > 0 {
        &["authorization_code", "refresh_token"]
    } else {
        &["authorization_code"]
    };
    let mut document = json!({
        "issuer": server.policy.issuer,
        "authorization_endpoint": server.address_of(AUTHORIZE),
        "token_endpoint": server.address_of(TOKEN),
        "revocation_endpoint": server.address_of(REVOKE),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": grant_types,
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": server.clients.scopes(),
    });
    if server.clients.registrations().is_some() {
        document["registration_endpoint"] = server.address_of(REGISTER).into();
    }
    if server.clients.reads_documents() {
        document["client_id_metadata_document_supported"] = true.into();
    }
    document
}

/// The answer to a GET of one of the document's addresses.
#[must_use]
pub fn reply(server: &AuthorizationServer) -> Reply {
    Reply::json(StatusCode::OK, &document(server))
}

/// The metadata of a protected resource whose tokens this server issues (RFC 9728 §2).
#[must_use]
pub fn resource(server: &AuthorizationServer, resource: &str) -> Reply {
    let document = json!({
        "resource": resource,
        "authorization_servers": [server.policy.issuer],
        "scopes_supported": server.clients.scopes(),
        "bearer_methods_supported": ["header"],
    });
    Reply::json(StatusCode::OK, &document)
}
