//! Sign-ins that are kept: from an address to a token that stays fresh, for one thread and for a thousand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proofkey_client::{
    AuthorizationFields, Browser, CancelHandle, Client, ClientBuilder, Error, FetchError,
    Interaction, MemoryStore, Secret,
};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use support::site::{paths, site, site_with};
use support::{LONG, Server, approve, approving, parameter};

const NEVER: Interaction = Interaction::Never;
const HOUR: u64 = 3600;

fn client(server: &Server, store: &MemoryStore) -> ClientBuilder {
    Client::builder()
        .resource(server.url("/api"))
        .client_name("Test")
        .store(store.clone())
        .browser(approving())
}

/// M1, M2, M4, M6, M7: a resource is enough; what comes is kept, and found by the address alone.
#[test]
fn a_resource_is_enough_and_its_token_is_found_again_without_a_network() {
    let (server, _) = site(|_| HOUR);
    let store = MemoryStore::new();
    let tokens = client(&server, &store).build().unwrap().sign_in().unwrap();
    let listed = ["read".to_owned(), "admin".to_owned()];
    assert_eq!((tokens.client_id(), tokens.scopes()), ("registered", &listed[..]));
    let (url, resource) = (server.url(""), server.url("/api"));
    let asked = paths(server);
    assert_eq!(
        asked,
        [
            "/.well-known/oauth-protected-resource/api",
            "/.well-known/oauth-authorization-server",
            "/register",
            "/token",
        ]
    );
    // The server is gone: another client, with the same store, still has the token and its header.
    let other = Client::builder().resource(&resource).store(store.clone()).build().unwrap();
    assert_eq!(other.access_token(NEVER).unwrap().expose(), "canary-at-1");
    let fields = other.authorize("GET", &format!("{resource}/x?y")).unwrap();
    assert_eq!(fields.authorization.expose(), "Bearer canary-at-1");
    assert!(fields.dpop.is_none());
    // M8: to no other resource; and an issuer's token to none.
    for elsewhere in [url.as_str(), "https://elsewhere.example/api", &format!("{resource}x")] {
        let error = other.authorize("GET", elsewhere).unwrap_err();
        assert_eq!(error.code(), "wrong_resource", "{elsewhere}");
    }
    let nobody =
        Client::builder().resource(resource).account("other").store(store).build().unwrap();
    assert_eq!(nobody.access_token(NEVER).unwrap_err().code(), "sign_in_required");
}

/// P14: an old token is refreshed when it is asked for, and the refreshed one is kept.
#[test]
fn an_old_token_is_refreshed_and_an_end_is_an_end() {
    let (server, issued) = site(|n| if n == 1 { 0 } else { HOUR });
    let store = MemoryStore::new();
    let client = client(&server, &store).build().unwrap();
    client.sign_in().unwrap();
    for _ in 0..3 {
        assert_eq!(client.access_token(NEVER).unwrap().expose(), "canary-at-2");
    }
    assert_eq!(issued.load(Ordering::SeqCst), 2);
    let out = client.sign_out().unwrap();
    assert_eq!((out.revoked, out.warning), (Some(true), None));
    assert_eq!(client.access_token(NEVER).unwrap_err().code(), "sign_in_required");
    assert_eq!(client.sign_out().unwrap().revoked, None);
    let requests = server.requests();
    let last = requests.last().unwrap();
    assert!(last.starts_with("POST /revoke ") && last.contains("token=canary-rt-2"), "{last}");
}

/// T26: a thousand threads, one refresh.
#[test]
fn a_thousand_threads_make_one_flight() {
    const THREADS: usize = 1000;
    let asking = Arc::new(AtomicUsize::new(0));
    let all = Arc::clone(&asking);
    let (server, issued) = site_with(
        |n| if n == 1 { 0 } else { HOUR },
        move |n| {
            // The refresh is answered when all have asked.
            while n == 2 && all.load(Ordering::SeqCst) < THREADS {
                std::thread::yield_now();
            }
        },
    );
    let client = client(&server, &MemoryStore::new()).build().unwrap();
    client.sign_in().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            let (client, asking) = (&client, &asking);
            let ask = move || {
                asking.fetch_add(1, Ordering::SeqCst);
                assert_eq!(client.access_token(NEVER).unwrap().expose(), "canary-at-2");
            };
            std::thread::Builder::new().stack_size(128 * 1024).spawn_scoped(scope, ask).unwrap();
        }
    });
    assert_eq!(issued.load(Ordering::SeqCst), 2);
}

/// The refresh is at the server when its only caller cancels: it is run to its end and kept.
#[test]
fn a_cancel_during_a_refresh_loses_nothing() {
    let (arrived, arrives) = mpsc::channel();
    let (go, goes) = mpsc::channel::<()>();
    let (server, issued) = site_with(
        |n| if n == 1 { 0 } else { HOUR },
        move |n| {
            if n == 2 {
                arrived.send(()).unwrap();
                goes.recv_timeout(LONG).unwrap();
            }
        },
    );
    let (store, cancel) = (MemoryStore::new(), CancelHandle::new());
    let client = client(&server, &store).build().unwrap();
    client.sign_in().unwrap();
    std::thread::scope(|scope| {
        let alone = scope.spawn(|| client.access_token_until(NEVER, &cancel));
        arrives.recv_timeout(LONG).unwrap();
        cancel.cancel();
        go.send(()).unwrap();
        assert_eq!(alone.join().unwrap().unwrap().expose(), "canary-at-2");
    });
    let again = Client::builder().resource(server.url("/api")).store(store).build().unwrap();
    assert_eq!(again.access_token(NEVER).unwrap().expose(), "canary-at-2");
    assert_eq!(issued.load(Ordering::SeqCst), 2);
    assert_eq!(client.access_token_until(NEVER, &cancel).unwrap_err(), Error::Cancelled);
}

/// At a 401 one refresh and one repetition; then it is given up.
#[test]
fn a_refused_token_is_refreshed_once() {
    let (server, issued) = site(|_| HOUR);
    let client = client(&server, &MemoryStore::new()).build().unwrap();
    client.sign_in().unwrap();
    let fetch = |path: &str| {
        let mut body = Vec::new();
        let fetched = client.fetch(&server.url(path), &mut body, &CancelHandle::new()).unwrap();
        assert_eq!(fetched.length, body.len() as u64);
        (fetched.status, String::from_utf8(body).unwrap())
    };
    assert_eq!(fetch("/api"), (200, "{\"newest\":1}".into()));
    // The resource takes a newer one alone: as if ours were revoked.
    issued.fetch_add(1, Ordering::SeqCst);
    assert_eq!(fetch("/api/x?y=z"), (200, "{\"newest\":3}".into()));
    let error = client.fetch("https://elsewhere.example/", &mut Vec::new(), &CancelHandle::new());
    assert!(matches!(error, Err(FetchError::Token(Error::WrongResource { .. }))), "{error:?}");
    let authorization = Secret::new("Bearer canary-at-1".into());
    let stale = AuthorizationFields { authorization, dpop: None };
    // Somebody has refreshed it meanwhile: no other refresh.
    let fields = client.authorize_again("GET", &server.url("/api"), &stale).unwrap();
    let header = fields.authorization;
    assert_eq!((header.expose(), issued.load(Ordering::SeqCst)), ("Bearer canary-at-3", 3));
    let asked = paths(server);
    assert_eq!(asked[asked.len() - 4..], ["/api", "/api/x?y=z", "/token", "/api/x?y=z"]);
}

/// T35: a list of issuers that a resource may name.
#[test]
fn an_issuer_that_nobody_trusts_opens_no_browser() {
    let (server, _) = site(|_| HOUR);
    let hosts = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&hosts);
    let host = server.address.to_string();
    let none = Browser::custom(|url| panic!("the browser was opened at {url}"));
    let refused =
        client(&server, &MemoryStore::new()).browser(none).allowed_issuers(["login.example"]);
    let error = refused.build().unwrap().sign_in().unwrap_err();
    assert_eq!(error, Error::IssuerRefused { host: host.clone() });
    let asked = client(&server, &MemoryStore::new()).confirm(move |issuer, resource| {
        seen.lock().unwrap().push((issuer.to_owned(), resource.to_owned()));
        true
    });
    asked.build().unwrap().sign_in().unwrap();
    assert_eq!(*hosts.lock().unwrap(), [(host.clone(), host)]);
}

/// T25: a sign-in that is pending is finished by whoever gets the redirect, once.
#[test]
fn a_pending_sign_in_is_taken_up_once() {
    let (server, _) = site(|_| HOUR);
    let store = MemoryStore::new();
    let other = client(&server, &store).build().unwrap();
    let (came, comes) = mpsc::channel();
    let browser = Browser::custom(move |url| {
        // The program that opened it is as good as dead; the redirect starts another.
        let (redirect_uri, state) = (parameter(url, "redirect_uri"), parameter(url, "state"));
        let redirect = format!("{redirect_uri}?code=canary-code-0123456789&state={state}");
        for _ in 0..2 {
            came.send(other.resume(Some(&redirect), &CancelHandle::new())).unwrap();
        }
        Ok(())
    });
    let client = client(&server, &store).browser(browser).resumable(true).build().unwrap();
    let cancel = CancelHandle::new();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| client.sign_in_until(&cancel));
        let tokens = comes.recv_timeout(LONG).unwrap().unwrap();
        assert_eq!(tokens.expose_access_token(), "canary-at-1");
        assert_eq!(comes.recv_timeout(LONG).unwrap().unwrap_err(), Error::NothingPending);
        cancel.cancel();
        assert_eq!(first.join().unwrap().unwrap_err(), Error::Cancelled);
    });
}

/// T34: a wrong address is asked for again, and nothing listens.
#[test]
fn a_redirect_may_be_pasted() {
    let (server, _) = site(|_| HOUR);
    let prompts = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&prompts);
    let client = client(&server, &MemoryStore::new())
        .interaction(Interaction::Paste)
        .read_line(move |prompt| {
            let mut seen = seen.lock().unwrap();
            seen.push(prompt.clone());
            let url = seen[0].url.clone().unwrap();
            let redirect = format!("{}?code=c", parameter(&url, "redirect_uri"));
            Ok(Some(Secret::new(match seen.len() {
                1 => redirect,
                _ => format!("  {redirect}&state={}\n", parameter(&url, "state")),
            })))
        })
        .build()
        .unwrap();
    client.sign_in().unwrap();
    let prompts = prompts.lock().unwrap();
    assert_eq!(prompts.len(), 2);
    assert_eq!((&prompts[0].refused, &prompts[1].url), (&None, &None));
    assert_eq!(prompts[1].refused.as_deref(), Some("it has no state"));
    assert!(prompts.iter().all(|prompt| prompt.port.is_none()));
    assert!(proofkey_client::PastePrompt::WARNING.contains("nowhere else"));
}

/// The user pastes nothing, and the redirect comes by itself; then the port is closed.
#[test]
fn a_redirect_may_come_while_a_line_is_read() {
    let (server, _) = site(|_| HOUR);
    for line in [None, Some("")] {
        let (shown, shows) = mpsc::channel();
        let (never, nothing) = mpsc::channel::<()>();
        let nothing = Mutex::new(nothing);
        let client = client(&server, &MemoryStore::new())
            .interaction(Interaction::Remote)
            .read_line(move |prompt| {
                shown.send(prompt.clone()).unwrap();
                // A user who never answers, or a stdin that has ended.
                if line.is_some() {
                    let _ = nothing.lock().unwrap().recv();
                }
                Ok(None)
            })
            .build()
            .unwrap();
        std::thread::scope(|scope| {
            let signing_in = scope.spawn(|| client.sign_in());
            let prompt = shows.recv_timeout(LONG).unwrap();
            let port = prompt.port.unwrap();
            approve(prompt.url.as_deref().unwrap());
            signing_in.join().unwrap().unwrap();
            assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err(), "it still listens");
        });
        drop(never);
    }
}

/// T20: what prints a client prints no token.
#[test]
fn canary_nothing_that_is_printed_holds_a_token() {
    let (server, _) = site(|n| if n == 1 { 0 } else { HOUR });
    let store = MemoryStore::new();
    let builder = client(&server, &store);
    let client = builder.clone().build().unwrap();
    let tokens = client.sign_in().unwrap();
    let token = client.access_token(NEVER).unwrap();
    let header = client.authorize("GET", &server.url("/api")).unwrap();
    let printed = format!("{builder:?} {client:?} {store:?} {tokens:?} {token:?} {header:?}");
    assert!(!printed.contains("canary"), "{printed}");
    assert!(token.expose().contains("canary"));
}
