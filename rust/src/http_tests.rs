//! Exchanges with a short deadline, which the core's own requests do not have.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use std::io::{ErrorKind, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

fn get(address: std::net::SocketAddr, timeout_ms: u64) -> Event {
    send(&HttpRequest {
        method: Method::Get,
        url: format!("http://{address}/"),
        headers: vec![Header::new("Accept-Encoding", "identity")],
        body: None,
        max_body: 1024,
        timeout_ms,
    })
}

/// Answers with this head and then a byte every 20 ms for as long as the client listens.
fn drip(head: &'static [u8]) -> (std::net::SocketAddr, std::thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let (mut stream, _): (TcpStream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        stream.write_all(head).unwrap();
        let mut sent = 0;
        // The client says nothing after its request: a read that times out is the clock.
        while sent < 1000 && stream.write_all(b"x").is_ok() {
            match stream.read(&mut [0; 1024]) {
                Ok(0) => return,
                Ok(_) => {}
                Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    sent += 1
                }
                Err(_) => return,
            }
        }
        assert!(sent < 1000, "the client never gave up");
    });
    (address, thread)
}

#[test]
fn a_slow_drip_ends_at_the_deadline() {
    // Threat: idle or slow connections; in the head, and in the body.
    for head in [&b"HTTP/1.1 200 OK\r\nX: "[..], b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"]
    {
        let (address, thread) = drip(head);
        let began = Instant::now();
        let event = get(address, 300);
        let Event::Unreachable { reason: Lost::TimedOut, .. } = event else {
            panic!("{event:?}");
        };
        assert!(began.elapsed() >= Duration::from_millis(300));
        assert!(began.elapsed() < Duration::from_secs(15));
        thread.join().unwrap();
    }
}

#[test]
fn a_server_that_never_answers_ends_at_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let event = get(listener.local_addr().unwrap(), 200);
    assert!(matches!(event, Event::Unreachable { reason: Lost::TimedOut, .. }), "{event:?}");
}

#[test]
fn tls_to_a_server_that_speaks_none_never_sends_the_request() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut hello = [0; 1];
        stream.read_exact(&mut hello).unwrap();
        hello
    });
    let event = send(&HttpRequest {
        method: Method::Get,
        url: format!("https://{address}/"),
        headers: Vec::new(),
        body: None,
        max_body: 1024,
        timeout_ms: 5000,
    });
    assert!(matches!(event, Event::Unreachable { .. }), "{event:?}");
    // 0x16: a TLS handshake, not the `G` of a request in the clear.
    assert_eq!(thread.join().unwrap(), [0x16]);
}

#[test]
fn loopback_is_told_from_what_looks_like_it() {
    for near in
        ["http://127.0.0.1:1/x", "http://[::1]/", "https://localhost:443/a", "http://[::1]:9"]
    {
        assert!(is_loopback(near), "{near}");
    }
    for far in [
        "https://example/127.0.0.1",
        "https://localhost.example/",
        "https://127.0.0.1.example",
        "x",
    ] {
        assert!(!is_loopback(far), "{far}");
    }
}
