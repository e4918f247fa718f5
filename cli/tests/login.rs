//! Signing in from the shell, at `proofkey serve`: as a resource and as an issuer, with and without a browser.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::home::{Home, Waiting, port};
use common::server::{Server, agent};
use common::{code, holds_code_or_token, signal, stderr, stdout};
use serde_json::Value;
use std::io::Write as _;
use std::net::TcpStream;

/// M1, M2, M4, M6, M7, T35: from the address of an MCP server alone, with a client that is registered.
#[test]
fn an_address_of_a_resource_is_enough() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let (resource, issuer) = (server.text("resource"), server.text("issuer"));
    let output = home.login(&[resource]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let words = stderr(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    // Who is about to be trusted with what, before the browser opens.
    let shown = format!("resource {resource} issuer {issuer} scopes read write Waiting");
    assert!(words.starts_with(&shown), "{words}");
    assert!(
        stdout(&output).starts_with(&format!("Signed in at {issuer} as ")),
        "{}",
        stdout(&output)
    );
    assert!(!holds_code_or_token(stdout(&output)) && !holds_code_or_token(stderr(&output)));

    let token = home.token(resource);
    assert!(holds_code_or_token(&token));
    let output = home.run(&["token", "--json", resource]);
    let json: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(
        (json["access_token"].as_str(), json["token_type"].as_str()),
        (Some(&*token), Some("Bearer"))
    );
    assert!(json["expires_at"].is_u64());

    let output = home.run(&["fetch", resource]);
    let body: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!((code(&output), body["scope"].as_str()), (0, Some("read write")));
    // Below the resource it is still its token; elsewhere there is none.
    let below = format!("{resource}?x=y#z");
    assert_eq!(code(&home.run(&["fetch", &below])), 0);
    let output = home.run(&["fetch", issuer]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("sign_in_required"), "{}", stderr(&output));
    // The second sign-in finds its registration.
    assert_eq!(code(&home.login(&[resource])), 0);
    assert_eq!(home.stored("record-client-").len(), 1);
    assert_eq!(server.end("TERM").0, Some(0));
}

#[test]
fn an_address_of_an_issuer_is_known_for_one() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let (issuer, client_id) = (server.text("issuer"), server.text("client_id"));
    let output = home.login(&[issuer, "--client-id", client_id, "--scope", "read", "--json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let json: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!((&json["issuer"], &json["resource"]), (&issuer.into(), &Value::Null));
    assert_eq!((&json["client_id"], &json["scopes"][0]), (&client_id.into(), &"read".into()));
    assert_eq!((&json["key"], &json["refreshable"]), (&"file".into(), &true.into()));
    // The plain word about a key in a file.
    assert!(stderr(&output).contains("key_in_file"), "{}", stderr(&output));
    assert!(!home.token(issuer).is_empty());
    // Named as what it is not, it is not found.
    let output = home.run(&["token", "--resource", issuer]);
    assert_eq!(code(&output), 1);
    let expected = "proofkey: sign_in_required: there is no usable token: nobody has signed in here with \
        this client and account. Run `proofkey login ";
    assert!(stderr(&output).starts_with(expected), "{}", stderr(&output));
}

#[test]
fn accounts_are_kept_apart_and_status_tells_of_each() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let resource = server.text("resource");
    for account in ["work", "home"] {
        assert_eq!(code(&home.login(&[resource, "--account", account])), 0);
    }
    let output = home.run(&["status", "--json"]);
    let json: Value = serde_json::from_str(stdout(&output)).unwrap();
    let accounts: Vec<_> =
        json["signed_in"].as_array().unwrap().iter().map(|s| &s["account"]).collect();
    assert_eq!(accounts, ["home", "work"]);
    assert!(!holds_code_or_token(stdout(&output)));
    let token = |account: &str| home.run(&["token", resource, "--account", account]);
    assert_ne!(stdout(&token("work")), stdout(&token("home")));
    assert_eq!(code(&home.run(&["token", resource])), 1, "no account is none of them");

    let output = home.run(&["logout", resource, "--account", "work"]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("the server has revoked the tokens"), "{}", stdout(&output));
    assert_eq!((code(&token("work")), code(&token("home"))), (1, 0));
    let output = home.run(&["status"]);
    let text = stdout(&output);
    assert!(
        text.contains(resource) && text.contains("account  home") && !text.contains("work"),
        "{text}"
    );
    assert!(text.contains("refreshed by itself"), "{text}");
    assert_eq!(code(&home.run(&["status", resource])), 0);
    assert_eq!(code(&home.run(&["status", "https://other.example"])), 1);
    let output = home.run(&["logout", resource, "--account", "work", "--json"]);
    let nobody = "{\"browser_opened\":false,\"end_session_endpoint\":null,\"revoked\":null,\"signed_out\":false}\n";
    assert_eq!((code(&output), stdout(&output)), (0, nobody));
}

/// T34: what must not be sent to anyone is said, and a wrong address ends nothing.
#[test]
fn without_a_browser_the_redirect_is_pasted() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let picture = home.path().join("qr.svg");
    let svg = picture.to_str().unwrap();
    let mut waiting = Waiting::begin(&home, &[server.text("resource"), "--qr-svg", svg]);
    let shown = waiting.shown.replace('\n', " ");
    for words in
        ["Nobody who asks you for this address", "Paste it here and nowhere else", "sign in at 127"]
    {
        assert!(shown.contains(words), "{shown}");
    }
    assert!(!shown.contains("SSH"), "{shown}");
    assert!(std::fs::read_to_string(&picture).unwrap().starts_with("<svg"));
    let redirect = waiting.redirect();
    let mut stdin = waiting.child.stdin.take().unwrap();
    let other = redirect.replace("state=", "state=x");
    writeln!(stdin, "{other}").unwrap();
    waiting.prompt();
    assert!(waiting.shown.contains("its state is not that of this sign-in"), "{}", waiting.shown);
    assert!(waiting.shown.contains("Nobody who asks you"), "{}", waiting.shown);
    writeln!(stdin, "  {redirect}").unwrap();
    let (code, stdout, _) = waiting.end();
    assert_eq!(code, Some(0));
    assert!(stdout.starts_with("Signed in at "), "{stdout}");
}

#[test]
fn without_a_browser_the_redirect_may_come_by_itself_and_a_tunnel_is_named() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let mut command = home.proofkey(&["login", "--no-browser", server.text("resource")]);
    command.env("SSH_CONNECTION", "192.0.2.7 50000 198.51.100.2 2222").env("USER", "ada");
    let waiting = Waiting::of(command);
    let port = port(waiting.url());
    let line = format!("  ssh -N -L {port}:127.0.0.1:{port} -p 2222 ada@198.51.100.2\n");
    assert!(waiting.shown.contains(&line), "{}", waiting.shown);
    assert_eq!(agent().get(waiting.redirect()).call().unwrap().status(), 200);
    assert_eq!(waiting.end().0, Some(0));
}

/// T25: the program is killed when the browser is open; another run finishes what it began, once.
#[test]
fn a_sign_in_that_was_killed_is_finished_by_another_run() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let resource = server.text("resource");
    let mut killed = Waiting::begin(&home, &[resource]);
    killed.child.kill().unwrap();
    killed.child.wait().unwrap();
    // The user has the address still open.
    let redirect = killed.redirect();
    assert_eq!(home.stored("record-pending-").len(), 1);
    let waiting = Waiting::begin(&home, &[resource, "--resume"]);
    assert_eq!(agent().get(&redirect).call().unwrap().status(), 200);
    let (code, stdout, _) = waiting.end();
    assert_eq!(code, Some(0));
    assert!(stdout.starts_with("Signed in at "), "{stdout}");
    assert!(!home.token(resource).is_empty());
    let output = home.run(&["login", "--resume", resource]);
    assert_eq!(common::code(&output), 1);
    assert!(stderr(&output).starts_with("proofkey: nothing_pending: "), "{}", stderr(&output));
}

/// Ctrl-C in the middle: nothing is left behind, neither the port nor a lock nor a pending sign-in.
#[test]
fn ctrl_c_while_the_user_is_away_leaves_nothing_behind() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let resource = server.text("resource");
    for (name, exit) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let waiting = Waiting::begin(&home, &[resource]);
        let port = port(waiting.url());
        assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
        signal(name, waiting.child.id());
        let (code, stdout, stderr) = waiting.end();
        assert_eq!((code, stdout.as_str(), stderr.as_str()), (Some(exit), "", ""), "{name}");
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "the port is still open");
        assert_eq!(home.stored("record-pending-"), [""; 0]);
    }
    // And the next one goes through, with the same registration and so the same port.
    assert_eq!(code(&home.login(&[resource])), 0);
}

#[test]
fn what_is_nothing_is_said_in_one_line() {
    let (server, home) = (Server::start(&["--auto-approve", "--no-registration"]), Home::new());
    let nowhere = format!("{}/nowhere", server.text("issuer"));
    for (args, words) in [
        // Nobody listens there: no network.
        (
            &["login", "http://127.0.0.1:9/mcp"][..],
            "proofkey: unreachable: the resource did not answer",
        ),
        (&["discover", "http://127.0.0.1:9/mcp"], "proofkey: unreachable: "),
        (
            &["login", &nowhere],
            "proofkey: metadata_not_found: metadata of a resource or of an issuer",
        ),
        (&["login", "--issuer", &nowhere], "proofkey: metadata_not_found: "),
        (&["login", "mcp.example"], "proofkey: invalid_configuration: resource "),
        (&["login", "http://mcp.example/"], "proofkey: invalid_configuration: resource "),
        (&["login", server.text("resource")], "proofkey: client_id_needed: "),
        (&["token", "https://mcp.example/mcp"], "proofkey: sign_in_required: "),
        (
            &[
                "login",
                "--browser",
                "/no/such",
                "--client-id",
                "proofkey-dev",
                server.text("resource"),
            ],
            "proofkey: browser_failed: ",
        ),
    ] {
        let output = home.run(args);
        let lines: Vec<_> =
            stderr(&output).lines().filter(|line| line.starts_with("proofkey: ")).collect();
        assert_eq!((code(&output), stdout(&output)), (1, ""), "{args:?}");
        assert_eq!(lines.len(), 1, "{args:?} {lines:?}");
        assert!(lines[0].starts_with(words), "{args:?} {lines:?}");
    }
}

#[test]
fn discover_reports_what_a_server_can_do() {
    let (server, home) = (Server::start(&["--auto-approve"]), Home::new());
    let output = home.run(&["discover", server.text("resource")]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    for words in [
        "PKCE with S256     supported",
        "registration       supported",
        "DPoP               supported",
        "device grant       supported",
    ] {
        assert!(text.contains(words), "{text}");
    }
    let output = home.run(&["discover", "--json", server.text("issuer")]);
    let json: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!((&json["resource"], &json["issuer"]), (&Value::Null, &server.text("issuer").into()));
    assert_eq!(json["capabilities"]["revocation"], "supported");
}
