//! `id_tokens`, `key_sets`, `dpop_proofs`, `signatures`.

use super::metadata::refused;
use super::support::{body, number, optional, string, text, word};
use proofkey::grant::dpop::{ProofRequest, check_proof};
use proofkey::id_token::{IdTokenRequest, Verified, verify};
use proofkey::jose::{KeySet, raw_signature};
use serde_json::Value;
use std::fmt::Write as _;

pub fn id_token(input: &Value) -> String {
    let (issuer, client_id) = (string(input, "issuer"), string(input, "client_id"));
    let (nonce, access_token) = (optional(input, "nonce"), optional(input, "access_token"));
    let asked = IdTokenRequest {
        issuer,
        client_id,
        nonce: nonce.as_deref(),
        access_token: access_token.as_deref(),
        max_age: input["max_age"].as_u64(),
        now: number(input, "now"),
    };
    let keys = KeySet::read(text(&input["keys"]).as_bytes());
    match keys.and_then(|keys| verify(&text(&input["token"]), &keys, &asked)) {
        Ok(Verified::Good(identity)) => {
            let mut verdict = "ok".to_owned();
            word(&mut verdict, "sub", Some(&identity.subject));
            verdict
        }
        Ok(Verified::UnknownKey) => "unknown_key".to_owned(),
        Err(error) => refused(&error, input),
    }
}

pub fn key_set(input: &Value) -> String {
    match KeySet::read(&body(input)) {
        Ok(keys) => format!("ok keys={}", keys.len()),
        Err(error) => format!("error {}", error.code()),
    }
}

pub fn dpop_proof(input: &Value) -> String {
    let (access_token, nonce) = (optional(input, "access_token"), optional(input, "nonce"));
    let asked = ProofRequest {
        method: string(input, "method"),
        url: string(input, "url"),
        access_token: access_token.as_deref(),
        nonce: nonce.as_deref(),
        now: number(input, "now"),
        window_s: number(input, "window"),
    };
    match check_proof(&text(&input["field"]), &asked) {
        Ok(proof) => {
            let mut verdict = "ok".to_owned();
            word(&mut verdict, "thumbprint", Some(&proof.thumbprint));
            verdict
        }
        Err(defect) => format!("refused {}", defect.code()),
    }
}

pub fn signature(input: &Value) -> String {
    let hex = string(input, "signature");
    let bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal"))
        .collect();
    match raw_signature(&bytes) {
        Some(raw) => raw.iter().fold("ok raw=".to_owned(), |mut verdict, byte| {
            write!(verdict, "{byte:02x}").unwrap();
            verdict
        }),
        None => "refused".to_owned(),
    }
}
