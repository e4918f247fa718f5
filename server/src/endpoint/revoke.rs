//! The revocation endpoint (RFC 7009).

use super::token::{answered, failed, fields};
use super::{AuthorizationServer, Reply};
use crate::drive::run_revoke;
use http::HeaderMap;
use proofkey::grant::revoke::RevokeToken;

const NAME: &str = "revoke";

/// Answers a POST to the revocation endpoint. Like a redemption it runs to its end, also when the caller
/// goes away.
pub async fn reply(server: &AuthorizationServer, headers: &HeaderMap, body: &[u8]) -> Reply {
    server.counters.arrived(NAME, "requests");
    let (content_type, authorization) = match fields(headers) {
        Ok(fields) => fields,
        Err(reply) => return *reply,
    };
    let flow = RevokeToken::new(body, content_type, authorization);
    let (store, narrator) = (server.store.clone(), server.narrator.clone());
    let task = tokio::spawn(async move { run_revoke(&*store, flow, &narrator).await });
    match task.await {
        Ok(Ok(answer)) => answered(server, NAME, answer),
        Ok(Err(_)) | Err(_) => failed(),
    }
}
