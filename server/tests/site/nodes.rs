//! Two nodes of one server, behind a proxy that sends a request now to this one and now to that: they share a
//! database and a secret, and are one.

use crate::common::*;
use crate::owner::{NOW, Owner, Table, server};
use crate::proof::Key;
use proofkey::verifier::CodeVerifier;
use proofkey_server::client::{Clients, Registrations};
use proofkey_server::clock::Clock;
use proofkey_server::devices::Devices;
use proofkey_server::openid::OpenId;
use proofkey_server::possession::Possession;
use proofkey_server::pushed::PushedRequests;
use proofkey_server::serve::serve;
use proofkey_server::site::Site;
use proofkey_server::store::SqliteOptions;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

const ISSUER: &str = "https://as.example";

async fn node(file: &Path) -> Running {
    let store = Arc::new(SqliteOptions::default().clock(Clock::manual(NOW)).open(file).unwrap());
    let mut server = server(store.clone(), ISSUER);
    server.policy.open_scopes = vec!["openid".into()];
    let scopes = vec!["read".into(), "write".into()];
    let clients = Clients::default().with_source(Arc::new(Table("proofkey-dev")));
    let registrations = Registrations::new(store.clone(), scopes);
    server.clients = Arc::new(clients.with_registrations(registrations));
    server.pushed = Arc::new(PushedRequests::new(store.clone(), 60));
    server.devices = Arc::new(Devices::new(store.clone(), 600, 0));
    let possession = Possession::new(store).shared_nonces(vec![5; 32], 60).unwrap();
    server.possession = Arc::new(possession);
    server.openid = Arc::new(OpenId::shared([6; 32], 86_400));
    let site = Site::new(server, Arc::new(Owner::default())).unwrap().form_key([7; 32]).any_host();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move { drop(stopped.await) };
    let task = tokio::spawn(serve(listener, site.router(), shutdown, Duration::from_secs(5)));
    Running { address, issuer: ISSUER.into(), stop: Some(stop), task }
}

async fn nodes() -> ([Running; 2], TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("grants.db");
    ([node(&file).await, node(&file).await], folder)
}

/// Every leg of a sign-in at the other node: pushed, shown, decided, redeemed, refreshed, checked.
#[tokio::test]
async fn each_leg_may_go_to_another_node() {
    let ([one, other], _folder) = nodes().await;
    let verifier = CodeVerifier::generate().unwrap();
    let mut parameters = request(&verifier.challenge().to_text());
    parameters[6].1 = "read openid".into();
    let pairs: Vec<(&str, &str)> =
        parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let uri = send(&one, "POST", "/par", &[FORM], &form(&pairs)).await.member("request_uri");
    let target =
        format!("/authorize?{}", form(&[("client_id", "proofkey-dev"), ("request_uri", &uri)]));
    let page = send(&other, "GET", &target, &[("Cookie", "session=ada")], "").await;
    let shown = consent(&page);
    let cookie = format!("session=ada; {}", shown.cookie);
    let code = decide(&one, &Consent { cookie, ..shown }, "allow", &[]).await.sent("code").unwrap();
    let tokens = token(&other, &redemption(&code, verifier.expose_verifier())).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    assert_eq!(get(&one, "/jwks").await.body, get(&other, "/jwks").await.body);
    let refresh_token = tokens.member("refresh_token");
    let refreshing = [
        ("grant_type", "refresh_token"),
        ("client_id", "proofkey-dev"),
        ("refresh_token", refresh_token.as_str()),
    ];
    let refreshed = token(&one, &refreshing).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.body);
    // P24, P27: what was used at one node is used at the other.
    assert_eq!(token(&other, &refreshing).await.member("error"), "invalid_grant");
    let newest = refreshed.member("refresh_token");
    let again = [refreshing[0], refreshing[1], ("refresh_token", newest.as_str())];
    assert_eq!(token(&one, &again).await.member("error"), "invalid_grant", "the family is dead");
}

/// A node that ends takes nothing along.
#[tokio::test]
async fn what_one_node_began_another_ends_without_it() {
    let ([mut one, other], _folder) = nodes().await;
    let asked = form(&[("client_id", "proofkey-dev"), ("scope", "read")]);
    let begun = send(&one, "POST", "/device_authorization", &[FORM], &asked).await;
    let verifier = CodeVerifier::generate().unwrap();
    let target = authorize(&request(&verifier.challenge().to_text()));
    let shown = consent(&send(&one, "GET", &target, &[("Cookie", "session=ada")], "").await);
    drop(one.stop.take());
    one.task.await.unwrap();

    let target = format!("/device?user_code={}", begun.member("user_code"));
    let page = send(&other, "GET", &target, &[("Cookie", "session=ada")], "").await;
    let cookie = page.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let field = page.body.split_once("name=\"csrf\" value=\"").unwrap().1;
    let csrf = field.split('"').next().unwrap();
    let decision =
        [("csrf", csrf), ("user_code", &begun.member("user_code")), ("decision", "allow")];
    let cookie = format!("session=ada; {cookie}");
    let headers = [FORM, ("Cookie", cookie.as_str())];
    let done = send(&other, "POST", "/device/decision", &headers, &form(&decision)).await;
    assert!(done.body.contains("The device is connected"), "{}", done.body);
    let device_code = begun.member("device_code");
    let poll = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", "proofkey-dev"),
        ("device_code", device_code.as_str()),
    ];
    assert_eq!(token(&other, &poll).await.status, 200);
    assert_eq!(token(&other, &poll).await.member("error"), "invalid_grant", "redeemed once");

    let cookie = format!("session=ada; {}", shown.cookie);
    let answer = decide(&other, &Consent { cookie, ..shown }, "allow", &[]).await;
    let code = answer.sent("code").unwrap();
    assert_eq!(token(&other, &redemption(&code, verifier.expose_verifier())).await.status, 200);
}

/// RFC 7591: who registers at one node signs in at the other and goes on without the first, also at one that begins
/// later; and who leaves at one has left all (RFC 7592 §2.3).
#[tokio::test]
async fn a_client_that_registers_at_one_node_is_known_to_all() {
    let ([one, other], folder) = nodes().await;
    let metadata = json!({
        "client_name": "An agent",
        "redirect_uris": ["http://127.0.0.1/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
    });
    let json = [("Content-Type", "application/json")];
    let registered = send(&one, "POST", "/register", &json, &metadata.to_string()).await;
    assert_eq!(registered.status, 201, "{}", registered.body);
    let client_id = registered.member("client_id");

    let verifier = CodeVerifier::generate().unwrap();
    let mut parameters = request(&verifier.challenge().to_text());
    parameters[1].1.clone_from(&client_id);
    let page = send(&other, "GET", &authorize(&parameters), &[("Cookie", "session=ada")], "").await;
    assert!(page.body.contains("An agent"), "{}", page.body);
    let shown = consent(&page);
    let cookie = format!("session=ada; {}", shown.cookie);
    let answer = decide(&other, &Consent { cookie, ..shown }, "allow", &[]).await;
    let code = answer.sent("code").unwrap();
    let mut pairs = redemption(&code, verifier.expose_verifier());
    pairs[1].1 = &client_id;
    let tokens = token(&other, &pairs).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);

    one.task.abort();
    assert!(one.task.await.unwrap_err().is_cancelled());
    let refresh = async |node: &Running, refresh_token: &str| {
        let pairs = [
            ("grant_type", "refresh_token"),
            ("client_id", client_id.as_str()),
            ("refresh_token", refresh_token),
        ];
        token(node, &pairs).await
    };
    let tokens = refresh(&other, &tokens.member("refresh_token")).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    let third = node(&folder.path().join("grants.db")).await;
    let tokens = refresh(&third, &tokens.member("refresh_token")).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);

    let bearer = format!("Bearer {}", registered.member("registration_access_token"));
    let path = format!("/register/{client_id}");
    let gone = send(&third, "DELETE", &path, &[("Authorization", &bearer)], "").await;
    assert_eq!(gone.status, 204);
    let refused = refresh(&other, &tokens.member("refresh_token")).await;
    assert_eq!(refused.member("error"), "invalid_client");
}

/// RFC 9449 §8, §11.1: a nonce of one node is good at the other, and a proof that one has seen is used up.
#[tokio::test]
async fn proofs_and_nonces_are_known_to_all_nodes() {
    let ([one, other], _folder) = nodes().await;
    let key = Key::new(1);
    let parameters = request(&CodeVerifier::generate().unwrap().challenge().to_text());
    let pairs: Vec<(&str, &str)> =
        parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let proof = |more| key.proof("POST", &format!("{ISSUER}/par"), more);
    let with = async |node: &Running, proof: &str| {
        send(node, "POST", "/par", &[FORM, ("DPoP", proof)], &form(&pairs)).await
    };
    let asked = with(&one, &proof(json!({ "iat": NOW }))).await;
    assert_eq!(asked.member("error"), "use_dpop_nonce");
    let nonce = asked.header("dpop-nonce").unwrap();
    let proof = proof(json!({ "iat": NOW, "nonce": nonce }));
    assert_eq!(with(&other, &proof).await.status, 201, "the proof is good");
    for node in [&one, &other] {
        assert_eq!(with(node, &proof).await.member("error"), "invalid_dpop_proof");
    }
}
