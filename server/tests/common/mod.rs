//! A development server to test with, and an HTTP client that sends exactly what it is told.
#![allow(dead_code, reason = "each test file uses a part of it")]

use proofkey_server::dev::{Builder, DevServer};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// No exchange of a test takes longer.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// The redirect URI of the tests: the development client's, with a port.
pub const REDIRECT_URI: &str = "http://127.0.0.1:49152/callback";

/// A running server. It ends when this is dropped.
pub struct Running {
    pub address: SocketAddr,
    pub issuer: String,
    pub stop: Option<oneshot::Sender<()>>,
    pub task: JoinHandle<()>,
}

pub async fn run(builder: Builder) -> Running {
    start(builder.bind().await.unwrap())
}

pub fn start(server: DevServer) -> Running {
    let (address, issuer) = (server.address(), server.issuer().to_owned());
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(server.run(async move { drop(stopped.await) }));
    Running { address, issuer, stop: Some(stop), task }
}

pub async fn asking() -> Running {
    run(DevServer::builder()).await
}

pub async fn approving() -> Running {
    run(DevServer::builder().auto_approve(true)).await
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The only value of this header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter().filter(|(known, _)| known == name);
        let value = all.next()?;
        assert!(all.next().is_none(), "{name} stands there twice");
        Some(&value.1)
    }

    pub fn location(&self) -> &str {
        self.header("location").expect("no location")
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("no JSON")
    }

    /// A member of the JSON body, as text.
    pub fn member(&self, name: &str) -> String {
        self.json().get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    }

    /// A parameter of the location's query.
    pub fn sent(&self, name: &str) -> Option<String> {
        let (_, query) = self.location().split_once('?')?;
        let mut found = form_urlencoded::parse(query.as_bytes()).filter(|(known, _)| known == name);
        let value = found.next().map(|(_, value)| value.into_owned());
        assert!(found.next().is_none(), "{name} is sent twice");
        value
    }
}

/// Writes these bytes, reads until the server closes.
pub async fn raw(address: SocketAddr, bytes: &[u8]) -> Answer {
    let exchange = async {
        let (mut reading, mut writing) = TcpStream::connect(address).await.unwrap().into_split();
        let mut received = Vec::new();
        // A server that refuses early may close while we still write; its answer counts.
        let (_, _) = tokio::join!(writing.write_all(bytes), reading.read_to_end(&mut received));
        received
    };
    let received = tokio::time::timeout(DEADLINE, exchange).await.expect("no answer in time");
    let text = String::from_utf8(received).expect("an answer that is not UTF-8");
    // What comes before the answer is none (RFC 9110 §15.2).
    let text = text.strip_prefix("HTTP/1.1 100 Continue\r\n\r\n").unwrap_or(&text);
    let (head, body) = text.split_once("\r\n\r\n").expect("no whole answer");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap().parse().unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Answer { status, headers, body: body.to_owned() }
}

/// A request with these header lines beside `Host` and `Connection`.
pub async fn send(
    server: &Running,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let host = server.address;
    let mut request =
        format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || method == "POST" {
        request.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    request.push_str("\r\n");
    request.push_str(body);
    raw(server.address, request.as_bytes()).await
}

pub async fn get(server: &Running, target: &str) -> Answer {
    send(server, "GET", target, &[], "").await
}

pub const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

pub fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The parameters of a right authorization request.
pub fn request(challenge: &str) -> Vec<(&'static str, String)> {
    vec![
        ("response_type", "code".into()),
        ("client_id", "proofkey-dev".into()),
        ("redirect_uri", REDIRECT_URI.into()),
        ("code_challenge", challenge.into()),
        ("code_challenge_method", "S256".into()),
        ("state", "state-0123456789".into()),
        ("scope", "read".into()),
    ]
}

/// The authorization endpoint with these parameters.
pub fn authorize(parameters: &[(&'static str, String)]) -> String {
    let pairs: Vec<(&str, &str)> =
        parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    format!("/authorize?{}", form(&pairs))
}

pub async fn token(server: &Running, pairs: &[(&str, &str)]) -> Answer {
    send(server, "POST", "/token", &[FORM], &form(pairs)).await
}

/// The parameters of a right token request.
pub fn redemption<'a>(code: &'a str, verifier: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("client_id", "proofkey-dev"),
        ("redirect_uri", REDIRECT_URI),
        ("code", code),
        ("code_verifier", verifier),
    ]
}

pub async fn api(server: &Running, token: &str) -> Answer {
    send(server, "GET", "/api", &[("Authorization", &format!("Bearer {token}"))], "").await
}

/// What the consent page would send back: cookie and fields.
pub struct Consent {
    pub cookie: String,
    pub csrf: String,
    pub query: String,
}

pub fn consent(page: &Answer) -> Consent {
    assert_eq!(page.status, 200, "{}", page.body);
    let set = page.header("set-cookie").expect("no cookie");
    let value = |name: &str| {
        let marker = format!("name=\"{name}\" value=\"");
        let rest = page.body.split_once(&marker).expect("no such field").1;
        rest.split('"').next().unwrap().replace("&amp;", "&")
    };
    Consent {
        cookie: set.split(';').next().unwrap().to_owned(),
        csrf: value("csrf"),
        query: value("query"),
    }
}

pub async fn decide(
    server: &Running,
    consent: &Consent,
    decision: &str,
    more: &[(&str, &str)],
) -> Answer {
    let body = form(&[("csrf", &consent.csrf), ("query", &consent.query), ("decision", decision)]);
    let mut headers = vec![FORM, ("Cookie", consent.cookie.as_str())];
    headers.extend_from_slice(more);
    send(server, "POST", "/authorize/decision", &headers, &body).await
}
