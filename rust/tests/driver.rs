//! The driver against servers that misbehave, and a caller that cancels.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proofkey::step::Lost;
use proofkey_client::{Browser, CancelHandle, Client, Error, Family};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use support::{LONG, Server, approve, approving, client, json, parameter, tokens, visit};

fn lost(error: Error) -> Lost {
    match error {
        Error::Unreachable { reason, .. } => reason,
        other => panic!("expected unreachable, got {other:?}"),
    }
}

#[test]
fn the_token_request_is_exactly_what_the_core_wrote() {
    let server = Server::answering(tokens());
    let set = client(&server).browser(approving()).build().unwrap().sign_in().unwrap();
    assert_eq!(set.expose_access_token(), "canary-access-token-1");
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /token HTTP/1.1\r\n"));
    let mut names: Vec<String> =
        head.lines().skip(1).map(|line| line.split(':').next().unwrap().to_lowercase()).collect();
    names.sort();
    // No user agent, no cookie, nothing that the core did not ask for but what HTTP needs.
    assert_eq!(names, ["accept", "accept-encoding", "content-length", "content-type", "host"]);
    assert!(head.to_lowercase().contains("accept-encoding: identity"));
    assert!(body.contains("grant_type=authorization_code"));
    assert!(body.contains("client_id=agent"));
}

#[test]
fn a_line_that_is_cut_gets_exactly_one_request() {
    // P14; threat: a token request sent twice by the HTTP stack
    let server = Server::start(|_, _| {});
    let result = client(&server).browser(approving()).build().unwrap().sign_in();
    assert_eq!(lost(result.unwrap_err()), Lost::Lost);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn an_answer_that_ends_in_the_middle_gets_no_second_request() {
    // P14
    let server = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"acc");
    let result = client(&server).browser(approving()).build().unwrap().sign_in();
    assert_eq!(lost(result.unwrap_err()), Lost::Lost);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_redirect_at_the_token_endpoint_is_not_followed() {
    // P11
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Same", "308 Same"] {
        let other = Server::answering(tokens());
        let location = other.url("/token");
        let server = Server::answering(format!(
            "HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
        ));
        let result = client(&server).browser(approving()).build().unwrap().sign_in();
        assert_eq!(result.unwrap_err().code(), "redirect_refused", "{status}");
        assert_eq!(server.requests().len(), 1);
        assert!(other.requests().is_empty(), "{status} was followed");
    }
}

#[test]
fn a_refusal_is_an_answer() {
    // P13; a status of 400 is not a failure of HTTP
    let server = Server::answering(json("400 Bad Request", r#"{"error":"invalid_grant"}"#));
    let result = client(&server).browser(approving()).build().unwrap().sign_in();
    assert_eq!(result.unwrap_err().code(), "invalid_grant");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_body_that_is_too_large_is_not_read_to_its_end() {
    // Threat: oversized documents; 64 KiB are allowed
    let written = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&written);
    const MEGABYTE: usize = 1024 * 1024;
    let server = Server::start(move |_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").unwrap();
        let piece = vec![b' '; MEGABYTE];
        // Until the client hangs up; a client that reads it all reads a gigabyte.
        while count.load(Ordering::SeqCst) < 1024 && stream.write_all(&piece).is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    let result = client(&server).browser(approving()).build().unwrap().sign_in();
    assert_eq!(lost(result.unwrap_err()), Lost::TooLarge);
    assert_eq!(server.requests().len(), 1);
    assert!(written.load(Ordering::SeqCst) < 64, "{written:?} MiB were taken");
}

#[test]
fn a_length_that_is_too_large_is_refused_before_the_body() {
    let (hung_up, hangs_up) = mpsc::channel();
    let server = Server::start(move |_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n").unwrap();
        // No body comes. The client must not wait for it: it hangs up.
        let ended = !matches!(stream.read(&mut [0]), Ok(1));
        hung_up.send(ended).unwrap();
    });
    let result = client(&server).browser(approving()).build().unwrap().sign_in();
    assert_eq!(lost(result.unwrap_err()), Lost::TooLarge);
    assert!(hangs_up.recv_timeout(LONG).unwrap());
    // The limit itself: 64 KiB pass, one byte more does not.
    for (padding, fits) in [(0, true), (1, false)] {
        let frame = r#"{"access_token":"a","token_type":"Bearer"}"#;
        let body = format!("{frame}{}", " ".repeat(64 * 1024 - frame.len() + padding));
        let server = Server::answering(json("200 OK", &body));
        let result = client(&server).browser(approving()).build().unwrap().sign_in();
        assert_eq!(result.is_ok(), fits, "{:?}", result.err());
    }
}

#[test]
fn nobody_at_the_token_endpoint_is_said_so() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let server = Server::answering("");
    let result = client(&server)
        .token_endpoint(format!("http://127.0.0.1:{port}/token"))
        .browser(approving())
        .build()
        .unwrap()
        .sign_in();
    assert_eq!(lost(result.unwrap_err()), Lost::NotConnected);
}

#[test]
fn noise_does_not_end_the_wait() {
    // P6, P7; threats: another local process answers first, a forged error= ends the wait
    let server = Server::answering(tokens());
    let browser = Browser::custom(|url| {
        let redirect_uri = parameter(url, "redirect_uri");
        for n in 0..50 {
            visit(&redirect_uri, &format!("error=access_denied&state=forged{n}"));
            visit(&redirect_uri, "code=stolen");
            // The receiver keeps 64 that nobody has read yet: the rest comes while the flow waits.
            if n == 20 {
                break;
            }
        }
        approve(url);
        Ok(())
    });
    assert!(client(&server).browser(browser).build().unwrap().sign_in().is_ok());
    assert!(server.requests()[0].contains("code=canary-code"));
}

#[test]
fn a_no_of_the_user_is_the_users() {
    let server = Server::answering(tokens());
    let browser = Browser::custom(|url| {
        let query = format!("error=access_denied&state={}", parameter(url, "state"));
        visit(&parameter(url, "redirect_uri"), &query);
        Ok(())
    });
    let error = client(&server).browser(browser).build().unwrap().sign_in().unwrap_err();
    assert_eq!((error.code(), error.family()), ("access_denied", Family::UserCancelled));
    assert!(server.requests().is_empty());
}

#[test]
fn a_cancel_ends_the_wait_for_the_user_at_once() {
    let server = Server::answering(tokens());
    let (opened, opens) = mpsc::channel();
    let browser = Browser::custom(move |url| {
        opened.send(parameter(url, "redirect_uri")).unwrap();
        Ok(())
    });
    let client = client(&server).browser(browser).build().unwrap();
    let cancel = CancelHandle::new();
    let began = Instant::now();
    let redirect_uri = std::thread::scope(|scope| {
        let signing_in = scope.spawn(|| client.sign_in_until(&cancel));
        let redirect_uri = opens.recv_timeout(LONG).unwrap();
        cancel.cancel();
        assert_eq!(signing_in.join().unwrap().unwrap_err(), Error::Cancelled);
        redirect_uri
    });
    assert!(began.elapsed() < LONG / 2, "the browse timeout is five minutes");
    // And the port is closed (P10).
    let host = redirect_uri.strip_prefix("http://").unwrap().split('/').next().unwrap();
    assert!(std::net::TcpStream::connect(host).is_err());
    assert!(server.requests().is_empty());
}

#[test]
fn a_cancel_before_the_start_opens_nothing() {
    let server = Server::answering(tokens());
    let browser = Browser::custom(|url| panic!("the browser was opened at {url}"));
    let cancel = CancelHandle::new();
    cancel.cancel();
    let result = client(&server).browser(browser).build().unwrap().sign_in_until(&cancel);
    assert_eq!(result.unwrap_err(), Error::Cancelled);
}

#[test]
fn a_cancel_while_the_code_is_redeemed_does_not_lose_the_answer() {
    // `Send { finish }` is run to its end
    let cancel = CancelHandle::new();
    let other = cancel.clone();
    let server = Server::start(move |_, stream| {
        std::thread::scope(|scope| {
            scope.spawn(|| other.cancel());
        });
        assert!(other.is_cancelled());
        stream.write_all(tokens().as_bytes()).unwrap();
    });
    let set = client(&server).browser(approving()).build().unwrap().sign_in_until(&cancel).unwrap();
    assert_eq!(set.expose_access_token(), "canary-access-token-1");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_user_who_never_comes_back_is_a_timeout() {
    let server = Server::answering(tokens());
    let client = client(&server)
        .browser(Browser::custom(|_| Ok(())))
        .browse_timeout(Duration::from_secs(1))
        .build()
        .unwrap();
    assert_eq!(client.sign_in().unwrap_err(), Error::RedirectTimeout { seconds: 1 });
}

#[test]
fn a_port_that_is_taken_is_said_before_a_browser_opens() {
    // P10; threat: port taken
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port();
    let server = Server::answering(tokens());
    let browser = Browser::custom(|url| panic!("the browser was opened at {url}"));
    let client = client(&server).port(port).browser(browser).build().unwrap();
    assert_eq!(client.sign_in().unwrap_err(), Error::PortInUse { port });
}

#[test]
fn settings_that_cannot_work_are_refused_by_name() {
    let server = Server::answering(tokens());
    let wrong = [
        client(&server).client_id(""),
        client(&server).issuer("login.example"),
        client(&server).token_endpoint("http://login.example/token"),
        client(&server).authorization_endpoint("javascript:alert(1)"),
        client(&server).authorization_endpoint("--new-window"),
        client(&server).browse_timeout(Duration::MAX),
        client(&server).redirect_path("callback"),
    ];
    for builder in wrong {
        let error = builder.clone().build().unwrap_err();
        assert_eq!(error.code(), "invalid_configuration", "{builder:?}");
    }
}

/// P8: what stands beside endpoints is never left out without a word.
#[test]
fn a_promise_of_iss_goes_with_the_endpoints() {
    let found = || Client::builder().issuer("https://login.example").client_id("agent");
    assert!(found().build().is_ok());
    for (builder, said) in [
        (found().iss_promised(true), "iss_promised is given without authorization_endpoint"),
        (found().jwks_uri("https://login.example/keys"), "jwks_uri is given without"),
        (
            found().token_endpoint("https://login.example/token"),
            "authorization_endpoint is missing",
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert!(error.to_string().starts_with(said), "{error}");
    }
}
