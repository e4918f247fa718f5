//! `proofkey serve --fault`: docs/faults.md. What each fault does to clients is shown by tests/faults.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::server::{Server, agent};
use common::{code, proofkey, run, stderr, stdout};
use serde_json::Value;

fn metadata(server: &Server) -> Value {
    let url = format!("{}/.well-known/oauth-authorization-server", server.text("issuer"));
    let mut answer = agent().get(&url).call().unwrap();
    serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
}

/// How the metadata spell the only method of PKCE.
fn methods(server: &Server) -> Value {
    metadata(server)["code_challenge_methods_supported"].clone()
}

#[test]
fn a_mistyped_name_finds_those_that_are_near() {
    let said = run(&mut proofkey(&["serve", "--fault", "iss-wrnog"]));
    assert_eq!((code(&said), stdout(&said)), (2, ""));
    assert!(stderr(&said).contains("near are iss-wrong"), "{}", stderr(&said));
    let said = run(&mut proofkey(&["serve", "--fault", "nothing-that-looks-like-one"]));
    assert!(stderr(&said).contains("--list-faults names them"), "{}", stderr(&said));
}

#[test]
fn the_table_is_for_people_and_for_programs() {
    let said = run(&mut proofkey(&["serve", "--list-faults", "--json"]));
    let listed: Value = serde_json::from_str(stdout(&said)).unwrap();
    let faults = listed["faults"].as_array().unwrap();
    assert!(faults.len() >= 40, "{}", faults.len());
    let words = run(&mut proofkey(&["serve", "--list-faults"]));
    for fault in faults {
        for member in ["name", "does", "right", "rule"] {
            assert!(stdout(&words).contains(fault[member].as_str().unwrap()), "{fault}");
        }
    }
}

#[test]
fn a_server_does_wrong_only_where_it_was_asked_to() {
    let sins = Server::start(&["--fault", "metadata-s256-lower-case"]);
    assert_eq!(sins.ready["faults"], serde_json::json!(["metadata-s256-lower-case"]));
    assert_eq!(methods(&sins), serde_json::json!(["s256", "plain"]));
    let (_, _, log) = sins.end("TERM");
    assert!(log.contains("sins on purpose: metadata-s256-lower-case"), "{log}");
    let honest = Server::start(&[]);
    assert_eq!(methods(&honest), serde_json::json!(["S256"]));
    assert!(!honest.end("TERM").2.contains("sins on purpose"));
}

/// Each is the sin that it is alone, two of them in one answer as well.
#[test]
fn a_server_does_several_things_wrong() {
    let two = "metadata-s256-lower-case,metadata-token-endpoint-missing";
    let sins =
        Server::start(&["--fault", two, "--fault", "keys-not-found", "--fault", "keys-not-found"]);
    let named = ["metadata-s256-lower-case", "metadata-token-endpoint-missing", "keys-not-found"];
    assert_eq!(methods(&sins), serde_json::json!(["s256", "plain"]));
    assert_eq!(metadata(&sins).get("token_endpoint"), None);
    assert_eq!(agent().get(sins.text("jwks_uri")).call().unwrap().status(), 404);
    let honest = agent().get(sins.text("resource_metadata")).call().unwrap();
    assert_eq!(honest.status(), 200);
    assert_eq!(sins.ready["faults"], serde_json::json!(named));
    let (_, _, log) = sins.end("TERM");
    for name in named {
        assert_eq!(log.matches(&format!("sins on purpose: {name}:")).count(), 1, "{log}");
    }
}
