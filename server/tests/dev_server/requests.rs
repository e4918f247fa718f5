//! Authorization requests that are refused: which of them by redirect, which on a page.

use crate::common::*;
use proofkey::verifier::CodeVerifier;

fn right() -> Vec<(&'static str, String)> {
    request(&CodeVerifier::generate().unwrap().challenge().to_text())
}

fn with(name: &str, value: &str) -> Vec<(&'static str, String)> {
    let mut parameters = right();
    parameters.iter_mut().find(|(known, _)| *known == name).unwrap().1 = value.into();
    parameters
}

fn without(name: &str) -> Vec<(&'static str, String)> {
    right().into_iter().filter(|(known, _)| *known != name).collect()
}

fn assert_page(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 400, "{what}");
    assert_eq!(answer.header("location"), None, "{what}");
    assert!(answer.header("content-type").unwrap().starts_with("text/html"), "{what}");
    assert!(!answer.body.contains("evil"), "{what}: the page repeats what was sent");
}

/// P26, GHSA-rfq3-w54c-f9q5, CVE-2026-28512, CVE-2025-4143: a redirect URI that differs in more than the
/// port of a loopback literal gets a page and never a redirect, here at the first step already.
#[tokio::test]
async fn redirect_uris_that_are_not_the_clients() {
    let server = approving().await;
    for uri in [
        "https://evil.example/callback",
        "http://evil.example/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1:80@evil.example/callback",
        "http://evil@127.0.0.1:49152/callback",
        "http://127.0.0.1:49152/callback#evil",
        "http://127.0.0.1:49152/callback#",
        "http://127.0.0.1:49152/callback?evil=1",
        "http://127.0.0.1:49152/callback?",
        "http://127.0.0.1:49152/callback/",
        "http://127.0.0.1:49152/callback/../evil",
        "http://127.0.0.1:49152/Callback",
        "http://127.0.0.1:49152/",
        "http://127.0.0.1:49152",
        "http://127.0.0.1:65536/callback",
        "http://127.0.0.2:49152/callback",
        "http://127.1:49152/callback",
        "http://localhost:49152/callback",
        "http://0.0.0.0:49152/callback",
        "https://127.0.0.1:49152/callback",
        "HTTP://127.0.0.1:49152/callback",
        "//127.0.0.1:49152/callback",
        "/callback",
        "javascript:evil()",
        "data:text/html,evil",
        "http:\\\\127.0.0.1:49152\\callback",
        "http://127.0.0.1:49152/callback\r\nevil: 1",
        "http://127.0.0.1:49152/callback\0",
        " http://127.0.0.1:49152/callback",
    ] {
        let answer = get(&server, &authorize(&with("redirect_uri", uri))).await;
        assert_page(&answer, uri);
    }
    let mut twice = right();
    twice.push(("redirect_uri", REDIRECT_URI.into()));
    assert_page(&get(&server, &authorize(&twice)).await, "twice");
    // Two are registered: which is meant cannot be guessed.
    assert_page(&get(&server, &authorize(&without("redirect_uri"))).await, "absent");
    // The control.
    for uri in [REDIRECT_URI, "http://127.0.0.1/callback", "http://[::1]:7/callback"] {
        let answer = get(&server, &authorize(&with("redirect_uri", uri))).await;
        assert_eq!(answer.status, 303, "{uri}");
        assert!(answer.location().starts_with(&format!("{uri}?code=")));
    }
}

#[tokio::test]
async fn clients_that_are_not_known() {
    let server = approving().await;
    for id in ["", "evil", "proofkey-dev ", "Proofkey-dev", "proofkey-dev\0", "<evil>"] {
        assert_page(&get(&server, &authorize(&with("client_id", id))).await, id);
    }
    assert_page(&get(&server, &authorize(&without("client_id"))).await, "absent");
    let mut twice = right();
    twice.push(("client_id", "evil".into()));
    assert_page(&get(&server, &authorize(&twice)).await, "twice");
    assert_page(&get(&server, "/authorize").await, "no query");
}

/// P20, CVE-2024-23647, CVE-2024-22258, CVE-2025-4144: no challenge, no method, `plain`, a method in
/// another case, a malformed challenge: `invalid_request` goes to the client, with state and `iss`.
#[tokio::test]
async fn requests_without_a_right_challenge() {
    let server = approving().await;
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    let refused = [
        without("code_challenge"),
        without("code_challenge_method"),
        with("code_challenge", ""),
        with("code_challenge_method", ""),
        with("code_challenge_method", "plain"),
        with("code_challenge_method", "s256"),
        with("code_challenge_method", "S512"),
        with("code_challenge", &challenge[1..]),
        with("code_challenge", &format!("{challenge}A")),
        with("code_challenge", &format!("{challenge}=")),
        with("code_challenge", &format!("{}+", &challenge[1..])),
        // The two spare bits: 43 times B is not what any 32 bytes are written as.
        with("code_challenge", &"B".repeat(43)),
    ];
    for parameters in refused {
        let answer = get(&server, &authorize(&parameters)).await;
        assert_eq!(answer.status, 303, "{parameters:?}");
        assert!(answer.location().starts_with(&format!("{REDIRECT_URI}?error=")));
        assert_eq!(answer.sent("error").as_deref(), Some("invalid_request"), "{parameters:?}");
        assert_eq!(answer.sent("state").as_deref(), Some("state-0123456789"));
        assert_eq!(answer.sent("iss").as_deref(), Some(server.issuer.as_str()), "P28");
        assert_eq!(answer.sent("code"), None);
    }
}

/// Other mistakes after the redirect URI is known: to the client, each with its code.
#[tokio::test]
async fn requests_that_are_wrong_in_another_way() {
    let server = approving().await;
    let mut doubled = right();
    doubled.push(("scope", "read".into()));
    for (parameters, error) in [
        (without("response_type"), "invalid_request"),
        (with("response_type", "token"), "unsupported_response_type"),
        (with("scope", "read delete"), "invalid_scope"),
        (doubled, "invalid_request"),
    ] {
        let answer = get(&server, &authorize(&parameters)).await;
        assert_eq!(answer.status, 303, "{parameters:?}");
        assert_eq!(answer.sent("error").as_deref(), Some(error), "{parameters:?}");
    }
    // P7: two states. Neither is echoed.
    let mut states = right();
    states.push(("state", "another".into()));
    let answer = get(&server, &authorize(&states)).await;
    assert_eq!((answer.status, answer.sent("state")), (303, None));
    assert_eq!(answer.sent("error").as_deref(), Some("invalid_request"));
}

/// A request that changes between page and form is judged anew; one that was wrong never gets a form.
#[tokio::test]
async fn a_wrong_request_gets_no_form() {
    let server = asking().await;
    let answer = get(&server, &authorize(&without("code_challenge"))).await;
    assert_eq!((answer.status, answer.header("set-cookie")), (303, None));
    let answer = get(&server, &authorize(&with("redirect_uri", "https://evil.example"))).await;
    assert_page(&answer, "redirect");
    assert!(!answer.body.contains("<form"));
}
