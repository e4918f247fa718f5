//! `pairs`, `challenges`, `verification`.

use super::support::{string, text, word};
use proofkey::challenge::CodeChallenge;
use proofkey::verifier::CodeVerifier;
use proofkey::{Error, verify};
use serde_json::Value;

pub fn error(error: &Error) -> String {
    format!("error {}", error.code())
}

pub fn pair(input: &Value) -> String {
    match CodeVerifier::parse(&text(&input["verifier"])) {
        Ok(verifier) => {
            let mut verdict = "ok".to_owned();
            word(&mut verdict, "challenge", Some(&verifier.challenge().to_text()));
            verdict
        }
        Err(refused) => error(&refused),
    }
}

pub fn challenge(input: &Value) -> String {
    match CodeChallenge::parse(string(input, "challenge")) {
        Ok(challenge) => {
            let mut verdict = "ok".to_owned();
            word(&mut verdict, "challenge", Some(&challenge.to_text()));
            verdict
        }
        Err(refused) => error(&refused),
    }
}

pub fn verification(input: &Value) -> String {
    let result = CodeChallenge::parse(string(input, "challenge"))
        .and_then(|challenge| verify(string(input, "verifier"), &challenge));
    match result {
        Ok(matches) => matches.to_string(),
        Err(refused) => error(&refused),
    }
}
