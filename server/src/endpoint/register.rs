//! The registration endpoint (RFC 7591) and the end of a registration (RFC 7592 §2.3).

use super::{AuthorizationServer, Body, Reply, is_coded, metadata, only, token};
use crate::client::{NotRegistered, Registration};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use proofkey::grant::device;
use proofkey::secret::Secret;
use serde_json::json;

const NAME: &str = "register";

/// Answers a POST to the registration endpoint. The body must be declared as JSON: a page of another site
/// cannot send such a request without asking first (Fetch, "CORS-preflight fetch"), and is never allowed.
pub async fn reply(server: &AuthorizationServer, headers: &HeaderMap, body: &[u8]) -> Reply {
    let Some(registrations) = server.clients.registrations() else {
        return Reply::text(StatusCode::NOT_FOUND, "clients do not register here");
    };
    if is_coded(headers) {
        server.counters.answered(NAME, "refused");
        return token::coded("invalid_client_metadata");
    }
    let media_type = only(headers, CONTENT_TYPE.as_str()).ok().flatten().unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        server.counters.answered(NAME, "refused");
        let error = "invalid_client_metadata";
        return token::problem(StatusCode::BAD_REQUEST, error, "the body must be application/json");
    }
    match registrations.register(body).await {
        Ok(registration) => {
            server.counters.answered(NAME, "registered");
            server.narrator.say(NAME, || {
                let client = &registration.client;
                format!("{:?} is registered as {:?}", client.name, client.client_id)
            });
            registered(server, &registration)
        }
        Err(NotRegistered::Refused(refusal)) => {
            server.counters.answered(NAME, "refused");
            server.narrator.say(NAME, || format!("refused: {}", refusal.description));
            token::problem(StatusCode::BAD_REQUEST, refusal.error, refusal.description)
        }
        Err(NotRegistered::Full) => {
            server.counters.answered(NAME, "full");
            let description = "this server keeps no more registrations";
            token::problem(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", description)
        }
        Err(NotRegistered::Failed) => {
            server.counters.answered(NAME, "failed");
            let description = "the client could not be registered: try again";
            token::problem(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", description)
        }
    }
}

/// RFC 7591 §3.2.1: all that was registered, and the token that manages it.
fn registered(server: &AuthorizationServer, registration: &Registration) -> Reply {
    let client = &registration.client;
    // One that has no redirect URI is a client of devices (RFC 8628).
    let (grant_type, response_types): (_, &[&str]) = if client.redirect_uris.is_empty() {
        (device::GRANT_TYPE, &[])
    } else {
        ("authorization_code", &["code"])
    };
    let refreshed = client.may_refresh.then_some("refresh_token");
    let grant_types: Vec<&str> = [grant_type].into_iter().chain(refreshed).collect();
    let public = json!({
        "client_id": client.client_id,
        "client_id_issued_at": registration.issued_at,
        "client_name": client.name,
        "redirect_uris": client.redirect_uris,
        "grant_types": grant_types,
        "response_types": response_types,
        "token_endpoint_auth_method": "none",
        "scope": client.scopes.join(" "),
        "registration_client_uri": address_of(server, &client.client_id),
    })
    .to_string();
    let token = registration.access_token.expose();
    // In one buffer of the right size, so that no copy of the token is left behind. It is base64url.
    let mut body = String::with_capacity(public.len() + token.len() + 64);
    body.push_str(public.strip_suffix('}').unwrap_or(&public));
    body.push_str(",\"registration_access_token\":\"");
    body.push_str(token);
    body.push_str("\"}");
    let mut reply = Reply::new(StatusCode::CREATED);
    reply.set(CONTENT_TYPE, "application/json");
    reply.body = Body::Secret(Secret::new(body));
    reply
}

fn address_of(server: &AuthorizationServer, client_id: &str) -> String {
    server.address_of(&format!("{}/{client_id}", metadata::REGISTER))
}

/// Answers a DELETE of a registration. What was issued to the client is refused from now on.
pub async fn unregister(
    server: &AuthorizationServer,
    client_id: &str,
    headers: &HeaderMap,
) -> Reply {
    let Ok(authorization) = only(headers, "authorization") else {
        server.counters.answered(NAME, "refused");
        let wrong = "Bearer error=\"invalid_request\"";
        return Reply::challenge(StatusCode::BAD_REQUEST, Some(wrong));
    };
    let (scheme, token) = authorization.and_then(|field| field.split_once(' ')).unwrap_or_default();
    let shown = scheme.eq_ignore_ascii_case("Bearer");
    let removed = match server.clients.registrations() {
        Some(all) if shown => all.unregister(client_id, token).await,
        _ => Ok(false),
    };
    match removed {
        Ok(true) => {
            server.counters.answered(NAME, "unregistered");
            server.narrator.say(NAME, || format!("{client_id:?} is registered no more"));
            Reply::new(StatusCode::NO_CONTENT)
        }
        Ok(false) => {
            server.counters.answered(NAME, "refused");
            // RFC 6750 §3.1: who shows no token is not told that one is wrong.
            let wrong = if shown { "Bearer error=\"invalid_token\"" } else { "Bearer" };
            Reply::challenge(StatusCode::UNAUTHORIZED, Some(wrong))
        }
        Err(_) => {
            server.counters.answered(NAME, "failed");
            let description = "it is not known whether the client is registered still: try again";
            token::problem(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", description)
        }
    }
}
