//! The access flow in the format's words.

use super::super::{number, optional, string, strings, word};
use super::Flow;
use super::client::{event, extra_parameters, redirect, step};
use proofkey::Error;
use proofkey::flow::access::{Access, AccessConfig, AccessOutcome, Endpoints, Goal};
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
            iss_promised: given["iss_promised"].as_bool().expect("iss_promised"),
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
    })
}
