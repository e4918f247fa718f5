//! `pairs`, `challenges`, `verification`, by the C functions themselves.

use super::support::{string, text, word};
use proofkey::Error;
use proofkey::c::{self, call, view};
use proofkey_c::pair::{pk_challenge, pk_challenge_read, pk_challenge_write, pk_verify};
use serde_json::Value;

fn verdict(result: Result<String, Error>) -> String {
    match result {
        Ok(challenge) => {
            let mut verdict = "ok".to_owned();
            word(&mut verdict, "challenge", Some(&challenge));
            verdict
        }
        Err(error) => format!("error {}", error.code()),
    }
}

pub fn pair(input: &Value) -> String {
    let verifier = text(&input["verifier"]);
    let given = view(&verifier);
    // SAFETY: the verifier lives until the end of this function, the other pointers are `text`'s.
    let made = c::text(|b, n, l, e| unsafe { pk_challenge(given.data, given.length, b, n, l, e) });
    verdict(made.map(|challenge| challenge.expect("a challenge")))
}

pub fn challenge(input: &Value) -> String {
    let given = view(string(input, "challenge"));
    let mut bytes = [0; 32];
    // SAFETY: everything that is pointed to lives until the end of this function.
    let read = call(|error| unsafe {
        pk_challenge_read(given.data, given.length, bytes.as_mut_ptr(), error)
    });
    let written = read.and_then(|()| {
        // SAFETY: as above.
        c::text(|b, n, l, e| unsafe { pk_challenge_write(bytes.as_ptr(), b, n, l, e) })
    });
    verdict(written.map(|challenge| challenge.expect("a challenge")))
}

pub fn verification(input: &Value) -> String {
    let (verifier, challenge) = (view(string(input, "verifier")), view(string(input, "challenge")));
    let mut matches = false;
    // SAFETY: everything that is pointed to lives until the end of this function.
    let verified = call(|error| unsafe {
        pk_verify(
            verifier.data,
            verifier.length,
            challenge.data,
            challenge.length,
            &mut matches,
            error,
        )
    });
    match verified {
        Ok(()) => matches.to_string(),
        Err(error) => format!("error {}", error.code()),
    }
}
