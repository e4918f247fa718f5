//! `proofkey demo`: it shows what happens, nothing secret, and leaves nothing behind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::{
    challenges_in, code, holds_code_or_token, holds_verifier, is_empty, proofkey, run, stderr,
    stdout,
};
use serde_json::Value;
use std::time::{Duration, Instant};

const STEPS: [&str; 12] = [
    "server_ready",
    "agent_prepares",
    "browser_asks",
    "database_holds",
    "redirect_arrives",
    "theft_without_verifier",
    "theft_with_guessed_verifier",
    "theft_with_challenge_as_verifier",
    "agent_redeems",
    "theft_by_replay",
    "database_searched",
    "token_works",
];

#[test]
fn it_tells_the_story_under_80_columns_without_colours_in_a_pipe() {
    let started = Instant::now();
    let output = run(&mut proofkey(&["demo"]));
    let took = started.elapsed();
    let text = stdout(&output);
    assert_eq!((code(&output), stderr(&output)), (0, ""), "{text}");
    for line in text.lines() {
        assert!(line.chars().count() < 80, "{} columns: {line}", line.chars().count());
        assert!(!line.ends_with(' '), "{line:?}");
    }
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "a control character");
    let refusals = text.matches("400 Bad Request").count();
    assert_eq!((refusals, text.matches("200 OK: issued").count()), (4, 1), "{text}");
    let verdict = text.lines().last().unwrap();
    assert!(verdict.starts_with("PKCE held: 4 thefts refused, one token issued"), "{verdict}");
    assert!(took < Duration::from_secs(2), "{took:?}");
}

/// T41: each theft of a bound token is refused by the server itself, for the reason that it has, and the agent goes on.
#[test]
fn stolen_tokens_that_are_bound_serve_nobody() {
    let output = run(&mut proofkey(&["demo", "--dpop", "--json"]));
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert!(!holds_code_or_token(stdout(&output)));
    // Of a proof the beginning is shown, which all of them have.
    let words = stdout(&output).split(|c: char| !c.is_ascii_alphanumeric());
    assert!(words.filter(|word| word.starts_with("eyJ")).all(|word| word.len() == 6));
    let document: Value = serde_json::from_str(stdout(&output)).unwrap();
    let steps = document["steps"].as_array().unwrap();
    let said: Vec<(&str, Option<u64>)> = steps
        .iter()
        .map(|step| (step["step"].as_str().unwrap(), step["facts"]["answer"]["status"].as_u64()))
        .collect();
    assert_eq!(
        said,
        [
            ("server_ready", None),
            ("agent_makes_key", None),
            ("agent_signs_in", None),
            ("bound_token_works", Some(200)),
            ("theft_as_bearer", Some(401)),
            ("theft_without_proof", Some(401)),
            ("theft_by_replayed_proof", Some(401)),
            ("theft_with_another_key", Some(401)),
            ("theft_of_refresh_with_another_key", Some(400)),
            ("agent_refreshes", Some(200)),
        ]
    );
    let facts = |name: &str| &steps.iter().find(|step| step["step"] == name).unwrap()["facts"];
    let bound = &facts("agent_refreshes")["answer"]["body"]["cnf"]["jkt"];
    assert_eq!(*bound, facts("agent_makes_key")["dpop_jkt"]);
    let replayed = facts("theft_by_replayed_proof")["answer"]["body"].as_str().unwrap();
    assert!(replayed.contains("the proof was used before"), "{replayed}");
    assert_eq!(document["verdict"]["thefts_refused"], 5);

    let output = run(&mut proofkey(&["demo", "--dpop"]));
    let text = stdout(&output);
    assert_eq!((code(&output), stderr(&output)), (0, ""), "{text}");
    assert!(text.lines().all(|line| line.chars().count() < 80 && !line.ends_with(' ')), "{text}");
    let verdict = text.lines().last().unwrap();
    assert!(verdict.starts_with("DPoP held: 5 thefts refused"), "{verdict}");
}

#[test]
fn colours_come_only_where_they_are_wanted() {
    let escapes = |settings: &[(&str, &str)]| {
        let output = run(proofkey(&["demo"]).envs(settings.iter().copied()));
        assert_eq!(code(&output), 0);
        stdout(&output).matches('\u{1b}').count()
    };
    assert!(escapes(&[("CLICOLOR_FORCE", "1")]) > 20);
    assert_eq!(escapes(&[("TERM", "xterm-256color")]), 0);
    assert_eq!(escapes(&[("NO_COLOR", "1"), ("TERM", "xterm-256color")]), 0);
    assert_eq!(escapes(&[("CLICOLOR", "0")]), 0);
}

/// P22 (no verifier), P23 (a mismatch is counted and does not burn), P24 (single use; a replay with
/// anything wrong changes nothing), P21 (the store holds the hash of the code).
#[test]
fn json_holds_each_step_and_each_is_true() {
    let output = run(&mut proofkey(&["demo", "--json"]));
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let document: Value = serde_json::from_str(stdout(&output)).expect("one document of JSON");
    let steps = document["steps"].as_array().unwrap();
    let names: Vec<&str> = steps.iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(names, STEPS);
    assert!(steps.iter().all(|step| step["ok"] == true));
    let facts = |name: &str| &steps.iter().find(|step| step["step"] == name).unwrap()["facts"];
    for (name, mismatches, used) in [
        ("theft_without_verifier", 0, false),
        ("theft_with_guessed_verifier", 1, false),
        ("theft_with_challenge_as_verifier", 2, false),
        ("theft_by_replay", 2, true),
    ] {
        let facts = facts(name);
        assert_eq!(facts["answer"]["status"], 400, "{name}");
        assert_eq!(facts["answer"]["body"]["error"], "invalid_grant", "{name}");
        assert_eq!(facts["row"]["mismatches"], mismatches, "{name}");
        assert_eq!(facts["row"]["used"], used, "{name}");
        assert_eq!(facts["row"]["revoked"], false, "{name}");
    }
    assert_eq!(facts("agent_redeems")["answer"]["status"], 200);
    assert_eq!(facts("token_works")["answer"]["status"], 200);
    assert_eq!(
        facts("database_holds")["row"]["code_challenge"],
        facts("browser_asks")["parameters"]["code_challenge"],
    );
    assert_eq!(facts("browser_asks")["parameters"]["code_challenge_method"], "S256");
    assert_eq!(document["verdict"]["ok"], true);
    assert_eq!(document["verdict"]["thefts_refused"], 4);
    assert!(document["verdict"]["milliseconds"].as_u64().unwrap() < 2000);
}

/// Secrets in logs: the verifier of the challenge that is shown stands nowhere, nor does a whole code or
/// token. The control is a text in which both stand.
#[test]
fn canary_no_verifier_code_or_token_is_shown_or_kept() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("kept").display().to_string();
    for args in [&["demo"][..], &["demo", "--json"], &["demo", "--data", &data]] {
        let output = run(proofkey(args).env("RUST_LOG", "trace"));
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let shown = format!("{}{}", stdout(&output), stderr(&output));
        let challenges = challenges_in(&shown);
        assert!(!challenges.is_empty());
        assert!(!holds_code_or_token(&shown));
        for challenge in &challenges {
            assert!(!holds_verifier(shown.as_bytes(), challenge));
            // What --data keeps: also there only the challenge.
            for entry in std::fs::read_dir(&data).into_iter().flatten() {
                let bytes = std::fs::read(entry.unwrap().path()).unwrap();
                assert!(!holds_verifier(&bytes, challenge));
            }
        }
    }
    let control = run(&mut proofkey(&["pair"]));
    let found = challenges_in(stdout(&control));
    assert!(found.iter().any(|challenge| holds_verifier(&control.stdout, challenge)));
    assert!(holds_code_or_token(&format!("code={}.{}&", "a".repeat(22), "B".repeat(43))));
}

#[test]
fn the_temporary_folder_is_gone_and_one_of_ones_own_stays() {
    let temporary = tempfile::tempdir().unwrap();
    let output = run(proofkey(&["demo"]).env("TMPDIR", temporary.path()));
    assert_eq!(code(&output), 0);
    assert!(is_empty(temporary.path()));

    let kept = tempfile::tempdir().unwrap();
    let data = kept.path().join("a/b");
    let args = ["demo", "--data", data.to_str().unwrap()];
    for _ in 0..2 {
        let output = run(proofkey(&args).env("TMPDIR", temporary.path()));
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    }
    assert!(data.join("demo.sqlite").is_file());
    assert!(is_empty(temporary.path()));
}

#[test]
fn what_cannot_be_opened_is_one_line_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("demo.sqlite"), "this is no database").unwrap();
    let output = run(&mut proofkey(&["demo", "--data", folder.path().to_str().unwrap()]));
    assert_eq!((code(&output), stdout(&output)), (1, ""));
    let line = stderr(&output);
    assert!(line.starts_with("proofkey: store_failed: ") && line.lines().count() == 1, "{line}");

    let output = run(proofkey(&["demo"]).env("TMPDIR", folder.path().join("not there")));
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).starts_with("proofkey: folder_failed: "), "{}", stderr(&output));
}
