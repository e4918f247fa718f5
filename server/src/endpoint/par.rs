//! The endpoint for pushed authorization requests (RFC 9126).

use super::metadata::PAR;
use super::token::{answered, failed, fields, not_proven, problem, unavailable, unproven};
use super::{AuthorizationServer, Reply};
use crate::client::Unknown;
use crate::possession::Proof;
use crate::pushed::NotPushed;
use http::{HeaderMap, StatusCode};
use proofkey::grant::posted::posted;
use proofkey::grant::redeem::Named;
use proofkey::grant::request::GrantRequest;
use serde_json::json;

const NAME: &str = "par";

/// Answers a POST: 201 with the reference that the browser brings.
///
/// The request is judged now, and once more when the browser has come. A proof of possession pins its key to the
/// code (RFC 9449 §10.1).
pub async fn reply(server: &AuthorizationServer, headers: &HeaderMap, body: &[u8]) -> Reply {
    server.counters.arrived(NAME, "requests");
    let (content_type, authorization) = match fields(headers) {
        Ok(fields) => fields,
        Err(reply) => return *reply,
    };
    let Ok(now) = server.clock.now() else {
        return failed();
    };
    let refused = |error: &str, description: &str| {
        server.counters.answered(NAME, "refused");
        server.narrator.say(NAME, || format!("refused with {error}: {description}"));
        problem(StatusCode::BAD_REQUEST, error, description)
    };
    let proof = Proof { method: "POST", url: &server.address_of(PAR), access_token: None };
    let proven = match server.possession.judge(headers, proof, now) {
        Ok(proven) => proven,
        Err(refused) => return not_proven(server, NAME, &refused),
    };
    let client_id = match posted(body, content_type, authorization) {
        Ok(Named { client_id: Some(client_id), .. }) => client_id,
        Ok(_) => return refused("invalid_request", "client_id is missing"),
        Err(answer) => return answered(server, NAME, answer),
    };
    let client = match server.clients.find(&client_id).await {
        Ok(client) => client,
        Err(Unknown::Unavailable) => {
            server.counters.answered(NAME, "client_unavailable");
            let (status, error) = Unknown::Unavailable.answer();
            return problem(status, error, &Unknown::Unavailable.to_string());
        }
        Err(unknown) => return refused("invalid_client", &unknown.to_string()),
    };
    let policy = &server.policy;
    let judged = GrantRequest::judge_pushed(body, content_type, authorization, &client, policy);
    let request = match judged {
        Ok(request) => request,
        Err(answer) => return answered(server, NAME, answer),
    };
    // It was judged, so it is text.
    let mut query = String::from_utf8_lossy(body).into_owned();
    match (request.dpop_jkt(), proven.thumbprint.as_deref()) {
        (Some(named), Some(proven)) if named != proven => {
            return refused("invalid_dpop_proof", "dpop_jkt names another key than the proof's");
        }
        (None, Some(proven)) => {
            query.push_str("&dpop_jkt=");
            query.push_str(proven);
        }
        _ => {}
    }
    match server.pushed.push(&client_id, &query).await {
        Ok(request_uri) => {
            // So there are no more proofs than requests. Of one that was used before nobody learns the reference.
            if let Err(why) = server.possession.remember(&proven, now).await {
                return unproven(server, NAME, &why);
            }
            server.counters.answered(NAME, "pushed");
            server.narrator.say(NAME, || format!("client {client_id:?} has pushed its request"));
            let expires_in = server.pushed.lifetime_s();
            let body = json!({ "request_uri": request_uri, "expires_in": expires_in });
            let mut reply = Reply::json(StatusCode::CREATED, &body);
            reply.give_nonce(proven.nonce.as_deref());
            reply
        }
        Err(NotPushed::Full) => {
            server.counters.answered(NAME, "full");
            let description = "this server keeps no more requests";
            problem(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", description)
        }
        Err(NotPushed::Failed) => unavailable(),
    }
}
