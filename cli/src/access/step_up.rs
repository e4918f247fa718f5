//! A resource that demands more than the token has: who is asked, and what they are told.

use super::prompt;
use super::screen::{Way, say};
use super::{quoted, table};
use crate::args::Fetch;
use crate::error::CliError;
use proofkey_client::{CancelHandle, Interaction, StepUp};
use std::io::{BufRead as _, IsTerminal as _, stderr, stdin};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Whether the user may be asked to sign in: with their word beforehand, or where they sit at the terminal. A
/// script that reads stdin keeps its lines.
pub fn interaction(args: &Fetch, way: &Way) -> Interaction {
    let there = args.yes || (stdin().is_terminal() && stderr().is_terminal());
    if args.no_interaction || !there { Interaction::Never } else { way.interaction() }
}

/// How long an answer is waited for between two looks at the cancel.
const SLICE: Duration = Duration::from_millis(100);

/// Asks on stderr, before any browser opens. A cancel, or a stdin that has ended, is a no.
pub fn ask(demand: &StepUp, url: &str, cancel: &CancelHandle) -> bool {
    let question = format!("{} demands {}. Sign in again?", table::clean(url), words(demand));
    say(&format!("{} [y/N] ", prompt::wrapped(&question)));
    let (answers, answer) = channel();
    // Reading cannot be called off, so a thread does it.
    let read = move || {
        let mut line = String::new();
        let read = stdin().lock().read_line(&mut line);
        let _ = answers.send(read.is_ok() && says_yes(&line));
    };
    if std::thread::Builder::new().name("proofkey-question".into()).spawn(read).is_err() {
        return false;
    }
    loop {
        match answer.recv_timeout(SLICE) {
            Ok(yes) => return yes,
            Err(RecvTimeoutError::Timeout) if !cancel.is_cancelled() => {}
            Err(_) => {
                say("\n");
                return false;
            }
        }
    }
}

fn says_yes(line: &str) -> bool {
    matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// What is demanded, as the object of a sentence.
fn words(demand: &StepUp) -> String {
    let mut words = Vec::new();
    if !demand.scopes.is_empty() {
        words.push(format!("the scopes {}", demand.scopes.join(" ")));
    }
    if !demand.acr_values.is_empty() {
        words.push(format!("an authentication of the class {}", demand.acr_values.join(" or ")));
    }
    if let Some(seconds) = demand.max_age {
        words.push(format!("an authentication that is at most {seconds} s old"));
    }
    if words.is_empty() { "a sign-in".into() } else { table::clean(&words.join(", and ")) }
}

/// The user was not asked: what they can do.
pub fn refused(demand: &StepUp, url: &str) -> CliError {
    let message = format!("the resource demands {}", words(demand));
    let advice =
        format!("Run `proofkey fetch --yes {}`, or at a terminal without --yes.", quoted(url));
    CliError::new("sign_in_required", message, advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_a_yes() {
        assert!(["y\n", "Y", " yes \r\n"].into_iter().all(says_yes));
        assert!(!["", "\n", "n", "yess", "no y"].into_iter().any(says_yes));
    }

    #[test]
    fn a_demand_is_told_whole_and_obeyed_by_no_terminal() {
        let demand = StepUp {
            scopes: vec!["read".into(), "admin\u{1b}[2J".into()],
            acr_values: vec!["a".into(), "b".into()],
            max_age: Some(60),
            ..StepUp::default()
        };
        assert_eq!(
            words(&demand),
            "the scopes read admin [2J, and an authentication of the class a or b, and an \
             authentication that is at most 60 s old"
        );
        assert_eq!(words(&StepUp::default()), "a sign-in");
        let refused = refused(&demand, "https://a.example/x?y&z").line();
        assert!(refused.starts_with("proofkey: sign_in_required: the resource demands "));
        assert!(refused.contains("--yes 'https://a.example/x?y&z'`"), "{refused}");
    }
}
