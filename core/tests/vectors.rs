//! Runs `tests/vectors`, one test a file, and writes the canonical lines that the five languages'
//! runners must agree on. The format is in `tests/vectors/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod support;

#[path = "vectors/access.rs"]
mod access;
#[path = "vectors/client.rs"]
mod client;
#[path = "vectors/crypto.rs"]
mod crypto;
#[path = "vectors/jose.rs"]
mod jose;
#[path = "vectors/metadata.rs"]
mod metadata;
#[path = "vectors/resource.rs"]
mod resource;
#[path = "vectors/server.rs"]
mod server;
#[path = "vectors/store.rs"]
mod store;

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use support::{Case, cases, compare, directory, kinds, transcript};

fn folder() -> PathBuf {
    directory("PROOFKEY_VECTORS_DIR", "vectors")
}

fn transcripts() -> PathBuf {
    directory("PROOFKEY_TRANSCRIPTS_DIR", "transcripts")
}

type Judge = fn(&Value) -> String;

/// Every kind and what judges it. A file of another name fails `every_file_has_a_runner`.
const KINDS: [(&str, Judge); 21] = [
    ("authorization_requests", server::authorization_request),
    ("authorizations", access::authorization),
    ("challenges", crypto::challenge),
    ("client_documents", access::client_document),
    ("configurations", client::configuration),
    ("dpop_proofs", jose::dpop_proof),
    ("id_tokens", jose::id_token),
    ("key_sets", jose::key_set),
    ("metadata", metadata::metadata),
    ("pairs", crypto::pair),
    ("redirect_matching", server::redirect_match),
    ("redirects", client::redirect),
    ("resource_answers", resource::resource_answers),
    ("resource_metadata", metadata::resource_metadata),
    ("sealed_sessions", access::sealed_session),
    ("signatures", jose::signature),
    ("token_requests", server::token_request),
    ("token_responses", client::token_response),
    ("verification", crypto::verification),
    ("well_known", metadata::well_known),
    ("www_authenticate", metadata::www_authenticate),
];

fn judged(kind: &str) -> Vec<(Case, String)> {
    let (_, judge) = KINDS.iter().find(|(known, _)| *known == kind).expect("a known kind");
    let judged = |case: Case| {
        let verdict = judge(&case.data["input"]);
        (case, verdict)
    };
    cases(&folder(), kind, "vectors").into_iter().map(judged).collect()
}

fn run(kind: &str) {
    compare(kind, &judged(kind));
}

/// P1, P3.
#[test]
fn pairs() {
    run("pairs");
}

/// P3, P20.
#[test]
fn challenges() {
    run("challenges");
}

/// P1, P4, P23.
#[test]
fn verification() {
    run("verification");
}

/// P6 to P10.
#[test]
fn redirects() {
    run("redirects");
}

/// P11, P13, P14, P15.
#[test]
fn token_responses() {
    run("token_responses");
}

/// P10, P11, M4, M6.
#[test]
fn configurations() {
    run("configurations");
}

/// P4, P7, P20, P26, P28.
#[test]
fn authorization_requests() {
    run("authorization_requests");
}

/// P15, M7, A31 of docs/mcp.md.
#[test]
fn resource_answers() {
    run("resource_answers");
}

/// P26.
#[test]
fn redirect_matching() {
    run("redirect_matching");
}

/// P5, P7, P21 to P25.
#[test]
fn token_requests() {
    run("token_requests");
}

/// P11, P12, M1, M2.
#[test]
fn well_known() {
    run("well_known");
}

/// P8, P11 to P13, P15, M2 to M4, M9.
#[test]
fn metadata() {
    run("metadata");
}

/// P11, M1, M7, M8.
#[test]
fn resource_metadata() {
    run("resource_metadata");
}

/// M1, M7.
#[test]
fn www_authenticate() {
    run("www_authenticate");
}

/// M8, P14.
#[test]
fn authorizations() {
    run("authorizations");
}

/// M4.
#[test]
fn client_documents() {
    run("client_documents");
}

/// P11, P16.
#[test]
fn id_tokens() {
    run("id_tokens");
}

/// P16.
#[test]
fn key_sets() {
    run("key_sets");
}

/// P15.
#[test]
fn dpop_proofs() {
    run("dpop_proofs");
}

/// P15.
#[test]
fn signatures() {
    run("signatures");
}

/// Threats: T25.
#[test]
fn sealed_sessions() {
    run("sealed_sessions");
}

#[test]
fn every_file_has_a_runner() {
    let known: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds(&folder()), known);
}

fn all_cases() -> Vec<Case> {
    let vectors = KINDS.iter().flat_map(|(kind, _)| cases(&folder(), kind, "vectors"));
    let transcripts = kinds(&transcripts());
    let transcripts =
        transcripts.iter().flat_map(|kind| cases(&self::transcripts(), kind, "transcripts"));
    vectors.chain(transcripts).collect()
}

#[test]
fn ids_are_unique_and_every_case_says_why_and_cites() {
    let cases = all_cases();
    let mut seen = BTreeMap::new();
    for case in &cases {
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(case.id.chars().all(kebab), "{}", case.id);
        assert!(seen.insert(case.id.clone(), ()).is_none(), "{} stands twice", case.id);
        let why = case.data["why"].as_str().expect("why");
        assert!(why.len() > 2, "{}", case.id);
        let cites = support::strings(&case.data["cites"]);
        assert!(!cites.is_empty() && cites.iter().all(|cite| !cite.is_empty()), "{}", case.id);
        assert!(!case.expect().contains(['\t', '\n']), "{}", case.id);
    }
    let vectors: usize = KINDS.iter().map(|(kind, _)| cases_of(kind)).sum();
    assert!(vectors >= 150, "{vectors} vectors");
    assert!(cases.len() - vectors >= 30, "{} transcripts", cases.len() - vectors);
}

fn cases_of(kind: &str) -> usize {
    cases(&folder(), kind, "vectors").len()
}

/// Writes `id<TAB>verdict`, sorted by id, for the comparison across languages. What is written is what
/// this core said, right or wrong.
#[test]
fn canonical_lines() {
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    for (kind, _) in KINDS {
        lines.extend(judged(kind).into_iter().map(|(case, verdict)| (case.id, verdict)));
    }
    for kind in kinds(&transcripts()) {
        for case in cases(&transcripts(), &kind, "transcripts") {
            let played = transcript::play(&case);
            lines.insert(case.id, played.verdict);
        }
    }
    let text: String = lines.iter().map(|(id, verdict)| format!("{id}\t{verdict}\n")).collect();
    let out = std::env::var_os("PROOFKEY_CANONICAL_OUT").map_or_else(
        || Path::new(env!("CARGO_TARGET_TMPDIR")).join("../canonical/rust.txt"),
        PathBuf::from,
    );
    let parent = out.parent().expect("a folder");
    std::fs::create_dir_all(parent).expect("the folder can be made");
    let part = parent.join(format!(".rust.txt.{}", std::process::id()));
    std::fs::write(&part, &text).expect("the file can be written");
    std::fs::rename(&part, &out).expect("the file can be renamed");
    assert_eq!(std::fs::read_to_string(&out).expect("the file is there"), text);
}
