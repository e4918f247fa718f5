//! Every address, and the methods that it is served for.

use super::*;

/// What a request to an address has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Nothing: a document, or a page.
    Nothing,
    /// A form of a program.
    Form,
    /// A form of a browser.
    Page,
    /// JSON.
    Json,
    /// A token, and no body that would be looked at.
    Token,
}

/// Paths, methods as `Allow` names them (RFC 9110 §10.2.1), and what is taken.
pub const ROUTES: [(&str, &str, Takes); 24] = [
    ("/", "GET", Takes::Nothing),
    ("/.well-known/oauth-authorization-server", "GET", Takes::Nothing),
    ("/.well-known/oauth-protected-resource/api", "GET", Takes::Nothing),
    ("/.well-known/openid-configuration", "GET", Takes::Nothing),
    ("/api", "GET, POST", Takes::Token),
    ("/api/admin", "GET, POST", Takes::Token),
    ("/api/fresh", "GET, POST", Takes::Token),
    ("/api/greedy", "GET, POST", Takes::Token),
    ("/authorize", "GET", Takes::Nothing),
    ("/authorize/decision", "POST", Takes::Page),
    ("/counters", "GET", Takes::Nothing),
    ("/device", "GET", Takes::Nothing),
    ("/device/decision", "POST", Takes::Page),
    ("/device_authorization", "POST", Takes::Form),
    ("/end_session", "GET, POST", Takes::Page),
    ("/end_session/decision", "POST", Takes::Page),
    ("/introspect", "POST", Takes::Form),
    ("/jwks", "GET", Takes::Nothing),
    ("/par", "POST", Takes::Form),
    ("/register", "POST", Takes::Json),
    ("/register/{client_id}", "DELETE", Takes::Token),
    ("/revoke", "POST", Takes::Form),
    ("/rotate-keys", "POST", Takes::Nothing),
    ("/token", "POST", Takes::Form),
];

/// An address of a route.
pub fn target(path: &str) -> String {
    path.replace("{client_id}", "registered-x")
}

/// Whoever adds a route says here what it takes, and has it crossed with all that is bad.
#[tokio::test]
async fn no_route_is_left_out() {
    let server = everything().bind().await.unwrap();
    let mut paths = server.paths().to_vec();
    paths.sort_unstable();
    assert_eq!(paths, ROUTES.map(|(path, ..)| path));
}

/// RFC 9110 §15.5.6; a HEAD does not do what a GET does.
#[tokio::test]
async fn every_other_method_is_refused() {
    let (server, _) = serving().await;
    for (path, served, _) in ROUTES {
        let methods =
            ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "QUERY", "get"];
        for method in methods {
            if served.split(", ").any(|one| one == method) {
                continue;
            }
            let what = format!("{method} {path}");
            let answer = Call::new(method, target(path)).send(&server, &what).await;
            Said::Status(405).is(&answer, &what);
            assert_eq!(answer.header("allow"), Some(served), "{what}");
        }
    }
    still_serves(&server).await;
}

/// Nothing is at an address that is only like one.
#[tokio::test]
async fn what_is_only_like_an_address_is_none() {
    let (server, _) = serving().await;
    for (path, ..) in ROUTES.iter().filter(|(path, ..)| *path != "/") {
        let path = target(path);
        let upper = path.to_ascii_uppercase();
        let encoded = path.replacen('/', "/%2e/", 1);
        for near in [format!("{path}/"), format!("/{path}"), upper, encoded, format!("{path}%00")] {
            // A registration may have any identifier.
            if near.starts_with("/register/") && !near.ends_with('/') {
                continue;
            }
            let answer = Call::new("GET", near.as_str()).send(&server, &near).await;
            Said::Status(404).is(&answer, &near);
        }
    }
    for odd in ["/register/%ff", "/register/%", "/register/%00", "/register/a%2fb"] {
        Said::Status(405).is(&Call::new("GET", odd).send(&server, odd).await, odd);
        let answer = Call::new("DELETE", odd).send(&server, odd).await;
        Said::Challenge(401, "Bearer").is(&answer, odd);
    }
    still_serves(&server).await;
}
