//! Pushed authorization requests (RFC 9126).

use crate::common::*;
use crate::proof::Key;
use proofkey::verifier::CodeVerifier;
use proofkey_server::clock::Clock;
use proofkey_server::dev::{DevServer, More};
use serde_json::json;

async fn push(server: &Running, parameters: &[(&'static str, String)]) -> Answer {
    push_with(server, parameters, &[]).await
}

async fn push_with(
    server: &Running,
    parameters: &[(&'static str, String)],
    more: &[(&str, &str)],
) -> Answer {
    let pairs: Vec<(&str, &str)> = parameters.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let headers = [&[FORM], more].concat();
    send(server, "POST", "/par", &headers, &form(&pairs)).await
}

async fn pushed(server: &Running, parameters: &[(&'static str, String)]) -> String {
    let answer = push(server, parameters).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.member("request_uri")
}

async fn open(server: &Running, client_id: &str, request_uri: &str) -> Answer {
    let query = form(&[("client_id", client_id), ("request_uri", request_uri)]);
    get(server, &format!("/authorize?{query}")).await
}

/// RFC 9126 §2.2, §4: what was pushed is what is asked, through the consent page, and a reference serves once.
#[tokio::test]
async fn a_pushed_request_is_opened_once() {
    let server = asking().await;
    let verifier = CodeVerifier::generate().unwrap();
    let answer = push(&server, &request(&verifier.challenge().to_text())).await;
    assert_eq!((answer.status, answer.json()["expires_in"].as_u64()), (201, Some(60)));
    let uri = answer.member("request_uri");
    assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:"), "{uri}");
    let page = open(&server, "proofkey-dev", &uri).await;
    let back = decide(&server, &consent(&page), "allow", &[]).await;
    assert_eq!(back.sent("state").as_deref(), Some("state-0123456789"));
    let code = back.sent("code").expect("no code");
    let tokens = token(&server, &redemption(&code, verifier.expose_verifier())).await;
    assert_eq!((tokens.status, tokens.member("scope").as_str()), (200, "read"));
    let again = open(&server, "proofkey-dev", &uri).await;
    assert_eq!((again.status, again.header("location")), (400, None));
    let counted = get(&server, "/counters").await.json();
    assert_eq!(counted["par"]["answered"]["pushed"], 1);
    assert_eq!(counted["authorize"]["arrived"]["pushed"], 2);
}

/// RFC 9126 §7.1, §4: another client's reference, one that is old, one that nobody made.
#[tokio::test]
async fn references_that_are_not_good() {
    let clock = Clock::manual(1_800_000_000);
    let server = run(DevServer::builder().auto_approve(true).clock(clock.clone())).await;
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    let parameters = request(&challenge);
    let uri = pushed(&server, &parameters).await;
    for (client_id, uri) in [
        ("other", uri.as_str()),
        ("proofkey-dev", "urn:ietf:params:oauth:request_uri:AAAA"),
        ("proofkey-dev", "https://example.com/request"),
    ] {
        let answer = open(&server, client_id, uri).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{uri}");
    }
    clock.advance(59);
    assert_eq!(open(&server, "proofkey-dev", &uri).await.status, 303, "the others used nothing up");
    let uri = pushed(&server, &parameters).await;
    clock.advance(60);
    assert_eq!(open(&server, "proofkey-dev", &uri).await.status, 400, "expired");
}

/// RFC 9126 §2.3: a request that is wrong is refused when it is pushed, with the same errors, as JSON.
#[tokio::test]
async fn requests_that_are_wrong_are_not_taken() {
    let server = approving().await;
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    let with = |name: &'static str, value: &str| {
        let mut all = request(&challenge);
        all.retain(|(known, _)| *known != name);
        all.push((name, value.to_owned()));
        all
    };
    for (parameters, error) in [
        (with("client_id", ""), "invalid_request"),
        (with("client_id", "nobody"), "invalid_client"),
        (with("redirect_uri", "https://evil.example/cb"), "invalid_request"),
        (with("response_type", "token"), "unsupported_response_type"),
        (with("code_challenge_method", "plain"), "invalid_request"),
        (with("scope", "read delete"), "invalid_scope"),
        (with("request_uri", "urn:x"), "invalid_request"),
        (with("dpop_jkt", "x"), "invalid_request"),
        (with("authorization_details", "{}"), "invalid_authorization_details"),
    ] {
        let answer = push(&server, &parameters).await;
        let told = (answer.status, answer.member("error"));
        assert_eq!(told, (400, error.to_owned()), "{parameters:?}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    let basic = [("Authorization", "Basic cHJvb2ZrZXktZGV2Og==")];
    assert_eq!(push_with(&server, &request(&challenge), &basic).await.status, 401);
    assert_eq!(send(&server, "GET", "/par", &[], "").await.status, 405);
    let text = [("Content-Type", "text/plain")];
    assert_eq!(send(&server, "POST", "/par", &text, "client_id=proofkey-dev").await.status, 400);
}

/// RFC 9126 §5: where pushing is required, a request that was not pushed is refused, and not by redirect.
#[tokio::test]
async fn a_server_may_require_it() {
    let more = More { require_par: true, ..More::default() };
    let server = run(DevServer::builder().auto_approve(true).more(more)).await;
    let metadata = get(&server, "/.well-known/oauth-authorization-server").await.json();
    assert_eq!(metadata["require_pushed_authorization_requests"], true);
    let parameters = request(&CodeVerifier::generate().unwrap().challenge().to_text());
    let plain = get(&server, &authorize(&parameters)).await;
    assert_eq!((plain.status, plain.header("location")), (400, None));
    let uri = pushed(&server, &parameters).await;
    assert!(open(&server, "proofkey-dev", &uri).await.sent("code").is_some());
}

/// A server keeps no more requests than it has room for.
#[tokio::test]
async fn pushed_requests_are_bounded() {
    let clock = Clock::manual(1_800_000_000);
    let server = run(DevServer::builder().clock(clock.clone())).await;
    let parameters = request(&CodeVerifier::generate().unwrap().challenge().to_text());
    for _ in 0..1_000 {
        pushed(&server, &parameters).await;
    }
    let answer = push(&server, &parameters).await;
    let told = (answer.status, answer.member("error"));
    assert_eq!(told, (503, "temporarily_unavailable".to_owned()));
    clock.advance(60);
    pushed(&server, &parameters).await;
}

/// RFC 9449 §10.1: the key of a proof is pinned to the code, and may not be another one than `dpop_jkt`.
#[tokio::test]
async fn the_key_of_a_proof_is_pinned() {
    let server = approving().await;
    let (ours, other) = (Key::new(1), Key::new(2));
    let verifier = CodeVerifier::generate().unwrap();
    let mut parameters = request(&verifier.challenge().to_text());
    let url = format!("{}/par", server.issuer);
    let answer =
        push_with(&server, &parameters, &[("DPoP", &ours.proof("POST", &url, json!({})))]).await;
    let back = open(&server, "proofkey-dev", &answer.member("request_uri")).await;
    let code = back.sent("code").expect("no code");
    let right = redemption(&code, verifier.expose_verifier());
    assert_eq!(token(&server, &right).await.member("error"), "invalid_dpop_proof");
    let theirs = other.for_token(&server, json!({}));
    let answer = crate::proof::token_with(&server, &right, &theirs).await;
    assert_eq!(answer.member("error"), "invalid_grant");
    let answer =
        crate::proof::token_with(&server, &right, &ours.for_token(&server, json!({}))).await;
    assert_eq!((answer.status, answer.member("token_type").as_str()), (200, "DPoP"));

    parameters.push(("dpop_jkt", other.thumbprint()));
    let proof = ours.proof("POST", &url, json!({}));
    let answer = push_with(&server, &parameters, &[("DPoP", &proof)]).await;
    assert_eq!((answer.status, answer.member("error").as_str()), (400, "invalid_dpop_proof"));
}
