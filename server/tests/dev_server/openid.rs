//! ID tokens, their keys, and the end of a session (OpenID Connect).

use crate::common::*;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proofkey::id_token::{IdTokenRequest, Verified, verify};
use proofkey::jose::KeySet;
use proofkey::verifier::CodeVerifier;
use proofkey_server::clock::Clock;
use proofkey_server::dev::{Algorithm, Builder, DevServer, More};
use serde_json::{Value, json};

const NOW: u64 = 1_800_000_000;

async fn with_clock(change: impl FnOnce(Builder) -> Builder) -> (Running, Clock) {
    let clock = Clock::manual(NOW);
    let builder = DevServer::builder().auto_approve(true).clock(clock.clone());
    (run(change(builder)).await, clock)
}

async fn sign_in(server: &Running, more: &[(&'static str, String)]) -> Answer {
    let verifier = CodeVerifier::generate().unwrap();
    let mut parameters = request(&verifier.challenge().to_text());
    parameters.retain(|(name, _)| *name != "scope");
    parameters.push(("scope", "openid read".into()));
    parameters.extend_from_slice(more);
    let code = get(server, &authorize(&parameters)).await.sent("code").expect("no code");
    let answer = token(server, &redemption(&code, verifier.expose_verifier())).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

async fn keys(server: &Running) -> Answer {
    let answer = get(server, "/jwks").await;
    assert_eq!(answer.status, 200);
    answer
}

fn payload(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn kid(token: &str) -> String {
    let part = token.split('.').next().unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

/// P16: what the server signs is what a client takes, with both algorithms.
#[tokio::test]
async fn an_id_token_is_good() {
    for alg in [Algorithm::Es256, Algorithm::Rs256] {
        let more = More { id_token_alg: alg, ..More::default() };
        let (server, _) = with_clock(|builder| builder.more(more)).await;
        let metadata = get(&server, "/.well-known/openid-configuration").await.json();
        assert_eq!(metadata["id_token_signing_alg_values_supported"], json!([alg.as_str()]));
        assert_eq!(metadata["jwks_uri"], format!("{}/jwks", server.issuer));
        let asked = [
            ("nonce", "n-0123".to_owned()),
            ("acr_values", "urn:x urn:proofkey:strong".to_owned()),
        ];
        let answer = sign_in(&server, &asked).await;
        let keys = KeySet::read(keys(&server).await.body.as_bytes()).unwrap();
        let access_token = answer.member("access_token");
        let request = IdTokenRequest {
            issuer: &server.issuer,
            client_id: "proofkey-dev",
            nonce: Some("n-0123"),
            access_token: Some(&access_token),
            max_age: Some(60),
            now: NOW,
        };
        let token = answer.member("id_token");
        let Verified::Good(identity) = verify(&token, &keys, &request).unwrap() else {
            panic!("the key is unknown");
        };
        assert_eq!(identity.subject, "developer");
        assert_eq!(identity.auth_time, Some(NOW));
        assert_eq!(identity.acr.as_deref(), Some("urn:proofkey:strong"));
        assert_eq!(payload(&token)["at_hash"].as_str().unwrap().len(), 22);
    }
}

/// OpenID Connect Core §3.1.2.1, §12.2: none without `openid`, none of what was not asked for, and no nonce after
/// a refresh.
#[tokio::test]
async fn an_id_token_says_what_was_asked() {
    let (server, clock) = with_clock(|builder| builder).await;
    let verifier = CodeVerifier::generate().unwrap();
    let plain = request(&verifier.challenge().to_text());
    let code = get(&server, &authorize(&plain)).await.sent("code").unwrap();
    let answer = token(&server, &redemption(&code, verifier.expose_verifier())).await;
    assert!(answer.json().get("id_token").is_none());

    let answer = sign_in(&server, &[]).await;
    let claims = payload(&answer.member("id_token"));
    assert!(claims.get("nonce").is_none() && claims.get("acr").is_none(), "{claims}");
    let answer = sign_in(&server, &[("nonce", "n".into())]).await;
    assert_eq!(payload(&answer.member("id_token"))["nonce"], "n");
    clock.advance(100);
    let refresh_token = answer.member("refresh_token");
    let pairs = [
        ("grant_type", "refresh_token"),
        ("client_id", "proofkey-dev"),
        ("refresh_token", &refresh_token),
    ];
    let claims = payload(&token(&server, &pairs).await.member("id_token"));
    assert!(claims.get("nonce").is_none(), "{claims}");
    assert_eq!(
        (claims["auth_time"].as_u64(), claims["iat"].as_u64()),
        (Some(NOW), Some(NOW + 100))
    );
}

/// OpenID Connect Core §10.1.1: a new key signs, the old one is published for a while, and then gone.
#[tokio::test]
async fn keys_change_and_old_ones_vanish() {
    let more = More { key_lifetime_s: Some(1_000), rotate_keys: true, ..More::default() };
    let (server, clock) = with_clock(|builder| builder.more(more)).await;
    let published = async || -> Vec<String> {
        let keys = keys(&server).await.json();
        let all = keys["keys"].as_array().unwrap().iter();
        all.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    };
    let first = kid(&sign_in(&server, &[]).await.member("id_token"));
    assert_eq!(published().await, std::slice::from_ref(&first));
    let private = keys(&server).await.json();
    assert!(private["keys"][0].get("d").is_none(), "a private half is published");
    assert_eq!(send(&server, "POST", "/rotate-keys", &[], "").await.status, 204);
    let second = kid(&sign_in(&server, &[]).await.member("id_token"));
    assert_eq!(published().await, [first, second.clone()]);
    clock.advance(600);
    assert_eq!(published().await, std::slice::from_ref(&second));
    clock.advance(400);
    let third = kid(&sign_in(&server, &[]).await.member("id_token"));
    assert_eq!(published().await, [second, third]);
    for _ in 0..20 {
        send(&server, "POST", "/rotate-keys", &[], "").await;
    }
    assert_eq!(published().await.len(), 8, "keys are bounded");
    let without = asking().await;
    assert_eq!(send(&without, "POST", "/rotate-keys", &[], "").await.status, 404);
}

/// RP-Initiated Logout §2, §3: the browser is asked, and goes to a registered address only.
#[tokio::test]
async fn a_session_ends() {
    let clock = Clock::manual(NOW);
    let signing = run(DevServer::builder().auto_approve(true).clock(clock.clone())).await;
    let hint = sign_in(&signing, &[]).await.member("id_token");
    let back = "http://127.0.0.1:50000/signed-out";
    let end = |pairs: &[(&str, &str)]| format!("/end_session?{}", form(pairs));
    // An ID token that has expired is as good.
    clock.advance(301);
    let right =
        [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", back), ("state", "s&1")];
    let answer = get(&signing, &end(&right)).await;
    assert_eq!((answer.status, answer.location()), (303, &*format!("{back}?state=s%261")));
    let answer = send(&signing, "POST", "/end_session", &[FORM], &form(&right)).await;
    assert_eq!(answer.status, 303);
    let tampered = format!("{}A", &hint[..hint.len() - 1]);
    let forged = format!("{}B", &hint[..hint.len() - 1]);
    let forged = if hint.ends_with('A') { forged } else { tampered };
    for (what, pairs) in [
        (
            "another address",
            vec![("id_token_hint", &*hint), ("post_logout_redirect_uri", "https://a.example/")],
        ),
        ("nobody's address", vec![("post_logout_redirect_uri", back)]),
        ("a forged hint", vec![("id_token_hint", &*forged)]),
        ("no token", vec![("id_token_hint", "a.b.c")]),
        ("another client", vec![("id_token_hint", &*hint), ("client_id", "other")]),
        ("an unknown client", vec![("client_id", "other")]),
        ("twice", vec![("state", "a"), ("state", "b")]),
    ] {
        let answer = get(&signing, &end(&pairs)).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{what}");
    }

    let server = asking().await;
    let target = end(&[("client_id", "proofkey-dev"), ("post_logout_redirect_uri", back)]);
    let page = get(&server, &target).await;
    assert!(page.body.contains("A program in development"), "{}", page.body);
    let Consent { cookie, csrf, query } = consent(&page);
    let body = form(&[("csrf", &csrf), ("query", &query)]);
    let forged = send(&server, "POST", "/end_session/decision", &[FORM], &body).await;
    assert_eq!((forged.status, forged.header("location")), (403, None));
    let headers = [FORM, ("Cookie", cookie.as_str())];
    let answer = send(&server, "POST", "/end_session/decision", &headers, &body).await;
    assert_eq!((answer.status, answer.location()), (303, back));
    let counted = get(&server, "/counters").await.json();
    assert_eq!(counted["logout"]["answered"]["signed_out"], 1);
}
