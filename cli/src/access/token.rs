//! `proofkey token`: the access token, and nothing else.

use super::address::Place;
use super::interrupt::Interrupts;
use super::{builder, first_signed_in, note, open_store, who};
use crate::args::Token;
use crate::error::CliError;
use crate::output::Out;
use proofkey::Error;
use proofkey_client::Interaction;
use std::process::ExitCode;
use zeroize::Zeroizing;

/// Prints it, refreshed first where it must be.
pub fn run(args: &Token) -> Result<ExitCode, CliError> {
    let interrupts = Interrupts::watch()?;
    let store = open_store(&args.kept.store)?;
    let places = Place::all(&args.address);
    let url = places.first().map(|place| place.url().to_owned()).unwrap_or_default();
    let required = |error: &Error| matches!(error, Error::SignInRequired { .. });
    let tokens = first_signed_in(places, required, |place| {
        let client = builder(place, &args.kept, &store).build()?;
        client.tokens_until(Interaction::Never, &interrupts.cancel)
    });
    let tokens = match tokens {
        Ok(tokens) => tokens,
        Err(error) => return interrupts.ended(error, &url),
    };
    if who::is_bound(tokens.token_type()) {
        note("note", &CliError::new("token_bound", BOUND, USE_FETCH));
    }
    let token = tokens.expose_access_token();
    // A token is printable ASCII (RFC 6750 §2.1), but it may hold what JSON escapes.
    let text = Zeroizing::new(if args.json {
        let quoted = Zeroizing::new(serde_json::Value::from(token).to_string());
        let end = tokens.expires_at().map_or("null".to_owned(), |end| end.to_string());
        let scopes = serde_json::Value::from(tokens.scopes());
        format!(
            "{{\"access_token\":{},\"token_type\":\"{}\",\"expires_at\":{end},\"scopes\":{scopes}}}\n",
            quoted.as_str(),
            tokens.token_type(),
        )
    } else {
        format!("{token}\n")
    });
    Out::stdout().put(&text)?;
    Ok(ExitCode::SUCCESS)
}

const BOUND: &str = "the token is bound to a key: without a proof of that key, which is made for each request, no \
     resource takes it (RFC 9449)";

const USE_FETCH: &str = "`proofkey fetch` makes the proof.";
