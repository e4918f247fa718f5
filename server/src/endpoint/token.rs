//! The token endpoint (RFC 6749 §3.2).

use super::{AuthorizationServer, Body, Reply, only};
use crate::drive::run_redeem;
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use proofkey::grant::redeem::Redeem;
use serde_json::json;

/// Answers a POST to the token endpoint.
///
/// The redemption runs as a task of its own, to its end, also when the caller goes away: what a
/// replay has to revoke is revoked whether or not its sender waits for the answer (P24).
pub async fn reply(server: &AuthorizationServer, headers: &HeaderMap, body: &[u8]) -> Reply {
    let (content_type, authorization) =
        match (only(headers, "content-type"), only(headers, "authorization")) {
            (Ok(content_type), Ok(authorization)) => (content_type, authorization),
            (Err(_), _) | (_, Err(_)) => {
                return problem(
                    StatusCode::BAD_REQUEST,
                    "invalid_request",
                    "a header field stands in the request twice or is not ASCII",
                );
            }
        };
    server.narrator.say("token", || "a token request arrived".into());
    let flow = Redeem::new(body, content_type, authorization, &server.policy);
    let (store, narrator) = (server.store.clone(), server.narrator.clone());
    let task = tokio::spawn(async move { run_redeem(&*store, flow, &narrator).await });
    match task.await {
        Ok(Ok(answer)) => {
            server
                .narrator
                .say("token", || format!("answered {}: {}", answer.status, answer.audit.name()));
            let status =
                StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut reply = Reply::new(status);
            for header in &answer.headers {
                let name = HeaderName::from_bytes(header.name.as_bytes());
                if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&header.value)) {
                    reply.headers.insert(name, value);
                }
            }
            reply.body = Body::Secret(answer.body);
            reply
        }
        Ok(Err(error)) => {
            server.narrator.say("token", || format!("nothing was issued: {error}"));
            failed()
        }
        // The task panicked or the runtime ends: it is not known what was written.
        Err(_) => failed(),
    }
}

fn failed() -> Reply {
    problem(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "nothing was issued")
}

/// An error in the form of RFC 6749 §5.2, for what is refused before the flow.
#[must_use]
pub fn problem(status: StatusCode, error: &str, description: &str) -> Reply {
    Reply::json(status, &json!({ "error": error, "error_description": description }))
}
