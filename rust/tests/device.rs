//! A sign-in on another device (RFC 8628), against a server that has its user decide when it likes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proofkey_client::{CancelHandle, Client, ClientBuilder, DeviceCode, Error, Interaction};
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Instant;
use support::{LONG, Server, client, json, tokens};

const PAGE: &str = "https://login.example/device";

/// A server whose user decides after so many questions, and which wants such a pause between them.
fn server(interval: u64, pending: usize) -> Server {
    let asked = AtomicUsize::new(0);
    Server::start(move |request, stream| {
        let answer = match request.split(' ').nth(1).unwrap() {
            "/device_authorization" => json(
                "200 OK",
                &format!(
                    r#"{{"device_code":"canary-device-code","user_code":"WDJB-MJHT","verification_uri":"{PAGE}",
                    "verification_uri_complete":"{PAGE}?user_code=WDJB-MJHT","expires_in":600,"interval":{interval}}}"#
                ),
            ),
            _ if asked.fetch_add(1, Ordering::SeqCst) < pending => {
                json("400 Bad Request", r#"{"error":"authorization_pending"}"#)
            }
            _ => tokens(),
        };
        // A client that was cancelled has hung up.
        let _ = stream.write_all(answer.as_bytes());
    })
}

fn device(server: &Server) -> ClientBuilder {
    client(server)
        .device_authorization_endpoint(server.url("/device_authorization"))
        .interaction(Interaction::Device)
}

/// P15: shown once, asked for at the server's pace, and nothing listens or opens.
#[test]
fn the_code_is_shown_and_the_tokens_come_when_the_user_has_decided() {
    let server = server(0, 2);
    let (shows, shown) = mpsc::channel();
    let client = device(&server)
        .browser(proofkey_client::Browser::custom(|url| panic!("the browser was opened at {url}")))
        // What waits for no redirect is kept for no other run.
        .resumable(true)
        .show_code(move |code: &DeviceCode| shows.send(code.clone()).unwrap())
        .build()
        .unwrap();
    let tokens = client.sign_in().unwrap();
    assert_eq!(tokens.expose_access_token(), "canary-access-token-1");
    let code = shown.try_recv().unwrap();
    assert_eq!((code.user_code.as_str(), code.verification_uri.as_str()), ("WDJB-MJHT", PAGE));
    assert!(code.verification_uri_complete.unwrap().ends_with("?user_code=WDJB-MJHT"));
    assert!(code.advice.contains("never enter a code that somebody sent you"));
    assert!(shown.try_recv().is_err(), "it was shown once");
    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    assert!(requests[1..].iter().all(|request| request.contains("device_code=canary-device-code")));
}

/// The server wants a minute between two questions; the cancel does not wait for it.
#[test]
fn a_cancel_ends_the_wait_for_the_other_device_at_once() {
    let server = server(60, 0);
    let (shows, shown) = mpsc::channel();
    let client = device(&server).show_code(move |_| shows.send(()).unwrap()).build().unwrap();
    let (cancel, began) = (CancelHandle::new(), Instant::now());
    std::thread::scope(|scope| {
        let signing_in = scope.spawn(|| client.sign_in_until(&cancel));
        shown.recv_timeout(LONG).unwrap();
        cancel.cancel();
        assert_eq!(signing_in.join().unwrap().unwrap_err(), Error::Cancelled);
    });
    assert!(began.elapsed() < LONG / 2, "the pause is a minute");
    assert_eq!(server.requests().len(), 1);
}

/// A cancel that comes while the code is being shown is not lost.
#[test]
fn a_cancel_by_what_shows_the_code_counts() {
    let server = server(60, 0);
    let cancel = CancelHandle::new();
    let cancels = cancel.clone();
    let client = device(&server).show_code(move |_| cancels.cancel()).build().unwrap();
    assert_eq!(client.sign_in_until(&cancel).unwrap_err(), Error::Cancelled);
}

/// T34: it is never chosen by itself, and a server without it is said to be one.
#[test]
fn a_device_is_used_only_where_it_was_asked_for() {
    let server = server(0, 0);
    let opened = Arc::new(AtomicUsize::new(0));
    let opens = Arc::clone(&opened);
    let by = |interaction| {
        let opens = Arc::clone(&opens);
        let builder: ClientBuilder = device(&server)
            .browser(proofkey_client::Browser::custom(move |url| {
                opens.fetch_add(1, Ordering::SeqCst);
                support::approve(url);
                Ok(())
            }))
            .show_code(|_| panic!("a code was shown"))
            .interaction(interaction);
        let client: Client = builder.build().unwrap();
        client.sign_in().unwrap();
    };
    by(Interaction::Auto);
    by(Interaction::Browser);
    assert_eq!(opened.load(Ordering::SeqCst), 2);
    let without = client(&server).interaction(Interaction::Device).build().unwrap();
    assert_eq!(without.sign_in().unwrap_err().code(), "device_unsupported");
    assert_eq!(server.requests().len(), 2);
}
