//! Runs `tests/vectors` and `tests/transcripts` over the C ABI with the core's own runners, and writes the
//! canonical lines `c.txt`. The format is in `tests/vectors/README.md`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

// The runners say `proofkey::…` and get the C functions.
extern crate proofkey_over_c as proofkey;

#[path = "../../../../core/tests/support/mod.rs"]
mod support;

#[path = "../../../../core/tests/vectors/access.rs"]
mod access;
#[path = "../../../../core/tests/vectors/client.rs"]
mod client;
#[path = "replay/crypto.rs"]
mod crypto;
#[path = "../../../../core/tests/vectors/jose.rs"]
mod jose;
#[path = "../../../../core/tests/vectors/metadata.rs"]
mod metadata;
#[path = "../../../../core/tests/vectors/resource.rs"]
mod resource;
#[path = "../../../../core/tests/vectors/server.rs"]
mod server;
#[path = "../../../../core/tests/vectors/store.rs"]
mod store;

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use support::{Case, cases, kinds, transcript};

fn folder(variable: &str, name: &str) -> PathBuf {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests").join(name);
    std::env::var_os(variable).map_or_else(own, PathBuf::from)
}

type Judge = fn(&Value) -> String;

/// Every kind and what judges it. A file of another name fails the run.
fn judge(kind: &str) -> Judge {
    match kind {
        "authorization_requests" => server::authorization_request,
        "authorizations" => access::authorization,
        "challenges" => crypto::challenge,
        "client_documents" => access::client_document,
        "configurations" => client::configuration,
        "dpop_proofs" => jose::dpop_proof,
        "id_tokens" => jose::id_token,
        "key_sets" => jose::key_set,
        "metadata" => metadata::metadata,
        "pairs" => crypto::pair,
        "redirect_matching" => server::redirect_match,
        "redirects" => client::redirect,
        "resource_answers" => resource::resource_answers,
        "resource_metadata" => metadata::resource_metadata,
        "sealed_sessions" => access::sealed_session,
        "signatures" => jose::signature,
        "token_requests" => server::token_request,
        "token_responses" => client::token_response,
        "verification" => crypto::verification,
        "well_known" => metadata::well_known,
        "www_authenticate" => metadata::www_authenticate,
        other => panic!("no runner for {other}"),
    }
}

/// Every case with the verdict that it came to over the C ABI.
fn judged() -> Vec<(Case, String)> {
    let vectors = folder("PROOFKEY_VECTORS_DIR", "vectors");
    let transcripts = folder("PROOFKEY_TRANSCRIPTS_DIR", "transcripts");
    let mut all = Vec::new();
    for kind in kinds(&vectors) {
        let judge = judge(&kind);
        all.extend(cases(&vectors, &kind, "vectors").into_iter().map(|case| {
            let verdict = judge(&case.data["input"]);
            (case, verdict)
        }));
    }
    for kind in kinds(&transcripts) {
        all.extend(cases(&transcripts, &kind, "transcripts").into_iter().map(|case| {
            let played = transcript::play(&case);
            if let Some(what) = played.mismatch {
                eprintln!("{}: {what}", case.id);
            }
            (case, played.verdict)
        }));
    }
    all
}

/// P1 to P16, P20 to P26, P28, P29, M1 to M4, M6 to M9 in C: each case comes to its verdict, and the lines
/// are written for the comparison across languages, right or wrong.
#[test]
fn vectors_and_transcripts_over_the_c_abi() {
    let judged = judged();
    let lines: BTreeMap<&str, &str> =
        judged.iter().map(|(case, verdict)| (case.id.as_str(), verdict.as_str())).collect();
    let text: String = lines.iter().map(|(id, verdict)| format!("{id}\t{verdict}\n")).collect();
    let out = std::env::var_os("PROOFKEY_CANONICAL_OUT").map_or_else(
        || Path::new(env!("CARGO_TARGET_TMPDIR")).join("../canonical/c.txt"),
        PathBuf::from,
    );
    let parent = out.parent().expect("a folder");
    std::fs::create_dir_all(parent).expect("the folder can be made");
    let part = parent.join(format!(".c.txt.{}", std::process::id()));
    std::fs::write(&part, text).expect("the file can be written");
    std::fs::rename(&part, &out).expect("the file can be renamed");
    support::compare("all", &judged);
}
