//! What clients say of themselves, right and wrong.
#![allow(clippy::unwrap_used, reason = "a test ends with its first wrong step")]
use super::*;

fn read(body: &str) -> Result<ClientMetadata, MetadataRefusal> {
    ClientMetadata::read(body.as_bytes())
}

/// RFC 7591 §2: what is left out has its default, what is unknown is not looked at.
#[test]
fn a_client_says_what_it_is() {
    let small = read(r#"{"redirect_uris":["http://127.0.0.1/cb"],"x":{"y":1}}"#).unwrap();
    assert_eq!(small.redirect_uris, ["http://127.0.0.1/cb"]);
    assert_eq!((small.client_name.clone(), small.may_refresh), (None, false));
    let offered = ["read".to_owned(), "write".to_owned()];
    let record = small.record("c-1", "c-1", &offered);
    assert_eq!((record.name.as_str(), record.scopes.as_slice()), ("c-1", offered.as_slice()));
    let full = read(
        r#"{"redirect_uris":["https://a.example/cb","com.example.a:/cb","http://[::1]/cb"],
            "client_name":"An agent","scope":"write admin","token_endpoint_auth_method":"none",
            "grant_types":["authorization_code","refresh_token","password"],
            "response_types":["code","token"],"application_type":"native"}"#,
    )
    .unwrap();
    assert!(full.may_refresh);
    let record = full.record("c-2", "c-2", &offered);
    assert_eq!((record.name.as_str(), record.scopes.as_slice()), ("An agent", &offered[1..]));
}

/// RFC 8628: a client of devices has no redirect URI, and cannot be redirected.
#[test]
fn a_client_of_devices_needs_no_redirect_uri() {
    let grants =
        r#""grant_types":["urn:ietf:params:oauth:grant-type:device_code","refresh_token"]"#;
    let device = read(&format!(r#"{{{grants},"response_types":[]}}"#)).unwrap();
    assert_eq!((device.redirect_uris.len(), device.may_refresh), (0, true));
    let both = grants.replace("refresh_token", "authorization_code");
    assert_eq!(read(&format!("{{{both}}}")).unwrap_err().error, "invalid_redirect_uri");
    let wrong = read(&format!(r#"{{{grants},"redirect_uris":["javascript:alert(1)"]}}"#));
    assert_eq!(wrong.unwrap_err().error, "invalid_redirect_uri");
    assert_eq!(
        read(r#"{"grant_types":["refresh_token"]}"#).unwrap_err().error,
        "invalid_client_metadata"
    );
}

/// CVE-2026-22752: redirect URIs of dangerous schemes cannot be registered.
#[test]
fn registration_takes_no_javascript_redirect() {
    for uri in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "http://a.example/cb",
        "http://127.0.0.1.a.example/cb",
        "https://user@a.example/cb",
        "https://a.example/cb#x",
        "https://a.example",
        "app:/cb",
        "/cb",
        "",
    ] {
        let body = serde_json::json!({ "redirect_uris": ["https://a.example/cb", uri] });
        let refused = read(&body.to_string()).unwrap_err();
        assert_eq!(refused.error, "invalid_redirect_uri", "{uri}");
    }
}

#[test]
fn what_is_no_public_client_is_refused() {
    let with = |member: &str| format!(r#"{{"redirect_uris":["https://a.example/cb"],{member}}}"#);
    for member in [
        r#""token_endpoint_auth_method":"client_secret_basic""#,
        r#""token_endpoint_auth_method":["none"]"#,
        r#""grant_types":["client_credentials"]"#,
        r#""grant_types":"authorization_code""#,
        r#""response_types":["token"]"#,
        r#""scope":["read"]"#,
        r#""scope":"re\"ad""#,
        r#""client_name":7"#,
        r#""client_name":" ""#,
        r#""client_name":"a\nb""#,
        r#""client_name":"\u202egpj.exe""#,
        r#""redirect_uris":["https://a.example/other"]"#,
    ] {
        let refused = read(&with(member)).unwrap_err();
        assert_eq!(refused.error, "invalid_client_metadata", "{member}");
    }
    assert!(read(&with(r#""client_name":"ünïcode 名""#)).is_ok());
    let long = |n: usize| with(&format!(r#""client_name":"{}""#, "a".repeat(n)));
    assert!(read(&long(100)).is_ok() && read(&long(101)).is_err());
    for body in ["", "[]", "{}{}", r#"{"redirect_uris":"https://a.example/cb"}"#] {
        assert!(read(body).is_err(), "{body}");
    }
    let many = |n: usize| {
        let uris: Vec<String> = (0..n).map(|n| format!("https://a.example/{n}")).collect();
        read(&serde_json::json!({ "redirect_uris": uris }).to_string())
    };
    assert!(many(0).is_err() && many(16).is_ok() && many(17).is_err());
}

/// M4: a document is believed at its own address alone, and has no secret.
#[test]
fn a_document_names_its_own_address() {
    let url = "https://a.example/client.json";
    let document = |client_id: &str, more: &str| {
        let body = format!(
            r#"{{"client_id":"{client_id}","redirect_uris":["https://a.example/cb"]{more}}}"#
        );
        ClientMetadata::read_document(url, body.as_bytes())
    };
    assert!(document(url, "").is_ok());
    for other in ["https://a.example/client.json/", "https://A.example/client.json", "a", ""] {
        assert!(document(other, "").is_err(), "{other}");
    }
    assert!(document(url, r#","client_secret":"x""#).is_err());
    let without = br#"{"redirect_uris":["https://a.example/cb"]}"#;
    assert!(ClientMetadata::read_document(url, without).is_err());
}

#[test]
fn addresses_of_documents() {
    for (url, anywhere, on_loopback) in [
        ("https://a.example/c", true, true),
        ("https://a.example:8443/c?v=1", true, true),
        ("http://127.0.0.1:9000/c", false, true),
        ("http://a.example/c", false, false),
        ("https://a.example", false, false),
        ("https://a.example/", false, false),
        ("https://a.example/c#x", false, false),
        ("https://u@a.example/c", false, false),
        ("https://a.example/../c", false, false),
        ("https://a.example/%2e/c", false, false),
        ("ftp://a.example/c", false, false),
        ("agent", false, false),
    ] {
        assert_eq!(check_document_url(url, false).is_ok(), anywhere, "{url}");
        assert_eq!(check_document_url(url, true).is_ok(), on_loopback, "{url}");
    }
}
