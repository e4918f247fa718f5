//! Tokens that are bound to a key (RFC 9449), at `proofkey serve`: signed in, fetched with, refreshed.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::home::Home;
use common::server::{Server, agent};
use common::{code, holds_code_or_token, stderr, stdout};
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// P15, T41: bound at the sign-in, at the resource and at the refresh, with a nonce at each; and who has the token alone
/// has nothing.
#[test]
fn a_bound_token_is_fetched_with_and_refreshed_and_is_nothing_without_its_key() {
    let (home, grants) = (Home::new(), tempfile::tempdir().unwrap());
    let store = format!("sqlite:{}", grants.path().join("grants").display());
    let args = ["--auto-approve", "--require-dpop", "--dpop-nonce", "--store", &store];
    // A token that lives for no time is old when it comes: nobody has to wait.
    let before = Server::start(&[&args[..], &["--access-token-lifetime", "0"]].concat());
    let resource = before.text("resource").to_owned();
    let output = home.login(&[&resource, "--dpop", "--client-id", "proofkey-dev"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("bound to a key that stays here"), "{}", stdout(&output));
    let port = before.ready["port"].to_string();
    assert_eq!(before.end("TERM").0, Some(0));
    let server = Server::start_with(&[&["--port", &port], &args[..]].concat());

    let output = home.run(&["fetch", "--json", &resource]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert_eq!(json(stdout(&output))["status"], 200);
    let counters = agent().get(server.text("counters")).call().unwrap().body_mut().read_to_string();
    assert_eq!(json(&counters.unwrap())["token"]["answered"]["refreshed"], 1);

    let output = home.run(&["token", "--json", &resource]);
    assert_eq!(code(&output), 0);
    let said = stderr(&output);
    assert!(
        said.starts_with("proofkey: note: token_bound: ") && said.lines().count() == 1,
        "{said}"
    );
    let told = json(stdout(&output));
    assert_eq!(told["token_type"], "DPoP");
    let token = told["access_token"].as_str().unwrap();
    for scheme in ["Bearer", "DPoP"] {
        let stolen = agent().get(&resource).header("Authorization", format!("{scheme} {token}"));
        assert_eq!(stolen.call().unwrap().status(), 401, "{scheme}");
    }
    let output = home.run(&["status"]);
    assert!(stdout(&output).contains("to a key (DPoP)"), "{}", stdout(&output));
    let output = home.run(&["status", "--json", &resource]);
    let kept = &json(stdout(&output))["signed_in"][0];
    assert_eq!((&kept["token_type"], &kept["identity"]), (&"DPoP".into(), &Value::Null));
    assert!(!holds_code_or_token(stdout(&output)));
    assert_eq!(server.end("TERM").0, Some(0));
}

/// `preferred` takes what the server offers; without the option nothing is bound, and a server that wants it says no.
#[test]
fn who_does_not_ask_gets_no_bound_token() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let resource = server.text("resource");
    for (option, token_type) in [(Some("--dpop=preferred"), "DPoP"), (None, "Bearer")] {
        let args: Vec<&str> = [resource, "--json"].into_iter().chain(option).collect();
        let output = home.login(&args);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert_eq!(json(stdout(&output))["token_type"], token_type);
        assert_eq!(code(&home.run(&["fetch", resource])), 0);
    }
    assert_eq!(server.end("TERM").0, Some(0));
    let server = Server::start(&["--auto-approve", "--require-dpop"]);
    let output = home.login(&[server.text("resource")]);
    assert_eq!((code(&output), stdout(&output)), (1, ""));
    assert!(stderr(&output).contains("proofkey: request_refused: "), "{}", stderr(&output));
    assert_eq!(server.end("TERM").0, Some(0));
}
