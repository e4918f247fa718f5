//! The access flow in the format's words.

use super::super::{number, optional, string, strings, word};
use super::Flow;
use super::client::{event, extra_parameters, located, redirect, step};
use proofkey::Error;
use proofkey::flow::access::{Access, AccessConfig, AccessOutcome, Dpop, Endpoints, Goal};
use proofkey::resource_call::StepUp;
use proofkey::seal::DataKey;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

pub struct AccessFlow(Access);

impl AccessFlow {
    pub fn new(config: &Value) -> Self {
        let key = optional(config, "data_key");
        let key = key.map(|text| Arc::new(DataKey::from_text(&text).expect("a data key")));
        let flow = Access::new(access_config(config), goal(string(config, "goal")), key);
        Self(flow.expect("a transcript's configuration is good"))
    }
}

pub fn access_config(data: &Value) -> AccessConfig {
    let endpoints = data["endpoints"].as_object().map(|_| {
        let given = &data["endpoints"];
        Endpoints {
            authorization_endpoint: string(given, "authorization_endpoint").into(),
            token_endpoint: string(given, "token_endpoint").into(),
            revocation_endpoint: optional(given, "revocation_endpoint"),
            pushed_authorization_request_endpoint: optional(
                given,
                "pushed_authorization_request_endpoint",
            ),
            device_authorization_endpoint: optional(given, "device_authorization_endpoint"),
            jwks_uri: optional(given, "jwks_uri"),
            end_session_endpoint: optional(given, "end_session_endpoint"),
            iss_promised: given["iss_promised"].as_bool().expect("iss_promised"),
        }
    });
    let step_up = data["step_up"].as_object().map(|_| {
        let demand = &data["step_up"];
        StepUp {
            scopes: strings(&demand["scopes"]),
            acr_values: strings(&demand["acr_values"]),
            max_age: demand["max_age"].as_u64(),
            ..StepUp::default()
        }
    });
    AccessConfig {
        issuer: optional(data, "issuer"),
        resource: optional(data, "resource"),
        endpoints,
        client_id: optional(data, "client_id"),
        client_document: optional(data, "client_document"),
        client_name: optional(data, "client_name"),
        scopes: strings(&data["scopes"]),
        scope_ceiling: data["scope_ceiling"].as_array().map(|_| strings(&data["scope_ceiling"])),
        account: optional(data, "account"),
        redirect: redirect(data),
        paste: data["paste"].as_bool().expect("paste"),
        browse_timeout_ms: number(data, "browse_timeout_ms"),
        extra_parameters: extra_parameters(data),
        www_authenticate: strings(&data["www_authenticate"]),
        allow_missing_s256: strings(&data["allow_missing_s256"]),
        resumable: data["resumable"].as_bool().expect("resumable"),
        redirect_uri: optional(data, "redirect"),
        rejected: optional(data, "rejected").map(|token| Sha256::digest(token).into()),
        device: data["device"].as_bool().unwrap_or(false),
        dpop: match data["dpop"].as_str().unwrap_or("never") {
            "never" => Dpop::Never,
            "preferred" => Dpop::Preferred,
            "required" => Dpop::Required,
            other => panic!("unknown dpop {other}"),
        },
        dpop_key: optional(data, "dpop_key"),
        push: data["push"].as_bool().unwrap_or(false),
        step_up,
        known: None,
    }
}

fn goal(name: &str) -> Goal {
    match name {
        "token" => Goal::Token,
        "token_or_sign_in" => Goal::TokenOrSignIn,
        "sign_in" => Goal::SignIn,
        "resume" => Goal::Resume,
        "sign_out" => Goal::SignOut,
        other => panic!("unknown goal {other}"),
    }
}

impl Flow for AccessFlow {
    fn advance(&mut self, data: &Value, now: u64) -> Result<Value, Error> {
        self.0.advance(event(data), now).map(|next| step(&next))
    }

    fn outcome(&mut self) -> Option<(Value, String)> {
        let outcome = self.0.outcome()?;
        Some((seen(&outcome), words(&outcome)))
    }
}

fn words(outcome: &AccessOutcome) -> String {
    let mut out = String::new();
    word(&mut out, "source", outcome.source.map(|source| source.as_str()));
    word(&mut out, "stored", Some(&outcome.stored.to_string()));
    word(&mut out, "revoked", outcome.revoked.map(|revoked| revoked.to_string()).as_deref());
    if let Some(tokens) = &outcome.tokens {
        super::client::token_words(&mut out, tokens);
    }
    word(&mut out, "warning", outcome.warning.as_ref().map(Error::code));
    if let Some(tokens) = outcome.tokens.as_ref() {
        word(&mut out, "type", Some(tokens.token_type()).filter(|name| *name != "Bearer"));
        word(&mut out, "subject", tokens.identity().map(|who| who.subject.as_str()));
    }
    out.trim_start().to_owned()
}

fn seen(outcome: &AccessOutcome) -> Value {
    let tokens = outcome.tokens.as_ref();
    json!({
        "access_token": tokens.map(|tokens| tokens.expose_access_token()),
        "refresh_token": tokens.and_then(|tokens| tokens.expose_refresh_token()),
        "expires_at": tokens.and_then(|tokens| tokens.expires_at()),
        "scopes": tokens.map(|tokens| tokens.scopes()),
        "issuer": tokens.map(|tokens| tokens.issuer()),
        "client_id": tokens.map(|tokens| tokens.client_id()),
        "resource": tokens.and_then(|tokens| tokens.resource()),
        "source": outcome.source.map(|source| source.as_str()),
        "stored": outcome.stored,
        "revoked": outcome.revoked,
        "warning": outcome.warning.as_ref().map(Error::code),
        "token_type": tokens.map(|tokens| tokens.token_type()),
        "subject": tokens.and_then(|tokens| tokens.identity()).map(|who| who.subject.as_str()),
        "requested_scopes": tokens.map(|tokens| tokens.requested_scopes()),
        "missing_scopes": tokens.map(|tokens| tokens.missing_scopes()),
        "authorization_details": tokens.and_then(|tokens| tokens.authorization_details()),
        "missing_authorization_details":
            tokens.map(|tokens| tokens.missing_authorization_details()),
        "end_session_url": outcome.end_session_url.as_ref().map(|url| located(url.expose())),
    })
}
