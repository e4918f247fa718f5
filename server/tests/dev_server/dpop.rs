//! Proofs of possession (RFC 9449) at the token endpoint and at the resource.

use crate::common::*;
use crate::proof::{Key, api_with, token_with};
use proofkey::verifier::CodeVerifier;
use proofkey_server::clock::Clock;
use proofkey_server::dev::{DevServer, More};
use proofkey_server::pending::MemoryPending;
use serde_json::json;
use std::sync::Arc;

async fn code(server: &Running, more: &[(&'static str, String)]) -> (CodeVerifier, String) {
    let verifier = CodeVerifier::generate().unwrap();
    let mut parameters = request(&verifier.challenge().to_text());
    parameters.extend_from_slice(more);
    let answer = get(server, &authorize(&parameters)).await;
    (verifier, answer.sent("code").expect("no code"))
}

struct Tokens {
    access: String,
    refresh: String,
}

async fn signed_in(server: &Running, key: &Key) -> Tokens {
    let (verifier, code) = code(server, &[]).await;
    let pairs = redemption(&code, verifier.expose_verifier());
    let answer = token_with(server, &pairs, &key.for_token(server, json!({}))).await;
    assert_eq!(
        (answer.status, answer.member("token_type").as_str()),
        (200, "DPoP"),
        "{}",
        answer.body
    );
    Tokens { access: answer.member("access_token"), refresh: answer.member("refresh_token") }
}

fn refreshing(token: &str) -> Vec<(&str, &str)> {
    vec![("grant_type", "refresh_token"), ("client_id", "proofkey-dev"), ("refresh_token", token)]
}

fn challenge(answer: &Answer) -> &str {
    assert_eq!(answer.status, 401);
    answer.header("www-authenticate").expect("no challenge")
}

/// RFC 9449 §7: the token passes with its key, and with nothing else: no proof, another key, as a bearer token.
#[tokio::test]
async fn a_stolen_token_is_useless() {
    let server = approving().await;
    let (ours, thief) = (Key::new(1), Key::new(2));
    let tokens = signed_in(&server, &ours).await;
    let token = tokens.access.as_str();
    let answer = api_with(&server, token, &ours.for_api(&server, token, json!({}))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["cnf"]["jkt"], ours.thumbprint());

    let answer = api_with(&server, token, &thief.for_api(&server, token, json!({}))).await;
    assert!(challenge(&answer).starts_with("DPoP error=\"invalid_token\""), "{answer:?}");
    let answer = api(&server, token).await;
    assert!(challenge(&answer).contains("invalid_token"), "as a bearer token");
    assert!(challenge(&answer).contains("algs=\"ES256\""));
    let authorization = format!("DPoP {token}");
    let answer = send(&server, "GET", "/api", &[("Authorization", &authorization)], "").await;
    assert!(challenge(&answer).contains("invalid_dpop_proof"), "without a proof");

    // A bearer token cannot be proven.
    let (verifier, code) = code(&server, &[]).await;
    let bearer =
        crate::common::token(&server, &redemption(&code, verifier.expose_verifier())).await;
    assert_eq!(bearer.member("token_type"), "Bearer");
    let bearer = bearer.member("access_token");
    let answer = api_with(&server, &bearer, &ours.for_api(&server, &bearer, json!({}))).await;
    assert!(challenge(&answer).contains("invalid_token"));
}

/// RFC 9449 §4.3, §11.1: each proof that is wrong in one point, and one that comes twice.
#[tokio::test]
async fn proofs_that_are_wrong() {
    let server = approving().await;
    let key = Key::new(1);
    let tokens = signed_in(&server, &key).await;
    let token = tokens.access.as_str();
    let good = key.for_api(&server, token, json!({}));
    assert_eq!(api_with(&server, token, &good).await.status, 200);
    for (what, proof) in [
        ("replayed", good),
        ("another method", key.for_api(&server, token, json!({ "htm": "POST" }))),
        ("another URL", key.for_api(&server, token, json!({ "htu": "https://a.example/api" }))),
        ("another token", key.for_api(&server, "x", json!({}))),
        ("old", key.for_api(&server, token, json!({ "iat": 1_000_000_000 }))),
        ("of the future", key.for_api(&server, token, json!({ "iat": 9_000_000_000_u64 }))),
        ("no identifier", key.for_api(&server, token, json!({ "jti": null }))),
        ("no proof at all", "x".into()),
    ] {
        let answer = api_with(&server, token, &proof).await;
        assert!(challenge(&answer).contains("error=\"invalid_dpop_proof\""), "{what}");
    }
    let proofs = [0, 1].map(|_| key.for_api(&server, token, json!({})));
    let authorization = format!("DPoP {token}");
    let [a, b] = &proofs;
    let headers = [("Authorization", authorization.as_str()), ("DPoP", a), ("DPoP", b)];
    let answer = send(&server, "GET", "/api", &headers, "").await;
    assert!(challenge(&answer).contains("invalid_dpop_proof"), "two proofs");

    // At the token endpoint: 400, and nothing is used up.
    let (verifier, code) = code(&server, &[]).await;
    let pairs = redemption(&code, verifier.expose_verifier());
    let proof = key.for_token(&server, json!({ "htm": "GET" }));
    let answer = token_with(&server, &pairs, &proof).await;
    assert_eq!((answer.status, answer.member("error").as_str()), (400, "invalid_dpop_proof"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let proof = key.for_token(&server, json!({}));
    assert_eq!(token_with(&server, &pairs, &proof).await.status, 200);
    let (verifier, code) = self::code(&server, &[]).await;
    let again = redemption(&code, verifier.expose_verifier());
    let answer = token_with(&server, &again, &proof).await;
    assert_eq!(answer.member("error_description"), "the proof was used before");
    let counted = get(&server, "/counters").await.json();
    assert_eq!(counted["token"]["answered"]["invalid_dpop_proof"], 1);
    assert_eq!(counted["token"]["answered"]["proof_replayed"], 1);
}

/// RFC 9449 §11.1: a stranger, who has neither code nor token, makes as many proofs as he likes. None of them takes the
/// place of a client's.
#[tokio::test]
async fn proofs_of_strangers_take_no_room() {
    // A code, or a token, of the right form that nobody has.
    const NOBODYS: &str = "AAECAwQFBgcICQoLDA0ODw.ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8";
    const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
    let pending = Arc::new(MemoryPending::with_capacity(Clock::system(), 2));
    let server = run(DevServer::builder().auto_approve(true).pending(pending)).await;
    let (ours, stranger) = (Key::new(1), Key::new(2));
    let verifier = CodeVerifier::generate().unwrap();
    let device = [("grant_type", DEVICE), ("client_id", "proofkey-dev"), ("device_code", NOBODYS)];
    for _ in 0..4 {
        for pairs in
            [redemption(NOBODYS, verifier.expose_verifier()), refreshing(NOBODYS), device.to_vec()]
        {
            let proof = stranger.for_token(&server, json!({}));
            let answer = token_with(&server, &pairs, &proof).await;
            assert_eq!(answer.member("error"), "invalid_grant", "{}", answer.body);
        }
        let proof = stranger.for_api(&server, NOBODYS, json!({}));
        assert!(challenge(&api_with(&server, NOBODYS, &proof).await).contains("invalid_token"));
        let proof = stranger.proof("POST", &format!("{}/par", server.issuer), json!({}));
        let headers = [FORM, ("DPoP", proof.as_str())];
        let answer = send(&server, "POST", "/par", &headers, "client_id=proofkey-dev").await;
        assert_eq!(answer.status, 400, "{}", answer.body);
    }
    let token = signed_in(&server, &ours).await.access;
    // Nor does one with another key, who has stolen the token.
    for _ in 0..4 {
        let proof = stranger.for_api(&server, &token, json!({}));
        assert_eq!(api_with(&server, &token, &proof).await.status, 401);
    }
    let proof = ours.for_api(&server, &token, json!({}));
    assert_eq!(api_with(&server, &token, &proof).await.status, 200);
}

/// RFC 9449 §5: a public client's refresh token is bound to its key. Another key ends nothing.
#[tokio::test]
async fn a_refresh_token_is_bound_to_its_key() {
    let server = approving().await;
    let (ours, thief) = (Key::new(1), Key::new(2));
    let first = signed_in(&server, &ours).await;
    let pairs = refreshing(&first.refresh);
    let answer = token(&server, &pairs).await;
    assert_eq!((answer.status, answer.member("error").as_str()), (400, "invalid_dpop_proof"));
    let answer = token_with(&server, &pairs, &thief.for_token(&server, json!({}))).await;
    assert_eq!((answer.status, answer.member("error").as_str()), (400, "invalid_grant"));
    let answer = token_with(&server, &pairs, &ours.for_token(&server, json!({}))).await;
    assert_eq!((answer.status, answer.member("token_type").as_str()), (200, "DPoP"));
    // The old one comes back from a thief without the key: the family lives on.
    token_with(&server, &pairs, &thief.for_token(&server, json!({}))).await;
    let access = answer.member("access_token");
    let proof = ours.for_api(&server, &access, json!({}));
    assert_eq!(api_with(&server, &access, &proof).await.status, 200);
    let pairs = refreshing(&first.refresh);
    token_with(&server, &pairs, &ours.for_token(&server, json!({}))).await;
    let proof = ours.for_api(&server, &access, json!({}));
    assert_eq!(api_with(&server, &access, &proof).await.status, 401, "used twice with the key");
}

/// RFC 9449 §10: `dpop_jkt` pins the code to a key.
#[tokio::test]
async fn a_code_is_pinned_to_a_key() {
    let server = approving().await;
    let (ours, thief) = (Key::new(1), Key::new(2));
    let (verifier, code) = code(&server, &[("dpop_jkt", ours.thumbprint())]).await;
    let pairs = redemption(&code, verifier.expose_verifier());
    assert_eq!(token(&server, &pairs).await.member("error"), "invalid_dpop_proof");
    let answer = token_with(&server, &pairs, &thief.for_token(&server, json!({}))).await;
    assert_eq!(answer.member("error"), "invalid_grant");
    let answer = token_with(&server, &pairs, &ours.for_token(&server, json!({}))).await;
    assert_eq!(answer.status, 200);
    let counted = get(&server, "/counters").await.json();
    let expected = json!({ "issued": 1, "proof_missing": 1, "wrong_key": 1 });
    assert_eq!(counted["token"]["answered"], expected);
}

/// RFC 9449 §8, §9: nonces are demanded at both places, change, and expire.
#[tokio::test]
async fn nonces_are_demanded_and_change() {
    let clock = Clock::manual(1_800_000_000);
    let more = More { dpop_nonce: true, ..More::default() };
    let builder = DevServer::builder().auto_approve(true).clock(clock.clone()).more(more);
    let server = run(builder).await;
    let key = Key::new(1);
    let at = |nonce: &str| {
        let now = clock.now().unwrap();
        if nonce.is_empty() { json!({ "iat": now }) } else { json!({ "iat": now, "nonce": nonce }) }
    };
    let (verifier, code) = code(&server, &[]).await;
    let pairs = redemption(&code, verifier.expose_verifier());
    let answer = token_with(&server, &pairs, &key.for_token(&server, at(""))).await;
    assert_eq!((answer.status, answer.member("error").as_str()), (400, "use_dpop_nonce"));
    let first = answer.header("dpop-nonce").expect("no nonce").to_owned();
    let answer = token_with(&server, &pairs, &key.for_token(&server, at("wrong"))).await;
    assert_eq!(answer.header("dpop-nonce"), Some(first.as_str()));
    let answer = token_with(&server, &pairs, &key.for_token(&server, at(&first))).await;
    assert_eq!((answer.status, answer.header("dpop-nonce")), (200, None));
    let access = answer.member("access_token");

    let answer = api_with(&server, &access, &key.for_api(&server, &access, at(""))).await;
    assert!(challenge(&answer).starts_with("DPoP error=\"use_dpop_nonce\""));
    assert_eq!(answer.header("dpop-nonce"), Some(first.as_str()));
    clock.advance(60);
    let answer = api_with(&server, &access, &key.for_api(&server, &access, at(&first))).await;
    let second = answer.header("dpop-nonce").expect("no newer nonce").to_owned();
    assert!(answer.status == 200 && second != first, "the previous one is still good");
    clock.advance(60);
    let answer = api_with(&server, &access, &key.for_api(&server, &access, at(&first))).await;
    assert!(challenge(&answer).contains("use_dpop_nonce"), "it has expired");
    let answer = api_with(&server, &access, &key.for_api(&server, &access, at(&second))).await;
    assert_eq!(answer.status, 200);

    // RFC 9449 §10.1: and where requests are pushed.
    let parameters = request(&verifier.challenge().to_text());
    let pushing: Vec<(&str, &str)> = parameters.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let proof = key.proof("POST", &format!("{}/par", server.issuer), at(""));
    let headers = [FORM, ("DPoP", proof.as_str())];
    let answer = send(&server, "POST", "/par", &headers, &form(&pushing)).await;
    assert_eq!((answer.status, answer.member("error").as_str()), (400, "use_dpop_nonce"));
    assert!(answer.header("dpop-nonce").is_some());
}

/// Where proofs are required, nothing is issued and nothing passes without.
#[tokio::test]
async fn a_server_may_require_proofs() {
    let more = More { require_dpop: true, ..More::default() };
    let server = run(DevServer::builder().auto_approve(true).more(more)).await;
    let metadata = get(&server, "/.well-known/oauth-protected-resource/api").await.json();
    assert_eq!(metadata["dpop_bound_access_tokens_required"], true);
    let answer = get(&server, "/api").await;
    assert!(
        challenge(&answer).starts_with("DPoP algs=\"ES256\", resource_metadata=\""),
        "{answer:?}"
    );
    let (verifier, code) = code(&server, &[]).await;
    let pairs = redemption(&code, verifier.expose_verifier());
    let answer = token(&server, &pairs).await;
    assert_eq!((answer.status, answer.member("error").as_str()), (400, "invalid_dpop_proof"));
    let tokens = signed_in(&server, &Key::new(1)).await;
    let proof = Key::new(1).for_api(&server, &tokens.access, json!({}));
    assert_eq!(api_with(&server, &tokens.access, &proof).await.status, 200);
}

/// P29, RFC 9449 §11.1: a proof that cannot be remembered proves nothing, and it is the server who says that it
/// failed; what was not redeemed can be redeemed later.
#[tokio::test]
async fn a_proof_that_cannot_be_remembered_proves_nothing() {
    // Room for two: that of the sign-in, and one more.
    let pending = Arc::new(MemoryPending::with_capacity(Clock::system(), 2));
    let server = run(DevServer::builder().auto_approve(true).pending(pending)).await;
    let key = Key::new(1);
    let tokens = signed_in(&server, &key).await;
    let token = tokens.access.as_str();
    let with = |token: &str| key.for_api(&server, token, json!({}));
    assert_eq!(api_with(&server, token, &with(token)).await.status, 200);
    let answer = api_with(&server, token, &with(token)).await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (503, None), "{answer:?}");
    let parameters = request(&CodeVerifier::generate().unwrap().challenge().to_text());
    let pushing = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for (path, pairs) in [("/token", refreshing(&tokens.refresh)), ("/par", pushing)] {
        let proof = key.proof("POST", &format!("{}{path}", server.issuer), json!({}));
        let answer = send(&server, "POST", path, &[FORM, ("DPoP", &proof)], &form(&pairs)).await;
        let told = (answer.status, answer.member("error"));
        assert_eq!(told, (503, "temporarily_unavailable".to_owned()), "{path}");
    }
}
