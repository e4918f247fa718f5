//! Whole sign-ins against npm `oidc-provider`, an authorization server that others wrote. Built only
//! under the feature `interop`; `tests/interop/run` installs the server and runs this.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proofkey_client::{Browser, Client, ClientBuilder, LoopbackHost, TokenSet};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Error as IoError};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;
use support::{parameter, visit};
use ureq::Agent;

const CLIENT: &str = "proofkey-agent";
const NOTES: &str = "https://notes.example/api";

/// The pair of RFC 7636 Appendix B, for requests that are written by hand.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Nothing listens there: the browser of the test stops before it.
const NOWHERE: &str = "http://127.0.0.1:1/callback";

/// The running server. Its standard input is a pipe from here: when this process ends, however it
/// ends, the pipe does, and the server with it.
struct Server {
    _child: Child,
    issuer: String,
}

fn issuer() -> &'static str {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        let start = std::env::var_os("PROOFKEY_INTEROP_OIDC")
            .expect("PROOFKEY_INTEROP_OIDC must name the program that starts the server: use tests/interop/run");
        let mut child = Command::new(start)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server did not start");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // The line that says that it listens; its end without one is a failure.
        let ready = lines.by_ref().map(Result::unwrap).find(|line| line.starts_with('{'));
        // What it says later is read too: a pipe without a reader would end it.
        std::thread::spawn(move || lines.for_each(drop));
        let ready: Value = serde_json::from_str(&ready.expect("the server ended")).unwrap();
        Server { _child: child, issuer: ready["issuer"].as_str().unwrap().to_owned() }
    });
    &server.issuer
}

fn agent() -> Agent {
    Agent::config_builder()
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .new_agent()
}

/// What the user does at the consent page.
#[derive(Clone, Copy)]
enum User {
    Allows,
    SaysNo,
}

/// A browser with a cookie jar and a user: follows redirects and answers the two forms, until the
/// server sends it to `redirect_uri`. Gives that address.
fn browse(url: &str, redirect_uri: &str, user: User) -> Result<String, String> {
    let agent = agent();
    let mut answer = agent.get(url).call().unwrap();
    for _ in 0..20 {
        if answer.status().is_redirection() {
            let location = answer.headers()["location"].to_str().unwrap().to_owned();
            if location.starts_with(redirect_uri) {
                return Ok(location);
            }
            let next = if location.starts_with('/') {
                format!("{}{location}", issuer())
            } else {
                location
            };
            assert!(next.starts_with(issuer()), "the browser was sent to {next}");
            answer = agent.get(next).call().unwrap();
            continue;
        }
        let status = answer.status();
        let page = answer.body_mut().read_to_string().unwrap();
        let Some(form) = attribute(&page, "<form ", "action") else {
            return Err(format!("{status}: {page}"));
        };
        let is_consent = page.contains(r#"name="prompt" value="consent""#);
        answer = match (is_consent, user) {
            (false, _) => agent.post(form).send_form([
                ("prompt", "login"),
                ("login", "alice"),
                ("password", "x"),
            ]),
            (true, User::Allows) => agent.post(form).send_form([("prompt", "consent")]),
            (true, User::SaysNo) => agent.get(format!("{form}/abort")).call(),
        }
        .unwrap();
    }
    panic!("the sign-in goes round in circles");
}

/// The attribute of the first such tag.
fn attribute(page: &str, tag: &str, name: &str) -> Option<String> {
    let tag = page.split_once(tag)?.1.split_once('>')?.0;
    Some(tag.split_once(&format!("{name}=\""))?.1.split_once('"')?.0.to_owned())
}

fn browser(user: User) -> Browser {
    Browser::custom(move |url| {
        let redirect_uri = parameter(url, "redirect_uri");
        let location = browse(url, &redirect_uri, user).map_err(IoError::other)?;
        let query = location.split_once('?').unwrap().1;
        // RFC 9207: this server promises it, on success and on errors.
        assert_eq!(parameter(&location, "iss"), issuer());
        assert_eq!(visit(&redirect_uri, query), "200");
        Ok(())
    })
}

fn client(user: User) -> ClientBuilder {
    let issuer = issuer();
    Client::builder()
        .issuer(issuer)
        .authorization_endpoint(format!("{issuer}/auth"))
        .token_endpoint(format!("{issuer}/token"))
        .iss_promised(true)
        .client_id(CLIENT)
        .browser(browser(user))
}

fn json(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> (u16, Value) {
    let mut answer = answer.unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null))
}

fn userinfo(token: &str) -> (u16, Value) {
    let url = format!("{}/me", issuer());
    json(agent().get(url).header("Authorization", format!("Bearer {token}")).call())
}

/// RFC 7662.
fn introspect(token: &str) -> Value {
    let url = format!("{}/token/introspection", issuer());
    let (status, body) =
        json(agent().post(url).send_form([("token", token), ("client_id", CLIENT)]));
    assert_eq!(status, 200, "{body}");
    body
}

fn scopes(set: &TokenSet) -> Vec<&str> {
    set.scopes().iter().map(String::as_str).collect()
}

/// A code that was issued for the challenge of RFC 7636 Appendix B.
fn code() -> String {
    let url = format!(
        "{}/auth?response_type=code&client_id={CLIENT}&redirect_uri={NOWHERE}&scope=openid\
         &state=0123456789&code_challenge={CHALLENGE}&code_challenge_method=S256",
        issuer()
    );
    parameter(&browse(&url, NOWHERE, User::Allows).unwrap(), "code")
}

fn redeem(code: &str, verifier: Option<&str>) -> (u16, Value) {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", NOWHERE),
        ("client_id", CLIENT),
    ];
    form.extend(verifier.map(|verifier| ("code_verifier", verifier)));
    json(agent().post(format!("{}/token", issuer())).send_form(form))
}

fn refused(answer: (u16, Value), error: &str) {
    assert_eq!(answer.0, 400, "{answer:?}");
    assert_eq!(answer.1["error"], error);
    assert!(answer.1.get("access_token").is_none());
}

#[test]
fn the_server_says_what_these_tests_rely_upon() {
    let url = format!("{}/.well-known/oauth-authorization-server", issuer());
    let (status, mut metadata) = json(agent().get(url).call());
    if status == 404 {
        let url = format!("{}/.well-known/openid-configuration", issuer());
        metadata = json(agent().get(url).call()).1;
    }
    assert_eq!(metadata["issuer"], issuer());
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    assert_eq!(metadata["code_challenge_methods_supported"], serde_json::json!(["S256"]));
}

#[test]
fn a_sign_in_with_openid_gives_a_token_that_opens_userinfo() {
    // P3, P4, P6, P8, P10, P13
    let set = client(User::Allows).scopes(["openid"]).build().unwrap().sign_in().unwrap();
    assert_eq!(scopes(&set), ["openid"]);
    assert!(set.expires_at().is_some());
    let (status, claims) = userinfo(set.expose_access_token());
    assert_eq!((status, claims["sub"].as_str()), (200, Some("alice")));
    let mut wrong = set.expose_access_token().to_owned();
    wrong.pop();
    assert_eq!(userinfo(&wrong).0, 401, "the server checks the token");
}

#[test]
fn a_sign_in_with_a_plain_scope_works_on_both_families() {
    // P10, P13
    let mut hosts = vec![LoopbackHost::V4];
    if std::net::TcpListener::bind("[::1]:0").is_ok() {
        hosts.push(LoopbackHost::V6);
    }
    for host in hosts {
        let client = client(User::Allows).scopes(["notes"]).redirect_host(host).build().unwrap();
        let set = client.sign_in().unwrap();
        assert_eq!(scopes(&set), ["notes"]);
        let seen = introspect(set.expose_access_token());
        assert_eq!(seen["active"], true, "{seen}");
        assert_eq!(seen["client_id"], CLIENT);
        assert_eq!(seen["scope"], "notes");
    }
}

#[test]
fn a_resource_indicator_gives_a_token_for_that_resource() {
    // P15 (RFC 8707: the same resource on every leg)
    let client = client(User::Allows).scopes(["notes.read"]).resource(NOTES).build().unwrap();
    let set = client.sign_in().unwrap();
    assert_eq!(scopes(&set), ["notes.read"]);
    assert_eq!(set.resource(), Some(NOTES));
    let seen = introspect(set.expose_access_token());
    assert_eq!((seen["active"].as_bool(), seen["aud"].as_str()), (Some(true), Some(NOTES)));
}

#[test]
fn a_no_of_the_user_is_access_denied() {
    // P6: the state is checked on errors too; P8: so is iss
    let error = client(User::SaysNo).scopes(["openid"]).build().unwrap().sign_in().unwrap_err();
    assert_eq!(error.code(), "access_denied");
}

#[test]
fn an_answer_of_another_issuer_than_the_pinned_one_is_a_mix_up() {
    // P8, threat: mix-up
    let other = "https://other.example";
    let client = client(User::Allows).issuer(other).scopes(["openid"]).build().unwrap();
    assert_eq!(client.sign_in().unwrap_err().code(), "issuer_mismatch");
    // Not even by a slash: issuers are never normalized.
    let client = self::client(User::Allows).issuer(format!("{}/", issuer())).build().unwrap();
    assert_eq!(client.sign_in().unwrap_err().code(), "issuer_mismatch");
}

#[test]
fn a_code_without_the_right_verifier_is_worth_nothing() {
    // Threat: code intercepted
    refused(redeem(&code(), None), "invalid_grant");
    refused(redeem(&code(), Some(CHALLENGE)), "invalid_grant");
    refused(redeem(&code(), Some(&VERIFIER.replace('d', "e"))), "invalid_grant");
    // The control: by the same way with the right one it is worth a token.
    let (status, tokens) = redeem(&code(), Some(VERIFIER));
    assert_eq!((status, tokens["token_type"].as_str()), (200, Some("Bearer")));
}

#[test]
fn a_replay_is_refused_and_takes_back_what_was_issued() {
    // P24
    let code = code();
    let (status, tokens) = redeem(&code, Some(VERIFIER));
    assert_eq!(status, 200, "{tokens}");
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(introspect(token)["active"], true);
    refused(redeem(&code, Some(VERIFIER)), "invalid_grant");
    assert_eq!(introspect(token)["active"], false);
}

#[test]
fn a_request_without_a_challenge_is_refused() {
    // P20: what ProofKey always sends is demanded by this server
    let url = format!(
        "{}/auth?response_type=code&client_id={CLIENT}&redirect_uri={NOWHERE}&scope=openid&state=0123456789",
        issuer()
    );
    let location = browse(&url, NOWHERE, User::Allows).unwrap();
    assert_eq!(parameter(&location, "error"), "invalid_request");
}
