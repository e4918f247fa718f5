//! Bad input at every address: the right error, never a redirect to where nobody registered, never a 5xx; and the
//! server goes on.

mod bodies;
mod credentials;
mod forms;
mod pages;
mod queries;
mod random;
mod redirects;
mod registrations;
mod routes;
mod slow;
mod targets;

use crate::common::*;
use proofkey::verifier::CodeVerifier;
use proofkey_server::dev::{Builder, ClientDocuments, DevServer, More};

/// A server with everything that there is, but for what would ask the network.
fn everything() -> Builder {
    let more = More { introspection: true, rotate_keys: true, ..More::default() };
    let builder = DevServer::builder().auto_approve(true).more(more);
    builder.client_documents(ClientDocuments::Off)
}

/// Such a server, and what its resource shows when it asks about tokens.
async fn serving() -> (Running, String) {
    let server = everything().bind().await.unwrap();
    let secret = server.introspection_secret().unwrap().expose().to_owned();
    (start(server), format!("Bearer {secret}"))
}

/// A request, byte by byte.
#[derive(Clone)]
struct Call {
    method: &'static str,
    target: Vec<u8>,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

impl Call {
    fn new(method: &'static str, target: impl Into<Vec<u8>>) -> Self {
        Self { method, target: target.into(), headers: Vec::new(), body: Vec::new() }
    }

    fn header(mut self, name: &'static str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Without `Host`, which is the first line after this.
    fn bytes(&self, host: &str) -> Vec<u8> {
        let mut bytes = format!("{} ", self.method).into_bytes();
        bytes.extend_from_slice(&self.target);
        bytes.extend_from_slice(format!(" HTTP/1.1\r\n{host}Connection: close\r\n").as_bytes());
        for (name, value) in &self.headers {
            bytes.extend_from_slice(format!("{name}: ").as_bytes());
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        if self.method == "POST" || !self.body.is_empty() {
            bytes.extend_from_slice(format!("Content-Length: {}\r\n", self.body.len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// What the server answers. Whatever that is, it is sound.
    async fn send(&self, server: &Running, what: &str) -> Answer {
        let host = format!("Host: {}\r\n", server.address);
        let answer = raw(server.address, &self.bytes(&host)).await;
        sound(&answer, what);
        answer
    }
}

/// What no request may bring about, whatever it is.
fn sound(answer: &Answer, what: &str) {
    assert!((200..500).contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
    // P28, RFC 6749 §5.1. What hyper refuses before anybody sees it has no fields of ours.
    if answer.header("x-content-type-options").is_some() {
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
    } else {
        assert!(matches!(answer.status, 400 | 414 | 431), "{what}: {}", answer.status);
        assert_eq!(answer.header("location"), None, "{what}");
    }
    if let Some(location) = answer.header("location") {
        assert_eq!(answer.status, 303, "{what}");
        assert!(is_registered(location), "{what}: a redirect to {location}");
    }
}

/// P26: a receiver of the development client, at whatever port, with parameters of ours and nothing else.
fn is_registered(location: &str) -> bool {
    let hosts = ["http://127.0.0.1", "http://[::1]"];
    let Some(rest) = hosts.iter().find_map(|host| location.strip_prefix(host)) else {
        return false;
    };
    let path = match rest.strip_prefix(':') {
        None => rest,
        Some(port) => port.trim_start_matches(|c: char| c.is_ascii_digit()),
    };
    let plain = location.bytes().all(|b| b.is_ascii_graphic() && b != b'#');
    plain
        && (path.starts_with("/callback?")
            || path == "/signed-out"
            || path.starts_with("/signed-out?"))
}

/// What is to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// This status.
    Status(u16),
    /// JSON with this error (RFC 6749 §5.2, RFC 7591 §3.2.2).
    Json(u16, &'static str),
    /// A page with this error: nothing is redirected (P26).
    Page(u16, &'static str),
    /// A redirect with this error (RFC 6749 §4.1.2.1).
    Sent(&'static str),
    /// A redirect with a code.
    Code,
    /// A challenge that begins so (RFC 6750 §3).
    Challenge(u16, &'static str),
}

impl Said {
    fn is(self, answer: &Answer, what: &str) {
        let Answer { status, body, .. } = answer;
        let at = |expected: u16| assert_eq!(*status, expected, "{what}: {body}");
        match self {
            Self::Status(expected) => at(expected),
            Self::Json(expected, error) => {
                at(expected);
                assert_eq!(answer.header("content-type"), Some("application/json"), "{what}");
                assert_eq!(answer.member("error"), error, "{what}: {body}");
                assert!(!answer.member("error_description").is_empty(), "{what}");
            }
            Self::Page(expected, error) => {
                at(expected);
                assert_eq!(answer.header("location"), None, "{what}");
                assert!(answer.header("content-type").unwrap().starts_with("text/html"), "{what}");
                assert!(body.contains(&format!("<code>{error}</code>")), "{what}: {body}");
                assert!(!body.contains("evil"), "{what}: the page repeats what was sent");
            }
            Self::Sent(error) => {
                at(303);
                assert_eq!(answer.sent("error").as_deref(), Some(error), "{what}");
                assert!(answer.sent("iss").is_some(), "{what}: RFC 9207 §2");
                assert_eq!(answer.sent("code"), None, "{what}");
            }
            Self::Code => {
                at(303);
                assert!(answer.sent("code").is_some(), "{what}: {}", answer.location());
            }
            Self::Challenge(expected, begins) => {
                at(expected);
                let challenge = answer.header("www-authenticate").unwrap_or_default();
                assert!(challenge.starts_with(begins), "{what}: {challenge}");
            }
        }
    }
}

/// An honest sign-in, from the request to the resource.
async fn still_serves(server: &Running) {
    let verifier = CodeVerifier::generate().unwrap();
    let answer = get(server, &authorize(&request(&verifier.challenge().to_text()))).await;
    let code = answer.sent("code").expect("no code");
    let answer = token(server, &redemption(&code, verifier.expose_verifier())).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(api(server, &answer.member("access_token")).await.status, 200);
}

/// A challenge that a request may hold.
fn challenge() -> String {
    CodeVerifier::generate().unwrap().challenge().to_text()
}
