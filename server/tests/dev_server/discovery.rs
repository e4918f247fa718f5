//! What the server says of itself and of its resource, with and without a path; two servers at once.

use crate::common::*;
use proofkey::metadata::well_known::{authorization_server_urls, protected_resource_urls};
use proofkey::metadata::{Feature, ProtectedResource, Provider, Support};
use proofkey::verifier::CodeVerifier;
use proofkey_server::dev::{DevServer, Discovery};

async fn fetch(server: &Running, url: &str) -> Answer {
    let origin = format!("http://{}", server.address);
    get(server, url.strip_prefix(&origin).expect("an address of this server")).await
}

/// P12: each address of each kind has the same document, and a client can go on with it.
#[tokio::test]
async fn both_kinds_of_discovery_with_and_without_a_path() {
    for (path, addresses) in [("", 2), ("/tenant/one", 3)] {
        let server = run(DevServer::builder().auto_approve(true).issuer_path(path)).await;
        assert_eq!(server.issuer, format!("http://{}{path}", server.address));
        let urls = authorization_server_urls(&server.issuer).unwrap();
        assert_eq!(urls.len(), addresses);
        for url in urls {
            let answer = fetch(&server, &url).await;
            assert_eq!(answer.status, 200, "{url}");
            let provider =
                Provider::read(&server.issuer, answer.body.as_bytes(), false, &url, 0).unwrap();
            for (feature, support) in [
                (Feature::S256, Support::Supported),
                (Feature::Iss, Support::Required),
                (Feature::Registration, Support::Supported),
                (Feature::Revocation, Support::Supported),
                (Feature::Par, Support::Supported),
            ] {
                assert_eq!(provider.capability(feature).support, support, "{feature:?}");
            }
        }
        // Nothing lies at the places of another issuer.
        assert_eq!(get(&server, "/.well-known/oauth-authorization-server/x").await.status, 404);
        whole_sign_in_below(&server, path).await;
    }
}

/// Every address of a server with a path lies below it.
async fn whole_sign_in_below(server: &Running, path: &str) {
    let verifier = CodeVerifier::generate().unwrap();
    let target = authorize(&request(&verifier.challenge().to_text()));
    let answer = get(server, &format!("{path}{target}")).await;
    assert_eq!(answer.sent("iss").as_deref(), Some(server.issuer.as_str()));
    let code = answer.sent("code").unwrap();
    let body = form(&redemption(&code, verifier.expose_verifier()));
    let answer = send(server, "POST", &format!("{path}/token"), &[FORM], &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let bearer = format!("Bearer {}", answer.member("access_token"));
    let headers = [("Authorization", bearer.as_str())];
    assert_eq!(send(server, "GET", &format!("{path}/api"), &headers, "").await.status, 200);
    if !path.is_empty() {
        for elsewhere in ["/token", "/api", "/authorize", "/"] {
            assert_eq!(get(server, elsewhere).await.status, 404, "{elsewhere}");
        }
    }
}

/// The consent form of a server with a path: its cookie and its form are for that path.
#[tokio::test]
async fn a_consent_page_below_a_path() {
    let server = run(DevServer::builder().issuer_path("/tenant")).await;
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    let page = get(&server, &format!("/tenant{}", authorize(&request(&challenge)))).await;
    assert!(page.header("set-cookie").unwrap().contains("; Path=/tenant/authorize;"));
    assert!(page.body.contains("action=\"/tenant/authorize/decision\""));
    let Consent { cookie, csrf, query } = consent(&page);
    let body = form(&[("csrf", &csrf), ("query", &query), ("decision", "allow")]);
    let origin = format!("http://{}", server.address);
    for (origin, status) in [(origin.as_str(), 303), (server.issuer.as_str(), 403)] {
        let headers = [FORM, ("Cookie", cookie.as_str()), ("Origin", origin)];
        let answer = send(&server, "POST", "/tenant/authorize/decision", &headers, &body).await;
        assert_eq!(answer.status, status, "{origin}");
    }
}

/// One kind alone, to develop against.
#[tokio::test]
async fn one_kind_of_discovery_alone() {
    for (discovery, oauth, openid) in [(Discovery::OAuth, 200, 404), (Discovery::OpenId, 404, 200)]
    {
        let server = run(DevServer::builder().discovery(discovery)).await;
        let status = async |path| get(&server, path).await.status;
        assert_eq!(status("/.well-known/oauth-authorization-server").await, oauth);
        assert_eq!(status("/.well-known/openid-configuration").await, openid);
    }
}

/// M1, RFC 9728: the 401 leads to the resource's metadata, and these to the server.
#[tokio::test]
async fn a_401_leads_to_the_authorization_server() {
    for path in ["", "/tenant"] {
        let scopes = vec!["write".to_owned()];
        let builder = DevServer::builder().auto_approve(true).issuer_path(path);
        let server = run(builder.required_scopes(scopes)).await;
        let resource = format!("{}/api", server.issuer);
        let answer = get(&server, &format!("{path}/api")).await;
        assert_eq!(answer.status, 401);
        let challenge = answer.header("www-authenticate").unwrap();
        let url = &protected_resource_urls(&resource).unwrap()[0];
        assert_eq!(challenge, format!("Bearer scope=\"write\", resource_metadata=\"{url}\""));
        let answer = fetch(&server, url).await;
        assert_eq!(answer.status, 200);
        let read = ProtectedResource::read(&resource, answer.body.as_bytes(), url, 0).unwrap();
        assert_eq!(read.issuer(None).unwrap(), server.issuer);
        assert_eq!(read.scopes_to_ask_for(), ["read", "write"]);
    }
}

/// M7: a token with fewer scopes than the resource wants gets a 403 that says which.
#[tokio::test]
async fn a_403_says_which_scopes_are_wanted() {
    let builder = DevServer::builder().auto_approve(true);
    let server = run(builder.required_scopes(vec!["read".into(), "write".into()])).await;
    for (scope, status) in [("read", 403), ("read write", 200)] {
        let verifier = CodeVerifier::generate().unwrap();
        let mut parameters = request(&verifier.challenge().to_text());
        parameters[6].1 = scope.into();
        let answer = get(&server, &authorize(&parameters)).await;
        let code = answer.sent("code").unwrap();
        let answer = token(&server, &redemption(&code, verifier.expose_verifier())).await;
        let answer = api(&server, &answer.member("access_token")).await;
        assert_eq!(answer.status, status, "{scope}");
        if status == 403 {
            let challenge = answer.header("www-authenticate").unwrap();
            assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
            assert!(challenge.contains("scope=\"read write\""), "{challenge}");
            assert!(challenge.contains("resource_metadata=\"http://127.0.0.1:"), "{challenge}");
        }
    }
}

/// Mix-up: of two servers at once each names itself, and what one issued is nothing to the other.
#[tokio::test]
async fn two_servers_at_once_are_two() {
    let (one, other) = (approving().await, approving().await);
    assert_ne!(one.issuer, other.issuer);
    let verifier = CodeVerifier::generate().unwrap();
    let challenge = verifier.challenge().to_text();
    let answer = get(&one, &authorize(&request(&challenge))).await;
    assert_eq!(answer.sent("iss").as_deref(), Some(one.issuer.as_str()));
    let code = answer.sent("code").unwrap();
    let pairs = redemption(&code, verifier.expose_verifier());
    let answer = token(&other, &pairs).await;
    assert_eq!((answer.status, answer.member("error").as_str()), (400, "invalid_grant"));
    let answer = token(&one, &pairs).await;
    assert_eq!(answer.status, 200);
    let access_token = answer.member("access_token");
    assert_eq!(api(&other, &access_token).await.status, 401);
    assert_eq!(api(&one, &access_token).await.status, 200);
    let refresh = [
        ("grant_type", "refresh_token"),
        ("client_id", "proofkey-dev"),
        ("refresh_token", &answer.member("refresh_token")),
    ];
    assert_eq!(token(&other, &refresh).await.member("error"), "invalid_grant");
    assert_eq!(token(&one, &refresh).await.status, 200);
}
