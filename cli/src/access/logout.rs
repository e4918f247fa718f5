//! `proofkey logout`: revoked at the server, and forgotten here.

use super::address::Place;
use super::interrupt::Interrupts;
use super::{builder, note, open_store};
use crate::args::Logout;
use crate::error::CliError;
use crate::output::Out;
use proofkey_client::{Browser, Secret, SignedOut};
use serde_json::json;
use std::process::ExitCode;

/// Signs out at all that the address can be.
pub fn run(args: &Logout) -> Result<ExitCode, CliError> {
    let interrupts = Interrupts::watch()?;
    let store = open_store(&args.kept.store)?;
    let places = Place::all(&args.address);
    let url = places.first().map(|place| place.url().to_owned()).unwrap_or_default();
    let (mut revoked, mut session) = (None, None);
    for place in places {
        let client = builder(&place, &args.kept, &store).build()?;
        let out = match client.sign_out_until(&interrupts.cancel) {
            Ok(out) => out,
            Err(error) => return interrupts.ended(error, &url),
        };
        let SignedOut { revoked: told, warning, end_session_url, .. } = out;
        session = session.or(end_session_url);
        if let Some(told) = told {
            revoked = Some(revoked.unwrap_or(true) && told);
        }
        if let Some(warning) = warning {
            note("warning", &warning.into());
        }
    }
    let endpoint = session.as_ref().map(|session| endpoint(session.expose()));
    let opened =
        args.browser_session && session.as_ref().is_some_and(|session| open(args, session));
    let text = if args.json {
        let line = json!({
            "signed_out": revoked.is_some(),
            "revoked": revoked,
            "end_session_endpoint": endpoint,
            "browser_opened": opened,
        });
        format!("{line}\n")
    } else {
        let told = match revoked {
            Some(true) => format!("Signed out at {url}; the server has revoked the tokens.\n"),
            Some(false) => {
                format!("Signed out at {url} here; the server has not revoked the tokens.\n")
            }
            None => format!("Nobody was signed in at {url}.\n"),
        };
        format!("{told}{}", browser_words(endpoint.as_deref(), opened))
    };
    Out::stdout().put(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the browser where its session ends (OpenID Connect RP-Initiated Logout §2). The address holds the ID
/// token, so it is shown to nobody but the browser.
fn open(args: &Logout, session: &Secret) -> bool {
    let browser = args.browser.clone().map_or(Browser::System, Browser::Program);
    let opened = browser.open(session.expose());
    if let Err(error) = &opened {
        let message = format!("no browser could be opened: {error}");
        note("warning", &CliError::new("browser_failed", message, ""));
    }
    opened.is_ok()
}

/// The address without what names the session: there the user is asked.
fn endpoint(session: &str) -> String {
    let end = session.find("id_token_hint=").unwrap_or(session.len());
    session.get(..end).unwrap_or(session).trim_end_matches(['?', '&']).to_owned()
}

fn browser_words(endpoint: Option<&str>, opened: bool) -> String {
    match (endpoint, opened) {
        (None, _) => String::new(),
        (Some(_), true) => "The browser was opened to end its session too.\n".into(),
        (Some(endpoint), false) => {
            format!("Your browser may still be signed in there; to end that, open {endpoint}\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_the_session_is_shown_without_the_token() {
        for (session, shown) in [
            ("https://a.example/end?id_token_hint=ey.J.x&client_id=c", "https://a.example/end"),
            ("https://a.example/end?t=1&id_token_hint=e&client_id=c", "https://a.example/end?t=1"),
        ] {
            assert_eq!(endpoint(session), shown);
        }
        assert!(browser_words(Some("https://a.example/end"), false).contains("open https://"));
        assert_eq!(browser_words(None, false), "");
    }
}
