//! Binding, idle connections, and the end.

use crate::common::*;
use proofkey::verifier::CodeVerifier;
use proofkey_server::dev::{DevError, DevServer, development_client};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// "The development server itself": loopback only unless asked; nothing is bound by a refused one.
#[tokio::test]
async fn only_loopback_unless_asked() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let address: SocketAddr = address.parse().unwrap();
        let error = DevServer::builder().address(address).bind().await.err().unwrap();
        assert!(matches!(error, DevError::NotLoopback { .. }), "{error}");
    }
    // Asked, it needs an https issuer: http to an address that is not loopback is no issuer.
    let remote = || DevServer::builder().address("0.0.0.0:0".parse().unwrap()).allow_remote(true);
    assert!(matches!(remote().bind().await.err().unwrap(), DevError::Configuration(_)));
    let server = remote().issuer("https://as.example").bind().await.unwrap();
    assert_eq!(server.issuer(), "https://as.example");
    assert_eq!(server.resource(), "https://as.example/api");
}

#[tokio::test]
async fn configurations_that_cannot_be() {
    let taken = DevServer::builder().bind().await.unwrap();
    let port = taken.address().port();
    let error = DevServer::builder().port(port).bind().await.err().unwrap();
    assert!(matches!(error, DevError::Bind { .. }), "{error}");
    let twice = DevServer::builder().client(development_client()).client(development_client());
    let error = twice.bind().await.err().unwrap();
    assert!(matches!(error, DevError::DuplicateClient { .. }), "{error}");
    // CVE-2026-22752: a redirect URI of a dangerous scheme cannot be registered.
    for uri in ["javascript:alert(1)", "data:text/html,x", "http://as.example/cb", "/cb", ""] {
        let mut client = development_client();
        client.redirect_uris = vec![uri.into()];
        let error = DevServer::builder().client(client).bind().await.err().unwrap();
        assert!(matches!(error, DevError::Configuration(_)), "{uri}: {error}");
    }
    for issuer in [
        "https://as.example/tenant/",
        "https://as.example/",
        "https://as.example//tenant",
        "https://as.example/{tenant}",
        "https://as.example/a/../b",
        "https://as.example?a",
        "as.example",
        "ftp://a",
    ] {
        assert!(DevServer::builder().issuer(issuer).bind().await.is_err(), "{issuer}");
    }
}

/// "Idle or slow connections": 200 that say nothing do not delay one that does.
#[tokio::test]
async fn idle_connections_do_not_block() {
    let server = approving().await;
    let mut idle = Vec::new();
    for n in 0..200 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        if n % 2 == 0 {
            stream.write_all(b"POST /token HTTP/1.1\r\nHost:").await.unwrap();
        }
        idle.push(stream);
    }
    let asked = Instant::now();
    assert_eq!(get(&server, "/").await.status, 200);
    // Their deadline is 10 s: the answer came before any of them was given up.
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
}

/// "Idle or slow connections": whoever begins and does not go on is cut off. The clock of the runtime is
/// moved on when nothing else is left to do, so nobody waits here.
#[tokio::test(start_paused = true)]
async fn slow_requests_are_cut_off() {
    let server = approving().await;
    let host = server.address;
    for (begun, answered) in [
        (String::new(), None),
        ("GET / HT".to_owned(), None),
        (
            format!("POST /token HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\n\r\ngrant"),
            Some("HTTP/1.1 408"),
        ),
        (
            // A whole exchange, and then the connection is kept and says nothing.
            format!("GET /api HTTP/1.1\r\nHost: {host}\r\n\r\n"),
            Some("HTTP/1.1 401"),
        ),
    ] {
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(begun.as_bytes()).await.unwrap();
        let mut received = Vec::new();
        let closed = tokio::time::timeout(DEADLINE, stream.read_to_end(&mut received)).await;
        assert!(closed.is_ok(), "still open after {begun:?}");
        let received = String::from_utf8(received).unwrap();
        if let Some(status) = answered {
            assert!(received.starts_with(status), "{begun:?}: {received}");
        }
    }
}

/// The end: no new connection, and a request whose body never comes is cut off at the deadline.
#[tokio::test]
async fn shutdown_has_a_deadline() {
    let builder = DevServer::builder().shutdown_deadline(Duration::from_millis(200));
    let mut server = run(builder).await;
    let mut stuck = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /token HTTP/1.1\r\nHost: {}\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n",
        server.address
    );
    stuck.write_all(head.as_bytes()).await.unwrap();
    // "100 Continue" says that the request runs and waits for its body.
    let mut seen = [0; 12];
    stuck.read_exact(&mut seen).await.unwrap();
    assert_eq!(&seen, b"HTTP/1.1 100");

    server.stop.take().unwrap().send(()).unwrap();
    tokio::time::timeout(DEADLINE, &mut server.task).await.expect("it did not end").unwrap();
    let mut rest = Vec::new();
    let cut = tokio::time::timeout(DEADLINE, stuck.read_to_end(&mut rest)).await;
    assert!(cut.is_ok(), "the connection is still open");
    // Cut off by the end of the server, not answered because its own deadline came first.
    let rest = String::from_utf8(rest).unwrap();
    assert!(!rest.contains("408"), "{rest}");
    assert!(TcpStream::connect(server.address).await.is_err(), "it still listens");
}

/// The observer hears the whole story in order, and each sentence is of its step.
#[tokio::test]
async fn an_observer_hears_each_step() {
    let notes = Arc::new(Mutex::new(Vec::new()));
    let heard = notes.clone();
    let observer = move |note: proofkey_server::narrate::FlowNote| heard.lock().unwrap().push(note);
    let server = run(DevServer::builder().auto_approve(true).observer(observer)).await;
    let verifier = CodeVerifier::generate().unwrap();
    let answer = get(&server, &authorize(&request(&verifier.challenge().to_text()))).await;
    let code = answer.sent("code").unwrap();
    let answer = token(&server, &redemption(&code, verifier.expose_verifier())).await;
    api(&server, &answer.member("access_token")).await;
    let notes = notes.lock().unwrap();
    let steps: Vec<&str> = notes.iter().map(|note| note.step).collect();
    let expected = [
        "authorize",
        "authorize",
        "Put",
        "authorize",
        "token",
        "Find",
        "Claim",
        "token",
        "FindToken",
        "api",
    ];
    assert_eq!(steps, expected);
    assert!(notes.iter().all(|note| !note.words.is_empty() && note.words.lines().count() == 1));
}
