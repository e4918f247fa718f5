//! Whole sign-ins against npm `oidc-provider`, an authorization server that others wrote. Built only
//! under the feature `interop`; `tests/interop/run` installs the server and runs this.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proofkey_client::{Client, ClientBuilder, LoopbackHost, TokenSet};
use serde_json::Value;
use std::sync::OnceLock;
use support::foreign::{Foreign, User, Visit, agent, json};
use support::parameter;

const CLIENT: &str = "proofkey-agent";
const NOTES: &str = "https://notes.example/api";

/// The pair of RFC 7636 Appendix B, for requests that are written by hand.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Nothing listens there: the browser of the test stops before it.
const NOWHERE: &str = "http://127.0.0.1:1/callback";

fn server() -> &'static Foreign {
    static SERVER: OnceLock<Foreign> = OnceLock::new();
    SERVER.get_or_init(|| Foreign::start(&["oidc_provider"]))
}

fn issuer() -> &'static str {
    server().issuer()
}

fn browse(url: &str) -> String {
    let location = Visit::new(server(), User::Allows).sign_in(url).unwrap();
    assert!(location.starts_with(NOWHERE), "{location}");
    location
}

fn client(user: User) -> ClientBuilder {
    let issuer = issuer();
    Client::builder()
        .issuer(issuer)
        .authorization_endpoint(format!("{issuer}/auth"))
        .token_endpoint(format!("{issuer}/token"))
        .iss_promised(true)
        .client_id(CLIENT)
        .browser(server().browser(user))
}

fn introspect(token: &str) -> Value {
    server().introspect(token, CLIENT)
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
    parameter(&browse(&url), "code")
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
    let (status, claims) = server().userinfo("Bearer", set.expose_access_token());
    assert_eq!((status, claims["sub"].as_str()), (200, Some("alice")));
    let mut wrong = set.expose_access_token().to_owned();
    wrong.pop();
    assert_eq!(server().userinfo("Bearer", &wrong).0, 401, "the server checks the token");
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
    let location = browse(&url);
    assert_eq!(parameter(&location, "error"), "invalid_request");
}
