//! The runner of a transcript: events in, steps out, values captured on the way
//! (`tests/vectors/README.md`, "Transcripts").

pub mod access;
pub mod client;
pub mod discovery;
pub mod matching;
pub mod server;

use super::{Case, string, word};
use matching::{Captures, Mismatch, matches};
use proofkey::Error;
use serde_json::{Value, json};

/// What a transcript came to.
pub struct Played {
    /// The canonical verdict.
    pub verdict: String,
    /// What differed from the file, for the person who reads the failure.
    pub mismatch: Option<String>,
}

/// A flow, driven with the format's events and seen as the format's steps.
pub trait Flow {
    /// Answers an event with the step as JSON.
    fn advance(&mut self, event: &Value, now: u64) -> Result<Value, Error>;
    /// The result as JSON and as the words of a verdict; `None` where there is none, or no more.
    fn outcome(&mut self) -> Option<(Value, String)>;
}

/// Plays one transcript.
pub fn play(case: &Case) -> Played {
    match turns(start(case), &case.data) {
        Ok(verdict) => Played { verdict, mismatch: None },
        Err((turn, Mismatch(what))) => Played {
            verdict: format!("mismatch turn={turn}"),
            mismatch: Some(format!("turn {turn}: {what}")),
        },
    }
}

/// The flow of a transcript, before its first event.
pub fn start(case: &Case) -> Box<dyn Flow> {
    let config = &case.data["config"];
    match string(&case.data, "flow") {
        "sign_in" => Box::new(client::SignInFlow::new(config)),
        "access" => Box::new(access::AccessFlow::new(config)),
        "discovery" => Box::new(discovery::DiscoveryFlow::new(config)),
        "issue" => Box::new(server::IssueFlow::new(config)),
        "redeem" => Box::new(server::RedeemFlow::new(config)),
        "revoke" => Box::new(server::RevokeFlow::new(config)),
        "check_token" => Box::new(server::CheckTokenFlow::new(config)),
        other => panic!("{}: unknown flow {other}", case.id),
    }
}

fn turns(mut flow: Box<dyn Flow>, data: &Value) -> Result<String, (usize, Mismatch)> {
    let mut captures = Captures::default();
    let mut names = Vec::new();
    let now = data["now"].as_u64().expect("now");
    let list = data["turns"].as_array().expect("turns");
    for (turn, expected) in list.iter().enumerate() {
        let event = captures.substitute(&expected["event"]);
        let actual = match flow.advance(&event, now) {
            Ok(step) => {
                names.push(string(&step, "name").to_owned());
                json!({ "step": step })
            }
            Err(error) => {
                names.push(format!("error:{}", error.code()));
                json!({ "error": error.code() })
            }
        };
        let expected = json!({ "step": expected["step"], "error": expected["error"] });
        matches(&expected, &actual, "", &mut captures).map_err(|what| (turn, what))?;
    }
    let end = list.len();
    let mut verdict = if names.is_empty() { "none".to_owned() } else { names.join("/") };
    match (flow.outcome(), &data["outcome"]) {
        (None, Value::Null) => {}
        (Some((actual, words)), expected @ Value::Object(_)) => {
            matches(expected, &actual, "outcome", &mut captures).map_err(|what| (end, what))?;
            if flow.outcome().is_some() {
                return Err((end, Mismatch("the outcome was given twice".into())));
            }
            verdict.push(' ');
            verdict.push_str(&words);
        }
        (outcome, expected) => {
            let what = format!("outcome: expected {expected}, got {}", outcome.is_some());
            return Err((end, Mismatch(what)));
        }
    }
    Ok(verdict)
}

/// The words of a verdict without the space in front.
pub fn words(list: &[(&str, Option<&str>)]) -> String {
    let mut out = String::new();
    for (name, value) in list {
        word(&mut out, name, *value);
    }
    out.trim_start().to_owned()
}
