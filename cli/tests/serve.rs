//! `proofkey serve`: ready line, a sign-in by hand through it, and its end.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::server::{Server, agent};
use common::{Watchdog, holds_code_or_token, proofkey, signal};
use proofkey::verifier::CodeVerifier;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

/// Signs in at the server as a program would; gives the access token.
fn sign_in(server: &Server, redirect_uri: &str) -> String {
    signed_in(server, redirect_uri, "")["access_token"].as_str().unwrap().to_owned()
}

/// The same for all scopes; gives what the token endpoint has answered.
fn sign_in_for_all(server: &Server) -> Value {
    signed_in(server, "http://127.0.0.1:9/callback", "read write")
}

fn signed_in(server: &Server, redirect_uri: &str, scope: &str) -> Value {
    let verifier = CodeVerifier::generate().unwrap();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("client_id", server.text("client_id"))
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("state", "a-state-of-the-test")
        .append_pair("code_challenge", &verifier.challenge().to_text())
        .append_pair("code_challenge_method", "S256")
        .append_pair("scope", scope)
        .finish();
    let url = format!("{}?{query}", server.text("authorization_endpoint"));
    let answer = agent().get(&url).call().unwrap();
    assert_eq!(answer.status(), 303);
    let location = answer.headers()["location"].to_str().unwrap();
    let (target, query) = location.split_once('?').unwrap();
    assert_eq!(target, redirect_uri);
    let parameters: std::collections::HashMap<_, _> =
        form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    assert_eq!(parameters["state"], "a-state-of-the-test");
    assert_eq!(parameters["iss"], server.text("issuer"));
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &parameters["code"]),
        ("redirect_uri", redirect_uri),
        ("client_id", server.text("client_id")),
        ("code_verifier", verifier.expose_verifier()),
    ];
    let (status, body) = post(server.text("token_endpoint"), &form);
    assert_eq!(status, 200);
    body
}

/// Threat "Secrets in logs": the log tells the flow and holds neither code nor token.
#[test]
fn a_sign_in_by_hand_passes_and_sigterm_ends_it_with_0() {
    let server = Server::start(&["--auto-approve"]);
    let token = sign_in(&server, "http://127.0.0.1:9/callback");
    // The control for the search below.
    assert!(holds_code_or_token(&token));
    let api = server.text("resource").to_owned();
    let bearer = format!("Bearer {token}");
    let answer = agent().get(&api).header("Authorization", &bearer).call().unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(agent().get(&api).call().unwrap().status(), 401);
    let (code, rest, log) = server.end("TERM");
    assert_eq!((code, rest.as_str()), (Some(0), ""), "{log}");
    assert!(log.contains("Claim") && log.contains("answered 200: issued"), "{log}");
    assert!(!holds_code_or_token(&log), "a code or a token in the log");
    assert!(!log.contains('\u{1b}'), "colours in a pipe");
}

/// The same with all logging there is, and with JSON lines.
#[test]
fn the_log_holds_no_secret_at_any_level() {
    let all = ["serve", "--port", "0", "--json", "--auto-approve", "--log-json"];
    let mut child = proofkey(&all)
        .env("RUST_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let watchdog = Watchdog::over(&child);
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let ready = serde_json::from_str(&line).unwrap();
    let server = Server { child, stdout, _watchdog: watchdog, ready };
    sign_in(&server, "http://127.0.0.1:9/callback");
    let (code, _, log) = server.end("INT");
    assert_eq!(code, Some(0), "Ctrl-C is how it ends");
    assert!(log.lines().count() > 5);
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        assert!(line["level"].is_string());
    }
    assert!(!holds_code_or_token(&log), "a code or a token in the log");
}

#[test]
fn client_scopes_user_and_store_are_as_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.sqlite");
    let store = format!("sqlite:{}", path.display());
    let server = Server::start(&[
        "--auto-approve",
        "--client-id",
        "my-agent",
        "--redirect-uri",
        "com.example.app:/callback",
        "--redirect-uri",
        "http://127.0.0.1/other",
        "--scope",
        "a",
        "--scope",
        "b",
        "--user",
        "ada",
        "--store",
        &store,
    ]);
    assert_eq!(server.text("client_id"), "my-agent");
    assert_eq!(server.ready["scopes"], serde_json::json!(["a", "b"]));
    let token = sign_in(&server, "com.example.app:/callback");
    let bearer = format!("Bearer {token}");
    let mut answer =
        agent().get(server.text("resource")).header("Authorization", &bearer).call().unwrap();
    let body: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    assert_eq!(
        (body["subject"].as_str(), body["client_id"].as_str()),
        (Some("ada"), Some("my-agent"))
    );
    assert_eq!(server.end("TERM").0, Some(0));
    assert!(path.is_file());
}

/// Posts a form; gives the status and the JSON.
fn post(url: &str, form: &[(&str, &str)]) -> (u16, Value) {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = agent().post(url).content_type("application/x-www-form-urlencoded");
    let mut answer = request.send(&form).unwrap();
    let body = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), serde_json::from_str(&body).unwrap_or(Value::Null))
}

fn json(url: &str) -> Value {
    let mut answer = agent().get(url).call().unwrap();
    assert_eq!(answer.status(), 200, "{url}");
    serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
}

/// P27: what `--reuse-window` allows, what the counters say, and where all of it is below a path.
#[test]
fn refreshes_are_counted_and_spared_as_asked_for() {
    let server = Server::start(&[
        "--auto-approve",
        "--reuse-window",
        "30",
        "--access-token-lifetime",
        "7",
        "--issuer-path",
        "/tenant",
        "--discovery",
        "openid",
        "--no-registration",
        "--client-documents",
        "off",
        "--require-scope",
        "read",
    ]);
    let issuer = server.text("issuer");
    assert!(issuer.ends_with("/tenant"));
    assert!(server.text("resource").starts_with(issuer));
    assert_eq!(server.ready["registration_endpoint"], Value::Null);
    let metadata = json(&format!("{issuer}/.well-known/openid-configuration"));
    assert_eq!(metadata["issuer"], issuer);
    assert_eq!(metadata["revocation_endpoint"], server.text("revocation_endpoint"));
    assert!(metadata.get("registration_endpoint").is_none());
    assert!(metadata.get("client_id_metadata_document_supported").is_none());
    assert_eq!(json(server.text("resource_metadata"))["authorization_servers"][0], issuer);
    let oauth = issuer.replace("/tenant", "/.well-known/oauth-authorization-server/tenant");
    assert_eq!(agent().get(&oauth).call().unwrap().status(), 404);

    let (token_endpoint, body) = (server.text("token_endpoint"), sign_in_for_all(&server));
    assert_eq!(body["expires_in"], 7);
    let first = body["refresh_token"].as_str().unwrap();
    let client_id = server.text("client_id");
    let refresh = |token: &str| {
        let grant = ("grant_type", "refresh_token");
        post(token_endpoint, &[grant, ("client_id", client_id), ("refresh_token", token)])
    };
    let (status, second) = refresh(first);
    assert_eq!((status, refresh(first).0), (200, 200), "spared inside the window");
    assert_eq!(refresh(second["refresh_token"].as_str().unwrap()).0, 200);
    assert_eq!(refresh(first).1["error"], "invalid_grant", "its successor was used");
    let given_back = [("client_id", client_id), ("token", first)];
    assert_eq!(post(server.text("revocation_endpoint"), &given_back).0, 200);
    let counted = json(server.text("counters"));
    assert_eq!(counted["token"]["arrived"]["refresh_token"], 4);
    assert_eq!(counted["token"]["answered"]["refreshed"], 3);
    assert_eq!(counted["token"]["answered"]["reuse_revoked"], 1);
    assert_eq!(counted["revoke"]["arrived"]["requests"], 1);
    let (code, _, log) = server.end("TERM");
    assert_eq!(code, Some(0));
    assert!(log.contains("Rotate") && log.contains("answered 400: reuse_revoked"), "{log}");
    assert!(!holds_code_or_token(&log), "a token in the log");
}

/// RFC 7591, and lives that are over at once.
#[test]
fn a_client_registers_itself_and_short_lives_are_short() {
    let server = Server::start(&[
        "--auto-approve",
        "--access-token-lifetime",
        "0",
        "--refresh-token-lifetime",
        "0",
    ]);
    let body = sign_in_for_all(&server);
    assert!(body.get("refresh_token").is_none());
    let bearer = format!("Bearer {}", body["access_token"].as_str().unwrap());
    let answer = agent().get(server.text("resource")).header("Authorization", &bearer).call();
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 401);
    let challenge = answer.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.contains(server.text("resource_metadata")), "{challenge}");
    let metadata = "{\"redirect_uris\":[\"http://127.0.0.1/cb\"]}";
    let request = agent().post(server.text("registration_endpoint"));
    let answer = request.content_type("application/json").send(metadata).unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(server.end("TERM").0, Some(0));
}

/// RFC 9126, RFC 9449, RFC 8628, OpenID Connect: each option does what it says, and the ready line says where.
#[test]
fn the_second_half_of_the_protocol_is_as_asked_for() {
    let server = Server::start(&[
        "--auto-approve",
        "--require-par",
        "--require-dpop",
        "--dpop-nonce",
        "--device-interval",
        "0",
        "--device-code-lifetime",
        "60",
        "--id-token-alg",
        "RS256",
        "--key-lifetime",
        "3600",
        "--rotate-keys",
        "--introspection",
        "--post-logout-redirect-uri",
        "com.example.app:/out",
        "--authorization-details-type",
        "payment",
    ]);
    let metadata = json(&format!("{}/.well-known/openid-configuration", server.text("issuer")));
    for name in [
        "pushed_authorization_request_endpoint",
        "device_authorization_endpoint",
        "jwks_uri",
        "end_session_endpoint",
        "introspection_endpoint",
    ] {
        assert_eq!(metadata[name], server.text(name), "{name}");
    }
    assert_eq!(metadata["require_pushed_authorization_requests"], true);
    assert_eq!(metadata["id_token_signing_alg_values_supported"][0], "RS256");
    assert_eq!(metadata["authorization_details_types_supported"][0], "payment");
    assert_eq!(json(server.text("resource_metadata"))["dpop_bound_access_tokens_required"], true);

    let client_id = ("client_id", server.text("client_id"));
    let (status, begun) = post(server.text("device_authorization_endpoint"), &[client_id]);
    assert_eq!(
        (status, begun["interval"].as_u64(), begun["expires_in"].as_u64()),
        (200, Some(0), Some(60))
    );
    let code = ("device_code", begun["device_code"].as_str().unwrap());
    let grant = ("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    let (status, refused) = post(server.text("token_endpoint"), &[client_id, grant, code]);
    assert_eq!((status, refused["error"].as_str()), (400, Some("invalid_dpop_proof")));

    // RFC 7662: the resource asks with the secret of the ready line, and nobody else.
    let endpoint = server.text("introspection_endpoint");
    let answer = agent().post(endpoint).send_form([("token", "x")]).unwrap();
    assert_eq!(answer.status(), 401);
    let bearer = format!("Bearer {}", server.text("introspection_secret"));
    let asking = agent().post(endpoint).header("Authorization", &bearer);
    let mut answer = asking.send_form([("token", "x")]).unwrap();
    assert_eq!(answer.body_mut().read_to_string().unwrap(), "{\"active\":false}");

    let keys = json(server.text("jwks_uri"));
    assert_eq!(keys["keys"][0]["kty"], "RSA");
    let rotated = agent().post(format!("{}/rotate-keys", server.text("issuer"))).send_empty();
    assert_eq!(rotated.unwrap().status(), 204);
    assert_eq!(json(server.text("jwks_uri"))["keys"].as_array().unwrap().len(), 2);
    let out = format!(
        "{}?client_id={}&post_logout_redirect_uri=com.example.app:/out",
        server.text("end_session_endpoint"),
        client_id.1
    );
    let answer = agent().get(&out).call().unwrap();
    assert_eq!(answer.headers()["location"], "com.example.app:/out");
    let (code, _, log) = server.end("TERM");
    assert_eq!(code, Some(0));
    assert!(!holds_code_or_token(&log), "a code or a token in the log");
}

#[test]
fn without_auto_approve_the_user_is_asked() {
    let server = Server::start(&[]);
    let verifier = CodeVerifier::generate().unwrap();
    let url = format!(
        "{}?response_type=code&client_id=proofkey-dev&redirect_uri=http://127.0.0.1:9/callback\
         &state=abcdefgh&code_challenge={}&code_challenge_method=S256",
        server.text("authorization_endpoint"),
        verifier.challenge().to_text()
    );
    let mut answer = agent().get(&url).call().unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.body_mut().read_to_string().unwrap().contains("<form"));
    assert_eq!(server.end("INT").0, Some(0));
}

#[test]
fn the_greeting_names_all_that_a_program_needs() {
    let mut child = proofkey(&["serve", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _watchdog = Watchdog::over(&child);
    let mut greeting = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    while !greeting.contains("Ctrl-C") {
        assert!(stdout.read_line(&mut greeting).unwrap() > 0, "{greeting}");
    }
    for words in ["issuer         http://127.0.0.1:", "/token", "proofkey-dev", "any port"] {
        assert!(greeting.contains(words), "{greeting}");
    }
    assert!(greeting.lines().all(|line| line.chars().count() < 80), "{greeting}");
    signal("TERM", child.id());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
