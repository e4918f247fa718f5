//! Tokens that have expired, as many programs at once find them.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::home::Home;
use common::server::{Server, agent};
use common::{code, stderr, stdout};
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Stdio;

/// A user whose token has expired, and the server as it is now, which issues tokens that do not expire.
struct Expired {
    home: Home,
    server: Server,
    grants: tempfile::TempDir,
}

impl Expired {
    fn new() -> Self {
        Self::with(&["--client-id", "proofkey-dev"], "TERM")
    }

    /// The login has these options, and the server before ends by this signal.
    fn with(login: &[&str], signal: &str) -> Self {
        let (home, grants) = (Home::new(), tempfile::tempdir().unwrap());
        let store = format!("sqlite:{}", grants.path().join("grants").display());
        // A token that lives for no time is old when it comes: nobody has to wait.
        let before =
            Server::start(&["--auto-approve", "--store", &store, "--access-token-lifetime", "0"]);
        let resource = before.text("resource").to_owned();
        let output = home.login(&[&[&*resource], login].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let port = before.ready["port"].to_string();
        drop(before.end(signal));
        let server = Server::start_with(&["--port", &port, "--auto-approve", "--store", &store]);
        Self { home, server, grants }
    }

    fn resource(&self) -> &str {
        self.server.text("resource")
    }

    /// How many refreshes have arrived.
    fn refreshes(&self) -> u64 {
        let mut answer = agent().get(self.server.text("counters")).call().unwrap();
        let counters: Value =
            serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        counters["token"]["arrived"]["refresh_token"].as_u64().unwrap_or(0)
    }
}

/// T26: a hundred programs at once, one refresh, one token.
#[test]
fn a_hundred_programs_with_one_expired_token_make_one_refresh() {
    let expired = Expired::new();
    let children: Vec<_> = (0..100)
        .map(|_| {
            let mut command = expired.home.proofkey(&["token", expired.resource()]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut tokens = BTreeSet::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!((code(&output), stderr(&output)), (0, ""));
        tokens.insert(stdout(&output).to_owned());
    }
    assert_eq!((tokens.len(), expired.refreshes()), (1, 1));
    // The token is the one that the resource takes.
    assert_eq!(code(&expired.home.run(&["fetch", expired.resource()])), 0);
    drop(expired.grants);
}

/// RFC 7591: a client that registered itself is known to the server that begins after one that was killed, and
/// refreshes there.
#[test]
fn a_registered_client_outlives_its_server() {
    let expired = Expired::with(&[], "KILL");
    let client_id = client_id(&expired.home);
    assert!(client_id.starts_with("registered-"), "{client_id}");
    let token = expired.home.token(expired.resource());
    assert_eq!(expired.refreshes(), 1);
    let output = expired.home.run(&["fetch", expired.resource()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains(&client_id), "{}", stdout(&output));
    assert_eq!(expired.home.token(expired.resource()), token, "another sign-in was needed");
}

/// T27: a server that cannot be reached costs nothing but time.
#[test]
fn without_its_server_an_old_token_is_kept_for_later() {
    let expired = Expired::new();
    let url = expired.resource().to_owned();
    let before = expired.home.stored("record-tokens-");
    let bytes = std::fs::read(expired.home.store().join(&before[0])).unwrap();
    assert_eq!(expired.server.end("TERM").0, Some(0));
    let output = expired.home.run(&["token", &url]);
    assert_eq!((code(&output), stdout(&output)), (1, ""));
    assert!(stderr(&output).starts_with("proofkey: unreachable: "), "{}", stderr(&output));
    assert_eq!(std::fs::read(expired.home.store().join(&before[0])).unwrap(), bytes);
    // Signing out without the server forgets all the same, and says so.
    let output = expired.home.run(&["logout", &url]);
    assert_eq!(code(&output), 0);
    assert!(
        stdout(&output).contains("the server has not revoked the tokens"),
        "{}",
        stdout(&output)
    );
    assert!(stderr(&output).starts_with("proofkey: warning: unreachable: "), "{}", stderr(&output));
    assert_eq!(expired.home.stored("record-tokens-"), [""; 0]);
}

/// At a 401 the token is refreshed once: here it was revoked behind the program's back.
#[test]
fn a_token_that_the_resource_no_longer_takes_is_refreshed_once() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let resource = server.text("resource");
    assert_eq!(code(&home.login(&[resource])), 0);
    let token = home.token(resource);
    let form = format!("token={token}&client_id={}", client_id(&home));
    let answer = agent()
        .post(server.text("revocation_endpoint"))
        .content_type("application/x-www-form-urlencoded")
        .send(&form)
        .unwrap();
    assert_eq!(answer.status(), 200);
    let output = home.run(&["fetch", "--json", resource]);
    // Whatever the server revoked with it, it was asked once and no more, and what it said is what is shown.
    let shown = (code(&output), stdout(&output).contains("\"status\":200"));
    let refused = stderr(&output).starts_with("proofkey: invalid_grant: ");
    assert!(shown == (0, true) || refused, "{shown:?} {}", stderr(&output));
}

fn client_id(home: &Home) -> String {
    let output = home.run(&["status", "--json"]);
    let json: Value = serde_json::from_str(stdout(&output)).unwrap();
    json["signed_in"][0]["client_id"].as_str().unwrap().to_owned()
}
