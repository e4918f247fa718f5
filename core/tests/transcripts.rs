//! Plays `tests/transcripts`: whole flows as events in and steps out, one test a file. The format is in
//! `tests/vectors/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod support;

use serde_json::{Value, json};
use std::path::PathBuf;
use support::{Case, cases, directory, kinds, transcript};

fn folder() -> PathBuf {
    directory("PROOFKEY_TRANSCRIPTS_DIR", "transcripts")
}

const KINDS: [&str; 26] = [
    "access_ceiling",
    "access_device",
    "access_dpop",
    "access_identity",
    "access_mcp",
    "access_pushed",
    "access_refresh",
    "access_registration",
    "access_resume",
    "access_sign_in",
    "access_sign_out",
    "access_step_up",
    "access_store",
    "access_token",
    "check_token",
    "discovery_events",
    "discovery_issuer",
    "discovery_resource",
    "issue",
    "redeem",
    "refresh",
    "revoke",
    "sign_in_errors",
    "sign_in_events",
    "sign_in_good",
    "sign_in_noise",
];

fn run(kind: &str) {
    let cases = cases(&folder(), kind, "transcripts");
    assert!(!cases.is_empty(), "{kind} is empty");
    let count = cases.len();
    let wrong: Vec<String> = cases.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{} of {count} {kind} differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn wrong(case: &Case) -> Option<String> {
    let played = transcript::play(case);
    match played.mismatch {
        Some(what) => Some(format!("{}: {what}", case.id)),
        None if played.verdict != case.expect() => {
            Some(format!("{}: expected {}, got {}", case.id, case.expect(), played.verdict))
        }
        None => None,
    }
}

/// P2 to P4, P8, P10, P13, P15, M6.
#[test]
fn sign_in_good() {
    run("sign_in_good");
}

/// P6 to P10.
#[test]
fn sign_in_noise() {
    run("sign_in_noise");
}

/// P6 to P8, P11, P13, P14.
#[test]
fn sign_in_errors() {
    run("sign_in_errors");
}

/// P10.
#[test]
fn sign_in_events() {
    run("sign_in_events");
}

/// P11, P12, M2, M3.
#[test]
fn discovery_issuer() {
    run("discovery_issuer");
}

/// P11, M1, M2, M4, M7.
#[test]
fn discovery_resource() {
    run("discovery_resource");
}

/// P11, P12.
#[test]
fn discovery_events() {
    run("discovery_events");
}

/// P21, P24, P28, P29.
#[test]
fn issue() {
    run("issue");
}

/// P21 to P25, P28, P29.
#[test]
fn redeem() {
    run("redeem");
}

/// P27, P28, P29.
#[test]
fn refresh() {
    run("refresh");
}

/// P27, P29.
#[test]
fn revoke() {
    run("revoke");
}

/// P24, P28, P29, M8.
#[test]
fn check_token() {
    run("check_token");
}

/// P13, P14, M1, M4, M6.
#[test]
fn access_token() {
    run("access_token");
}

/// P11, P13, P14; threats: refresh race.
#[test]
fn access_refresh() {
    run("access_refresh");
}

/// Threats: store.
#[test]
fn access_store() {
    run("access_store");
}

/// P2, P4, P6 to P8, P10, P14, P15.
#[test]
fn access_sign_in() {
    run("access_sign_in");
}

/// P7, P8, P10; threats: sealed session.
#[test]
fn access_resume() {
    run("access_resume");
}

/// P15.
#[test]
fn access_sign_out() {
    run("access_sign_out");
}

/// M1 to M7, P8, P10, P12.
#[test]
fn access_mcp() {
    run("access_mcp");
}

#[test]
fn every_file_has_a_runner() {
    assert_eq!(kinds(&folder()), KINDS);
}

/// The runner itself must be able to fail: each of these changes makes a good transcript a bad one.
#[test]
fn an_altered_transcript_is_noticed() {
    let good = cases(&folder(), "sign_in_good", "transcripts").swap_remove(0);
    assert!(wrong(&good).is_none());
    let alterations: [(&str, Value); 8] = [
        ("/turns/0/step/host", json!("[::1]")),
        ("/turns/1/step/url/parameters/code_challenge_method", json!("plain")),
        ("/turns/1/step/url/parameters/code_challenge", json!({ "capture": "state" })),
        ("/turns/1/step/url/parameters/state", json!("A")),
        ("/turns/2/step/request/form/code", json!("c-2")),
        ("/turns/2/event/uri", json!("http://127.0.0.1:49152/callback?code=c-1&state=x")),
        ("/turns/3/step/name", json!("Send")),
        ("/outcome/refresh_token", Value::Null),
    ];
    for (at, value) in alterations {
        let mut altered = Case { id: good.id.clone(), data: good.data.clone() };
        *altered.data.pointer_mut(at).expect(at) = value;
        assert!(wrong(&altered).is_some(), "{at}");
    }
    // Parameters and form are closed: one more that is not named is noticed too.
    let mut altered = Case { id: good.id.clone(), data: good.data.clone() };
    let parameters = altered.data.pointer_mut("/turns/1/step/url/parameters").expect("parameters");
    parameters.as_object_mut().expect("an object").remove("scope");
    assert!(wrong(&altered).is_some());
}

/// P13, P14, P15.
#[test]
fn access_dpop() {
    run("access_dpop");
}

/// P15.
#[test]
fn access_pushed() {
    run("access_pushed");
}

/// P15, M4, M6.
#[test]
fn access_device() {
    run("access_device");
}

/// P14 to P16.
#[test]
fn access_identity() {
    run("access_identity");
}

/// M7.
#[test]
fn access_ceiling() {
    run("access_ceiling");
}

/// M4.
#[test]
fn access_registration() {
    run("access_registration");
}

/// M7, P15.
#[test]
fn access_step_up() {
    run("access_step_up");
}
