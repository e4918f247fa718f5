//! The token endpoint (RFC 6749 §3.2).

use super::{AuthorizationServer, Body, Reply, only};
use crate::drive::run_redeem;
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use proofkey::grant::answer::TokenAnswer;
use proofkey::grant::redeem::{Redeem, named};
use serde_json::json;

const NAME: &str = "token";

/// Answers a POST to the token endpoint.
///
/// The redemption runs as a task of its own, to its end, also when the caller goes away: what a
/// replay has to revoke is revoked whether or not its sender waits for the answer (P24).
pub async fn reply(server: &AuthorizationServer, headers: &HeaderMap, body: &[u8]) -> Reply {
    let request = named(body);
    server.counters.arrived(
        NAME,
        match request.grant_type.as_deref() {
            Some("authorization_code") => "authorization_code",
            Some("refresh_token") => "refresh_token",
            _ => "other",
        },
    );
    let (content_type, authorization) = match fields(headers) {
        Ok(fields) => fields,
        Err(reply) => return *reply,
    };
    server.narrator.say(NAME, || "a token request arrived".into());
    if request.client_id.is_some_and(|client_id| server.clients.is_gone(&client_id)) {
        server.counters.answered(NAME, "client_gone");
        server.narrator.say(NAME, || "answered 400: the client is registered no more".into());
        let description = "the client is registered no more";
        return problem(StatusCode::BAD_REQUEST, "invalid_client", description);
    }
    let flow = Redeem::new(body, content_type, authorization, &server.policy);
    let (store, narrator) = (server.store.clone(), server.narrator.clone());
    let task = tokio::spawn(async move { run_redeem(&*store, flow, &narrator).await });
    match task.await {
        Ok(Ok(answer)) => answered(server, NAME, answer),
        Ok(Err(error)) => {
            server.narrator.say(NAME, || format!("nothing was issued: {error}"));
            failed()
        }
        // The task panicked or the runtime ends: it is not known what was written.
        Err(_) => failed(),
    }
}

/// `Content-Type` and `Authorization`, each once.
pub(super) fn fields(headers: &HeaderMap) -> Result<(Option<&str>, Option<&str>), Box<Reply>> {
    match (only(headers, "content-type"), only(headers, "authorization")) {
        (Ok(content_type), Ok(authorization)) => Ok((content_type, authorization)),
        (Err(_), _) | (_, Err(_)) => Err(Box::new(problem(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "a header field stands in the request twice or is not ASCII",
        ))),
    }
}

/// What a flow has answered, as a reply.
pub(super) fn answered(
    server: &AuthorizationServer,
    endpoint: &'static str,
    answer: TokenAnswer,
) -> Reply {
    let audit = answer.audit.name();
    server.counters.answered(endpoint, audit);
    server.narrator.say(endpoint, || format!("answered {}: {audit}", answer.status));
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
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

pub(super) fn failed() -> Reply {
    problem(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "it is not known what was done")
}

/// An error in the form of RFC 6749 §5.2, for what is refused before the flow.
#[must_use]
pub fn problem(status: StatusCode, error: &str, description: &str) -> Reply {
    Reply::json(status, &json!({ "error": error, "error_description": description }))
}
