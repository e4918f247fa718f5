//! What those who run a server ask it: whether it works, and what it has done.

use crate::endpoint::{AuthorizationServer, Body, Reply};
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use std::fmt::Write as _;
use std::time::Duration;

/// How long the store may take to say that it is there.
const STORE_DEADLINE: Duration = Duration::from_secs(2);

/// `/health/live` answers 200 as long as the process does; `/health/ready` 200 while the store answers within two
/// seconds, else 503; `/metrics` has the counters in Prometheus' text format. Nothing in them is secret, and they
/// are nobody's business: give them a port of their own.
pub fn operations(server: AuthorizationServer) -> Router {
    Router::new()
        .route("/health/live", get(async || Reply::text(StatusCode::OK, "alive")))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(server)
}

async fn ready(State(server): State<AuthorizationServer>) -> Reply {
    let asked = server.store.find("health", &[0; 32]);
    match tokio::time::timeout(STORE_DEADLINE, asked).await {
        Ok(Ok(_)) => Reply::text(StatusCode::OK, "ready"),
        Ok(Err(error)) => {
            tracing::error!(target: crate::narrate::TARGET, %error, "the grant store failed");
            Reply::text(StatusCode::SERVICE_UNAVAILABLE, "the grant store fails")
        }
        Err(_) => Reply::text(StatusCode::SERVICE_UNAVAILABLE, "the grant store does not answer"),
    }
}

async fn metrics(State(server): State<AuthorizationServer>) -> Reply {
    let mut text = String::new();
    for (name, help, kind) in [
        ("proofkey_requests_total", "Requests that arrived, by endpoint and kind.", "arrived"),
        ("proofkey_answers_total", "Answers, by endpoint and outcome.", "answered"),
    ] {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter");
        server.counters.each(|(endpoint, when, what), count| {
            if when == kind {
                let _ = writeln!(text, "{name}{{endpoint=\"{endpoint}\",kind=\"{what}\"}} {count}");
            }
        });
    }
    let mut reply = Reply::new(StatusCode::OK);
    reply.set(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    reply.body = Body::Text(text);
    reply
}
