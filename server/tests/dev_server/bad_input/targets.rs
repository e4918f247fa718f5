//! Where a request says that it goes: `Host` and the forms of a target (RFC 9112 §3.2).

use super::*;

/// DNS rebinding: no address answers to another name, in `Host` or in the target, whichever way that is written.
#[tokio::test]
async fn every_address_answers_to_its_own_name() {
    let (server, _) = serving().await;
    let (ours, port) = (server.address, server.address.port());
    for (path, served, _) in routes::ROUTES {
        let method = served.split(", ").next().unwrap();
        let path = routes::target(path);
        let send = async |target: &str, hosts: &str| {
            let what = format!("{method} {target} {hosts:?}");
            let answer = raw(ours, &Call::new(method, target).bytes(hosts)).await;
            sound(&answer, &what);
            (answer, what)
        };
        for host in [
            "evil.example".into(),
            format!("evil.example:{port}"),
            format!("localhost:{port}"),
            "127.0.0.1".into(),
            format!("127.0.0.1:0{port}"),
            format!("127.0.0.1.:{port}"),
            format!("127.1:{port}"),
            format!("2130706433:{port}"),
            format!("[::ffff:127.0.0.1]:{port}"),
            format!("evil@{ours}"),
            format!("{ours}/evil"),
            format!("{ours},evil"),
            String::new(),
        ] {
            let (answer, what) = send(&path, &format!("Host: {host}\r\n")).await;
            Said::Status(421).is(&answer, &what);
        }
        let twice = format!("Host: {ours}\r\nHost: {ours}\r\n");
        for hosts in ["", twice.as_str(), "Host: \u{fc}\r\n"] {
            let (answer, what) = send(&path, hosts).await;
            Said::Status(400).is(&answer, &what);
        }
        let right = format!("Host: {ours}\r\n");
        for absolute in [
            format!("http://evil.example{path}"),
            format!("http://{ours}.evil.example{path}"),
            format!("http://evil@{ours}{path}"),
            format!("http://127.0.0.1{path}"),
        ] {
            let (answer, what) = send(&absolute, &right).await;
            assert!(matches!(answer.status, 400 | 421), "{what}: {}", answer.status);
        }
        // RFC 9112 §3.2.2: the same as without.
        let (plain, _) = send(&path, &right).await;
        let (absolute, what) = send(&format!("http://{ours}{path}"), &right).await;
        assert_eq!(absolute.status, plain.status, "{what}");
        let (answer, what) = send(&format!("http://{ours}{path}"), "Host: evil.example\r\n").await;
        Said::Status(421).is(&answer, &what);
    }
    still_serves(&server).await;
}

/// Names of hosts know no case (RFC 9110 §4.2.3).
#[tokio::test]
async fn a_name_is_known_in_any_case() {
    let server = run(everything().issuer("https://as.example")).await;
    for (host, status) in [("as.example", 200), ("AS.Example", 200), ("as.example.evil", 421)] {
        let call = Call::new("GET", "/jwks").bytes(&format!("Host: {host}\r\n"));
        assert_eq!(raw(server.address, &call).await.status, status, "{host}");
    }
}

/// Targets that are none, or none of ours: an error, and the server goes on.
#[tokio::test]
async fn odd_targets_are_refused() {
    let (server, _) = serving().await;
    let ours = server.address.to_string();
    for (method, target) in [
        ("OPTIONS", "*"),
        ("GET", "*"),
        ("CONNECT", ours.as_str()),
        ("CONNECT", "evil.example:443"),
        ("GET", "evil.example:443"),
        ("GET", "authorize"),
        ("GET", "?client_id=a"),
        ("GET", "//evil.example/authorize"),
        ("GET", "/\\evil.example"),
        ("GET", "/authorize\\"),
        ("GET", "/authorize/../token"),
        ("GET", "/%2e%2e/authorize"),
        ("GET", "/%61uthorize"),
        ("GET", "/authorize;a=b"),
        ("GET", "javascript:evil()"),
        ("GET", "file:///etc/passwd"),
        ("GET", "http://"),
        ("GET", "http:///authorize"),
        ("GET", "http://[::1/authorize"),
        ("GET", "/\u{fc}"),
        ("GET", "/\0"),
        ("GET", "/a b"),
        ("GET", "/a\tb"),
        ("GET", ""),
        ("G T", "/"),
        ("GE\0T", "/"),
        ("\u{fc}", "/"),
    ] {
        let what = format!("{method} {target}");
        let answer = Call::new(method, target).send(&server, &what).await;
        assert!(matches!(answer.status, 400 | 404 | 405 | 421), "{what}: {}", answer.status);
        assert_eq!(answer.header("location"), None, "{what}");
    }
    for line in [
        format!("Host: {ours}\r\nEvil\r\n"),
        format!("Host: {ours}\r\n: evil\r\n"),
        format!("Host: {ours}\r\nE vil: a\r\n"),
        format!("Host: {ours}\r\nA: a\0b\r\n"),
        format!("Host: {ours}\r\n folded: a\r\n"),
        format!("Host : {ours}\r\n"),
        format!("Host: {ours}\rEvil: a\r\n"),
    ] {
        let answer = raw(server.address, &Call::new("GET", "/").bytes(&line)).await;
        sound(&answer, &line);
        assert_eq!(answer.status, 400, "{line:?}");
    }
    still_serves(&server).await;
}
