//! `well_known`, `metadata`, `resource_metadata`, `www_authenticate`.

use super::client::shows;
use super::support::{body, optional, string, strings, text, truth, word};
use proofkey::Error;
use proofkey::metadata::{ProtectedResource, Provider, well_known};
use proofkey::www_authenticate::Challenges;
use serde_json::Value;

const URL: &str = "https://fetched.example/metadata";

pub fn well_known(input: &Value) -> String {
    let urls = match optional(input, "issuer") {
        Some(issuer) => well_known::authorization_server_urls(&issuer),
        None => well_known::protected_resource_urls(string(input, "resource")),
    };
    match urls {
        Ok(urls) => {
            let mut verdict = "ok".to_owned();
            urls.iter().for_each(|url| word(&mut verdict, "url", Some(url)));
            verdict
        }
        Err(Error::InvalidConfiguration { field, .. }) => {
            format!("error invalid_configuration field={field}")
        }
        Err(error) => format!("error {}", error.code()),
    }
}

pub fn metadata(input: &Value) -> String {
    let issuer = string(input, "issuer");
    let exception = truth(input, "allow_missing_s256");
    match Provider::read(issuer, &body(input), exception, URL, 0) {
        Ok(provider) => {
            assert_eq!(provider.issuer, issuer);
            format!("ok{}", provider_words(&provider))
        }
        Err(error) => refused(&error, input),
    }
}

fn provider_words(provider: &Provider) -> String {
    let mut words = String::new();
    for (name, endpoint) in [
        ("authorization_endpoint", Some(&provider.authorization_endpoint)),
        ("token_endpoint", Some(&provider.token_endpoint)),
        ("revocation_endpoint", provider.revocation_endpoint.as_ref()),
        ("registration_endpoint", provider.registration_endpoint.as_ref()),
        (
            "pushed_authorization_request_endpoint",
            provider.pushed_authorization_request_endpoint.as_ref(),
        ),
        ("device_authorization_endpoint", provider.device_authorization_endpoint.as_ref()),
        ("end_session_endpoint", provider.end_session_endpoint.as_ref()),
        ("jwks_uri", provider.jwks_uri.as_ref()),
    ] {
        word(&mut words, name, endpoint.map(String::as_str));
    }
    for (name, list) in [
        ("grant_types", &provider.grant_types),
        ("scopes", &provider.scopes),
        ("auth_methods", &provider.token_endpoint_auth_methods),
    ] {
        word(&mut words, name, list.as_ref().map(|list| list.join(" ")).as_deref());
    }
    for line in provider.report() {
        assert!(!line.why.is_empty());
        word(&mut words, line.feature.as_str(), Some(line.support.as_str()));
    }
    words
}

pub fn resource_metadata(input: &Value) -> String {
    let resource = string(input, "resource");
    let configured = optional(input, "issuer");
    let read = ProtectedResource::read(resource, &body(input), URL, 0)
        .and_then(|found| Ok((found.issuer(configured.as_deref())?, found)));
    match read {
        Ok((issuer, found)) => {
            assert_eq!(found.resource, resource);
            let mut verdict = "ok".to_owned();
            word(&mut verdict, "issuer", Some(&issuer));
            word(&mut verdict, "scopes", Some(&found.scopes_to_ask_for().join(" ")));
            verdict
        }
        Err(error) => refused(&error, input),
    }
}

/// `never_shown`, `shown`: README, "Kinds".
pub fn refused(error: &Error, input: &Value) -> String {
    let message = error.to_string();
    let code = error.code();
    let shown = &input["shown"];
    if shows(error, &input["never_shown"]) {
        format!("shown {code}")
    } else if !shown.is_null() && !strings(shown).iter().all(|text| message.contains(text)) {
        format!("not_shown {code}")
    } else {
        format!("error {code}")
    }
}

pub fn www_authenticate(input: &Value) -> String {
    let fields: Vec<String> =
        input["fields"].as_array().expect("fields").iter().map(text).collect();
    let parsed = Challenges::parse(fields.iter().map(String::as_str));
    let mut words = String::new();
    for challenge in &parsed.list {
        word(&mut words, "challenge", Some(&challenge.scheme));
        word(&mut words, "token68", challenge.token68.as_deref());
        for (name, value) in &challenge.parameters {
            word(&mut words, name, Some(value));
        }
    }
    for defect in &parsed.defects {
        word(&mut words, "defect", Some(defect.code()));
    }
    if let Some(demand) = parsed.demand() {
        word(&mut words, "demand", Some(&demand.scheme));
        word(&mut words, "resource_metadata", demand.resource_metadata.as_deref());
        word(&mut words, "scope", demand.scopes.map(|scopes| scopes.join(" ")).as_deref());
        word(&mut words, "error", demand.error.as_deref());
        let acr_values = demand.acr_values.map(|list| list.join(" "));
        word(&mut words, "acr_values", acr_values.as_deref());
        word(&mut words, "max_age", demand.max_age.map(|age| age.to_string()).as_deref());
    }
    if words.is_empty() { "none".to_owned() } else { words.trim_start().to_owned() }
}
