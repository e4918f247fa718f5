//! The canary search (threats: secrets in logs; RUSTSEC-2022-0086, CVE-2025-66411): flows are driven with
//! known secrets, and everything that can be printed on the way is searched for any eight bytes of them.
//! The state may stand in the authorization URL and nowhere else, the nonce likewise; the verifier, the
//! code and the tokens may stand nowhere.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod support;

#[path = "canary/access.rs"]
mod access;
#[path = "canary/search.rs"]
mod search;
#[path = "canary/server.rs"]
mod server;

use proofkey::Error;
use proofkey::flow::sign_in::{RedirectTarget, SignIn, SignInConfig};
use proofkey::http::{Header, HttpResponse};
use proofkey::secret::Secret;
use proofkey::session::{AuthorizationRequest, Completion, PkceSession};
use proofkey::step::{Event, Lost, Step};
use proofkey::verifier::CodeVerifier;
use search::{Printed, holds};
use support::{form, url_parts};

const REDIRECT_URI: &str = "http://127.0.0.1:49152/callback";
const CODE: &str = "code.Vq8kZ3pLw0Xy7Tn5eR1uGhB4";
const ACCESS_TOKEN: &str = "access.J2mR9sBd4Hf6Gc1UpKzO0wQx";
const REFRESH_TOKEN: &str = "refresh.E5tY8uNk3WaQ7oPzVj6DlCi2";

fn parameter(url: &str, name: &str) -> String {
    let (_, parameters) = url_parts(url);
    parameters.into_iter().find(|(known, _)| known == name).expect(name).1
}

fn field(body: &Secret, name: &str) -> String {
    form(body.expose()).into_iter().find(|(known, _)| known == name).expect(name).1
}

fn config() -> SignInConfig {
    SignInConfig {
        issuer: "https://as.example".into(),
        authorization_endpoint: "https://as.example/authorize".into(),
        token_endpoint: "https://as.example/token".into(),
        iss_promised: false,
        client_id: "agent".into(),
        redirect: RedirectTarget::Fixed(REDIRECT_URI.into()),
        scopes: vec!["openid".into()],
        resource: None,
        extra_parameters: vec![],
        browse_timeout_ms: 60_000,
    }
}

fn json(status: u16, body: &str) -> HttpResponse {
    let headers = vec![Header::new("Content-Type", "application/json")];
    HttpResponse::new(status, headers, body.as_bytes().to_vec())
}

fn tokens() -> String {
    format!(
        "{{\"access_token\":\"{ACCESS_TOKEN}\",\"token_type\":\"Bearer\",\
         \"refresh_token\":\"{REFRESH_TOKEN}\",\"id_token\":\"{ACCESS_TOKEN}\"}}"
    )
}

/// The flow up to the browser: what it printed, and the URL.
fn browsing(printed: &mut Printed) -> (SignIn, String) {
    let mut flow = SignIn::new(config()).unwrap();
    printed.debug("SignIn, ready", &flow);
    let step = flow.advance(Event::Start, 0).unwrap();
    printed.debug("SignIn, browsing", &flow);
    let Step::Browse { url, .. } = &step else { panic!("{step:?}") };
    let url = url.clone();
    printed.with_url("Step::Browse", &step, &url);
    (flow, url)
}

#[test]
fn a_sign_in_prints_none_of_its_secrets() {
    let mut printed = Printed::default();
    printed.debug("SignInConfig", &config());
    let (mut flow, url) = browsing(&mut printed);
    let state = parameter(&url, "state");

    let noise = Event::Redirect { uri: format!("{REDIRECT_URI}?code={CODE}&state=x{state}") };
    printed.debug("Event::Redirect, noise", &noise);
    let step = flow.advance(noise, 0).unwrap();
    printed.debug("Step::Await", &step);
    let Step::Await { refused: Some(refused), .. } = step else { panic!("noise is not the end") };
    printed.display("Refusal", &refused);

    let real = Event::Redirect { uri: format!("{REDIRECT_URI}?code={CODE}&state={state}") };
    printed.debug("Event::Redirect", &real);
    let step = flow.advance(real, 0).unwrap();
    printed.debug("Step::Send", &step);
    printed.debug("SignIn, redeeming", &flow);
    let Step::Send { request, .. } = step else { panic!("a request") };
    printed.debug("HttpRequest", &request);
    let body = request.body.unwrap();
    printed.debug("Secret", &body);
    let verifier = field(&body, "code_verifier");

    let answer = Event::Response(json(200, &tokens()));
    printed.debug("Event::Response", &answer);
    let step = flow.advance(answer, 0).unwrap();
    printed.debug("Step::Done", &step);
    printed.debug("SignIn, done", &flow);
    let set = flow.outcome().unwrap();
    printed.debug("TokenSet", &set);
    printed.debug("SignIn, emptied", &flow);
    printed.error("after the end", &flow.advance(Event::Start, 0).unwrap_err());

    // Control: the secrets are where they should be, and the search finds them there.
    for (place, secret) in [(body.expose(), &*verifier), (body.expose(), CODE), (&url, &*state)] {
        assert!(holds(place, secret));
    }
    assert!(holds(set.expose_access_token(), ACCESS_TOKEN));
    assert_eq!(set.expose_refresh_token(), Some(REFRESH_TOKEN));
    let nonce = parameter(&url, "nonce");
    printed.hold_none(&[
        ("verifier", &verifier),
        ("code", CODE),
        ("access token", ACCESS_TOKEN),
        ("refresh token", REFRESH_TOKEN),
        ("state", &state),
        ("nonce", &nonce),
    ]);
}

#[test]
fn a_session_prints_none_of_its_secrets() {
    let mut printed = Printed::default();
    let request = AuthorizationRequest {
        issuer: "https://as.example".into(),
        authorization_endpoint: "https://as.example/authorize".into(),
        token_endpoint: "https://as.example/token".into(),
        iss_promised: false,
        client_id: "agent".into(),
        redirect_uri: REDIRECT_URI.into(),
        scopes: vec!["openid".into()],
        resource: None,
        extra_parameters: vec![],
    };
    printed.debug("AuthorizationRequest", &request);
    let session = PkceSession::begin(request).unwrap();
    printed.debug("PkceSession", &session);
    let url = session.authorization_url();
    let state = parameter(&url, "state");
    let refused = session.complete(&format!("{REDIRECT_URI}?code={CODE}&state={state}x"));
    printed.debug("Completion::NotOurs", &refused);
    let Completion::NotOurs(session, _) = refused else { panic!("noise") };
    let accepted = session.complete(&format!("{REDIRECT_URI}?code={CODE}&state={state}"));
    printed.debug("Completion::Accepted", &accepted);
    let Completion::Accepted(request) = accepted else { panic!("its own redirect") };
    printed.debug("TokenRequest", &request);
    let verifier = field(request.http_request().body.as_ref().unwrap(), "code_verifier");
    let response = json(200, &tokens());
    printed.debug("HttpResponse", &response);
    printed.debug("Result<TokenSet>", &request.into_tokens(&response, 0));
    let made = CodeVerifier::parse(&verifier).unwrap();
    printed.debug("CodeVerifier", &made);
    printed.debug("CodeChallenge", &made.challenge());
    let nonce = parameter(&url, "nonce");
    let challenge = parameter(&url, "code_challenge");
    printed.hold_none(&[
        ("verifier", &verifier),
        ("code", CODE),
        ("access token", ACCESS_TOKEN),
        ("refresh token", REFRESH_TOKEN),
        ("state", &state),
        ("nonce", &nonce),
        ("challenge", &challenge),
    ]);
}

/// Every error that a redirect can bring, with the code and the state in the redirect.
#[test]
fn errors_of_a_redirect_hold_none_of_it() {
    let queries = [
        format!("code={CODE}&error=access_denied"),
        format!("code={CODE}&code={CODE}"),
        format!("code={CODE}%00"),
        format!("code={CODE}%ff"),
        format!("code={CODE}%zz"),
        format!("code={CODE}%0A"),
        format!("code={CODE}&iss={CODE}"),
        format!("x={CODE}"),
        "error=access_denied".to_owned(),
        "error=login_required".to_owned(),
        "error=server_error".to_owned(),
        "error=invalid_request".to_owned(),
        "error=unauthorized_client".to_owned(),
        "error=invalid_scope".to_owned(),
        "error=invalid_target".to_owned(),
    ];
    let mut codes = std::collections::BTreeSet::new();
    for query in queries {
        let mut printed = Printed::default();
        let (mut flow, url) = browsing(&mut printed);
        let state = parameter(&url, "state");
        let uri = format!("{REDIRECT_URI}?{query}&state={state}");
        let error = flow.advance(Event::Redirect { uri }, 0).unwrap_err();
        codes.insert(error.code());
        printed.error("of a redirect", &error);
        printed.debug("SignIn, ended", &flow);
        printed.hold_none(&[("code", CODE), ("state", &state)]);
    }
    assert_eq!(codes.len(), 9, "{codes:?}");
}

/// Every error that can come once there is a token request, with tokens in the answer's body.
#[test]
fn errors_of_a_token_response_hold_none_of_it() {
    let broken = [
        (200, tokens().replace("Bearer", "mac")),
        (200, tokens().replace("\"token_type\"", "\"x\"")),
        (200, tokens().replace("\"id_token\"", "\"access_token\"")),
        (200, tokens().replace('}', "")),
        (200, tokens().replace('}', ",\"expires_in\":-1}")),
        (200, format!("[{}]", tokens())),
        (200, tokens().replace('}', ",\"error\":\"invalid_grant\"}")),
        (302, tokens()),
        (400, tokens()),
        (400, tokens().replace('}', ",\"error\":\"invalid_client\"}")),
        (400, tokens().replace('}', ",\"error\":\"x\",\"error_description\":\"y\"}")),
        (500, tokens()),
    ];
    let events =
        broken.into_iter().map(|(status, body)| Event::Response(json(status, &body))).chain([
            Event::Unreachable { reason: Lost::Lost, detail: "reset".into() },
            Event::Cancel,
            Event::Elapsed,
            Event::Redirect { uri: format!("{REDIRECT_URI}?code={CODE}") },
        ]);
    for event in events {
        let mut printed = Printed::default();
        let (mut flow, url) = browsing(&mut printed);
        let state = parameter(&url, "state");
        let uri = format!("{REDIRECT_URI}?code={CODE}&state={state}");
        let step = flow.advance(Event::Redirect { uri }, 0).unwrap();
        let Step::Send { request, .. } = step else { panic!("a request") };
        let verifier = field(request.body.as_ref().unwrap(), "code_verifier");
        printed.debug("Event", &event);
        let error = flow.advance(event, 0).unwrap_err();
        printed.error("of a token response", &error);
        printed.debug("SignIn, ended", &flow);
        printed.hold_none(&[
            ("verifier", &verifier),
            ("code", CODE),
            ("access token", ACCESS_TOKEN),
            ("refresh token", REFRESH_TOKEN),
            ("state", &state),
        ]);
    }
}

/// What is refused as a verifier may be one with a typing error: the message shows nothing of it.
#[test]
fn a_refused_verifier_is_not_shown() {
    let almost = format!("{ACCESS_TOKEN}{CODE}=");
    let mut printed = Printed::default();
    printed.error("CodeVerifier::parse", &CodeVerifier::parse(&almost).unwrap_err());
    let challenge = CodeVerifier::generate().unwrap().challenge();
    let refused: Result<bool, Error> = proofkey::verify(&almost, &challenge);
    printed.error("verify", &refused.unwrap_err());
    printed.hold_none(&[("verifier", &almost)]);
}
