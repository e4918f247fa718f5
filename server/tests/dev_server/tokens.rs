//! The token endpoint and the resource.

use crate::common::*;
use proofkey::verifier::CodeVerifier;
use proofkey_server::clock::Clock;
use proofkey_server::dev::DevServer;
use proofkey_server::store::MemoryStore;
use std::sync::Arc;

async fn code(server: &Running, more: &[(&'static str, String)]) -> (CodeVerifier, String) {
    let verifier = CodeVerifier::generate().unwrap();
    let mut parameters = request(&verifier.challenge().to_text());
    parameters.extend_from_slice(more);
    let answer = get(server, &authorize(&parameters)).await;
    let code = answer.sent("code").expect("no code");
    (verifier, code)
}

async fn access_token(server: &Running, more: &[(&'static str, String)]) -> String {
    let (verifier, code) = code(server, more).await;
    let answer = token(server, &redemption(&code, verifier.expose_verifier())).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.member("access_token")
}

fn assert_refused(answer: &Answer, status: u16, error: &str, what: &str) {
    assert_eq!((answer.status, answer.member("error").as_str()), (status, error), "{what}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
    assert_eq!(answer.header("content-type"), Some("application/json"), "{what}");
    assert!(answer.json().get("access_token").is_none(), "{what}");
}

/// P13, P22 to P25: each wrong or missing parameter is refused with its code; the same code, asked for
/// rightly at last, is still good.
#[tokio::test]
async fn token_requests_that_are_wrong() {
    let server = approving().await;
    let (verifier, code) = code(&server, &[]).await;
    let verifier = verifier.expose_verifier();
    let right = redemption(&code, verifier);
    let with = |name: &str, value: &'static str| -> Vec<(&str, &str)> {
        right.iter().map(|(n, v)| if *n == name { (*n, value) } else { (*n, *v) }).collect()
    };
    let without = |name: &str| -> Vec<(&str, &str)> {
        right.iter().filter(|(n, _)| *n != name).copied().collect()
    };
    for (what, pairs, error) in [
        ("no grant type", without("grant_type"), "invalid_request"),
        ("grant type", with("grant_type", "password"), "unsupported_grant_type"),
        ("no client", without("client_id"), "invalid_request"),
        ("client", with("client_id", "other"), "invalid_grant"),
        ("no code", without("code"), "invalid_request"),
        ("code", with("code", "AAAA.BBBB"), "invalid_grant"),
        ("redirect URI", with("redirect_uri", "http://127.0.0.1:1/callback"), "invalid_grant"),
        ("no verifier", without("code_verifier"), "invalid_grant"),
        ("empty verifier", with("code_verifier", ""), "invalid_grant"),
        (
            "verifier",
            with("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "invalid_grant",
        ),
        ("short verifier", with("code_verifier", "abc"), "invalid_grant"),
    ] {
        assert_refused(&token(&server, &pairs).await, 400, error, what);
    }
    let mut twice = right.clone();
    twice.push(("code", &code));
    assert_refused(&token(&server, &twice).await, 400, "invalid_request", "code twice");
    assert_eq!(token(&server, &right).await.status, 200);
    // P24: the same again revokes, and says no more than that.
    assert_refused(&token(&server, &right).await, 400, "invalid_grant", "replay");
}

/// Bodies that are no form, and a client that brings a secret.
#[tokio::test]
async fn bodies_that_are_wrong() {
    let server = approving().await;
    let json = ("Content-Type", "application/json");
    let answer = send(&server, "POST", "/token", &[json], "{\"grant_type\":1}").await;
    assert_refused(&answer, 400, "invalid_request", "JSON");
    let answer = send(&server, "POST", "/token", &[], "grant_type=authorization_code").await;
    assert_refused(&answer, 400, "invalid_request", "no content type");
    let answer = send(&server, "POST", "/token", &[FORM, FORM], "").await;
    assert_refused(&answer, 400, "invalid_request", "content type twice");
    for body in ["", "&&&", "%", "%zz=1", "grant_type=%00", "grant_type=%ff"] {
        let answer = send(&server, "POST", "/token", &[FORM], body).await;
        assert_refused(&answer, 400, "invalid_request", body);
    }
    let basic = ("Authorization", "Basic cHJvb2ZrZXktZGV2Og==");
    let answer = send(&server, "POST", "/token", &[FORM, basic], "").await;
    assert_refused(&answer, 401, "invalid_client", "Basic");
}

/// RFC 6750: without a token, with another's, with one of the wrong kind.
#[tokio::test]
async fn the_resource_wants_a_token() {
    let server = approving().await;
    let answer = get(&server, "/api").await;
    let metadata = format!("{}/.well-known/oauth-protected-resource/api", server.issuer);
    let challenge = format!("Bearer resource_metadata=\"{metadata}\"");
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some(challenge.as_str())));
    let good = access_token(&server, &[]).await;
    for wrong in ["x", &good[1..], &good[..65], &format!("{good}A"), &good.replace('.', "")] {
        let answer = api(&server, wrong).await;
        assert_eq!(answer.status, 401, "{wrong}");
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
    }
    let (_, code) = code(&server, &[]).await;
    assert_eq!(api(&server, &code).await.status, 401, "a code is no token");
    let in_query = get(&server, &format!("/api?access_token={good}")).await;
    assert_eq!(in_query.status, 401, "a token in the query is not looked for");
    let twice = format!("Bearer {good}");
    let headers = [("Authorization", twice.as_str()), ("Authorization", twice.as_str())];
    assert_eq!(send(&server, "GET", "/api", &headers, "").await.status, 400);
    assert_eq!(api(&server, &good).await.status, 200);
}

/// P24: after a replay of its code the token is refused.
#[tokio::test]
async fn a_revoked_token_is_refused() {
    let server = approving().await;
    let (verifier, code) = code(&server, &[]).await;
    let right = redemption(&code, verifier.expose_verifier());
    let good = token(&server, &right).await.member("access_token");
    assert_eq!(api(&server, &good).await.status, 200);
    assert_eq!(token(&server, &right).await.status, 400);
    assert_eq!(api(&server, &good).await.status, 401);
}

/// Expiry is by the store's clock, for codes and for tokens.
#[tokio::test]
async fn an_expired_token_is_refused() {
    let clock = Clock::manual(1_800_000_000);
    let store = Arc::new(MemoryStore::with_clock(10, clock.clone()));
    let builder = DevServer::builder().auto_approve(true).store(store);
    let server = run(builder.code_lifetime_s(30).access_token_lifetime_s(90)).await;
    let good = access_token(&server, &[]).await;
    let (verifier, late) = code(&server, &[]).await;
    clock.advance(89);
    assert_eq!(api(&server, &good).await.status, 200);
    let answer = token(&server, &redemption(&late, verifier.expose_verifier())).await;
    assert_refused(&answer, 400, "invalid_grant", "an expired code");
    clock.advance(1);
    assert_eq!(api(&server, &good).await.status, 401);
}

/// P28: a token for another resource is refused at this one (RFC 8707).
#[tokio::test]
async fn a_token_for_another_resource_is_refused() {
    let server = approving().await;
    let ours = format!("{}/api", server.issuer);
    let good = access_token(&server, &[("resource", ours.clone())]).await;
    let answer = api(&server, &good).await;
    assert_eq!((answer.status, answer.member("resource")), (200, ours.clone()));
    for other in [format!("{ours}/"), "https://other.example/api".into()] {
        let token = access_token(&server, &[("resource", other.clone())]).await;
        assert_eq!(api(&server, &token).await.status, 401, "{other}");
    }
}

/// CVE-2020-15223, CVE-2026-67437: a store that is full gives an error to the client and no code.
#[tokio::test]
async fn a_full_store_issues_nothing() {
    let store = Arc::new(MemoryStore::new(0));
    let server = run(DevServer::builder().auto_approve(true).store(store)).await;
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    let answer = get(&server, &authorize(&request(&challenge))).await;
    assert_eq!((answer.status, answer.sent("code")), (303, None));
    assert_eq!(answer.sent("error").as_deref(), Some("temporarily_unavailable"));
}
