//! Resources that ask for more (RFC 6750 §3.1, RFC 9470), and authorization details (RFC 9396).

use crate::common::*;
use proofkey::verifier::CodeVerifier;
use proofkey_server::clock::Clock;
use proofkey_server::dev::{DevServer, More};
use proofkey_server::store::MemoryStore;
use serde_json::json;
use std::sync::Arc;

async fn sign_in(server: &Running, scope: &str, more: &[(&'static str, &str)]) -> Answer {
    let verifier = CodeVerifier::generate().unwrap();
    let mut parameters = request(&verifier.challenge().to_text());
    parameters.retain(|(name, _)| *name != "scope");
    parameters.push(("scope", scope.into()));
    parameters.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let code = get(server, &authorize(&parameters)).await.sent("code").expect("no code");
    token(server, &redemption(&code, verifier.expose_verifier())).await
}

async fn fetch(server: &Running, path: &str, token: &str) -> Answer {
    send(server, "GET", path, &[("Authorization", &format!("Bearer {token}"))], "").await
}

fn challenge(answer: &Answer) -> &str {
    answer.header("www-authenticate").expect("no challenge")
}

/// RFC 6750 §3.1: 403 says which scope is missing; with it the request passes.
#[tokio::test]
async fn a_resource_wants_another_scope() {
    let server = approving().await;
    let read = sign_in(&server, "read", &[]).await.member("access_token");
    let answer = fetch(&server, "/api/admin", &read).await;
    assert_eq!(answer.status, 403);
    assert!(challenge(&answer).starts_with("Bearer error=\"insufficient_scope\", scope=\"admin\""));
    let admin = sign_in(&server, "read admin", &[]).await.member("access_token");
    assert_eq!(fetch(&server, "/api/admin", &admin).await.status, 200);
}

/// RFC 9470 §3: 401 says which sign-in is wanted; one of that class passes until it is old.
#[tokio::test]
async fn a_resource_wants_a_stronger_and_newer_sign_in() {
    let clock = Clock::manual(1_800_000_000);
    let store = Arc::new(MemoryStore::with_clock(100, clock.clone()));
    let more = More { fresh_max_age_s: 60, ..More::default() };
    let builder = DevServer::builder().auto_approve(true).store(store).clock(clock.clone());
    let server = run(builder.more(more)).await;
    let weak = sign_in(&server, "read", &[]).await.member("access_token");
    let answer = fetch(&server, "/api/fresh", &weak).await;
    assert_eq!(answer.status, 401);
    let told = challenge(&answer);
    assert!(told.starts_with("Bearer error=\"insufficient_user_authentication\""), "{told}");
    assert!(told.contains("acr_values=\"urn:proofkey:strong\", max_age=\"60\""), "{told}");
    assert_eq!(fetch(&server, "/api", &weak).await.status, 200);

    let asked = [("acr_values", "urn:proofkey:strong"), ("max_age", "60")];
    let tokens = sign_in(&server, "read", &asked).await;
    let strong = tokens.member("access_token");
    let answer = fetch(&server, "/api/fresh", &strong).await;
    assert_eq!((answer.status, answer.member("acr").as_str()), (200, "urn:proofkey:strong"));
    assert_eq!(answer.json()["auth_time"], 1_800_000_000_u64);
    clock.advance(61);
    assert_eq!(fetch(&server, "/api/fresh", &strong).await.status, 401, "it is old");
    // A refresh makes no new sign-in.
    let refresh_token = tokens.member("refresh_token");
    let pairs = [
        ("grant_type", "refresh_token"),
        ("client_id", "proofkey-dev"),
        ("refresh_token", &refresh_token),
    ];
    let refreshed = token(&server, &pairs).await.member("access_token");
    assert_eq!(fetch(&server, "/api/fresh", &refreshed).await.status, 401);
}

/// A resource that demands for ever: whatever comes, it wants more.
#[tokio::test]
async fn a_resource_is_never_content() {
    let server = approving().await;
    let asked = [("acr_values", "urn:proofkey:strong"), ("max_age", "0")];
    for _ in 0..2 {
        let token = sign_in(&server, "read admin", &asked).await.member("access_token");
        let answer = fetch(&server, "/api/greedy", &token).await;
        assert_eq!(answer.status, 401);
        assert!(challenge(&answer).contains("insufficient_user_authentication"));
    }
    let answer = fetch(&server, "/api/greedy", "x").await;
    assert!(challenge(&answer).contains("invalid_token"));
    let counted = get(&server, "/counters").await.json();
    assert_eq!(counted["api"]["answered"]["insisted"], 3);
}

/// RFC 9396 §5, §7: details are granted as they were asked for and told again; types that are not served are not.
#[tokio::test]
async fn authorization_details_are_told_again() {
    let details = json!([{ "type": "payment", "amount": "1.00" }]);
    let server = approving().await;
    let answer = sign_in(&server, "read", &[("authorization_details", &details.to_string())]).await;
    assert_eq!(answer.json()["authorization_details"], details);
    assert!(sign_in(&server, "read", &[]).await.json().get("authorization_details").is_none());

    let more = More { details_types: vec!["account".into()], ..More::default() };
    let server = run(DevServer::builder().auto_approve(true).more(more)).await;
    let metadata = get(&server, "/.well-known/oauth-authorization-server").await.json();
    assert_eq!(metadata["authorization_details_types_supported"], json!(["account"]));
    let mut parameters = request(&CodeVerifier::generate().unwrap().challenge().to_text());
    parameters.push(("authorization_details", details.to_string()));
    let answer = get(&server, &authorize(&parameters)).await;
    assert_eq!(answer.sent("error").as_deref(), Some("invalid_authorization_details"));
}
