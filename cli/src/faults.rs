//! `proofkey serve --list-faults`: what the server can do wrong, and what a correct client does then.

use crate::error::CliError;
use crate::output::{Out, SOFT, STRONG, paint};
use proofkey_server::fault::{Fault, Group, Right};
use serde_json::json;
use std::process::ExitCode;

/// Prints the table.
pub fn list(as_json: bool) -> Result<ExitCode, CliError> {
    let text = if as_json { document() } else { words() };
    Out::stdout().put(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn document() -> String {
    let faults: Vec<_> = Fault::all()
        .map(|fault| {
            json!({
                "name": fault.name,
                "group": fault.group.name(),
                "does": fault.does,
                "right": right(fault.right),
                "codes": codes(fault.right),
                "rule": fault.rule,
                "meets": fault.meets.name(),
                "client_id": fault.client_id(),
            })
        })
        .collect();
    format!("{}\n", json!({ "faults": faults }))
}

fn words() -> String {
    let mut text = String::new();
    for group in Group::ALL {
        text.push_str(&format!("{}\n", paint(STRONG, group.name())));
        for fault in Fault::all().filter(|fault| fault.group == group) {
            let right = right(fault.right);
            text.push_str(&format!("  {}\n    {}\n", fault.name, fault.does));
            text.push_str(&format!("    {}\n", paint(SOFT, &format!("{right} ({})", fault.rule))));
        }
    }
    text
}

/// What a correct client does, as a sentence.
fn right(right: Right) -> String {
    match right {
        Right::Refuses(code) => format!("A correct client refuses: {code}."),
        Right::KeepsAfter(code) => {
            format!(
                "A correct client fails with {code}, keeps its tokens, and succeeds the next time."
            )
        }
        Right::RefusesTwice(first, then) => {
            format!("A correct client fails with {first}, and the next time with {then}.")
        }
        Right::HandsOver(status) => format!("A correct client hands the answer over: {status}."),
        Right::GoesOn => "A correct client goes on.".into(),
    }
}

/// What comes of each try: the code of an error, or `ok`.
fn codes(right: Right) -> Vec<&'static str> {
    match right {
        Right::Refuses(code) | Right::HandsOver(code) => vec![code],
        Right::KeepsAfter(code) => vec![code, "ok"],
        Right::RefusesTwice(first, then) => vec![first, then],
        Right::GoesOn => vec!["ok"],
    }
}
