//! The commands around a sign-in that is kept: login, token, status, logout, fetch, discover.

mod address;
mod device;
pub mod discover;
pub mod fetch;
mod interrupt;
pub mod login;
pub mod logout;
mod prompt;
mod qr;
mod screen;
mod spinner;
pub mod status;
mod step_up;
mod table;
pub mod token;
mod who;

use crate::args::{Kept, StoreFolder};
use crate::error::CliError;
use address::Place;
use proofkey::Error;
use proofkey_client::{Client, ClientBuilder, FileStore};
use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

/// Opens the store, and makes its folder where it is not there.
fn open_store(folder: &StoreFolder) -> Result<FileStore, CliError> {
    match &folder.folder {
        Some(folder) => Ok(FileStore::open(folder)?),
        None => Ok(FileStore::open_default()?),
    }
}

/// The settings that all commands have in common.
fn builder(place: &Place, kept: &Kept, store: &FileStore) -> ClientBuilder {
    let mut builder = place.client(Client::builder()).store(store.clone()).on_warning(warn);
    if let Some(account) = &kept.account {
        builder = builder.account(account);
    }
    if let Some(client_id) = &kept.client_id {
        builder = builder.client_id(client_id);
    }
    builder
}

/// What went wrong without ending anything: a line like an error's.
fn warn(error: &Error) {
    note("warning", &CliError::from(error.clone()));
}

fn note(kind: &str, said: &CliError) {
    let line = said.line();
    let line = line.strip_prefix("proofkey: ").unwrap_or(&line);
    // There is nowhere else to say that stderr cannot be written.
    let _ = writeln!(anstream::stderr(), "proofkey: {kind}: {line}");
}

/// The error, with the command that mends it.
fn failed(error: Error, url: &str) -> CliError {
    let mends = matches!(error, Error::SignInRequired { .. } | Error::NothingPending);
    let mut failed = CliError::from(error);
    if mends {
        failed.advice = format!("Run `proofkey login {}`", quoted(url));
    }
    failed
}

/// Asks each of the places until one has a sign-in; the error of the one that had something to say.
fn first_signed_in<T>(
    places: Vec<Place>,
    nothing: impl Fn(&Error) -> bool,
    mut ask: impl FnMut(&Place) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut said = None;
    for place in places {
        match ask(&place) {
            Err(error) if nothing(&error) => {
                // Where one had tokens that are of no use any more, that is what is to be said.
                if said.is_none() || !is_nothing_kept(&error) {
                    said = Some(error);
                }
            }
            other => return other,
        }
    }
    Err(said.unwrap_or(Error::FlowEnded))
}

fn is_nothing_kept(error: &Error) -> bool {
    matches!(error, Error::SignInRequired { reason } if reason.starts_with("nobody"))
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/@%+=,".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// Seconds since the epoch.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A time span in words: the largest unit that is full.
fn span(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell_where_they_must_be() {
        assert_eq!(quoted("https://a.example/mcp"), "https://a.example/mcp");
        assert_eq!(quoted("https://a.example/?a=b&c"), "'https://a.example/?a=b&c'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn spans_are_told_in_the_unit_that_is_full() {
        for (seconds, words) in
            [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (172_800, "2 days")]
        {
            assert_eq!(span(seconds), words);
        }
    }
}
