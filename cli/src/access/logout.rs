//! `proofkey logout`: revoked at the server, and forgotten here.

use super::address::Place;
use super::interrupt::Interrupts;
use super::{builder, note, open_store};
use crate::args::Logout;
use crate::error::CliError;
use crate::output::Out;
use proofkey_client::SignedOut;
use serde_json::json;
use std::process::ExitCode;

/// Signs out at all that the address can be.
pub fn run(args: &Logout) -> Result<ExitCode, CliError> {
    let interrupts = Interrupts::watch()?;
    let store = open_store(&args.kept.store)?;
    let places = Place::all(&args.address);
    let url = places.first().map(|place| place.url().to_owned()).unwrap_or_default();
    let mut revoked = None;
    for place in places {
        let client = builder(&place, &args.kept, &store).build()?;
        let out = match client.sign_out_until(&interrupts.cancel) {
            Ok(out) => out,
            Err(error) => return interrupts.ended(error, &url),
        };
        let SignedOut { revoked: told, warning, .. } = out;
        if let Some(told) = told {
            revoked = Some(revoked.unwrap_or(true) && told);
        }
        if let Some(warning) = warning {
            note("warning", &warning.into());
        }
    }
    let text = if args.json {
        format!("{}\n", json!({ "signed_out": revoked.is_some(), "revoked": revoked }))
    } else {
        match revoked {
            Some(true) => format!("Signed out at {url}; the server has revoked the tokens.\n"),
            Some(false) => {
                format!("Signed out at {url} here; the server has not revoked the tokens.\n")
            }
            None => format!("Nobody was signed in at {url}.\n"),
        }
    };
    Out::stdout().put(&text)?;
    Ok(ExitCode::SUCCESS)
}
