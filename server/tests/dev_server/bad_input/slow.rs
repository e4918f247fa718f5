//! Whoever sends a byte now and then: a deadline is for the whole, and no byte moves it.

use super::*;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Writes what is begun, then a byte a second, until the server has had enough: what it said, and after how long. The
/// clock of the runtime is moved on when nothing else is left to do, so nobody waits here.
async fn drip(server: &Running, begun: &str, byte: &[u8]) -> (String, Duration) {
    let began = tokio::time::Instant::now();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(begun.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let dripping = async {
        let mut second = tokio::time::interval(Duration::from_secs(1));
        loop {
            second.tick().await;
            // When the server has closed, what it said is still to be read.
            drop(writing.write_all(byte).await);
        }
    };
    let mut received = Vec::new();
    let exchange = async {
        tokio::select! {
            _ = reading.read_to_end(&mut received) => {}
            () = dripping => {}
        }
    };
    let closed = tokio::time::timeout(Duration::from_secs(60), exchange).await;
    assert!(closed.is_ok(), "still open after {begun:?}");
    (String::from_utf8(received).unwrap(), began.elapsed())
}

/// "Idle or slow connections", at every address that reads a body: 408, in the endpoint's own form.
#[tokio::test(start_paused = true)]
async fn bodies_that_drip_are_cut_off() {
    let (server, secret) = serving().await;
    for (path, methods, takes) in routes::ROUTES {
        use routes::Takes::{Form, Json, Page};
        if !methods.contains("POST") || !matches!(takes, Form | Json | Page) {
            continue;
        }
        for length in
            ["Content-Length: 60000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nea60\r\n"]
        {
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: {}\r\n{}: {}\r\nAuthorization: {secret}\r\n{length}",
                server.address, FORM.0, FORM.1
            );
            let (answer, after) = drip(&server, &head, b"a").await;
            assert!(answer.starts_with("HTTP/1.1 408"), "{path}: {answer}");
            assert!(answer.contains("no-store"), "{path}: {answer}");
            assert_eq!(answer.contains("\"invalid_request\""), takes != Page, "{path}: {answer}");
            assert!(after < Duration::from_secs(30), "{path}: {after:?}");
        }
    }
    still_serves(&server).await;
}

/// The same of a head: it is never whole, so there is nobody to answer.
#[tokio::test(start_paused = true)]
async fn heads_that_drip_are_cut_off() {
    let (server, _) = serving().await;
    for (path, methods, _) in routes::ROUTES {
        let method = methods.split(", ").next().unwrap();
        let line = format!(
            "{method} {} HTTP/1.1\r\nHost: {}\r\nX: ",
            routes::target(path),
            server.address
        );
        for (begun, byte) in
            [(method, &b"a"[..]), ("GET /", b"a"), (&line, b"a"), (&line, b"\r\nY: a")]
        {
            let (answer, after) = drip(&server, begun, byte).await;
            let no_answer = answer.is_empty() || answer.starts_with("HTTP/1.1 4");
            assert!(no_answer, "{begun}: {answer}");
            assert!(after < Duration::from_secs(30), "{begun}: {after:?}");
        }
    }
    still_serves(&server).await;
}
