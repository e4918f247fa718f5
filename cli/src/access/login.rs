//! `proofkey login`: says what it found, opens the browser, waits, and keeps what comes.

use super::address::Place;
use super::interrupt::Interrupts;
use super::screen::{Screen, Way, say};
use super::table::{Table, clean};
use super::{builder, first_signed_in, note, now, open_store, quoted, span, who};
use crate::args::{Bound, Login};
use crate::error::CliError;
use crate::output::{GOOD, Out, paint};
use proofkey::Error;
use proofkey_client::{ClientBuilder, Discovered, Dpop, FileStore, KeyPlace, TokenSet};
use serde_json::json;
use std::process::ExitCode;
use std::sync::Arc;

/// Signs in, or finishes a sign-in that was broken off.
pub fn run(args: &Login) -> Result<ExitCode, CliError> {
    let interrupts = Interrupts::watch()?;
    // What cannot be kept is not begun.
    let store = open_store(&args.kept.store)?;
    let screen = Screen::new(args.timeout);
    let signed_in = if args.resume {
        resume(args, &store, &screen, &interrupts)
    } else {
        sign_in(args, &store, &screen, &interrupts)
    };
    screen.end();
    let (url, tokens) = match signed_in {
        Ok(signed_in) => signed_in,
        Err(error) => {
            let first = Place::all(&args.address);
            return interrupts.ended(error, first.first().map_or("", Place::url));
        }
    };
    report(args, &store, &url, &tokens)?;
    Ok(ExitCode::SUCCESS)
}

fn sign_in(
    args: &Login,
    store: &FileStore,
    screen: &Arc<Screen>,
    interrupts: &Interrupts,
) -> Result<(String, Arc<TokenSet>), Error> {
    let cancel = &interrupts.cancel;
    let (place, found) = Place::judge(&args.address, &args.allow_missing_s256, cancel)?;
    announce(args, &found);
    let client = client(args, &place, store, screen, found.provider.issuer_host())?;
    let tokens = client.known(found).build()?.sign_in_until(cancel)?;
    Ok((place.url().to_owned(), tokens))
}

fn resume(
    args: &Login,
    store: &FileStore,
    screen: &Arc<Screen>,
    interrupts: &Interrupts,
) -> Result<(String, Arc<TokenSet>), Error> {
    let nothing = |error: &Error| matches!(error, Error::NothingPending);
    first_signed_in(Place::all(&args.address), nothing, |place| {
        let client = client(args, place, store, screen, "")?.build()?;
        let tokens = client.resume(None, &interrupts.cancel)?;
        Ok((place.url().to_owned(), tokens))
    })
}

fn client(
    args: &Login,
    place: &Place,
    store: &FileStore,
    screen: &Arc<Screen>,
    host: &str,
) -> Result<ClientBuilder, Error> {
    let way = Way {
        browser: args.browser.clone(),
        // A browser that was opened before may have found nobody at the port, and stand there still.
        remote: args.no_browser || args.resume,
        device: args.device,
        svg: args.qr_svg.clone(),
        json: args.json,
        host: Some(host.to_owned()).filter(|host| !host.is_empty()),
    };
    let builder = builder(place, &args.kept, store)
        .scopes(&args.scopes)
        .client_name(&args.client_name)
        .port(args.port)
        .redirect_path(&args.redirect_path)
        .resumable(true)
        .dpop(args.dpop.map_or(Dpop::Never, Bound::dpop))
        .push(args.push);
    let mut builder = screen.asks(builder, way);
    for (name, value) in args.parameters() {
        builder = builder.extra_parameter(name, value);
    }
    if let Some(document) = &args.client_document {
        builder = builder.client_document(document);
    }
    for issuer in &args.allow_missing_s256 {
        builder = builder.allow_missing_s256_of(issuer);
    }
    Ok(builder)
}

/// Who is about to be trusted with what, before anything opens (T35).
fn announce(args: &Login, found: &Discovered) {
    let provider = &found.provider;
    let mut table = Table::default();
    table.row_if("resource", found.resource.as_ref().map(|resource| resource.resource.as_str()));
    table.row("issuer", &provider.issuer);
    let scopes = if args.scopes.is_empty() { &found.scopes } else { &args.scopes };
    let scopes = if scopes.is_empty() { "what the server gives".into() } else { scopes.join(" ") };
    table.row("scopes", scopes);
    if found.resource.is_none() {
        table.row("sign-in", provider.issuer_host());
    }
    say(&table.lines(0));
}

fn report(args: &Login, store: &FileStore, url: &str, tokens: &TokenSet) -> Result<(), CliError> {
    let in_file = store.key_place()? == KeyPlace::File;
    if in_file {
        note("note", &CliError::new("key_in_file", KEY_IN_FILE, ""));
    }
    let refreshed = tokens.expose_refresh_token().is_some();
    if args.json {
        let line = json!({
            "signed_in": true,
            "resource": tokens.resource(),
            "issuer": tokens.issuer(),
            "client_id": tokens.client_id(),
            "account": args.kept.account,
            "scopes": tokens.scopes(),
            "expires_at": tokens.expires_at(),
            "refreshable": refreshed,
            "token_type": tokens.token_type(),
            "missing_scopes": tokens.missing_scopes(),
            "missing_authorization_details": tokens.missing_authorization_details(),
            "identity": who::facts(tokens.identity()),
            "store": store.folder(),
            "key": if in_file { "file" } else { "keyring" },
        });
        return Out::stdout().put(&format!("{line}\n"));
    }
    let good = match tokens.expires_at() {
        Some(end) => format!("for {}", span(end.saturating_sub(now()))),
        None => "until the server says otherwise".to_owned(),
    };
    let then = if refreshed { ", and is refreshed by itself" } else { "; then sign in again" };
    let mut more = String::new();
    if let Some(identity) = tokens.identity() {
        more.push_str(&clean(&format!("The user is {}.", who::words(identity))));
        more.push('\n');
    }
    for (what, missing) in [
        ("", tokens.missing_scopes()),
        ("authorization details of the type ", tokens.missing_authorization_details()),
    ] {
        if !missing.is_empty() {
            more.push_str(&clean(&format!("Not granted: {what}{}.", missing.join(" "))));
            more.push('\n');
        }
    }
    let (bound, command) = match who::is_bound(tokens.token_type()) {
        true => (", bound to a key that stays here", "fetch"),
        false => ("", "token"),
    };
    let signed_in = paint(GOOD, "Signed in");
    Out::stdout().put(&format!(
        "{signed_in} at {} as {}.\n{more}The token is good {good}{then}{bound}: `proofkey {command} {}`\n",
        tokens.issuer(),
        tokens.client_id(),
        quoted(url),
    ))
}

const KEY_IN_FILE: &str = "there is no keyring to keep the key of the store, so it lies in a file \
     beside it: that keeps out other users, but no program of yours";
