//! Refresh tokens and revocation over HTTP.

use crate::common::*;
use proofkey::verifier::CodeVerifier;
use proofkey_server::clock::Clock;
use proofkey_server::dev::{Builder, DevServer, development_client};
use proofkey_server::store::MemoryStore;
use std::sync::Arc;

/// What a token endpoint has answered.
struct Tokens {
    access: String,
    refresh: String,
}

impl Tokens {
    fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "P28");
        Self { access: answer.member("access_token"), refresh: answer.member("refresh_token") }
    }
}

async fn sign_in(server: &Running) -> Tokens {
    let verifier = CodeVerifier::generate().unwrap();
    let answer = get(server, &authorize(&request(&verifier.challenge().to_text()))).await;
    let code = answer.sent("code").expect("no code");
    Tokens::of(&token(server, &redemption(&code, verifier.expose_verifier())).await)
}

async fn refresh(server: &Running, refresh_token: &str) -> Answer {
    refresh_with(server, refresh_token, &[]).await
}

async fn refresh_with(server: &Running, refresh_token: &str, more: &[(&str, &str)]) -> Answer {
    let mut pairs = vec![
        ("grant_type", "refresh_token"),
        ("client_id", "proofkey-dev"),
        ("refresh_token", refresh_token),
    ];
    pairs.extend_from_slice(more);
    token(server, &pairs).await
}

async fn revoke(server: &Running, pairs: &[(&str, &str)]) -> Answer {
    send(server, "POST", "/revoke", &[FORM], &form(pairs)).await
}

/// A server whose clock is moved by hand.
async fn with_clock(change: impl FnOnce(Builder) -> Builder) -> (Running, Clock) {
    let clock = Clock::manual(1_800_000_000);
    let store = Arc::new(MemoryStore::with_clock(100, clock.clone()));
    let server = run(change(DevServer::builder().auto_approve(true).store(store))).await;
    (server, clock)
}

/// P27: each refresh gives new tokens, and an old refresh token that comes back ends all of them.
#[tokio::test]
async fn refresh_tokens_rotate_and_an_old_one_ends_the_family() {
    let server = approving().await;
    let first = sign_in(&server).await;
    let answer = refresh(&server, &first.refresh).await;
    assert_eq!(answer.json()["expires_in"], 3600);
    assert_eq!(answer.member("scope"), "read");
    let second = Tokens::of(&answer);
    assert!(second.access != first.access && second.refresh != first.refresh);
    let third = Tokens::of(&refresh(&server, &second.refresh).await);
    for tokens in [&first, &second, &third] {
        assert_eq!(api(&server, &tokens.access).await.status, 200);
        assert_eq!(api(&server, &tokens.refresh).await.status, 401, "it is no access token");
    }
    let answer = refresh(&server, &first.refresh).await;
    assert_eq!((answer.status, answer.member("error").as_str()), (400, "invalid_grant"));
    for tokens in [&first, &second, &third] {
        assert_eq!(api(&server, &tokens.access).await.status, 401);
    }
    assert_eq!(refresh(&server, &third.refresh).await.member("error"), "invalid_grant");
    let counted = get(&server, "/counters").await.json();
    let expected = serde_json::json!({
        "arrived": { "authorization_code": 1, "refresh_token": 4 },
        "answered": { "issued": 1, "refreshed": 2, "reuse_revoked": 1, "revoked": 1 },
    });
    assert_eq!(counted["token"], expected);
}

/// RFC 6749 §6, RFC 8707 §2.2: what is wrong with a refresh is refused and ends nothing.
#[tokio::test]
async fn refreshes_that_are_wrong() {
    let server = approving().await;
    let first = sign_in(&server).await;
    let ours = format!("{}/api", server.issuer);
    let right = [
        ("grant_type", "refresh_token"),
        ("client_id", "proofkey-dev"),
        ("refresh_token", first.refresh.as_str()),
    ];
    let without = |name: &str| -> Vec<(&str, &str)> {
        right.iter().filter(|(known, _)| *known != name).copied().collect()
    };
    let with = |pair: (&'static str, &'static str)| [without(pair.0), vec![pair]].concat();
    let and = |pair: (&'static str, &'_ str)| -> Vec<(String, String)> {
        let all = right.iter().copied().chain([pair]);
        all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    for (what, pairs, error) in [
        ("no token", without("refresh_token"), "invalid_request"),
        ("no client", without("client_id"), "invalid_request"),
        ("another client", with(("client_id", "other")), "invalid_grant"),
        ("no token of ours", with(("refresh_token", "x.y")), "invalid_grant"),
    ] {
        let answer = token(&server, &pairs).await;
        assert_eq!((answer.status, answer.member("error").as_str()), (400, error), "{what}");
    }
    for (what, pairs, error) in [
        ("more scope", and(("scope", "read write")), "invalid_scope"),
        ("another resource", and(("resource", &ours)), "invalid_target"),
        ("token twice", and(("refresh_token", &first.refresh)), "invalid_request"),
    ] {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (&**n, &**v)).collect();
        let answer = token(&server, &pairs).await;
        assert_eq!((answer.status, answer.member("error").as_str()), (400, error), "{what}");
    }
    let answer = refresh(&server, &first.access).await;
    assert_eq!(answer.member("error"), "invalid_grant", "an access token");
    assert_eq!(api(&server, &first.access).await.status, 200);
    assert_eq!(refresh_with(&server, &first.refresh, &[("scope", "read")]).await.status, 200);
}

/// P27: `reuse_window` spares the immediate predecessor of an unused token, for no longer than it is.
#[tokio::test]
async fn the_reuse_window_is_as_long_as_it_was_made() {
    let (server, clock) = with_clock(|builder| builder.reuse_window_s(10)).await;
    let first = sign_in(&server).await;
    Tokens::of(&refresh(&server, &first.refresh).await);
    clock.advance(9);
    let second = Tokens::of(&refresh(&server, &first.refresh).await);
    clock.advance(1);
    assert_eq!(refresh(&server, &first.refresh).await.status, 400);
    assert_eq!(api(&server, &second.access).await.status, 401);

    // More than 30 s cannot be chosen.
    let (server, clock) = with_clock(|builder| builder.reuse_window_s(3600)).await;
    let first = sign_in(&server).await;
    Tokens::of(&refresh(&server, &first.refresh).await);
    clock.advance(30);
    assert_eq!(refresh(&server, &first.refresh).await.status, 400);
}

/// A refresh token lives as long as it was made to, from its own issue on; without a life there is none.
#[tokio::test]
async fn lives_are_as_short_as_they_are_wanted() {
    let short = |builder: Builder| builder.access_token_lifetime_s(2).refresh_token_lifetime_s(5);
    let (server, clock) = with_clock(short).await;
    let first = sign_in(&server).await;
    clock.advance(2);
    assert_eq!(api(&server, &first.access).await.status, 401);
    clock.advance(2);
    let second = Tokens::of(&refresh(&server, &first.refresh).await);
    clock.advance(4);
    let third = Tokens::of(&refresh(&server, &second.refresh).await);
    assert_eq!(api(&server, &third.access).await.status, 200);
    clock.advance(5);
    assert_eq!(refresh(&server, &third.refresh).await.member("error"), "invalid_grant");

    let (server, _) = with_clock(|builder| builder.refresh_token_lifetime_s(0)).await;
    assert_eq!(sign_in(&server).await.refresh, "");
    let answer = refresh(&server, &third.refresh).await;
    assert_eq!(answer.member("error"), "unsupported_grant_type");
    let metadata = get(&server, "/.well-known/oauth-authorization-server").await.json();
    let grants = metadata["grant_types_supported"].as_array().expect("grant types");
    assert!(!grants.contains(&"refresh_token".into()), "{grants:?}");
}

/// A client without `refresh_token` among its grant types gets none.
#[tokio::test]
async fn a_client_that_may_not_refresh_gets_no_refresh_token() {
    let mut client = development_client();
    client.may_refresh = false;
    let server = run(DevServer::builder().auto_approve(true).client(client)).await;
    let tokens = sign_in(&server).await;
    assert_eq!(tokens.refresh, "");
    assert_eq!(api(&server, &tokens.access).await.status, 200);
}

/// RFC 7009: each kind of token, with and without a hint; what is no token is no error.
#[tokio::test]
async fn tokens_are_given_back() {
    let server = approving().await;
    for hint in ["", "refresh_token", "access_token", "no-such-kind"] {
        for refresh_or_access in [true, false] {
            let first = sign_in(&server).await;
            let token = if refresh_or_access { &first.refresh } else { &first.access };
            let pairs =
                [("client_id", "proofkey-dev"), ("token", token), ("token_type_hint", hint)];
            let answer = revoke(&server, &pairs).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, ""));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(api(&server, &first.access).await.status, 401);
            assert_eq!(refresh(&server, &first.refresh).await.member("error"), "invalid_grant");
            assert_eq!(revoke(&server, &pairs).await.status, 200, "again is the same");
        }
    }
    let first = sign_in(&server).await;
    for (what, pairs, status, error) in [
        ("no token of ours", vec![("client_id", "proofkey-dev"), ("token", "x.y")], 200, ""),
        ("no token", vec![("client_id", "proofkey-dev")], 400, "invalid_request"),
        ("no client", vec![("token", first.access.as_str())], 400, "invalid_request"),
        (
            "another client",
            vec![("client_id", "other"), ("token", first.access.as_str())],
            400,
            "invalid_grant",
        ),
        (
            "a secret",
            vec![("client_id", "proofkey-dev"), ("client_secret", "s"), ("token", &first.access)],
            400,
            "invalid_client",
        ),
    ] {
        let answer = revoke(&server, &pairs).await;
        let told = if answer.body.is_empty() { String::new() } else { answer.member("error") };
        assert_eq!((answer.status, told.as_str()), (status, error), "{what}");
    }
    assert_eq!(api(&server, &first.access).await.status, 200);
}
