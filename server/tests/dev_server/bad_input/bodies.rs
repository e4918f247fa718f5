//! How long a body is, and how it says so.

use super::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const MIB10: usize = 10 * 1024 * 1024;

/// Writes these bytes and nothing more, and reads until the server closes: what it said, and how much it took.
async fn part(server: &Running, bytes: &[u8], close: bool) -> String {
    let exchange = async {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        // A server that refuses early may close while we still write; its answer counts.
        drop(stream.write_all(bytes).await);
        if close {
            drop(stream.shutdown().await);
        }
        let mut received = Vec::new();
        drop(stream.read_to_end(&mut received).await);
        String::from_utf8(received).unwrap()
    };
    tokio::time::timeout(DEADLINE, exchange).await.expect("no answer in time")
}

fn head(server: &Running, method: &str, path: &str, more: &str) -> String {
    format!(
        "{method} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{more}\r\n",
        routes::target(path),
        server.address
    )
}

/// Each address, and its methods.
fn served() -> impl Iterator<Item = (&'static str, &'static str, routes::Takes)> {
    let each = |(path, methods, takes): &'static (&'static str, &'static str, _)| {
        methods.split(", ").map(move |method| (*path, method, *takes))
    };
    routes::ROUTES.iter().flat_map(each)
}

/// Whether it reads the body of such a request.
fn reads(method: &str, takes: routes::Takes) -> bool {
    use routes::Takes::{Form, Json, Page};
    method == "POST" && matches!(takes, Form | Json | Page)
}

fn too_large(answer: &str, takes: routes::Takes, what: &str) {
    assert!(answer.starts_with("HTTP/1.1 413"), "{what}: {answer}");
    // RFC 6749 §5.2 for programs; for browsers, who see it, a sentence.
    let said =
        if takes == routes::Takes::Page { "larger than 64 KiB" } else { "\"invalid_request\"" };
    assert!(answer.contains(said), "{what}: {answer}");
    assert!(answer.contains("no-store"), "{what}: {answer}");
}

/// RFC 9110 §15.5.14, §10.1.1: 10 MiB that are announced are refused, or passed over, before one byte of them has come,
/// and nobody is asked to send them.
#[tokio::test]
async fn large_bodies_are_refused_unread() {
    let (server, _) = serving().await;
    for (path, method, takes) in served() {
        for expect in ["", "Expect: 100-continue\r\n", "Expect: 100-Continue\r\nExpect: evil\r\n"] {
            let what = format!("{method} {path} {expect}");
            let more = format!("{}: {}\r\nContent-Length: {MIB10}\r\n{expect}", FORM.0, FORM.1);
            let answer = part(&server, head(&server, method, path, &more).as_bytes(), false).await;
            assert!(!answer.contains("100 Continue"), "{what}: {answer}");
            if !reads(method, takes) {
                assert!(
                    !answer.starts_with("HTTP/1.1 5") && !answer.is_empty(),
                    "{what}: {answer}"
                );
                continue;
            }
            too_large(&answer, takes, &what);
        }
    }
    still_serves(&server).await;
}

/// The same where no length is announced: one byte more than fits decides.
#[tokio::test]
async fn large_bodies_in_chunks_are_not_read_to_their_end() {
    let (server, _) = serving().await;
    for (path, method, takes) in served().filter(|(_, method, takes)| reads(method, *takes)) {
        let what = format!("{method} {path}");
        let more = format!("{}: {}\r\nTransfer-Encoding: chunked\r\n", FORM.0, FORM.1);
        let head = head(&server, method, path, &more);
        // One chunk of which the rest never comes; and many, one of which is never there.
        let one = format!("{head}{MIB10:x}\r\n{}", "a".repeat(64 * 1024 + 1));
        too_large(&part(&server, one.as_bytes(), false).await, takes, &what);
        let many = format!("{head}{}", format!("400\r\n{}\r\n", "a".repeat(1024)).repeat(65));
        too_large(&part(&server, many.as_bytes(), false).await, takes, &what);
    }
    still_serves(&server).await;
}

/// A body that says something wrong of its length, or ends before its end, is answered once or not at all: never as
/// two requests (RFC 9112 §6.3, §11.2).
#[tokio::test]
async fn bodies_whose_length_is_wrong() {
    let (server, _) = serving().await;
    let second = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    let chunked = "Transfer-Encoding: chunked\r\n";
    for (path, method, takes) in served().filter(|(_, method, takes)| reads(method, *takes)) {
        let content = match takes {
            routes::Takes::Json => "Content-Type: application/json\r\n".to_owned(),
            _ => format!("{}: {}\r\n", FORM.0, FORM.1),
        };
        for (more, body) in [
            ("Content-Length: 100\r\n".to_owned(), "token=a".to_owned()),
            ("Content-Length: -1\r\n".into(), second.clone()),
            ("Content-Length: +7\r\n".into(), "token=a".into()),
            ("Content-Length: 0x7\r\n".into(), "token=a".into()),
            ("Content-Length: 7 7\r\n".into(), "token=a".into()),
            ("Content-Length: 99999999999999999999\r\n".into(), "token=a".into()),
            ("Content-Length: 7\r\nContent-Length: 8\r\n".into(), "token=a".into()),
            (format!("Content-Length: 7\r\n{chunked}"), format!("0\r\n\r\n{second}")),
            (format!("{chunked}Content-Length: 7\r\n"), format!("0\r\n\r\n{second}")),
            ("Transfer-Encoding: gzip\r\n".into(), "token=a".into()),
            ("Transfer-Encoding: chunked, gzip\r\n".into(), "0\r\n\r\n".into()),
            (chunked.into(), "zz\r\n".into()),
            (chunked.into(), "-1\r\n".into()),
            (chunked.into(), "fffffffffffffffff\r\n".into()),
            (chunked.into(), "7\r\ntoken=a0\r\n\r\n".into()),
            (chunked.into(), "7\r\ntoken".into()),
            (String::new(), second.clone()),
        ] {
            let what = format!("{method} {path}: {more:?} {body:?}");
            let bytes =
                format!("{}{body}", head(&server, method, path, &format!("{content}{more}")));
            let answer = part(&server, bytes.as_bytes(), true).await;
            assert!(!answer.contains("HTTP/1.1 5"), "{what}: {answer}");
            assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{what}: {answer}");
            assert!(!answer.contains("ProofKey development server"), "{what}: {answer}");
        }
    }
    still_serves(&server).await;
}
