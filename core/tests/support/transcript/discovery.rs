//! The discovery flow in the format's words.

use super::super::{optional, strings, word};
use super::Flow;
use super::client::{event, step};
use proofkey::Error;
use proofkey::flow::discovery::{Discovered, Discovery, DiscoveryConfig};
use serde_json::{Map, Value, json};

pub struct DiscoveryFlow(Discovery);

impl DiscoveryFlow {
    pub fn new(config: &Value) -> Self {
        let config = DiscoveryConfig {
            issuer: optional(config, "issuer"),
            resource: optional(config, "resource"),
            www_authenticate: strings(&config["www_authenticate"]),
            allow_missing_s256: strings(&config["allow_missing_s256"]),
        };
        Self(Discovery::new(config).expect("a transcript's configuration is good"))
    }
}

impl Flow for DiscoveryFlow {
    fn advance(&mut self, data: &Value, now: u64) -> Result<Value, Error> {
        self.0.advance(event(data), now).map(|next| step(&next))
    }

    fn outcome(&mut self) -> Option<(Value, String)> {
        let found = self.0.outcome()?;
        let mut words = String::new();
        word(&mut words, "issuer", Some(&found.provider.issuer));
        let resource = found.resource.as_ref().map(|resource| resource.resource.as_str());
        word(&mut words, "resource", resource);
        word(&mut words, "scope", Some(&found.scopes.join(" ")));
        Some((seen(&found), words.trim_start().to_owned()))
    }
}

fn seen(found: &Discovered) -> Value {
    let provider = &found.provider;
    let report = provider.report().into_iter();
    let report = report.map(|line| (line.feature.as_str().into(), line.support.as_str().into()));
    json!({
        "issuer": provider.issuer,
        "issuer_host": provider.issuer_host(),
        "authorization_endpoint": provider.authorization_endpoint,
        "token_endpoint": provider.token_endpoint,
        "registration_endpoint": provider.registration_endpoint,
        "iss_promised": provider.iss_promised,
        "metadata_url": provider.metadata_url,
        "fetched_at": provider.fetched_at,
        "report": report.collect::<Map<_, _>>(),
        "resource": found.resource.as_ref().map(|resource| &resource.resource),
        "resource_metadata_url": found.resource.as_ref().map(|resource| &resource.metadata_url),
        "scopes": found.scopes,
    })
}
