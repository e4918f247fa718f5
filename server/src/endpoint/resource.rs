//! A resource that checks its token and says what it knows of it (RFC 6750).

use super::{AuthorizationServer, Reply, only};
use crate::drive::run_check;
use http::{HeaderMap, Method, StatusCode};
use proofkey::grant::check::{Access, CheckToken};
use serde_json::json;

/// Judges the token of a request to `audience`, the resource's own URI.
///
/// A token in the query or in a body is not looked for (RFC 6750 §2.3, RFC 9700 §4.3.2).
///
/// # Errors
/// The reply to send: 400, 401 or 403 with `WWW-Authenticate`, 503 where the store failed.
pub async fn check(
    server: &AuthorizationServer,
    headers: &HeaderMap,
    audience: &str,
    required_scopes: &[String],
) -> Result<proofkey::grant::FoundToken, Box<Reply>> {
    let Ok(authorization) = only(headers, "authorization") else {
        let why = Some("Bearer error=\"invalid_request\"");
        return Err(Box::new(Reply::challenge(StatusCode::BAD_REQUEST, why)));
    };
    let flow = CheckToken::new(authorization, audience, required_scopes);
    match run_check(&*server.store, flow, &server.narrator).await {
        Ok(Access::Granted(token)) => Ok(*token),
        Ok(Access::Refused { status, www_authenticate }) => {
            server.narrator.say("api", || format!("refused with {status}"));
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            Err(Box::new(Reply::challenge(status, www_authenticate.as_deref())))
        }
        Err(_) => Err(Box::new(Reply::challenge(StatusCode::SERVICE_UNAVAILABLE, None))),
    }
}

/// The development server's resource: says as whom the request passed.
pub async fn echo(
    server: &AuthorizationServer,
    method: &Method,
    headers: &HeaderMap,
    audience: &str,
) -> Reply {
    let token = match check(server, headers, audience, &[]).await {
        Ok(token) => token,
        Err(reply) => return *reply,
    };
    let grant = &token.grant;
    server.narrator.say("api", || {
        format!("the token is good: {:?} through client {:?}", grant.subject, grant.client_id)
    });
    Reply::json(
        StatusCode::OK,
        &json!({
            "method": method.as_str(),
            "subject": grant.subject,
            "client_id": grant.client_id,
            "scope": grant.scope,
            "resource": grant.resource,
            "expires_at": token.expires_at,
        }),
    )
}
