//! The loopback receiver as a browser and an attacker meet it (P10, threats: another local process
//! answers first, idle or slow connections, DNS rebinding, huge request line, port taken,
//! reflection on the callback page).
#![cfg(feature = "loopback")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proofkey::Error;
use proofkey::loopback::{LoopbackReceiver, Received};
use proofkey::step::{Listen, LoopbackHost};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// No test waits so long; it is what a hang would end in.
const LONG: Duration = Duration::from_secs(60);

fn listen(host: LoopbackHost, port: u16) -> Listen {
    Listen { host, port, path: "/callback".into() }
}

fn bind() -> LoopbackReceiver {
    LoopbackReceiver::bind(&listen(LoopbackHost::V4, 0)).unwrap()
}

fn connect(receiver: &LoopbackReceiver) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", receiver.port())).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream
}

/// Sends these bytes and reads the answer to its end.
fn exchange(receiver: &LoopbackReceiver, bytes: &[u8]) -> String {
    let mut stream = connect(receiver);
    stream.write_all(bytes).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the connection was reset");
    answer
}

fn get(receiver: &LoopbackReceiver, target: &str) -> String {
    let host = format!("127.0.0.1:{}", receiver.port());
    exchange(receiver, format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())
}

fn status(answer: &str) -> &str {
    answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).expect("a status line")
}

fn redirect(received: Result<Received, Error>) -> String {
    match received {
        Ok(Received::Redirect(uri)) => uri,
        other => panic!("expected a redirect, got {other:?}"),
    }
}

fn nothing_came(receiver: &LoopbackReceiver) {
    assert_eq!(receiver.wait(Duration::ZERO).unwrap(), Received::Elapsed);
}

#[test]
fn a_redirect_arrives_whole_and_undecoded() {
    // P10
    let receiver = bind();
    assert_ne!(receiver.port(), 0);
    assert_eq!(receiver.redirect_uri(), format!("http://127.0.0.1:{}/callback", receiver.port()));
    let answer = get(&receiver, "/callback?code=a%2Bb+c&state=&&x=%zz");
    assert_eq!(status(&answer), "200");
    let expected = format!("{}?code=a%2Bb+c&state=&&x=%zz", receiver.redirect_uri());
    assert_eq!(redirect(receiver.wait(LONG)), expected);
    // Errors in a fragment: the listener sees an empty query.
    get(&receiver, "/callback");
    assert_eq!(redirect(receiver.wait(LONG)), receiver.redirect_uri());
    nothing_came(&receiver);
}

#[test]
fn a_thousand_forged_redirects_do_not_end_the_wait() {
    // Threat: another local process answers first; a forged error= ends the wait.
    let receiver = bind();
    std::thread::scope(|scope| {
        let visitor = scope.spawn(|| {
            for n in 0..1000 {
                get(&receiver, &format!("/callback?error=access_denied&state=forged{n}"));
            }
            get(&receiver, "/callback?code=real&state=ours");
        });
        let mut forged = 0;
        let real = loop {
            let uri = redirect(receiver.wait(LONG));
            if uri.ends_with("state=ours") {
                break uri;
            }
            forged += 1;
        };
        assert_eq!(forged, 1000);
        assert_eq!(real, format!("{}?code=real&state=ours", receiver.redirect_uri()));
        visitor.join().unwrap();
    });
}

#[test]
fn forgers_all_at_once_do_not_lose_the_real_one() {
    // Threat: another local process answers first, by many connections.
    let receiver = bind();
    std::thread::scope(|scope| {
        let forgers: Vec<_> = (0..8)
            .map(|n| {
                let receiver = &receiver;
                scope.spawn(move || {
                    for _ in 0..125 {
                        get(receiver, &format!("/callback?state=forged{n}"));
                    }
                })
            })
            .collect();
        let real = scope.spawn(|| get(&receiver, "/callback?state=ours"));
        let seen =
            (0..1001).filter(|_| redirect(receiver.wait(LONG)).ends_with("state=ours")).count();
        assert_eq!(seen, 1);
        assert_eq!(status(&real.join().unwrap()), "200");
        forgers.into_iter().for_each(|forger| forger.join().unwrap());
    });
}

#[test]
fn two_hundred_idle_sockets_do_not_keep_the_real_redirect_out() {
    // Threat: idle or slow connections. The deadline of a connection is 5 s.
    let receiver = bind();
    let began = Instant::now();
    let idle: Vec<TcpStream> = (0..200).map(|_| connect(&receiver)).collect();
    let answer = get(&receiver, "/callback?code=real");
    assert_eq!(status(&answer), "200");
    assert!(redirect(receiver.wait(LONG)).ends_with("?code=real"));
    let took = began.elapsed();
    assert!(took < Duration::from_secs(4), "{took:?}: some may have reached their deadline");
    // A spare connection that the browser opened last of all can still be used.
    let host = format!("127.0.0.1:{}", receiver.port());
    let mut spare = idle.last().unwrap();
    write!(spare, "GET /callback?code=spare HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    assert!(redirect(receiver.wait(LONG)).ends_with("?code=spare"));
}

#[test]
fn a_wrong_host_is_never_answered_as_a_redirect() {
    // DNS rebinding: CVE-2025-66414, RUSTSEC-2026-0189
    let receiver = bind();
    let port = receiver.port();
    let ask = |fields: &str| {
        exchange(&receiver, format!("GET /callback?code=x HTTP/1.1\r\n{fields}\r\n").as_bytes())
    };
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", port ^ 1),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
        format!("127.0.0.1:{port}.evil.example"),
        format!("0x7f.1:{port}"),
        String::new(),
    ] {
        let answer = ask(&format!("Host: {host}\r\n"));
        assert_eq!(status(&answer), "421", "{host}");
        assert!(!answer.contains("go back"), "{host}");
    }
    assert_eq!(status(&ask("")), "400");
    assert_eq!(
        status(&ask(&format!("Host: 127.0.0.1:{port}\r\nHost: 127.0.0.1:{port}\r\n"))),
        "400"
    );
    assert_eq!(status(&ask(&format!("Host: 127.0.0.1:{port}\r\nHost: evil\r\n"))), "400");
    nothing_came(&receiver);
}

#[test]
fn other_methods_and_paths_are_refused() {
    let receiver = bind();
    let host = format!("127.0.0.1:{}", receiver.port());
    for method in ["POST", "HEAD", "OPTIONS", "PUT", "DELETE"] {
        let request = format!("{method} /callback?code=x HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let answer = exchange(&receiver, request.as_bytes());
        assert_eq!(status(&answer), "405", "{method}");
        assert!(answer.contains("\r\nAllow: GET\r\n"));
        assert!(!answer.to_ascii_lowercase().contains("access-control"), "no CORS");
    }
    for path in ["/", "/favicon.ico", "/callback/", "/Callback", "/callbac", "/x/../callback"] {
        assert_eq!(status(&get(&receiver, path)), "404", "{path}");
    }
    let post =
        format!("POST /callback HTTP/1.1\r\nHost: {host}\r\nContent-Length: 6\r\n\r\ncode=x");
    assert_eq!(status(&exchange(&receiver, post.as_bytes())), "405");
    let body = format!("GET /callback HTTP/1.1\r\nHost: {host}\r\nContent-Length: 6\r\n\r\ncode=x");
    assert_eq!(status(&exchange(&receiver, body.as_bytes())), "400");
    nothing_came(&receiver);
}

#[test]
fn a_head_of_8_kib_is_taken_and_one_byte_more_is_not() {
    // Threat: huge request line.
    let receiver = bind();
    let frame = format!("GET /callback? HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", receiver.port());
    let fitting = "x".repeat(8192 - frame.len());
    assert_eq!(status(&get(&receiver, &format!("/callback?{fitting}"))), "200");
    assert!(redirect(receiver.wait(LONG)).ends_with(&fitting));
    // In the fields: 431; in the target alone: 414.
    assert_eq!(status(&get(&receiver, &format!("/callback?{fitting}y"))), "431");
    assert_eq!(status(&get(&receiver, &format!("/callback?{}", "x".repeat(20_000)))), "414");
    nothing_came(&receiver);
}

#[test]
fn the_page_is_the_same_whatever_the_query() {
    // Reflection on the callback page: CVE-2025-62800
    let receiver = bind();
    let page = get(&receiver, "/callback");
    for query in [
        "code=a&state=b",
        "error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E",
        "<script>alert(1)</script>",
        "\"onload=\"x",
        "",
    ] {
        assert_eq!(get(&receiver, &format!("/callback?{query}")), page, "{query}");
    }
    let (head, body) = page.split_once("\r\n\r\n").unwrap();
    for field in [
        "Content-Type: text/html; charset=utf-8",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "Connection: close",
    ] {
        assert!(head.lines().any(|line| line == field), "{field}");
    }
    assert!(head.contains("\r\nContent-Security-Policy: default-src 'none'; style-src 'sha256-"));
    assert!(!head.contains("unsafe-inline"));
    assert!(body.contains("You can go back to your program."));
    assert!(body.contains("prefers-color-scheme:dark"));
    assert!(!body.contains("<script"));
}

#[test]
fn cancel_wakes_a_wait_and_counts_before_one() {
    let receiver = bind();
    let canceller = receiver.canceller();
    let (waiting, waits) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            waiting.send(()).unwrap();
            receiver.wait(LONG)
        });
        waits.recv().unwrap();
        let other = canceller.clone();
        scope.spawn(move || other.cancel());
        assert_eq!(waiter.join().unwrap().unwrap(), Received::Cancelled);
    });
    let began = Instant::now();
    assert_eq!(receiver.wait(LONG).unwrap(), Received::Cancelled);
    assert!(began.elapsed() < LONG / 2);
    // A handle that outlives the receiver does no harm.
    drop(receiver);
    canceller.cancel();
}

#[test]
fn a_wait_ends_at_its_deadline_and_can_be_repeated() {
    let receiver = bind();
    let began = Instant::now();
    let deadline = Duration::from_millis(50);
    assert_eq!(receiver.wait(deadline).unwrap(), Received::Elapsed);
    assert!(began.elapsed() >= deadline);
    get(&receiver, "/callback?late");
    assert!(redirect(receiver.wait(Duration::MAX)).ends_with("?late"));
}

#[test]
fn a_port_that_is_taken_is_an_error_and_dropping_frees_it() {
    // Threat: port taken.
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = holder.local_addr().unwrap().port();
    let error = LoopbackReceiver::bind(&listen(LoopbackHost::V4, taken)).unwrap_err();
    assert_eq!(error, Error::PortInUse { port: taken });
    drop(holder);
    for _ in 0..20 {
        let receiver = LoopbackReceiver::bind(&listen(LoopbackHost::V4, taken)).unwrap();
        let idle = connect(&receiver);
        get(&receiver, "/callback?x");
        drop(receiver);
        drop(idle);
    }
    assert!(TcpStream::connect(("127.0.0.1", taken)).is_err(), "the port is closed");
}

#[test]
fn localhost_holds_both_families_on_one_port() {
    // RFC 8252 §8.3
    if TcpListener::bind("[::1]:0").is_err() {
        let error = LoopbackReceiver::bind(&listen(LoopbackHost::Localhost, 0)).unwrap_err();
        assert_eq!(error.code(), "listen_failed", "one family alone must not be enough");
        return;
    }
    let receiver = LoopbackReceiver::bind(&listen(LoopbackHost::Localhost, 0)).unwrap();
    let port = receiver.port();
    assert_eq!(receiver.redirect_uri(), format!("http://localhost:{port}/callback"));
    for address in ["127.0.0.1", "::1"] {
        for (host, expected) in [("localhost", "200"), ("127.0.0.1", "421"), ("[::1]", "421")] {
            let mut stream = TcpStream::connect((address, port)).unwrap();
            stream.set_read_timeout(Some(LONG)).unwrap();
            write!(stream, "GET /callback?{address} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n")
                .unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert_eq!(status(&answer), expected, "{host} at {address}");
        }
        assert!(redirect(receiver.wait(LONG)).ends_with(&format!("?{address}")));
    }
    drop(receiver);
    // Half of it taken: an error, never one family alone.
    let half = TcpListener::bind(("::1", port)).unwrap();
    let error = LoopbackReceiver::bind(&listen(LoopbackHost::Localhost, port)).unwrap_err();
    assert_eq!(error, Error::PortInUse { port });
    drop(half);
    let receiver = LoopbackReceiver::bind(&listen(LoopbackHost::V6, port)).unwrap();
    assert_eq!(receiver.redirect_uri(), format!("http://[::1]:{port}/callback"));
}

#[test]
fn bytes_of_any_kind_end_in_an_answer_or_a_closed_connection() {
    let receiver = bind();
    let tls = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    let inputs: [&[u8]; 6] = [
        tls,
        b"",
        b"\0\0\0\0\r\n\r\n",
        b"\xff\xfe\r\n\r\n",
        b"\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\n",
    ];
    for input in inputs {
        let mut stream = connect(&receiver);
        stream.write_all(input).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let refused = answer.is_empty()
            || answer.starts_with(b"HTTP/1.1 400")
            || answer.starts_with(b"HTTP/1.1 505");
        assert!(refused, "{input:?}: {:?}", String::from_utf8_lossy(&answer));
    }
    nothing_came(&receiver);
}

#[test]
fn debug_does_not_show_a_redirect() {
    let received = Received::Redirect("http://127.0.0.1:1/cb?code=canary".into());
    assert!(!format!("{received:?}").contains("canary"));
}
