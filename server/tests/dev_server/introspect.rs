//! The introspection endpoint (RFC 7662): the resource asks, and nobody else.

use crate::common::*;
use crate::proof::{Key, token_with};
use proofkey::verifier::CodeVerifier;
use proofkey_server::dev::{DevServer, More};
use serde_json::json;

/// A server, and what its resource shows.
async fn asked() -> (Running, String) {
    let more = More { introspection: true, ..More::default() };
    let server = DevServer::builder().auto_approve(true).more(more).bind().await.unwrap();
    let secret = server.introspection_secret().unwrap().expose().to_owned();
    assert_eq!(secret.len(), 43);
    (start(server), secret)
}

async fn introspect(server: &Running, secret: &str, pairs: &[(&str, &str)]) -> Answer {
    let authorization = format!("Bearer {secret}");
    let headers = [FORM, ("Authorization", authorization.as_str())];
    send(server, "POST", "/introspect", &headers, &form(pairs)).await
}

async fn is_active(server: &Running, secret: &str, token: &str) -> bool {
    let answer = introspect(server, secret, &[("token", token)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let said = answer.json();
    let active = said["active"].as_bool().unwrap();
    // RFC 7662 §2.2: nothing else is said of a token that is not good.
    assert!(active || said == json!({ "active": false }), "{said}");
    active
}

async fn signed_in(server: &Running, more: &[(&'static str, String)], key: Option<&Key>) -> Answer {
    let verifier = CodeVerifier::generate().unwrap();
    let mut parameters = request(&verifier.challenge().to_text());
    parameters.extend_from_slice(more);
    let code = get(server, &authorize(&parameters)).await.sent("code").unwrap();
    let pairs = redemption(&code, verifier.expose_verifier());
    let answer = match key {
        Some(key) => token_with(server, &pairs, &key.for_token(server, json!({}))).await,
        None => token(server, &pairs).await,
    };
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

/// RFC 7662 §2.2, RFC 9470 §6.2: what the resource needs to know.
#[tokio::test]
async fn a_good_token_is_described() {
    let (server, secret) = asked().await;
    let resource = format!("{}/api", server.issuer);
    let more = [("resource", resource.clone()), ("acr_values", "urn:proofkey:strong".into())];
    let tokens = signed_in(&server, &more, None).await;
    let access = tokens.member("access_token");
    let pairs = [("token", access.as_str()), ("token_type_hint", "access_token")];
    let answer = introspect(&server, &secret, &pairs).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let mut said = answer.json();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let left = said["exp"].take().as_u64().unwrap() - now;
    assert!((3_500..=3_600).contains(&left), "{left}");
    assert!(now - said["auth_time"].take().as_u64().unwrap() < 60);
    let expected = json!({
        "active": true, "iss": server.issuer, "sub": "developer", "aud": resource,
        "client_id": "proofkey-dev", "scope": "read", "token_type": "Bearer",
        "acr": "urn:proofkey:strong", "exp": null, "auth_time": null,
    });
    assert_eq!(said, expected);
    assert!(!answer.body.contains(&access));
}

/// RFC 9449 §6.2: a token that is bound to a key says to which; whether the sender has it the resource judges.
#[tokio::test]
async fn a_bound_token_names_its_key() {
    let (server, secret) = asked().await;
    let key = Key::new(1);
    let tokens = signed_in(&server, &[], Some(&key)).await;
    let said = introspect(&server, &secret, &[("token", &tokens.member("access_token"))]).await;
    let said = said.json();
    assert_eq!((said["active"].as_bool(), said["token_type"].as_str()), (Some(true), Some("DPoP")));
    assert_eq!(said["cnf"], json!({ "jkt": key.thumbprint() }));
}

/// RFC 7662 §2.2, §4: of all other tokens it says that they are not good, and nothing more.
#[tokio::test]
async fn what_is_not_good_is_not_described() {
    let (server, secret) = asked().await;
    let tokens = signed_in(&server, &[], None).await;
    let (access, refresh) = (tokens.member("access_token"), tokens.member("refresh_token"));
    assert!(is_active(&server, &secret, &access).await, "the control");
    assert!(!is_active(&server, &secret, &refresh).await, "a refresh token is not for a resource");
    let flipped = if access.ends_with('A') { "B" } else { "A" };
    let forged = format!("{}{flipped}", &access[..access.len() - 1]);
    for token in ["x", forged.as_str(), &secret] {
        assert!(!is_active(&server, &secret, token).await, "{token}");
    }
    let elsewhere = [("resource", "https://other.example/api".to_owned())];
    let other = signed_in(&server, &elsewhere, None).await.member("access_token");
    assert!(!is_active(&server, &secret, &other).await, "for another resource");
    let pairs = [("token", refresh.as_str()), ("client_id", "proofkey-dev")];
    assert_eq!(send(&server, "POST", "/revoke", &[FORM], &form(&pairs)).await.status, 200);
    assert!(!is_active(&server, &secret, &access).await, "revoked");
}

/// RFC 7662 §2.1, §2.3: nobody else is told anything.
#[tokio::test]
async fn the_resource_alone_may_ask() {
    let (server, secret) = asked().await;
    let token = signed_in(&server, &[], None).await.member("access_token");
    let body = form(&[("token", &token)]);
    let right = format!("Bearer {secret}");
    let cut = &right[..right.len() - 1];
    let basic = format!("Basic {secret}");
    let stolen = format!("Bearer {token}");
    for field in ["", "Bearer", "Bearer ", cut, &basic, &secret, &stolen] {
        let headers = [FORM, ("Authorization", field)];
        let answer = send(&server, "POST", "/introspect", &headers, &body).await;
        assert_eq!((answer.status, answer.body.as_str()), (401, ""), "{field:?}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    assert_eq!(send(&server, "POST", "/introspect", &[FORM], &body).await.status, 401);
    let twice = [FORM, ("Authorization", right.as_str()), ("Authorization", cut)];
    assert_eq!(send(&server, "POST", "/introspect", &twice, &body).await.status, 400);

    let by = |pairs: Vec<(&'static str, &'static str)>| form(&pairs);
    let headers = [FORM, ("Authorization", right.as_str())];
    for body in [by(vec![]), by(vec![("token", "")]), by(vec![("token", "a"), ("token", "b")])] {
        let answer = send(&server, "POST", "/introspect", &headers, &body).await;
        assert_eq!((answer.status, answer.member("error").as_str()), (400, "invalid_request"));
    }
    let json = [("Content-Type", "application/json"), headers[1]];
    assert_eq!(send(&server, "POST", "/introspect", &json, "{}").await.status, 400);
    let query = format!("/introspect?token={token}");
    assert_eq!(send(&server, "GET", &query, &headers[1..], "").await.status, 405);
}

/// It is there where it was asked for, and is said to be.
#[tokio::test]
async fn it_is_served_where_it_was_asked_for() {
    let metadata = "/.well-known/oauth-authorization-server";
    let (server, _secret) = asked().await;
    let said = get(&server, metadata).await.json();
    assert_eq!(said["introspection_endpoint"], format!("{}/introspect", server.issuer));
    assert_eq!(said["introspection_endpoint_auth_methods_supported"], json!(["Bearer"]));
    let server = approving().await;
    assert!(get(&server, metadata).await.json().get("introspection_endpoint").is_none());
    assert_eq!(send(&server, "POST", "/introspect", &[FORM], "token=x").await.status, 404);
}
