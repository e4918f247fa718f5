//! Resources that demand more (RFC 6750 §3.1, RFC 9470), and requests that are pushed or say more than they must.
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

fn counters(server: &Server) -> Value {
    let mut answer = agent().get(server.text("counters")).call().unwrap();
    json(&answer.body_mut().read_to_string().unwrap())
}

fn signed_in(home: &Home) -> Value {
    json(stdout(&home.run(&["status", "--json"])))["signed_in"][0].clone()
}

/// M7: nothing opens without the user's word; with it the union of the scopes is asked for, bound as before.
#[test]
fn a_resource_that_wants_another_scope_gets_it_with_the_users_word_alone() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let resource = server.text("resource");
    let client = ["--client-id", "proofkey-dev"];
    let output = home.login(&[&[resource, "--scope", "read", "--dpop"][..], &client].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let admin = format!("{resource}/admin");
    for more in [&[][..], &["--no-interaction"]] {
        let output = home.run(&[&["fetch", &admin], more].concat());
        assert_eq!((code(&output), stdout(&output)), (1, ""), "{more:?}");
        let expected = "proofkey: sign_in_required: the resource demands the scopes read admin. ";
        assert!(stderr(&output).starts_with(expected), "{}", stderr(&output));
    }
    assert_eq!(signed_in(&home)["scopes"], serde_json::json!(["read"]));
    let browser = home.browser();
    let yes = ["fetch", "--json", "--yes", "--browser", browser.to_str().unwrap()];
    let yes = [&yes[..], &client].concat();
    let output = home.run(&[&yes[..], &[&admin]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(json(stdout(&output))["status"], 200);
    let kept = signed_in(&home);
    assert_eq!(kept["scopes"], serde_json::json!(["read", "admin"]));
    assert_eq!(kept["token_type"], "DPoP");
    // Now it is enough.
    assert_eq!(code(&home.run(&["fetch", "--no-interaction", &admin])), 0);
    // RFC 9470: another class of authentication, and a new one.
    let output = home.run(&[&yes[..], &[&format!("{resource}/fresh")]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let body = json(json(stdout(&output))["body"].as_str().unwrap());
    assert_eq!(body["acr"], "urn:proofkey:strong");
    // One that is never content is given up on.
    let output = home.run(&[&yes[..], &[&format!("{resource}/greedy")]].concat());
    assert_eq!(code(&output), 1);
    let refused = stderr(&output).lines().last().unwrap();
    assert!(refused.starts_with("proofkey: step_up_refused: "), "{refused}");
    assert_eq!(server.end("TERM").0, Some(0));
}

/// M4: a client that registered itself is registered anew for more scopes. The tokens of the one before are given
/// back, and one sign-in is left.
#[test]
fn a_step_up_beyond_a_registration_leaves_one_sign_in() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let resource = server.text("resource");
    let output = home.login(&[resource, "--scope", "read"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let before = signed_in(&home);
    let browser = home.browser();
    let yes = ["fetch", "--yes", "--browser", browser.to_str().unwrap()];
    let output = home.run(&[&yes[..], &[&format!("{resource}/admin")]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let status = json(stdout(&home.run(&["status", "--json"])));
    let all = status["signed_in"].as_array().unwrap();
    assert_eq!(all.len(), 1, "{status}");
    assert_ne!(all[0]["client_id"], before["client_id"]);
    assert_eq!(all[0]["scopes"], serde_json::json!(["read", "admin"]));
    assert_eq!(home.stored("record-tokens-").len(), 1);
    assert_eq!(counters(&server)["revoke"]["answered"]["token_revoked"], 1);
    // The pointers lead to the new one.
    assert_eq!(code(&home.run(&["fetch", "--no-interaction", &format!("{resource}/admin")])), 0);
    assert_eq!(code(&home.run(&["logout", resource])), 0);
    assert!(home.stored("record-").is_empty(), "{:?}", home.stored("record-"));
}

/// The request says what the options say, by the browser or pushed; what ProofKey sets cannot be set.
#[test]
fn the_request_may_say_more_and_be_pushed() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let resource = server.text("resource");
    let strong = ["--acr-values", "urn:proofkey:strong", "--max-age", "60", "-p", "prompt=login"];
    let output = home.login(&[&[resource][..], &strong].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(code(&home.run(&["fetch", &format!("{resource}/fresh")])), 0);
    assert!(counters(&server).get("par").is_none());
    let output = home.login(&[&[resource, "--push"][..], &strong].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(counters(&server)["par"]["arrived"]["requests"], 1);
    assert_eq!(code(&home.run(&["fetch", &format!("{resource}/fresh")])), 0);
    let output = home.login(&[resource, "-p", "state=x"]);
    assert_eq!(code(&output), 1);
    let refused = stderr(&output).lines().last().unwrap();
    assert!(refused.starts_with("proofkey: invalid_configuration: "), "{refused}");
    assert_eq!(server.end("TERM").0, Some(0));
}

/// P16: who has signed in is shown; the end of the browser's session is the browser's, and the ID token is
/// shown to nobody else.
#[test]
fn who_has_signed_in_is_shown_and_signed_out_in_the_browser_too() {
    let (server, home) = (Server::start(&["--auto-approve", "--user", "ada"]), Home::new());
    let resource = server.text("resource");
    let login = || {
        let output = home.login(&[resource, "--scope", "openid", "--scope", "read"]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(stdout(&output).contains("The user is ada (ada).\n"), "{}", stdout(&output));
    };
    login();
    assert!(stdout(&home.run(&["status"])).contains("user    ada (ada)\n"));
    assert_eq!(signed_in(&home)["identity"]["subject"], "ada");
    let output = home.run(&["logout", resource]);
    let end = format!("{}/end_session", server.text("issuer"));
    let told = format!("may still be signed in there; to end that, open {end}\n");
    assert!(stdout(&output).ends_with(&told), "{}", stdout(&output));

    login();
    let (script, opened) = (home.path().join("opens"), home.path().join("opened"));
    std::fs::write(&script, format!("#!/bin/sh\necho \"$1\" >> '{}'\n", opened.display())).unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&script, executable).unwrap();
    let browser = ["--browser-session", "--browser", script.to_str().unwrap()];
    let output = home.run(&[&["logout", "--json", resource], &browser[..]].concat());
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let told = json(stdout(&output));
    assert_eq!(
        (&told["end_session_endpoint"], &told["browser_opened"]),
        (&end.into(), &true.into())
    );
    assert!(!stdout(&output).contains("id_token_hint") && !holds_code_or_token(stdout(&output)));
    // The browser may take its time.
    let address = loop {
        match std::fs::read_to_string(&opened) {
            Ok(address) if address.ends_with('\n') => break address,
            _ => std::thread::yield_now(),
        }
    };
    assert!(address.contains("/end_session?id_token_hint=ey"), "{address}");
    assert_eq!(agent().get(address.trim()).call().unwrap().status(), 200);
    assert_eq!(server.end("TERM").0, Some(0));
}
