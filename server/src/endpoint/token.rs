//! The token endpoint (RFC 6749 §3.2).

use super::metadata::TOKEN;
use super::{AuthorizationServer, Body, Reply, is_coded, only};
use crate::client::Standing;
use crate::drive::{run_device, run_redeem_proven};
use crate::narrate::Narrator;
use crate::openid::Claims;
use crate::possession::{NotProven, Possession, Proof, Proven, Unproven};
use crate::store::GrantStore;
use http::header::{ACCEPT_ENCODING, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use proofkey::Error;
use proofkey::grant::answer::{Audit, TokenAnswer};
use proofkey::grant::device::{DeviceIssue, DevicePoll, GRANT_TYPE, Polled};
use proofkey::grant::redeem::{Redeem, named};
use proofkey::secret::Secret;
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
            Some(GRANT_TYPE) => "device_code",
            _ => "other",
        },
    );
    let (content_type, authorization) = match fields(headers) {
        Ok(fields) => fields,
        Err(reply) => return *reply,
    };
    server.narrator.say(NAME, || "a token request arrived".into());
    let client_id = request.client_id.unwrap_or_default();
    let standing = match client_id.as_str() {
        // The flow will say that it is missing.
        "" => Ok(Standing::Other),
        client_id => server.clients.standing(client_id).await,
    };
    let standing = match standing {
        Ok(Standing::Gone) => {
            server.counters.answered(NAME, "client_gone");
            server.narrator.say(NAME, || "answered 400: the client is not known here".into());
            let description = "the client is not known, or not any more";
            return problem(StatusCode::BAD_REQUEST, "invalid_client", description);
        }
        Ok(standing) => standing,
        Err(unknown) => {
            server.counters.answered(NAME, "client_unavailable");
            let (status, error) = unknown.answer();
            return problem(status, error, &unknown.to_string());
        }
    };
    let Ok(now) = server.clock.now() else {
        return failed();
    };
    let proof = Proof { method: "POST", url: &server.address_of(TOKEN), access_token: None };
    let proven = match server.possession.judge(headers, proof, now) {
        Ok(Proven { thumbprint: None, .. }) if server.possession.is_required() => {
            return not_proven(server, NAME, &server.possession.missing(now));
        }
        Ok(proven) => proven,
        Err(refused) => return not_proven(server, NAME, &refused),
    };
    let nonce = proven.nonce.clone();
    let flow = match request.grant_type.as_deref() {
        Some(GRANT_TYPE) => {
            let poll = match DevicePoll::read(body, content_type, authorization) {
                Ok(poll) => poll,
                Err(answer) => return answered(server, NAME, answer),
            };
            // Before the sign-in is taken out of the store, and not for each poll.
            if proven.thumbprint.is_some() {
                match server.devices.is_allowed(&poll).await {
                    Ok(false) => {}
                    Ok(true) => {
                        if let Err(why) = server.possession.remember(&proven, now).await {
                            return unproven(server, NAME, &why);
                        }
                    }
                    Err(error) => {
                        tracing::error!(target: crate::narrate::TARGET, %error, "the store of devices failed");
                        return unavailable();
                    }
                }
            }
            let polled = server.devices.poll(&poll, proven.thumbprint, now, &server.policy).await;
            match polled {
                // P29: it is not known what was done, and nothing is issued.
                Err(error) => {
                    tracing::error!(target: crate::narrate::TARGET, %error, "the store of devices failed");
                    return failed();
                }
                Ok(Polled::Wait(answer) | Polled::Over(answer)) => {
                    let mut reply = answered(server, NAME, answer);
                    reply.give_nonce(nonce.as_deref());
                    return reply;
                }
                Ok(Polled::Issue(flow)) => Flow::Device(flow),
            }
        }
        _ => {
            let flow = Redeem::new(body, content_type, authorization, &server.policy);
            Flow::Redeem(Box::new(flow.judged_by(proven, server.possession.replayed(now))))
        }
    };
    let (store, narrator) = (server.store.clone(), server.narrator.clone());
    let seen = server.possession.clone();
    let task = tokio::spawn(async move { flow.run(&*store, &seen, &narrator).await });
    let mut reply = match task.await {
        Ok(Ok(Some(answer))) => {
            if matches!(answer.audit, Audit::Issued | Audit::Refreshed) {
                // The tokens are written, and their client must hear of them. Where this fails, the next refresh
                // tries again, or the client ends before its tokens.
                let kept = server.clients.keep(&client_id, standing, &server.policy).await;
                if kept != Ok(true) {
                    server.narrator.say(NAME, || "the client could not be kept for longer".into());
                }
            }
            let answer = identified(server, answer, now).await;
            answered(server, NAME, answer)
        }
        Ok(Ok(None)) => unproven(server, NAME, &Unproven::NotRemembered),
        Ok(Err(error)) => {
            server.narrator.say(NAME, || format!("nothing was issued: {error}"));
            failed()
        }
        // The task panicked or the runtime ends: it is not known what was written.
        Err(_) => failed(),
    };
    reply.give_nonce(nonce.as_deref());
    reply
}

/// What makes the tokens.
enum Flow {
    Redeem(Box<Redeem>),
    Device(Box<DeviceIssue>),
}

impl Flow {
    /// `None` where a proof could not be remembered.
    async fn run(
        self,
        store: &dyn GrantStore,
        seen: &Possession,
        narrator: &Narrator,
    ) -> Result<Option<TokenAnswer>, Error> {
        match self {
            Self::Redeem(flow) => run_redeem_proven(store, seen, *flow, narrator).await,
            Self::Device(flow) => run_device(store, *flow, narrator).await.map(Some),
        }
    }
}

/// Puts an ID token beside the others, where `openid` was granted (OpenID Connect Core §3.1.3.3, §12.2).
async fn identified(
    server: &AuthorizationServer,
    mut answer: TokenAnswer,
    now: u64,
) -> TokenAnswer {
    let first = answer.audit == Audit::Issued;
    let Some(issued) = answer.issued.take() else {
        return answer;
    };
    if !issued.grant.scope.split(' ').any(|scope| scope == "openid") {
        return answer;
    }
    if server.openid.keep_up(now).await.is_err() {
        server.narrator.say(NAME, || "no new key could be made: the old one signs on".into());
    }
    let claims = Claims { issuer: &server.policy.issuer, issued: &issued, first };
    match server.openid.id_token(claims, now) {
        Some(token) => {
            // A JWS holds nothing that JSON wants escaped.
            let text = Secret::new(format!("\"{}\"", token.expose()));
            answer.add("id_token", text.expose());
            server.narrator.say(NAME, || "an ID token goes with the answer".into());
        }
        None => server.narrator.say(NAME, || "no ID token could be signed".into()),
    }
    answer
}

/// The answer to a request that has proven nothing.
pub(super) fn unproven(
    server: &AuthorizationServer,
    endpoint: &'static str,
    why: &Unproven,
) -> Reply {
    match why {
        Unproven::Wrong(wrong) => not_proven(server, endpoint, wrong),
        Unproven::NotRemembered => {
            server.counters.answered(endpoint, "proof_not_remembered");
            let description = "the server cannot remember proofs of keys now: try again";
            problem(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", description)
        }
    }
}

/// The refusal of a request whose proof is wrong or missing (RFC 9449 §5, §8).
pub(super) fn not_proven(
    server: &AuthorizationServer,
    endpoint: &'static str,
    refused: &NotProven,
) -> Reply {
    server.counters.answered(endpoint, refused.error());
    server.narrator.say(endpoint, || format!("answered 400: {}", refused.description()));
    let mut reply = problem(StatusCode::BAD_REQUEST, refused.error(), refused.description());
    reply.give_nonce(refused.nonce.as_deref());
    reply
}

/// `Content-Type` and `Authorization`, each once.
pub(super) fn fields(headers: &HeaderMap) -> Result<(Option<&str>, Option<&str>), Box<Reply>> {
    if is_coded(headers) {
        return Err(Box::new(coded("invalid_request")));
    }
    match (only(headers, "content-type"), only(headers, "authorization")) {
        (Ok(content_type), Ok(authorization)) => Ok((content_type, authorization)),
        (Err(_), _) | (_, Err(_)) => Err(Box::new(problem(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "a header field stands in the request twice or is not ASCII",
        ))),
    }
}

/// The refusal of a body that is coded (RFC 9110 §15.5.16).
pub(super) fn coded(error: &str) -> Reply {
    let description = "the body is coded; send it as it is, without Content-Encoding";
    let mut reply = problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, error, description);
    reply.set(ACCEPT_ENCODING, "identity");
    reply
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

/// What was asked may be asked again: if it was kept, nobody knows of it.
pub(super) fn unavailable() -> Reply {
    let description = "the server cannot keep it now: try again";
    problem(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", description)
}

/// An error in the form of RFC 6749 §5.2, for what is refused before the flow.
#[must_use]
pub fn problem(status: StatusCode, error: &str, description: &str) -> Reply {
    Reply::json(status, &json!({ "error": error, "error_description": description }))
}
