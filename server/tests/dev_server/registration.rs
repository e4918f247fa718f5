//! Clients that register themselves (RFC 7591) and leave again (RFC 7592).

use crate::common::*;
use proofkey::verifier::CodeVerifier;
use proofkey_server::dev::DevServer;
use serde_json::{Value, json};

const JSON: (&str, &str) = ("Content-Type", "application/json");

async fn register(server: &Running, metadata: &Value) -> Answer {
    send(server, "POST", "/register", &[JSON], &metadata.to_string()).await
}

/// What a native program would say of itself.
fn native() -> Value {
    json!({
        "client_name": "An agent",
        "redirect_uris": ["http://127.0.0.1/callback"],
        "application_type": "native",
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
    })
}

/// Asks for a code as this client, redeems it, gives the answer of the token endpoint.
async fn sign_in(server: &Running, client_id: &str) -> Answer {
    let verifier = CodeVerifier::generate().unwrap();
    let mut parameters = request(&verifier.challenge().to_text());
    parameters[1].1 = client_id.to_owned();
    let answer = get(server, &authorize(&parameters)).await;
    let code = answer.sent("code").expect("no code");
    let mut pairs = redemption(&code, verifier.expose_verifier());
    pairs[1].1 = client_id;
    token(server, &pairs).await
}

/// The whole life: registered, asked for consent by its name, signed in, gone.
#[tokio::test]
async fn a_registered_client_signs_in_until_it_leaves() {
    let server = approving().await;
    let answer = register(&server, &native()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let told = answer.json();
    for member in ["redirect_uris", "client_name", "grant_types", "response_types"] {
        assert_eq!(told[member], native()[member], "{member}");
    }
    assert_eq!(told["token_endpoint_auth_method"], "none");
    assert_eq!(told["scope"], "read write");
    assert!(told["client_id_issued_at"].as_u64().unwrap() > 1_700_000_000);
    assert!(told.get("client_secret").is_none());
    let client_id = answer.member("client_id");

    let tokens = sign_in(&server, &client_id).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    let access_token = tokens.member("access_token");
    assert_eq!(api(&server, &access_token).await.member("client_id"), client_id);
    let refresh = [
        ("grant_type", "refresh_token"),
        ("client_id", client_id.as_str()),
        ("refresh_token", &tokens.member("refresh_token")),
    ];

    let address = answer.member("registration_client_uri");
    let path = address.strip_prefix(&server.issuer).unwrap();
    let management = answer.member("registration_access_token");
    let bearer = |token: &str| format!("Bearer {token}");
    for wrong in ["", "x", &management[1..], &access_token] {
        let header = bearer(wrong);
        let headers = [("Authorization", header.as_str())];
        let refused = send(&server, "DELETE", path, &headers, "").await;
        assert_eq!(refused.status, 401, "{wrong}");
    }
    assert_eq!(send(&server, "DELETE", path, &[], "").await.status, 401);
    assert_eq!(api(&server, &access_token).await.status, 200);
    let header = bearer(&management);
    let headers = [("Authorization", header.as_str())];
    assert_eq!(send(&server, "DELETE", path, &headers, "").await.status, 204);
    // RFC 7592 §2.3: what was issued is refused, nothing more is issued.
    assert_eq!(api(&server, &access_token).await.status, 401);
    assert_eq!(token(&server, &refresh).await.member("error"), "invalid_client");
    let mut parameters = request(&CodeVerifier::generate().unwrap().challenge().to_text());
    parameters[1].1 = client_id;
    let answer = get(&server, &authorize(&parameters)).await;
    assert_eq!((answer.status, answer.header("location")), (400, None));
    assert_eq!(send(&server, "DELETE", path, &headers, "").await.status, 401, "again");
}

/// RFC 8628: a client of devices says no redirect URI, and can be redirected nowhere.
#[tokio::test]
async fn a_client_of_devices_is_registered_for_them_alone() {
    let server = approving().await;
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    let mut metadata = native();
    metadata.as_object_mut().unwrap().remove("redirect_uris");
    metadata["grant_types"] = json!([grant, "refresh_token"]);
    metadata["response_types"] = json!([]);
    let answer = register(&server, &metadata).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let told = answer.json();
    assert_eq!(told["grant_types"], metadata["grant_types"]);
    assert_eq!((&told["response_types"], &told["redirect_uris"]), (&json!([]), &json!([])));
    let client_id = answer.member("client_id");
    let pairs = [("client_id", &*client_id)];
    let begun = send(&server, "POST", "/device_authorization", &[FORM], &form(&pairs)).await;
    assert_eq!(begun.status, 200, "{}", begun.body);
    let verifier = CodeVerifier::generate().unwrap();
    let mut parameters = request(&verifier.challenge().to_text());
    parameters[1].1 = client_id;
    assert_eq!(get(&server, &authorize(&parameters)).await.status, 400);
}

/// The consent page shows what the client calls itself as text, and where its answer goes.
#[tokio::test]
async fn the_consent_page_shows_a_registered_client() {
    let server = asking().await;
    let mut metadata = native();
    metadata["client_name"] = "<img src=x onerror=alert(1)>".into();
    let client_id = register(&server, &metadata).await.member("client_id");
    let mut parameters = request(&CodeVerifier::generate().unwrap().challenge().to_text());
    parameters[1].1 = client_id.clone();
    let page = get(&server, &authorize(&parameters)).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("<img") && page.body.contains("&lt;img"), "{}", page.body);
    assert!(page.body.contains(&client_id) && page.body.contains("127.0.0.1:49152"));
}

/// P26, CVE-2026-22752: a redirect URI that could not be redirected to is not registered; nor is what is no
/// public client, or no JSON.
#[tokio::test]
async fn registrations_that_are_refused() {
    let server = approving().await;
    for uri in
        ["javascript:alert(1)", "data:text/html,x", "http://a.example/cb", "file:///x", "/cb", ""]
    {
        let mut metadata = native();
        metadata["redirect_uris"] = json!(["http://127.0.0.1/callback", uri]);
        let answer = register(&server, &metadata).await;
        assert_eq!((answer.status, answer.member("error").as_str()), (400, "invalid_redirect_uri"));
    }
    let mut secret = native();
    secret["token_endpoint_auth_method"] = "client_secret_basic".into();
    let mut none = native();
    none.as_object_mut().unwrap().remove("redirect_uris");
    for (metadata, error) in [
        (secret, "invalid_client_metadata"),
        (none, "invalid_redirect_uri"),
        (json!([]), "invalid_client_metadata"),
    ] {
        let answer = register(&server, &metadata).await;
        assert_eq!((answer.status, answer.member("error").as_str()), (400, error));
        assert!(answer.json().get("client_id").is_none());
    }
    // What a page of another site can send without asking: no JSON by its declaration.
    for headers in [&[][..], &[("Content-Type", "text/plain")], &[FORM], &[JSON, JSON]] {
        let answer = send(&server, "POST", "/register", headers, &native().to_string()).await;
        assert_eq!(answer.status, 400, "{headers:?}");
    }
    let counted = get(&server, "/counters").await.json();
    assert_eq!(counted["register"], json!({ "answered": { "refused": 13 } }));
}

/// CVE-2026-67437: registrations are bounded; one that leaves makes room.
#[tokio::test]
async fn registrations_are_bounded() {
    let server = run(DevServer::builder().max_registrations(2)).await;
    let first = register(&server, &native()).await;
    assert_eq!(first.status, 201);
    assert_eq!(register(&server, &native()).await.status, 201);
    let full = register(&server, &native()).await;
    assert_eq!((full.status, full.member("error").as_str()), (503, "temporarily_unavailable"));
    let address = first.member("registration_client_uri");
    let bearer = format!("Bearer {}", first.member("registration_access_token"));
    let headers = [("Authorization", bearer.as_str())];
    let path = address.strip_prefix(&server.issuer).unwrap();
    assert_eq!(send(&server, "DELETE", path, &headers, "").await.status, 204);
    assert_eq!(register(&server, &native()).await.status, 201);
}

/// Without registration there is no endpoint, and the metadata name none.
#[tokio::test]
async fn a_server_without_registration() {
    let server = run(DevServer::builder().max_registrations(0)).await;
    assert_eq!(register(&server, &native()).await.status, 404);
    let metadata = get(&server, "/.well-known/oauth-authorization-server").await.json();
    assert!(metadata.get("registration_endpoint").is_none());
}
