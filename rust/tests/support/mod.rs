//! Tiny servers and a tiny browser, made by hand so that they can misbehave.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod bound;
#[cfg(feature = "interop")]
pub mod foreign;
pub mod site;

use proofkey_client::{Browser, Client, ClientBuilder};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

/// No test waits so long; it is what a hang would end in.
pub const LONG: Duration = Duration::from_secs(60);

/// A server that answers one request after the other as it is told, and keeps what it read.
pub struct Server {
    pub address: SocketAddr,
    thread: JoinHandle<Vec<String>>,
}

const QUIT: &str = "QUIT / HTTP/1.1\r\n\r\n";

impl Server {
    /// `answer` gets each request, head and body, and the connection; dropping that cuts the line.
    pub fn start(answer: impl Fn(&str, &mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let thread = std::thread::spawn(move || {
            let mut seen = Vec::new();
            loop {
                let (mut stream, _) = listener.accept().unwrap();
                let request = read_request(&mut stream);
                if request == QUIT {
                    return seen;
                }
                answer(&request, &mut stream);
                seen.push(request);
            }
        });
        Self { address, thread }
    }

    /// One that gives every request this answer.
    pub fn answering(answer: impl Into<String>) -> Self {
        let answer = answer.into();
        Self::start(move |_, stream| {
            // The client may have heard enough and left.
            let _ = stream.write_all(answer.as_bytes());
        })
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Every request that arrived until now.
    pub fn requests(self) -> Vec<String> {
        TcpStream::connect(self.address).unwrap().write_all(QUIT.as_bytes()).unwrap();
        self.thread.join().unwrap()
    }
}

fn read_request(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(LONG)).unwrap();
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= content_length(head)
        {
            return text;
        }
        let mut some = [0; 4096];
        let got = stream.read(&mut some).unwrap();
        assert_ne!(got, 0, "the request ended early: {text:?}");
        bytes.extend_from_slice(&some[..got]);
    }
}

fn content_length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.trim().parse().unwrap())
}

/// A JSON answer.
pub fn json(status: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

pub fn tokens() -> String {
    json(
        "200 OK",
        r#"{"access_token":"canary-access-token-1","token_type":"Bearer","expires_in":60}"#,
    )
}

/// A client whose token endpoint is this server.
pub fn client(server: &Server) -> ClientBuilder {
    Client::builder()
        .issuer("https://login.example")
        .authorization_endpoint("https://login.example/authorize")
        .token_endpoint(server.url("/token"))
        .client_id("agent")
}

/// A parameter of a query, decoded.
pub fn parameter(url: &str, name: &str) -> String {
    let query = url.split_once('?').unwrap().1;
    let raw = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap();
    let mut bytes = Vec::new();
    let mut rest = raw.bytes();
    while let Some(b) = rest.next() {
        if b == b'%' {
            let hex: Vec<u8> = rest.by_ref().take(2).collect();
            bytes.push(u8::from_str_radix(core::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(b);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Goes to the redirect URI with this query, as a browser does; the answer's status.
pub fn visit(redirect_uri: &str, query: &str) -> String {
    let (host, path) = redirect_uri.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    write!(stream, "GET /{path}?{query} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().to_owned()
}

/// The user who says yes at once: the browser comes back with a code.
pub fn approve(url: &str) {
    let query = format!("code=canary-code-0123456789&state={}", parameter(url, "state"));
    assert_eq!(visit(&parameter(url, "redirect_uri"), &query), "200");
}

/// A browser in which the user says yes.
pub fn approving() -> Browser {
    Browser::custom(|url| {
        approve(url);
        Ok(())
    })
}
