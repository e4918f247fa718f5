//! `redirects`, `token_responses`, `configurations`.

use super::support::transcript::client::{headers, sign_in_config, token_words};
use super::support::{body, form, number, optional, string, strings, text, truth, url_parts, word};
use proofkey::Error;
use proofkey::flow::sign_in::SignIn;
use proofkey::http::{Header, HttpResponse};
use proofkey::session::{AuthorizationRequest, Completion, PkceSession};
use proofkey::token::TokenSet;
use serde_json::Value;

fn session(input: &Value, redirect_uri: &str) -> PkceSession {
    PkceSession::begin(AuthorizationRequest {
        issuer: optional(input, "issuer").unwrap_or_else(|| "https://as.example".into()),
        authorization_endpoint: "https://as.example/authorize".into(),
        token_endpoint: "https://as.example/token".into(),
        iss_promised: input["iss_promised"].as_bool().unwrap_or_default(),
        client_id: "agent".into(),
        redirect_uri: redirect_uri.into(),
        scopes: if input["scopes"].is_null() { vec![] } else { strings(&input["scopes"]) },
        resource: None,
        extra_parameters: vec![],
    })
    .expect("the vector's session is a good one")
}

pub fn parameter(url: &str, name: &str) -> String {
    let (_, parameters) = url_parts(url);
    let found = parameters.into_iter().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("no {name} in the authorization URL")).1
}

/// `{state}` and its variants, `{challenge}`: README, "Placeholders".
fn substituted(redirect: &str, url: &str) -> String {
    let state = parameter(url, "state");
    let percent: String = state.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let swapped: String =
        state
            .chars()
            .map(|c| {
                if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
            })
            .collect();
    redirect
        .replace("{state}", &state)
        .replace("{state_percent}", &percent)
        .replace("{state_cut}", &state[..state.len() - 1])
        .replace("{state_swapcase}", &swapped)
        .replace("{challenge}", &parameter(url, "code_challenge"))
}

pub fn redirect(input: &Value) -> String {
    let session = session(input, string(input, "redirect_uri"));
    let redirect = substituted(&text(&input["redirect"]), &session.authorization_url());
    match session.complete(&redirect) {
        Completion::Accepted(request) => {
            let request = request.http_request();
            let pairs = form(request.body.as_ref().expect("a body").expose());
            let code = pairs.iter().find(|(name, _)| name == "code").expect("a code");
            let mut verdict = "accepted".to_owned();
            word(&mut verdict, "code", Some(&code.1));
            verdict
        }
        Completion::NotOurs(_, refusal) => format!("not_ours {}", refusal.code()),
        Completion::Ended(error) => format!("ended {}", error.code()),
    }
}

/// The tokens of a sign-in for this resource, which came at `now` and live for an hour.
pub fn redeemed(resource: Option<String>, access_token: &str, now: u64) -> TokenSet {
    const REDIRECT_URI: &str = "https://app.example/callback";
    let session = PkceSession::begin(AuthorizationRequest {
        issuer: "https://as.example".into(),
        authorization_endpoint: "https://as.example/authorize".into(),
        token_endpoint: "https://as.example/token".into(),
        iss_promised: false,
        client_id: "agent".into(),
        redirect_uri: REDIRECT_URI.into(),
        scopes: vec![],
        resource,
        extra_parameters: vec![],
    })
    .expect("the vector's session is a good one");
    let state = parameter(&session.authorization_url(), "state");
    let Completion::Accepted(request) =
        session.complete(&format!("{REDIRECT_URI}?code=c-1&state={state}"))
    else {
        panic!("the session's own redirect was not accepted");
    };
    let body =
        format!(r#"{{"access_token":"{access_token}","token_type":"Bearer","expires_in":3600}}"#);
    let headers = vec![Header::new("Content-Type", "application/json")];
    request.into_tokens(&HttpResponse::new(200, headers, body.into_bytes()), now).expect("tokens")
}

pub fn token_response(input: &Value) -> String {
    const REDIRECT_URI: &str = "https://app.example/callback";
    let session = session(input, REDIRECT_URI);
    let state = parameter(&session.authorization_url(), "state");
    let Completion::Accepted(request) =
        session.complete(&format!("{REDIRECT_URI}?code=c-1&state={state}"))
    else {
        panic!("the session's own redirect was not accepted");
    };
    let status = u16::try_from(number(input, "status")).expect("a status");
    let response = HttpResponse::new(status, headers(&input["headers"]), body(input));
    match request.into_tokens(&response, number(input, "now")) {
        Ok(tokens) => {
            let mut verdict = "ok".to_owned();
            token_words(&mut verdict, &tokens);
            verdict
        }
        Err(error) if shows(&error, &input["never_shown"]) => format!("shown {}", error.code()),
        Err(error) => format!("error {}", error.code()),
    }
}

/// Whether a text that must never be shown stands in the message.
pub fn shows(error: &Error, never: &Value) -> bool {
    let message = error.to_string();
    !never.is_null() && strings(never).iter().any(|text| message.contains(text.as_str()))
}

pub fn configuration(input: &Value) -> String {
    assert!(!truth(input, "iss_promised"));
    match SignIn::new(sign_in_config(input)) {
        Ok(_) => "ok".to_owned(),
        Err(Error::InvalidConfiguration { field, .. }) => {
            let mut verdict = "error invalid_configuration".to_owned();
            word(&mut verdict, "field", Some(field));
            verdict
        }
        Err(error) => format!("error {}", error.code()),
    }
}
