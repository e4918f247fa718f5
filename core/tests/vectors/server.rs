//! `authorization_requests`, `redirect_matching`, `token_requests`.

use super::store::Row;
use super::support::transcript::server::{client_record, policy};
use super::support::{body, number, optional, string, text, url_parts, word};
use proofkey::grant::StoreEvent;
use proofkey::grant::client::redirect_uri_matches;
use proofkey::grant::redeem::Redeem;
use proofkey::grant::request::{GrantRequest, RequestRefusal};
use serde_json::{Value, json};

pub fn authorization_request(input: &Value) -> String {
    let policy = policy(&json!({ "issuer": input["issuer"], "profile": "oauth21" }));
    let client = client_record(&input["client"]);
    let query = text(&input["query"]);
    // A server finds the client's record by what the request names, and judges with that record.
    let judged = GrantRequest::client_id_of(&query)
        .and_then(|_| GrantRequest::judge(&query, &client, &policy));
    match judged {
        Ok(request) => {
            let mut verdict = "accepted".to_owned();
            word(&mut verdict, "redirect_uri", Some(request.redirect_uri()));
            word(&mut verdict, "scope", Some(&request.scopes().join(" ")));
            // The state is seen in what goes back.
            let (_, answer) = url_parts(&request.deny(&policy));
            let state = answer.iter().find(|(name, _)| name == "state");
            word(&mut verdict, "state", state.map(|(_, value)| value.as_str()));
            word(&mut verdict, "resource", request.resource());
            word(&mut verdict, "dpop_jkt", request.dpop_jkt());
            word(&mut verdict, "acr_values", joined(request.acr_values()).as_deref());
            let max_age = request.max_age().map(|seconds| seconds.to_string());
            word(&mut verdict, "max_age", max_age.as_deref());
            word(&mut verdict, "prompt", joined(request.prompt()).as_deref());
            word(&mut verdict, "login_hint", request.login_hint());
            word(&mut verdict, "ui_locales", joined(request.ui_locales()).as_deref());
            word(&mut verdict, "nonce", request.nonce());
            word(&mut verdict, "authorization_details", request.authorization_details());
            verdict
        }
        Err(RequestRefusal::Page { error, .. }) => format!("page {error}"),
        Err(RequestRefusal::Redirect { location, error }) => refused(&location, error),
    }
}

/// A list that is empty is absent.
fn joined(list: &[String]) -> Option<String> {
    (!list.is_empty()).then(|| list.join(" "))
}

/// Where the refusal goes: the location without the parameters of the answer, then these.
fn refused(location: &str, error: &str) -> String {
    let (base, query) = location.split_once('?').expect("a query");
    let answers = ["error", "error_description", "state", "iss"];
    let own: Vec<&str> = query
        .split('&')
        .filter(|pair| !answers.contains(&pair.split('=').next().unwrap_or_default()))
        .collect();
    let to = if own.is_empty() { base.to_owned() } else { format!("{base}?{}", own.join("&")) };
    let (_, parameters) = url_parts(location);
    let get = |name: &str| {
        parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    };
    assert_eq!(get("error"), Some(error));
    let mut verdict = format!("redirect {error}");
    word(&mut verdict, "to", Some(&to));
    word(&mut verdict, "state", get("state"));
    word(&mut verdict, "iss", get("iss"));
    verdict
}

pub fn redirect_match(input: &Value) -> String {
    redirect_uri_matches(string(input, "registered"), string(input, "sent")).to_string()
}

pub fn token_request(input: &Value) -> String {
    let policy = policy(&json!({ "issuer": "https://as.example", "profile": input["profile"] }));
    let mut flow = Redeem::new(
        &body(input),
        optional(input, "content_type").as_deref(),
        optional(input, "authorization").as_deref(),
        &policy,
    );
    let mut row = Row::of(&input["grant"], number(input, "now"));
    let mut event = StoreEvent::Start;
    loop {
        let step = flow.advance(event).expect("a store that answers what was asked");
        match row.answer(&step) {
            Some(next) => event = next,
            None => break,
        }
    }
    let answer = flow.outcome().expect("an outcome after Done");
    let json: Value = serde_json::from_str(answer.body.expose()).expect("a JSON body");
    let mut verdict = answer.status.to_string();
    match &json["error"] {
        Value::String(error) => {
            verdict.push(' ');
            verdict.push_str(error);
        }
        _ => {
            assert_eq!(json["token_type"], "Bearer");
            word(&mut verdict, "scope", Some(string(&json, "scope")));
        }
    }
    word(&mut verdict, "audit", Some(answer.audit.name()));
    let calls = if row.calls.is_empty() { "none".into() } else { row.calls.join("/") };
    word(&mut verdict, "calls", Some(&calls));
    verdict
}
