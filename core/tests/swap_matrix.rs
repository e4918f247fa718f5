//! The cross-session swap matrix (threats: injection, CSRF; P5, P6, CVE-2025-68158): eight sign-ins wait
//! at once, to the same server, from the same client, at the same redirect URI. Every session is given
//! every session's redirect: only its own is accepted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod support;

use proofkey::flow::sign_in::{RedirectTarget, SignIn, SignInConfig};
use proofkey::session::{AuthorizationRequest, Completion, PkceSession};
use proofkey::step::{Event, Step};
use std::collections::BTreeSet;
use support::{form, url_parts};

const SESSIONS: usize = 8;
const REDIRECT_URI: &str = "http://127.0.0.1:49152/callback";

fn begin() -> PkceSession {
    begin_with(&["read"])
}

fn begin_with(scopes: &[&str]) -> PkceSession {
    PkceSession::begin(AuthorizationRequest {
        issuer: "https://as.example".into(),
        authorization_endpoint: "https://as.example/authorize".into(),
        token_endpoint: "https://as.example/token".into(),
        iss_promised: false,
        client_id: "agent".into(),
        redirect_uri: REDIRECT_URI.into(),
        scopes: scopes.iter().map(|scope| (*scope).into()).collect(),
        resource: None,
        extra_parameters: vec![],
    })
    .unwrap()
}

fn state_of(url: &str) -> String {
    let (_, parameters) = url_parts(url);
    parameters.into_iter().find(|(name, _)| name == "state").unwrap().1
}

/// What a server would send back: a good code of its own for each session, or a refusal.
fn redirects(urls: &[String], query: impl Fn(usize) -> String) -> Vec<String> {
    urls.iter()
        .enumerate()
        .map(|(n, url)| format!("{REDIRECT_URI}?{}&state={}", query(n), state_of(url)))
        .collect()
}

#[test]
fn a_session_accepts_its_own_redirect_alone() {
    let sessions: Vec<PkceSession> = (0..SESSIONS).map(|_| begin()).collect();
    let urls: Vec<String> = sessions.iter().map(PkceSession::authorization_url).collect();
    let redirects = redirects(&urls, |n| format!("code=code-of-{n}"));
    let mut accepted = 0;
    for (own, mut session) in sessions.into_iter().enumerate() {
        for (other, redirect) in redirects.iter().enumerate().filter(|(other, _)| *other != own) {
            session = match session.complete(redirect) {
                Completion::NotOurs(session, why) => {
                    assert_eq!(why.code(), "state_mismatch", "{own} {other}");
                    session
                }
                other => panic!("another session's redirect: {other:?}"),
            };
        }
        // Seven foreign redirects later it still takes its own, and its own code goes out.
        match session.complete(&redirects[own]) {
            Completion::Accepted(request) => {
                let request = request.http_request();
                let pairs = form(request.body.as_ref().unwrap().expose());
                assert!(pairs.contains(&("code".into(), format!("code-of-{own}"))));
                accepted += 1;
            }
            other => panic!("its own redirect: {other:?}"),
        }
    }
    assert_eq!(accepted, SESSIONS);
}

/// The same for a refusal: what another session's server says ends nobody's wait.
#[test]
fn a_refusal_ends_its_own_session_alone() {
    let sessions: Vec<PkceSession> = (0..SESSIONS).map(|_| begin()).collect();
    let urls: Vec<String> = sessions.iter().map(PkceSession::authorization_url).collect();
    let redirects = redirects(&urls, |_| "error=access_denied".into());
    for (own, mut session) in sessions.into_iter().enumerate() {
        for (_, redirect) in redirects.iter().enumerate().filter(|(other, _)| *other != own) {
            session = match session.complete(redirect) {
                Completion::NotOurs(session, _) => session,
                other => panic!("another session's refusal: {other:?}"),
            };
        }
        match session.complete(&redirects[own]) {
            Completion::Ended(error) => assert_eq!(error.code(), "access_denied"),
            other => panic!("its own refusal: {other:?}"),
        }
    }
}

/// The same through the flow, as a driver would: the matrix of steps has `Send` on its diagonal and
/// `Await` everywhere else.
#[test]
fn a_flow_accepts_its_own_redirect_alone() {
    let config = SignInConfig {
        issuer: "https://as.example".into(),
        authorization_endpoint: "https://as.example/authorize".into(),
        token_endpoint: "https://as.example/token".into(),
        iss_promised: false,
        client_id: "agent".into(),
        redirect: RedirectTarget::Fixed(REDIRECT_URI.into()),
        scopes: vec!["read".into()],
        resource: None,
        extra_parameters: vec![],
        browse_timeout_ms: 60_000,
    };
    let mut flows: Vec<SignIn> =
        (0..SESSIONS).map(|_| SignIn::new(config.clone()).unwrap()).collect();
    let urls: Vec<String> = flows
        .iter_mut()
        .map(|flow| match flow.advance(Event::Start, 0).unwrap() {
            Step::Browse { url, .. } => url,
            other => panic!("{other:?}"),
        })
        .collect();
    let redirects = redirects(&urls, |n| format!("code=code-of-{n}"));
    for (own, flow) in flows.iter_mut().enumerate() {
        let order = (0..SESSIONS).filter(|other| *other != own).chain([own]);
        for other in order {
            let step = flow.advance(Event::Redirect { uri: redirects[other].clone() }, 0).unwrap();
            let expected = if other == own { "Send" } else { "Await" };
            assert_eq!(step.name(), expected, "flow {own}, redirect {other}");
        }
    }
}

/// P2, P6: nothing is shared between the sessions, and within one the verifier is neither the state, nor
/// the nonce, nor the challenge (seen in several clients).
#[test]
fn sessions_share_nothing_and_the_verifier_is_no_other_value() {
    let mut seen = BTreeSet::new();
    for _ in 0..SESSIONS {
        let session = begin_with(&["openid"]);
        let url = session.authorization_url();
        let (_, parameters) = url_parts(&url);
        for name in ["state", "nonce", "code_challenge"] {
            let value = parameters.iter().find(|(known, _)| known == name).unwrap().1.clone();
            assert_eq!(value.len(), 43);
            assert!(seen.insert(value), "{name} came twice");
        }
        let redirect = format!("{REDIRECT_URI}?code=c&state={}", state_of(&url));
        let Completion::Accepted(request) = session.complete(&redirect) else {
            panic!("its own redirect")
        };
        let pairs = form(request.http_request().body.as_ref().unwrap().expose());
        let verifier = pairs.into_iter().find(|(name, _)| name == "code_verifier").unwrap().1;
        assert!(seen.insert(verifier), "the verifier is another value too");
    }
    assert_eq!(seen.len(), 4 * SESSIONS);
}
