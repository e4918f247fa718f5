//! What the server says of itself (RFC 8414) and of its resource (RFC 9728).

use super::authorize::ACR_VALUES;
use super::{AuthorizationServer, Reply};
use http::StatusCode;
use proofkey::grant::device::GRANT_TYPE;
use serde_json::json;

/// Where the metadata lies, for an issuer without a path (RFC 8414 §3).
pub const WELL_KNOWN: &str = "/.well-known/oauth-authorization-server";

/// The authorization endpoint's path, behind the issuer's.
pub const AUTHORIZE: &str = "/authorize";

/// The token endpoint's path.
pub const TOKEN: &str = "/token";

/// The revocation endpoint's path.
pub const REVOKE: &str = "/revoke";

/// The introspection endpoint's path (RFC 7662).
pub const INTROSPECT: &str = "/introspect";

/// The registration endpoint's path.
pub const REGISTER: &str = "/register";

/// The path for requests that are pushed (RFC 9126).
pub const PAR: &str = "/par";

/// The device authorization endpoint's path (RFC 8628).
pub const DEVICE_AUTHORIZATION: &str = "/device_authorization";

/// The path of the page where a user types a device's code.
pub const DEVICE: &str = "/device";

/// The path of the keys that ID tokens are checked with (RFC 7517).
pub const JWKS: &str = "/jwks";

/// The path where a browser session ends (OpenID Connect RP-Initiated Logout).
pub const END_SESSION: &str = "/end_session";

/// The algorithm that proofs of possession are signed with (RFC 9449).
const DPOP_ALG: &str = "ES256";

/// What an ID token may say.
const CLAIMS: [&str; 10] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "at_hash",
    "preferred_username",
];

/// The document: what is supported, and nothing else (P28).
#[must_use]
pub fn document(server: &AuthorizationServer) -> serde_json::Value {
    let mut grant_types = vec!["authorization_code"];
    if server.policy.refresh_token_lifetime_s > 0 {
        grant_types.push("refresh_token");
    }
    grant_types.push(GRANT_TYPE);
    let scopes = [server.clients.scopes(), server.policy.open_scopes.clone()].concat();
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
        "scopes_supported": scopes,
        "pushed_authorization_request_endpoint": server.address_of(PAR),
        "require_pushed_authorization_requests": server.pushed.is_required(),
        "device_authorization_endpoint": server.address_of(DEVICE_AUTHORIZATION),
        "dpop_signing_alg_values_supported": [DPOP_ALG],
        "jwks_uri": server.address_of(JWKS),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [server.openid.algorithm().as_str()],
        "acr_values_supported": ACR_VALUES,
        "claims_supported": CLAIMS,
        "end_session_endpoint": server.address_of(END_SESSION),
    });
    if !server.policy.details_types.is_empty() {
        document["authorization_details_types_supported"] =
            server.policy.details_types.as_slice().into();
    }
    if server.clients.registrations().is_some() {
        document["registration_endpoint"] = server.address_of(REGISTER).into();
    }
    if server.introspection.is_some() {
        document["introspection_endpoint"] = server.address_of(INTROSPECT).into();
        // RFC 8414 §2: the type of a token names a method too.
        document["introspection_endpoint_auth_methods_supported"] = json!(["Bearer"]);
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
        "dpop_signing_alg_values_supported": [DPOP_ALG],
        "dpop_bound_access_tokens_required": server.possession.is_required(),
    });
    Reply::json(StatusCode::OK, &document)
}
