//! The introspection endpoint (RFC 7662): what a resource may know of a token that was sent to it.

use super::token::{fields, problem};
use super::{AuthorizationServer, Reply};
use crate::client::Standing;
use crate::drive::run_check;
use http::{HeaderMap, StatusCode};
use proofkey::grant::FoundToken;
use proofkey::grant::check::{Access, CheckToken};
use proofkey::grant::posted::check_form;
use proofkey::secret::Secret;
use serde_json::{Value, json};

const NAME: &str = "introspect";

/// Who may ask. It hears of tokens alone that are good at its resource.
#[derive(Debug)]
pub struct Introspection {
    /// What the resource shows, as `Authorization: Bearer` (RFC 7662 §2.1).
    pub secret: Secret,
    /// The resource's own URI.
    pub audience: String,
}

/// Answers a POST to the introspection endpoint. Of a token that is not good, or of no access token, or for another
/// resource, nothing is said but that (§2.2).
pub async fn reply(
    server: &AuthorizationServer,
    asking: &Introspection,
    headers: &HeaderMap,
    body: &[u8],
) -> Reply {
    server.counters.arrived(NAME, "requests");
    let (content_type, authorization) = match fields(headers) {
        Ok(fields) => fields,
        Err(reply) => return *reply,
    };
    if !authorization.is_some_and(|field| is_right(field, &asking.secret)) {
        server.counters.answered(NAME, "refused");
        server.narrator.say(NAME, || "refused with 401: it is not the resource that asks".into());
        return Reply::challenge(StatusCode::UNAUTHORIZED, Some("Bearer"));
    }
    let Some(token) = token(content_type, body) else {
        server.counters.answered(NAME, "malformed");
        let description = "the body is no form with one token";
        return problem(StatusCode::BAD_REQUEST, "invalid_request", description);
    };
    let flow = CheckToken::introspecting(token.expose(), &asking.audience);
    let checked = run_check(&*server.store, flow, &server.narrator).await;
    let client_id = match &checked {
        Ok(Access::Granted(token)) => &token.grant.client_id,
        _ => "",
    };
    let Ok(standing) = server.clients.standing(client_id).await else {
        return Reply::challenge(StatusCode::SERVICE_UNAVAILABLE, None);
    };
    match checked {
        Ok(Access::Granted(token)) if standing != Standing::Gone => {
            server.counters.answered(NAME, "active");
            server.narrator.say(NAME, || "the token is good".into());
            Reply::json(StatusCode::OK, &active(&token, &server.policy.issuer, &asking.audience))
        }
        Ok(Access::Refused { status: 503, .. }) | Err(_) => {
            Reply::challenge(StatusCode::SERVICE_UNAVAILABLE, None)
        }
        Ok(_) => {
            server.counters.answered(NAME, "inactive");
            server.narrator.say(NAME, || "the token is not good".into());
            Reply::json(StatusCode::OK, &json!({ "active": false }))
        }
    }
}

/// RFC 6750 §2.1. Compared in constant time.
fn is_right(authorization: &str, secret: &Secret) -> bool {
    let shown = authorization.split_once(' ');
    shown.is_some_and(|(scheme, shown)| {
        scheme.eq_ignore_ascii_case("Bearer") && secret.matches(shown)
    })
}

/// §2.1. The hint of its type helps nobody: a token of ours says itself where it is kept.
fn token(content_type: Option<&str>, body: &[u8]) -> Option<Secret> {
    let media_type = content_type?.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return None;
    }
    check_form(body).ok()?;
    let (_, token) = form_urlencoded::parse(body).find(|(name, _)| name == "token")?;
    (!token.is_empty()).then(|| Secret::new(token.into_owned()))
}

/// §2.2, with the key of RFC 9449 §6.2 and the sign-in of RFC 9470 §6.2.
fn active(token: &FoundToken, issuer: &str, audience: &str) -> Value {
    let (grant, terms) = (&token.grant, &token.grant.terms);
    let mut said = json!({
        "active": true,
        "iss": issuer,
        "sub": grant.subject,
        "aud": audience,
        "client_id": grant.client_id,
        "exp": token.expires_at,
        "token_type": if token.dpop_jkt.is_some() { "DPoP" } else { "Bearer" },
    });
    if !token.scope().is_empty() {
        said["scope"] = token.scope().into();
    }
    if let Some(jkt) = &token.dpop_jkt {
        said["cnf"] = json!({ "jkt": jkt });
    }
    if let Some(auth_time) = terms.auth_time {
        said["auth_time"] = auth_time.into();
    }
    if let Some(acr) = &terms.acr {
        said["acr"] = acr.as_str().into();
    }
    said
}
