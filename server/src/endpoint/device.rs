//! The device authorization endpoint (RFC 8628 §3.1), and the user's decision.

use super::metadata::DEVICE;
use super::token::{answered, failed, fields, problem, unavailable};
use super::{AuthorizationServer, Body, Reply};
use crate::devices::{Begun, NotBegun};
use crate::store::StoreError;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use proofkey::grant::device::{Decision, DeviceRequest};
use proofkey::grant::posted::posted;
use proofkey::grant::redeem::Named;
use proofkey::secret::Secret;
use serde_json::json;

const NAME: &str = "device_authorization";

/// Answers a POST of a device.
pub async fn reply(server: &AuthorizationServer, headers: &HeaderMap, body: &[u8]) -> Reply {
    server.counters.arrived(NAME, "requests");
    let (content_type, authorization) = match fields(headers) {
        Ok(fields) => fields,
        Err(reply) => return *reply,
    };
    let Ok(now) = server.clock.now() else {
        return failed();
    };
    let client_id = match posted(body, content_type, authorization) {
        Ok(Named { client_id: Some(client_id), .. }) => client_id,
        Ok(_) => {
            server.counters.answered(NAME, "refused");
            return problem(StatusCode::BAD_REQUEST, "invalid_request", "client_id is missing");
        }
        Err(answer) => return answered(server, NAME, answer),
    };
    let client = match server.clients.find(&client_id).await {
        Ok(client) => client,
        Err(unknown) => {
            server.counters.answered(NAME, "refused");
            let (status, error) = unknown.answer();
            return problem(status, error, &unknown.to_string());
        }
    };
    if !server.devices.serves(&client_id) {
        server.counters.answered(NAME, "refused");
        let description = "this client signs in on no devices";
        return problem(StatusCode::BAD_REQUEST, "unauthorized_client", description);
    }
    let policy = &server.policy;
    let judged = DeviceRequest::judge(body, content_type, authorization, &client, policy);
    let request = match judged {
        Ok(request) => request,
        Err(answer) => return answered(server, NAME, answer),
    };
    match server.devices.begin(request, now).await {
        Ok(begun) => {
            server.counters.answered(NAME, "begun");
            server
                .narrator
                .say(NAME, || format!("client {client_id:?} has a device that waits for its user"));
            shown(server, &begun)
        }
        Err(NotBegun::Full) => {
            server.counters.answered(NAME, "full");
            let description = "this server keeps no more sign-ins of devices";
            problem(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", description)
        }
        Err(NotBegun::Failed) => unavailable(),
    }
}

/// RFC 8628 §3.2.
fn shown(server: &AuthorizationServer, begun: &Begun) -> Reply {
    let page = server.address_of(DEVICE);
    let public = json!({
        "user_code": begun.user_code,
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?user_code={}", begun.user_code),
        "expires_in": server.devices.lifetime_s(),
        "interval": server.devices.interval_s(),
    })
    .to_string();
    let code = begun.device_code.expose();
    // In one buffer of the right size, so that no copy of the code is left behind. It is base64url.
    let mut body = String::with_capacity(public.len() + code.len() + 32);
    body.push_str(public.strip_suffix('}').unwrap_or(&public));
    body.push_str(",\"device_code\":\"");
    body.push_str(code);
    body.push_str("\"}");
    let mut reply = Reply::new(StatusCode::OK);
    reply.set(CONTENT_TYPE, "application/json");
    reply.body = Body::Secret(Secret::new(body));
    reply
}

/// The user has decided: the subject that allows it, and when that user signed in, or none. Says whether a device
/// waited for it.
///
/// # Errors
/// [`StoreError`] if the store failed; then the user has to try again.
pub async fn decide(
    server: &AuthorizationServer,
    user_code: &str,
    allowed: Option<(&str, u64)>,
) -> Result<bool, StoreError> {
    let now = server.clock.now()?;
    let decision = match allowed {
        Some((subject, auth_time)) => Decision::Allowed { subject: subject.to_owned(), auth_time },
        None => Decision::Denied,
    };
    let decided = server.devices.decide(user_code, decision, now).await?;
    let how = match (decided, allowed) {
        (true, Some(_)) => "allowed",
        (true, None) => "denied",
        (false, _) => "unknown",
    };
    server.counters.answered("device", how);
    server.narrator.say("device", || format!("the user's decision: {how}"));
    Ok(decided)
}
