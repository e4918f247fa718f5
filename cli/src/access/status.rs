//! `proofkey status`: who is signed in where, as the store tells it.

use super::table::{Table, clean};
use super::{note, now, open_store, span, who};
use crate::args::Status;
use crate::error::{CliError, FAILED};
use crate::output::{Out, STRONG, paint};
use proofkey_client::{FileStore, KeptSignIn, KeyPlace};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Lists what is kept; with an address, what is kept for it.
pub fn run(args: &Status) -> Result<ExitCode, CliError> {
    let store = open_store(&args.store)?;
    let mut kept = Vec::new();
    for entry in store.list()? {
        match entry {
            Ok(entry) => kept.push(entry),
            Err(error) => note("warning", &error.into()),
        }
    }
    if let Some(url) = &args.url {
        kept.retain(|entry| address(entry) == url || entry.issuer == *url);
    }
    let usable = kept.iter().any(|entry| entry.refreshable || entry.is_valid(now()));
    let text = if args.json { json(&store, &kept)? } else { text(&store, &kept)? };
    Out::stdout().put(&text)?;
    Ok(if args.url.is_some() && !usable { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}

/// What one signs in to: the resource, or else the issuer.
fn address(entry: &KeptSignIn) -> &str {
    entry.resource.as_deref().unwrap_or(&entry.issuer)
}

fn text(store: &FileStore, kept: &[KeptSignIn]) -> Result<String, CliError> {
    let place = match store.key_place()? {
        KeyPlace::Keyring => "sealed; the key is in the system's keyring",
        KeyPlace::File => "sealed; the key is in a file beside it",
        KeyPlace::Undecided => "empty",
    };
    let mut text = String::new();
    for entry in kept {
        let mut table = Table::default();
        table.row_if("issuer", entry.resource.as_ref().map(|_| entry.issuer.as_str()));
        table.row("client", &entry.client_id);
        table.row_if("account", entry.account.as_deref());
        if !entry.scopes.is_empty() {
            table.row("scopes", entry.scopes.join(" "));
        }
        table.row_if("user", entry.identity.as_ref().map(|who| who::words(who)).as_deref());
        table.row("token", state(entry, now()));
        table.row("bound", who::bound(entry.token_type));
        text.push_str(&format!("{}\n{}\n", paint(STRONG, &clean(address(entry))), table.lines(2)));
    }
    if kept.is_empty() {
        text.push_str("Nobody is signed in.\n\n");
    }
    text.push_str(&format!("Store: {} ({place})\n", store.folder().display()));
    Ok(text)
}

fn state(entry: &KeptSignIn, now: u64) -> String {
    let valid = entry.is_valid(now);
    let good = match entry.expires_at {
        None => "good until the server says otherwise".to_owned(),
        Some(end) if valid => format!("good for {}", span(end - now)),
        Some(end) => format!("expired {} ago", span(now - end)),
    };
    let then = match (valid, entry.refreshable) {
        (_, true) => "; refreshed by itself",
        (true, false) if entry.expires_at.is_some() => "; then sign in again",
        (true, false) => "",
        (false, false) => "; sign in again",
    };
    let lost = if entry.outcome_lost { " (the answer to the last refresh was lost)" } else { "" };
    format!("{good}{then}{lost}")
}

fn json(store: &FileStore, kept: &[KeptSignIn]) -> Result<String, CliError> {
    let now = now();
    let list: Vec<Value> = kept
        .iter()
        .map(|entry| {
            json!({
                "resource": entry.resource,
                "issuer": entry.issuer,
                "client_id": entry.client_id,
                "account": entry.account,
                "scopes": entry.scopes,
                "expires_at": entry.expires_at,
                "valid": entry.is_valid(now),
                "refreshable": entry.refreshable,
                "token_type": entry.token_type,
                "identity": who::facts(entry.identity.as_deref()),
            })
        })
        .collect();
    let key = match store.key_place()? {
        KeyPlace::Keyring => Some("keyring"),
        KeyPlace::File => Some("file"),
        KeyPlace::Undecided => None,
    };
    let line = json!({ "signed_in": list, "store": store.folder(), "key": key });
    Ok(format!("{line}\n"))
}
