//! The keys that ID tokens are checked with (RFC 7517 §5).

use super::{AuthorizationServer, Reply, token};
use http::StatusCode;
use http::header::CONTENT_TYPE;

const NAME: &str = "jwks";

/// Answers a GET of the keys.
pub async fn reply(server: &AuthorizationServer) -> Reply {
    server.counters.arrived(NAME, "requests");
    let Ok(now) = server.clock.now() else {
        return token::failed();
    };
    // Where no new key can be made, the old ones are still the right ones.
    let _ = server.openid.keep_up(now).await;
    let mut reply = Reply::json(StatusCode::OK, &server.openid.jwks(now));
    reply.set(CONTENT_TYPE, "application/jwk-set+json");
    reply
}

/// Makes a new key now, for tests. The old ones are published for a while.
pub async fn rotate(server: &AuthorizationServer) -> Reply {
    let Ok(now) = server.clock.now() else {
        return token::failed();
    };
    if server.openid.rotate(now).await.is_err() {
        return token::failed();
    }
    server.counters.answered(NAME, "rotated");
    server.narrator.say(NAME, || "ID tokens are signed with a new key".into());
    Reply::new(StatusCode::NO_CONTENT)
}
