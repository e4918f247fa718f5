//! A resource and its authorization server on one address, which issue `at-1`, `at-2`, … and take the newest.

use super::{Server, json};
use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many tokens were issued.
pub type Issued = Arc<AtomicUsize>;

/// A site whose nth token lives for `lives(n)` seconds. Before it issues one it calls `before`.
pub fn site_with(
    lives: impl Fn(usize) -> u64 + Send + 'static,
    before: impl Fn(usize) + Send + 'static,
) -> (Server, Issued) {
    let issued = Issued::default();
    let count = Arc::clone(&issued);
    let server = Server::start(move |request, stream| {
        let answer = match request.split(' ').nth(1).unwrap() {
            "/token" => {
                let n = count.load(Ordering::SeqCst) + 1;
                before(n);
                count.store(n, Ordering::SeqCst);
                json(
                    "200 OK",
                    &format!(
                        r#"{{"access_token":"canary-at-{n}","refresh_token":"canary-rt-{n}","token_type":"Bearer","expires_in":{}}}"#,
                        lives(n)
                    ),
                )
            }
            path => answer(path, request, count.load(Ordering::SeqCst)),
        };
        put(stream, &answer);
    });
    (server, issued)
}

pub fn site(lives: impl Fn(usize) -> u64 + Send + 'static) -> (Server, Issued) {
    site_with(lives, |_| ())
}

fn put(stream: &mut TcpStream, answer: &str) {
    // The client may have heard enough and left.
    let _ = stream.write_all(answer.as_bytes());
}

fn answer(path: &str, request: &str, newest: usize) -> String {
    let head = request.to_lowercase();
    let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let base = format!("http://{host}");
    match path {
        "/.well-known/oauth-protected-resource/api" => json(
            "200 OK",
            &format!(
                r#"{{"resource":"{base}/api","authorization_servers":["{base}"],"scopes_supported":["read","admin"]}}"#
            ),
        ),
        "/.well-known/oauth-authorization-server" => json(
            "200 OK",
            &format!(
                r#"{{"issuer":"{base}","authorization_endpoint":"{base}/authorize","token_endpoint":"{base}/token",
            "revocation_endpoint":"{base}/revoke","registration_endpoint":"{base}/register",
            "code_challenge_methods_supported":["S256"]}}"#
            ),
        ),
        "/revoke" => json("200 OK", "{}"),
        "/register" => {
            let body = request.split_once("\r\n\r\n").unwrap().1;
            let asked: serde_json::Value = serde_json::from_str(body).unwrap();
            json(
                "201 Created",
                &format!(
                    r#"{{"client_id":"registered","redirect_uris":{},"token_endpoint_auth_method":"none"}}"#,
                    asked["redirect_uris"]
                ),
            )
        }
        _ if path.starts_with("/api") => {
            if head.contains(&format!("authorization: bearer canary-at-{newest}\r\n")) {
                json("200 OK", &format!("{{\"newest\":{newest}}}"))
            } else {
                json("401 Unauthorized", "{}")
            }
        }
        _ => json("404 Not Found", "{}"),
    }
}

/// The paths that were asked for, in their order.
pub fn paths(server: Server) -> Vec<String> {
    let path = |request: &String| request.split(' ').nth(1).unwrap().to_owned();
    server.requests().iter().map(path).collect()
}
