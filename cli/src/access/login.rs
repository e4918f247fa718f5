//! `proofkey login`: says what it found, opens the browser, waits, and keeps what comes.

use super::address::Place;
use super::interrupt::Interrupts;
use super::prompt::{self, Prompt};
use super::spinner::Spinner;
use super::table::Table;
use super::{builder, first_signed_in, note, now, open_store, quoted, span};
use crate::args::Login;
use crate::error::CliError;
use crate::output::{GOOD, Out, paint};
use proofkey::Error;
use proofkey_client::{
    Browser, ClientBuilder, Discovered, FileStore, Interaction, KeyPlace, TokenSet,
};
use serde_json::json;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// Signs in, or finishes a sign-in that was broken off.
pub fn run(args: &Login) -> Result<ExitCode, CliError> {
    let interrupts = Interrupts::watch()?;
    // What cannot be kept is not begun.
    let store = open_store(&args.kept.store)?;
    let screen = Screen::new(args);
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
    screen.found(args, &found);
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
    let host = Some(host.to_owned()).filter(|host| !host.is_empty());
    let prompt = Prompt { host: host.clone(), svg: args.qr_svg.clone() };
    let chosen = args.browser.clone().map_or(Browser::System, Browser::Program);
    // A browser that was opened before may have found nobody at the port, and stand there still.
    let remote = args.no_browser || args.resume || !chosen.is_there();
    let shown = Arc::clone(screen);
    let explicit = args.browser.is_some();
    let browser = Browser::custom(move |url| {
        match chosen.open(url) {
            Ok(()) => {}
            // Whoever names a program wants that one.
            Err(error) if explicit => return Err(error),
            Err(error) => shown.open_yourself(url, &error),
        }
        let host = host.as_deref().map_or_else(String::new, |host| format!(" at {host}"));
        shown.waits(format!("Waiting for the browser{host}"));
        Ok(())
    });
    let mut builder = builder(place, &args.kept, store)
        .scopes(&args.scopes)
        .client_name(&args.client_name)
        .port(args.port)
        .redirect_path(&args.redirect_path)
        .browse_timeout(args.timeout)
        .resumable(true)
        .browser(browser)
        .interaction(if remote { Interaction::Remote } else { Interaction::Browser })
        .read_line(move |line| prompt.ask(line));
    if let Some(document) = &args.client_document {
        builder = builder.client_document(document);
    }
    for issuer in &args.allow_missing_s256 {
        builder = builder.allow_missing_s256_of(issuer);
    }
    Ok(builder)
}

/// What the user sees while it goes on: all of it on stderr.
struct Screen {
    time: std::time::Duration,
    spinner: Mutex<Option<Spinner>>,
}

impl Screen {
    fn new(args: &Login) -> Arc<Self> {
        Arc::new(Self { time: args.timeout, spinner: Mutex::default() })
    }

    /// Who is about to be trusted with what, before anything opens (T35).
    fn found(&self, args: &Login, found: &Discovered) {
        let provider = &found.provider;
        let mut table = Table::default();
        table
            .row_if("resource", found.resource.as_ref().map(|resource| resource.resource.as_str()));
        table.row("issuer", &provider.issuer);
        let scopes = if args.scopes.is_empty() { &found.scopes } else { &args.scopes };
        let scopes =
            if scopes.is_empty() { "what the server gives".into() } else { scopes.join(" ") };
        table.row("scopes", scopes);
        if found.resource.is_none() {
            table.row("sign-in", provider.issuer_host());
        }
        say(&table.lines(0));
    }

    fn open_yourself(&self, url: &str, error: &std::io::Error) {
        say(&format!(
            "No browser could be opened ({error}). Open this address yourself:\n\n{url}\n\n"
        ));
    }

    fn waits(&self, words: String) {
        let mut spinner = self.spinner.lock().unwrap_or_else(PoisonError::into_inner);
        *spinner = None;
        *spinner = Some(Spinner::begin(words, self.time));
    }

    /// Nothing turns any more, and the terminal is as it was.
    fn end(&self) {
        *self.spinner.lock().unwrap_or_else(PoisonError::into_inner) = None;
        prompt::end();
    }
}

fn say(text: &str) {
    // There is nowhere else to say that stderr cannot be written.
    let _ = anstream::stderr().write_all(text.as_bytes());
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
    let signed_in = paint(GOOD, "Signed in");
    Out::stdout().put(&format!(
        "{signed_in} at {} as {}.\nThe token is good {good}{then}: `proofkey token {}`\n",
        tokens.issuer(),
        tokens.client_id(),
        quoted(url),
    ))
}

const KEY_IN_FILE: &str = "there is no keyring to keep the key of the store, so it lies in a file \
     beside it: that keeps out other users, but no program of yours";
