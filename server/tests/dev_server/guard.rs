//! What every request passes: host, methods, sizes.

use crate::common::*;
use proofkey::verifier::CodeVerifier;

/// DNS rebinding (CVE-2025-66414, RUSTSEC-2026-0189): only requests to our own name are answered.
#[tokio::test]
async fn requests_to_another_host_are_refused() {
    let server = approving().await;
    let port = server.address.port();
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    let authorize = authorize(&request(&challenge));
    for target in ["/", "/token", "/api", authorize.as_str()] {
        for host in [
            "evil.example".into(),
            format!("evil.example:{port}"),
            format!("localhost:{port}"),
            "127.0.0.1".into(),
            format!("127.0.0.1:{}", port.wrapping_add(1)),
            format!("127.0.0.1:{port}.evil.example"),
            format!("evil@127.0.0.1:{port}"),
            format!("127.0.0.1:0{port}"),
            String::new(),
        ] {
            let request =
                format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            let answer = raw(server.address, request.as_bytes()).await;
            assert!(matches!(answer.status, 400 | 421), "{host}: {}", answer.status);
            assert_eq!(answer.header("location"), None, "{host}");
        }
    }
    let ours = server.address;
    for (request, status) in [
        ("GET / HTTP/1.0\r\n\r\n".to_owned(), 400),
        (
            format!("GET / HTTP/1.1\r\nHost: {ours}\r\nHost: {ours}\r\nConnection: close\r\n\r\n"),
            400,
        ),
        (
            format!(
                "GET http://evil.example/ HTTP/1.1\r\nHost: {ours}\r\nConnection: close\r\n\r\n"
            ),
            421,
        ),
        (format!("GET http://{ours}/ HTTP/1.1\r\nHost: {ours}\r\nConnection: close\r\n\r\n"), 200),
    ] {
        assert_eq!(raw(ours, request.as_bytes()).await.status, status, "{request}");
    }
}

/// Each address is served for its own methods; a HEAD does not do what a GET does.
#[tokio::test]
async fn methods() {
    let server = approving().await;
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    let authorize = authorize(&request(&challenge));
    for (target, served) in [
        ("/", "GET"),
        ("/.well-known/oauth-authorization-server", "GET"),
        (authorize.as_str(), "GET"),
        ("/authorize/decision", "POST"),
        ("/token", "POST"),
        ("/revoke", "POST"),
        ("/register", "POST"),
        ("/register/registered-x", "DELETE"),
        ("/counters", "GET"),
        ("/.well-known/openid-configuration", "GET"),
        ("/.well-known/oauth-protected-resource/api", "GET"),
        ("/api", "GET, POST"),
    ] {
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"] {
            if served.split(", ").any(|one| one == method) {
                continue;
            }
            let answer = send(&server, method, target, &[], "").await;
            assert_eq!(answer.status, 405, "{method} {target}");
            assert_eq!(answer.header("allow"), Some(served), "{method} {target}");
            assert_eq!(answer.header("location"), None, "{method} {target}");
        }
    }
    for target in ["/authorize/", "//authorize", "/token/", "/Token", "/authorize/decision/x"] {
        assert_eq!(get(&server, target).await.status, 404, "{target}");
    }
}

/// A body of 10 MiB is refused, whether its length is announced or not.
#[tokio::test]
async fn large_bodies_are_refused() {
    const MIB: usize = 1024 * 1024;
    let server = approving().await;
    let host = server.address;
    for target in ["/token", "/revoke", "/register", "/authorize/decision"] {
        let body = "a".repeat(10 * MIB);
        let answer = send(&server, "POST", target, &[FORM], &body).await;
        assert_eq!(answer.status, 413, "{target}");

        let mut request = format!(
            "POST {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        for _ in 0..10 {
            request.push_str(&format!("{MIB:x}\r\n{}\r\n", "a".repeat(MIB)));
        }
        request.push_str("0\r\n\r\n");
        assert_eq!(raw(host, request.as_bytes()).await.status, 413, "{target}, chunked");
    }
    let fits = format!("grant_type=x&filler={}", "a".repeat(60 * 1024));
    let answer = send(&server, "POST", "/token", &[FORM], &fits).await;
    assert_eq!(answer.member("error"), "unsupported_grant_type", "60 KiB are read");
}

/// A target over 8 KiB is refused before anything reads it; so are header fields without end.
#[tokio::test]
async fn long_requests_are_refused() {
    let server = approving().await;
    let target = format!("/authorize?state={}", "a".repeat(8 * 1024));
    assert_eq!(get(&server, &target).await.status, 414);
    let target = format!("/authorize?state={}", "a".repeat(1024 * 1024));
    let answer = get(&server, &target).await;
    assert!(matches!(answer.status, 414 | 431), "{}", answer.status);
    let many: Vec<(String, &str)> = (0..200).map(|n| (format!("X-{n}"), "1")).collect();
    let many: Vec<(&str, &str)> =
        many.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    assert_eq!(send(&server, "GET", "/", &many, "").await.status, 431);
}

/// Noise instead of HTTP gets an error or silence, and the server goes on.
#[tokio::test]
async fn noise_does_no_harm() {
    use tokio::io::AsyncWriteExt as _;
    let server = approving().await;
    for noise in
        [&b"\x16\x03\x01\x02\x00\x01\x00"[..], b"\0\0\0\0", b"GET\r\n\r\n", b"", b"\r\n\r\n"]
    {
        let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
        stream.write_all(noise).await.unwrap();
        drop(stream);
    }
    assert_eq!(get(&server, "/").await.status, 200);
}
