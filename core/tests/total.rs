//! `advance` is total: whatever comes, in whatever order, a flow answers with a step or a typed error,
//! errors are terminal, and a redirect without the state ends nothing (threats: confusing redirect,
//! hostile server; P6, P7, P13, P29).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod support;

#[path = "total/device.rs"]
mod device;
#[path = "total/discovery.rs"]
mod discovery;
#[path = "total/inputs.rs"]
mod inputs;
#[path = "total/resource.rs"]
mod resource;
#[path = "total/server.rs"]
mod server;

use inputs::{any_body, any_event, any_json, any_redirect, any_text};
use proofkey::flow::sign_in::{RedirectTarget, SignIn, SignInConfig};
use proofkey::http::{Header, HttpResponse};
use proofkey::session::{AuthorizationRequest, Completion, PkceSession};
use proofkey::step::{Event, Listen, LoopbackHost, Step};
use proofkey::verifier::CodeVerifier;
use proofkey::{Error, verify};
use proptest::prelude::*;
use support::url_parts;

const REDIRECT_URI: &str = "http://127.0.0.1:49152/callback";

fn config(loopback: bool) -> SignInConfig {
    SignInConfig {
        issuer: "https://as.example".into(),
        authorization_endpoint: "https://as.example/authorize".into(),
        token_endpoint: "https://as.example/token".into(),
        iss_promised: false,
        client_id: "agent".into(),
        redirect: if loopback {
            let path = "/callback".into();
            RedirectTarget::Loopback(Listen { host: LoopbackHost::V4, port: 0, path })
        } else {
            RedirectTarget::Fixed(REDIRECT_URI.into())
        },
        scopes: vec!["read".into()],
        resource: None,
        extra_parameters: vec![],
        browse_timeout_ms: 60_000,
    }
}

fn session() -> PkceSession {
    PkceSession::begin(AuthorizationRequest {
        issuer: "https://as.example".into(),
        authorization_endpoint: "https://as.example/authorize".into(),
        token_endpoint: "https://as.example/token".into(),
        iss_promised: false,
        client_id: "agent".into(),
        redirect_uri: REDIRECT_URI.into(),
        scopes: vec![],
        resource: None,
        extra_parameters: vec![],
    })
    .unwrap()
}

fn state_of(url: &str) -> String {
    url_parts(url).1.into_iter().find(|(name, _)| name == "state").unwrap().1
}

/// Every error says something, has a code of the stable spelling, and advises.
fn is_a_good_error(error: &Error) {
    let code = error.code();
    assert!(!code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
    assert!(!error.to_string().is_empty());
    assert!(!error.advice().is_empty());
    assert!(!error.to_string().chars().any(char::is_control), "{error}");
}

/// A client's flow that has ended, well or not, takes nothing more.
fn has_ended(flow: &mut SignIn) {
    for event in [Event::Start, Event::Cancel, Event::Elapsed] {
        assert_eq!(flow.advance(event, 0).unwrap_err().code(), "flow_ended");
    }
    assert!(flow.outcome().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any events in any order. `{state}` in a redirect becomes the flow's own state, so that the deep
    /// states are reached too.
    #[test]
    fn sign_in_is_total(
        loopback: bool,
        orderly in 0_usize..4,
        events in proptest::collection::vec(any_event(), 0..12),
        now: u64,
    ) {
        let mut flow = SignIn::new(config(loopback)).unwrap();
        let mut state = None;
        let good = |state: &Option<String>| {
            let state = state.clone().unwrap_or_default();
            Event::Redirect { uri: format!("{REDIRECT_URI}?code=c-1&state={state}") }
        };
        for n in 0..orderly + events.len() {
            let event = match n {
                0 if orderly > 0 => Event::Start,
                1 if orderly > 1 && loopback => Event::Listening { port: 49152 },
                _ if n < orderly => good(&state),
                _ => events[n - orderly].with_state(state.as_deref().unwrap_or("none")),
            };
            match flow.advance(event, now) {
                Ok(Step::Browse { url, .. }) => state = Some(state_of(&url)),
                Ok(Step::Done) => {
                    prop_assert!(flow.outcome().is_some());
                    has_ended(&mut flow);
                    break;
                }
                Ok(_) => prop_assert!(flow.outcome().is_none()),
                Err(error) => {
                    is_a_good_error(&error);
                    has_ended(&mut flow);
                    break;
                }
            }
        }
    }

    /// P6, P7: what does not hold the state never ends a flow, and the real redirect still gets in.
    #[test]
    fn redirects_without_the_state_end_nothing(
        redirects in proptest::collection::vec(any_redirect(), 1..8),
    ) {
        let mut flow = SignIn::new(config(false)).unwrap();
        let Step::Browse { url, .. } = flow.advance(Event::Start, 0).unwrap() else {
            panic!("a browser");
        };
        for uri in redirects {
            let step = flow.advance(Event::Redirect { uri: uri.clone() }, 0);
            prop_assert!(matches!(step, Ok(Step::Await { .. })), "{uri:?}: {step:?}");
        }
        let uri = format!("{REDIRECT_URI}?code=c-1&state={}", state_of(&url));
        let step = flow.advance(Event::Redirect { uri }, 0).unwrap();
        prop_assert_eq!(step.name(), "Send");
    }

    /// Whatever stands around the right state: accepted, noise or an end, and never two of them.
    #[test]
    fn redirects_with_the_state_are_total(before in any_text(), after in any_text()) {
        let session = session();
        let state = state_of(&session.authorization_url());
        match session.complete(&format!("{REDIRECT_URI}?{before}&state={state}&{after}")) {
            Completion::Accepted(request) => {
                let request = request.http_request();
                prop_assert_eq!(request.url, "https://as.example/token");
            }
            Completion::NotOurs(_, refusal) => prop_assert!(!refusal.to_string().is_empty()),
            Completion::Ended(error) => is_a_good_error(&error),
        }
    }

    /// P13: any answer of a token endpoint.
    #[test]
    fn token_responses_are_total(
        status in 0_u16..1000,
        json: bool,
        body in any_body(),
        object in any_json(),
        now: u64,
    ) {
        for body in [body, object.into_bytes()] {
            let session = session();
            let state = state_of(&session.authorization_url());
            let redirect = format!("{REDIRECT_URI}?code=c-1&state={state}");
            let Completion::Accepted(request) = session.complete(&redirect) else {
                panic!("its own redirect");
            };
            let media_type = if json { "application/json" } else { "text/html" };
            let headers = vec![Header::new("Content-Type", media_type)];
            match request.into_tokens(&HttpResponse::new(status, headers, body), now) {
                Ok(tokens) => {
                    prop_assert!(json && status == 200);
                    let token = tokens.expose_access_token();
                    prop_assert!(!token.is_empty() && token.bytes().all(|b| (0x20..=0x7e).contains(&b)));
                    prop_assert!(tokens.expires_at().is_none_or(|at| at >= now));
                }
                Err(error) => is_a_good_error(&error),
            }
        }
    }

    /// P1: a text is a verifier if and only if it is of the grammar; then it verifies against its own
    /// challenge and no other.
    #[test]
    fn verifiers_are_total(text in any_text(), good in "[A-Za-z0-9._~-]{43,128}") {
        let challenge = CodeVerifier::parse(&good).unwrap().challenge();
        prop_assert_eq!(verify(&good, &challenge), Ok(true));
        let of_the_grammar = (43..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
        match verify(&text, &challenge) {
            Ok(matches) => prop_assert!(of_the_grammar && matches == (text == good)),
            Err(error) => {
                prop_assert!(!of_the_grammar);
                is_a_good_error(&error);
            }
        }
    }

    /// Any configuration is accepted or refused with the setting's name.
    #[test]
    fn configurations_are_total(a in any_text(), b in any_text(), timeout: u64, field in 0..7) {
        let mut config = config(false);
        match field {
            0 => config.issuer = a,
            1 => config.authorization_endpoint = a,
            2 => config.token_endpoint = a,
            3 => config.client_id = a,
            4 => config.redirect = RedirectTarget::Fixed(a),
            5 => config.scopes = vec![a, b],
            _ => config.resource = Some(a),
        }
        config.browse_timeout_ms = timeout % 7_200_000;
        if let Err(error) = SignIn::new(config) {
            is_a_good_error(&error);
            prop_assert_eq!(error.code(), "invalid_configuration");
        }
    }
}
