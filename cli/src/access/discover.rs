//! `proofkey discover`: what a resource or an issuer says of itself, and what that means here.

use super::address::Place;
use super::interrupt::Interrupts;
use super::table::Table;
use crate::args::Discover;
use crate::error::CliError;
use crate::output::{BAD, GOOD, Out, SOFT, STRONG, paint};
use proofkey_client::{Capability, Discovered, Feature, Support};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Finds it and reports.
pub fn run(args: &Discover) -> Result<ExitCode, CliError> {
    let interrupts = Interrupts::watch()?;
    let judged = Place::judge(&args.address, &args.allow_missing_s256, &interrupts.cancel);
    let found = match judged {
        Ok((_, found)) => found,
        Err(error) => {
            let first = Place::all(&args.address);
            return interrupts.ended(error, first.first().map_or("", Place::url));
        }
    };
    let text = if args.json { json(&found) } else { text(&found) };
    Out::stdout().put(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn text(found: &Discovered) -> String {
    let Discovered { provider, resource, scopes } = found;
    let mut table = Table::default();
    if let Some(resource) = resource {
        table.row("resource", &resource.resource).row("  its metadata", &resource.metadata_url);
    }
    table.row("issuer", &provider.issuer).row("  its metadata", &provider.metadata_url);
    table
        .row("authorization", &provider.authorization_endpoint)
        .row("token", &provider.token_endpoint)
        .row_if("revocation", provider.revocation_endpoint.as_deref())
        .row_if("registration", provider.registration_endpoint.as_deref());
    if !scopes.is_empty() {
        table.row("scopes", scopes.join(" "));
    }
    let mut text = format!("{}\n{}\n", table.lines(0), paint(STRONG, "What it can do"));
    for Capability { feature, support, why } in provider.report() {
        let (style, support) = match support {
            Support::Supported | Support::Required => (GOOD, support.as_str()),
            Support::Absent => (SOFT, support.as_str()),
            Support::Forbidden => (BAD, support.as_str()),
        };
        let (name, support) = (format!("{:<17}", name(feature)), format!("{support:<9}"));
        text.push_str(&format!("{name}  {}  {}\n", paint(style, &support), paint(SOFT, why)));
    }
    text
}

/// The feature in words.
const fn name(feature: Feature) -> &'static str {
    match feature {
        Feature::S256 => "PKCE with S256",
        Feature::Iss => "iss in answers",
        Feature::Par => "pushed requests",
        Feature::Dpop => "DPoP",
        Feature::Device => "device grant",
        Feature::Registration => "registration",
        Feature::ClientDocuments => "client documents",
        Feature::Revocation => "revocation",
    }
}

fn json(found: &Discovered) -> String {
    let Discovered { provider, resource, scopes } = found;
    let capabilities: serde_json::Map<String, Value> = provider
        .report()
        .into_iter()
        .map(|line| (line.feature.as_str().to_owned(), line.support.as_str().into()))
        .collect();
    let line = json!({
        "resource": resource.as_ref().map(|resource| &resource.resource),
        "resource_metadata": resource.as_ref().map(|resource| &resource.metadata_url),
        "issuer": provider.issuer,
        "issuer_metadata": provider.metadata_url,
        "authorization_endpoint": provider.authorization_endpoint,
        "token_endpoint": provider.token_endpoint,
        "revocation_endpoint": provider.revocation_endpoint,
        "registration_endpoint": provider.registration_endpoint,
        "scopes": scopes,
        "capabilities": capabilities,
    });
    format!("{line}\n")
}
