//! Whole sign-ins by hand, and what the server says of itself.

use crate::common::*;
use proofkey::verifier::CodeVerifier;

/// The whole way with a consent page: asked, allowed, redeemed, used.
#[tokio::test]
async fn a_whole_sign_in() {
    let server = asking().await;
    let verifier = CodeVerifier::generate().unwrap();
    let page = get(&server, &authorize(&request(&verifier.challenge().to_text()))).await;
    let answer = decide(&server, &consent(&page), "allow", &[]).await;
    // P26: 303, never 307, which would carry the form on.
    assert_eq!(answer.status, 303);
    assert!(answer.location().starts_with(&format!("{REDIRECT_URI}?")), "{}", answer.location());
    assert_eq!(answer.sent("state").as_deref(), Some("state-0123456789"));
    assert_eq!(answer.sent("iss").as_deref(), Some(server.issuer.as_str()), "P28, RFC 9207");
    assert_eq!(answer.header("cache-control"), Some("no-store"));

    let code = answer.sent("code").unwrap();
    assert_eq!(code.len(), 66);
    let answer = token(&server, &redemption(&code, verifier.expose_verifier())).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"), "P28");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.member("token_type"), "Bearer");
    assert_eq!(answer.json()["expires_in"], 3600);
    assert_eq!(answer.member("scope"), "read");

    let answer = api(&server, &answer.member("access_token")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.member("method"), "GET");
    assert_eq!(answer.member("subject"), "developer");
    assert_eq!(answer.member("client_id"), "proofkey-dev");
    assert_eq!(answer.member("scope"), "read");
}

#[tokio::test]
async fn the_user_says_no() {
    let server = asking().await;
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    let page = get(&server, &authorize(&request(&challenge))).await;
    let answer = decide(&server, &consent(&page), "deny", &[]).await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.sent("error").as_deref(), Some("access_denied"));
    assert_eq!(answer.sent("state").as_deref(), Some("state-0123456789"));
    assert_eq!(answer.sent("iss").as_deref(), Some(server.issuer.as_str()), "P28: errors too");
    assert_eq!(answer.sent("code"), None);
}

#[tokio::test]
async fn approval_without_asking() {
    let server = approving().await;
    let verifier = CodeVerifier::generate().unwrap();
    let answer = get(&server, &authorize(&request(&verifier.challenge().to_text()))).await;
    assert_eq!(answer.status, 303);
    let code = answer.sent("code").unwrap();
    let answer = token(&server, &redemption(&code, verifier.expose_verifier())).await;
    assert_eq!(answer.status, 200);
}

/// RFC 8414, P28: the document says what is supported, under the issuer that was asked.
#[tokio::test]
async fn metadata() {
    let server = asking().await;
    let answer = get(&server, "/.well-known/oauth-authorization-server").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let (issuer, json) = (&server.issuer, answer.json());
    assert_eq!(*issuer, format!("http://{}", server.address));
    assert_eq!(json["issuer"], *issuer);
    assert_eq!(json["authorization_endpoint"], format!("{issuer}/authorize"));
    assert_eq!(json["token_endpoint"], format!("{issuer}/token"));
    assert_eq!(json["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(json["authorization_response_iss_parameter_supported"], true);
    assert_eq!(json["response_types_supported"], serde_json::json!(["code"]));
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    let grants = serde_json::json!(["authorization_code", "refresh_token", device]);
    assert_eq!(json["grant_types_supported"], grants);
    assert_eq!(json["token_endpoint_auth_methods_supported"], serde_json::json!(["none"]));
    assert_eq!(json["revocation_endpoint"], format!("{issuer}/revoke"));
    assert_eq!(json["registration_endpoint"], format!("{issuer}/register"));
    let scopes = serde_json::json!(["read", "write", "openid", "admin"]);
    assert_eq!(json["scopes_supported"], scopes);
    for (name, path) in [
        ("pushed_authorization_request_endpoint", "par"),
        ("device_authorization_endpoint", "device_authorization"),
        ("jwks_uri", "jwks"),
        ("end_session_endpoint", "end_session"),
    ] {
        assert_eq!(json[name], format!("{issuer}/{path}"), "{name}");
    }
    assert_eq!(json["require_pushed_authorization_requests"], false);
    assert_eq!(json["dpop_signing_alg_values_supported"], serde_json::json!(["ES256"]));
    assert_eq!(json["id_token_signing_alg_values_supported"], serde_json::json!(["ES256"]));
    assert_eq!(json["subject_types_supported"], serde_json::json!(["public"]));
}

/// Every answer tells browsers to sniff, keep, frame and refer nothing; none allows another origin in.
#[tokio::test]
async fn headers_of_every_answer() {
    let server = asking().await;
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    let consent_page = authorize(&request(&challenge));
    let targets =
        ["/", "/authorize", &consent_page, "/token", "/api", "/authorize/decision", "/none"];
    for target in targets {
        for method in ["GET", "POST", "OPTIONS"] {
            let headers = [("Origin", "https://evil.example"), FORM];
            let answer = send(&server, method, target, &headers, "").await;
            let what = format!("{method} {target} {}", answer.status);
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{what}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
            let policy = answer.header("content-security-policy").expect(&what);
            assert!(policy.starts_with("default-src 'none'"), "{what}: {policy}");
            assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
            assert!(answer.header("referrer-policy").is_some(), "{what}");
            let cors = answer.headers.iter().any(|(name, _)| name.starts_with("access-control-"));
            assert!(!cors, "{what}: P28, no CORS");
        }
    }
}
