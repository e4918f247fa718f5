//! Every transcript of a client's flow, replayed with each of its events replaced by something that can
//! always happen: no answer, a 500, a body of 1 MiB, the caller's cancel. A flow answers with a typed end
//! or waits on; it never goes on, and what has ended stays ended (P12, P14; threats: hostile server).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod support;

use serde_json::{Value, json};
use support::transcript::{Flow, matching, start};
use support::{Case, cases, directory, kinds, string};

/// The replacements, and the code of the end where the flow waits for an answer.
fn replacements() -> [(Value, &'static str); 4] {
    let json = json!([["Content-Type", "application/json"]]);
    [
        (json!({ "name": "Unreachable", "reason": "lost", "detail": "" }), "unreachable"),
        (
            json!({ "name": "Response", "status": 500, "headers": json, "body": "{}" }),
            "server_unavailable",
        ),
        (
            json!({
                "name": "Response", "status": 200, "headers": json,
                "body": [{ "repeat": " ", "times": 1024 * 1024 }],
            }),
            "malformed_response",
        ),
        (json!({ "name": "Cancel" }), "cancelled"),
    ]
}

/// Plays a transcript up to a turn; the name of the step that waits for an answer then, if one does.
fn play_up_to(case: &Case, turn: usize) -> (Box<dyn Flow>, Option<String>) {
    let mut flow = start(case);
    let mut captures = matching::Captures::default();
    let now = case.data["now"].as_u64().expect("now");
    let mut waiting = Some("(none yet)".to_owned());
    for expected in &case.data["turns"].as_array().expect("turns")[..turn] {
        let event = captures.substitute(&expected["event"]);
        match flow.advance(&event, now) {
            Ok(step) => {
                let matched = matching::matches(&expected["step"], &step, "", &mut captures);
                assert!(matched.is_ok(), "{}", case.id);
                waiting = Some(string(&step, "name").to_owned()).filter(|name| name != "Done");
            }
            Err(_) => waiting = None,
        }
    }
    (flow, waiting)
}

fn replay(case: &Case) -> usize {
    let turns = case.data["turns"].as_array().expect("turns").len();
    let mut count = 0;
    for turn in 0..turns {
        for (event, code) in replacements() {
            let (mut flow, waiting) = play_up_to(case, turn);
            let at = format!("{}, turn {turn}, {}", case.id, event["name"]);
            let expected = match waiting.as_deref() {
                None => "flow_ended",
                Some("Send") => code,
                Some(_) if code == "cancelled" => code,
                Some(_) => "unexpected_event",
            };
            let error = flow.advance(&event, 0).expect_err(&at);
            assert_eq!(error.code(), expected, "{at}");
            for late in [json!({ "name": "Start" }), event] {
                assert_eq!(flow.advance(&late, 0).expect_err(&at).code(), "flow_ended", "{at}");
            }
            // Only a flow that was done before has something to give.
            assert!(flow.outcome().is_none() || waiting.is_none(), "{at}");
            count += 1;
        }
    }
    count
}

fn replay_all(flow: &str, at_least: usize) {
    let folder = directory("PROOFKEY_TRANSCRIPTS_DIR", "transcripts");
    let mut count = 0;
    for kind in kinds(&folder) {
        let cases = cases(&folder, &kind, "transcripts");
        count += cases.iter().filter(|case| case.data["flow"] == flow).map(replay).sum::<usize>();
    }
    assert!(count >= at_least, "{count} replays of {flow}");
}

/// What a driver that is at its end answers to what the flow still asks for.
fn closing(step: &Value) -> Value {
    match string(step, "name") {
        "Unlock" => json!({ "name": "Ok" }),
        "Swap" => json!({ "name": "Swapped", "swapped": true }),
        _ => json!({ "name": "Cancel" }),
    }
}

/// Whether a sign-in has kept its tokens elsewhere by then: those that it replaces may go.
fn replaced(case: &Case, turn: usize, key: &str) -> bool {
    let turns = case.data["turns"].as_array().expect("turns");
    turns[..turn].iter().map(|turn| &turn["step"]).any(|step| {
        step["name"] == "Swap"
            && step["value"].is_string()
            && step["key"].as_str().is_some_and(|kept| kept.starts_with("tokens-") && kept != key)
    })
}

/// The access flow may go on: the lock is given back, a mark is written, what was asked of another server
/// is passed over. It ends after few steps, and deletes no tokens.
fn replay_access(case: &Case) -> usize {
    let turns = case.data["turns"].as_array().expect("turns").len();
    let signs_out = string(&case.data["config"], "goal") == "sign_out";
    let mut count = 0;
    for turn in 0..turns {
        for (event, _) in replacements() {
            let (mut flow, waiting) = play_up_to(case, turn);
            let at = format!("{}, turn {turn}, {}", case.id, event["name"]);
            let cancelled = string(&event, "name") == "Cancel";
            let mut steps = Vec::new();
            let mut answer = flow.advance(&event, 0);
            let end = loop {
                match answer {
                    Err(error) => break Some(error),
                    Ok(step) if string(&step, "name") == "Done" => break None,
                    Ok(step) => {
                        let deletes = string(&step, "name") == "Swap" && step["value"].is_null();
                        let key = step["key"].as_str().unwrap_or_default();
                        let tokens = key.starts_with("tokens-") && !replaced(case, turn, key);
                        assert!(!(deletes && tokens) || signs_out, "{at} discards tokens");
                        steps.push(string(&step, "name").to_owned());
                        assert!(steps.len() < 10, "{at} goes on: {steps:?}");
                        answer = flow.advance(&closing(&step), 0);
                    }
                }
            };
            // After a cancel nothing is begun: what is held is given back, what was kept is removed.
            if cancelled && waiting.is_some() {
                assert!(
                    steps.iter().all(|step| ["Unlock", "Swap"].contains(&step.as_str())),
                    "{at}: {steps:?}"
                );
            }
            if let Some(error) = end {
                assert!(flow.outcome().is_none() || waiting.is_none(), "{at}: {error}");
                assert_eq!(flow.advance(&event, 0).expect_err(&at).code(), "flow_ended", "{at}");
            } else {
                assert!(flow.outcome().is_some(), "{at}");
            }
            count += 1;
        }
    }
    count
}

/// P14.
#[test]
fn access_ends_whatever_comes_instead_and_keeps_its_tokens() {
    let folder = directory("PROOFKEY_TRANSCRIPTS_DIR", "transcripts");
    let all = kinds(&folder).into_iter().flat_map(|kind| cases(&folder, &kind, "transcripts"));
    let count: usize =
        all.filter(|case| case.data["flow"] == "access").map(|case| replay_access(&case)).sum();
    assert!(count >= 2_500, "{count} replays of access");
}

/// P11, P12, M1.
#[test]
fn discovery_ends_whatever_comes_instead() {
    replay_all("discovery", 800);
}

/// P7, P13, P14.
#[test]
fn sign_in_ends_whatever_comes_instead() {
    replay_all("sign_in", 400);
}
