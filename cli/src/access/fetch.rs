//! `proofkey fetch`: a resource, read with its token.

use super::address::Place;
use super::interrupt::Interrupts;
use super::screen::{Screen, Way};
use super::{builder, first_signed_in, open_store, step_up, who};
use crate::args::{CLIENT_NAME, Fetch};
use crate::error::CliError;
use proofkey::Error;
use proofkey_client::{
    CancelHandle, Client, ClientBuilder, Dpop, FetchError, Fetched, Interaction, TokenSet,
};
use serde_json::json;
use std::io::{ErrorKind, Write, stdout};
use std::process::ExitCode;

/// Fetches it, and writes the body to stdout as it comes.
pub fn run(args: &Fetch) -> Result<ExitCode, CliError> {
    let interrupts = Interrupts::watch()?;
    let store = open_store(&args.kept.store)?;
    let places = match &args.resource {
        Some(resource) => vec![Place::resource(resource)],
        None => above(&args.url).iter().map(|url| Place::resource(url)).collect(),
    };
    let required = |error: &Error| matches!(error, Error::SignInRequired { .. });
    let found = first_signed_in(places, required, |place| {
        let client = builder(place, &args.kept, &store).build()?;
        let tokens = client.tokens_until(Interaction::Never, &interrupts.cancel)?;
        Ok((place.clone(), tokens))
    });
    let screen = Screen::new(args.timeout);
    let (browser, remote, device) = (args.browser.clone(), args.no_browser, args.device);
    let way = Way { browser, remote, device, ..Way::default() };
    let interaction = step_up::interaction(args, &way);
    let client = found.and_then(|(place, tokens)| {
        let builder = screen.asks(builder(&place, &args.kept, &store), way);
        client(args, builder, &tokens, &interrupts.cancel)
    });
    let client = match client {
        Ok(client) => client,
        Err(error) => {
            return interrupts.ended(error, args.resource.as_deref().unwrap_or(&args.url));
        }
    };
    let ended = fetch(&client, args, interaction, &interrupts);
    screen.end();
    let (fetched, body) = match ended {
        Ok(fetched) => fetched,
        Err(FetchError::StepUp(demand)) => return Err(step_up::refused(&demand, &args.url)),
        Err(FetchError::Token(error)) => return interrupts.ended(error, &args.url),
        // `proofkey fetch URL | head -1`: what is left is not written, and nobody is told.
        Err(FetchError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => {
            return Ok(ExitCode::SUCCESS);
        }
        Err(error) => return Err(broken(error)),
    };
    if args.json {
        let body = String::from_utf8_lossy(&body);
        let line = json!({
            "status": fetched.status, "content_type": fetched.content_type, "body": body,
        });
        crate::output::Out::stdout().put(&format!("{line}\n"))?;
    }
    match fetched.status {
        200..=299 => Ok(ExitCode::SUCCESS),
        status => {
            let advice = match status {
                300..=399 => {
                    "It leads elsewhere, where this token must not go: give the final address"
                }
                401 => "It takes no token of this sign-in: sign in again",
                403 => "The token may not do this: sign in with the scopes that the resource wants",
                _ => "",
            };
            Err(CliError::new(
                "http_status",
                format!("the resource answered HTTP {status}"),
                advice,
            ))
        }
    }
}

/// As the kept sign-in was made, so is the one that a resource demands: with the same registration, and bound
/// where that was bound.
fn client(
    args: &Fetch,
    builder: ClientBuilder,
    tokens: &TokenSet,
    cancel: &CancelHandle,
) -> Result<Client, Error> {
    let dpop = if who::is_bound(tokens.token_type()) { Dpop::Required } else { Dpop::Never };
    let (yes, url, cancel) = (args.yes, args.url.clone(), cancel.clone());
    let builder = builder.client_name(CLIENT_NAME).dpop(dpop);
    builder.confirm_step_up(move |demand| yes || step_up::ask(demand, &url, &cancel)).build()
}

/// The body goes to stdout as it is; for JSON it is kept.
fn fetch(
    client: &Client,
    args: &Fetch,
    interaction: Interaction,
    interrupts: &Interrupts,
) -> Result<(Fetched, Vec<u8>), FetchError> {
    let mut body = Vec::new();
    let mut out = stdout().lock();
    let to: &mut dyn Write = if args.json { &mut body } else { &mut out };
    let fetched =
        client.request("GET", &args.url).interaction(interaction).send(to, &interrupts.cancel)?;
    Ok((fetched, body))
}

fn broken(error: FetchError) -> CliError {
    match error {
        FetchError::Unreachable(error) => CliError::new(
            "unreachable",
            format!("the resource gave no whole answer: {error}"),
            "Check the network, proxy and address, then try again.",
        ),
        error => CliError::new(
            "output_failed",
            format!("the body cannot be written: {error}"),
            "Check where it goes to.",
        ),
    }
}

/// The address without query and fragment, and all above it: a token is for one of them.
fn above(url: &str) -> Vec<String> {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let begin = url.find("://").map_or(0, |at| at + 3);
    let mut all = vec![url.to_owned()];
    let mut rest = url;
    while let Some(at) = rest.rfind('/').filter(|at| *at >= begin) {
        for end in [at + 1, at] {
            if let Some(above) =
                url.get(..end).filter(|above| !all.iter().any(|known| known == above))
            {
                all.push(above.to_owned());
            }
        }
        rest = rest.get(..at).unwrap_or_default();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::above;

    #[test]
    fn what_lies_above_an_address_ends_at_its_host() {
        assert_eq!(
            above("https://a.example/b/c?d=/e#f/g"),
            [
                "https://a.example/b/c",
                "https://a.example/b/",
                "https://a.example/b",
                "https://a.example/",
                "https://a.example"
            ]
        );
        assert_eq!(
            above("https://a.example/b/"),
            [
                "https://a.example/b/",
                "https://a.example/b",
                "https://a.example/",
                "https://a.example"
            ]
        );
        assert_eq!(above("https://a.example"), ["https://a.example"]);
        assert_eq!(above(""), [""]);
    }
}
