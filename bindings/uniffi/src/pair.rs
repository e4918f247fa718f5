//! The pair of RFC 7636 on its own, and its verification.

use crate::error::Outcome;
use crate::guard::{call, shows};
use proofkey::challenge::CodeChallenge;
use proofkey::verifier::CodeVerifier;
use std::sync::Arc;

/// A code verifier and its challenge (RFC 7636 §4.1, §4.2), for those who make both requests on their own.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct CodePair(CodeVerifier);

shows!(CodePair, |_it| "CodePair(…)".to_owned());

#[uniffi::export]
impl CodePair {
    /// The pair of a verifier that was made elsewhere. `invalid_verifier` outside the grammar of RFC 7636 §4.1.
    #[uniffi::constructor]
    pub fn parse(verifier: String) -> Outcome<Arc<Self>> {
        call("CodePair.parse", || Ok(Arc::new(Self(CodeVerifier::parse(&verifier)?))))
    }

    /// The verifier itself. Copies made of it are the caller's to wipe.
    pub fn expose_verifier(&self) -> Outcome<String> {
        call("CodePair.expose_verifier", || Ok(self.0.expose_verifier().to_owned()))
    }

    /// The 43 characters for `code_challenge`; the method is `S256`.
    pub fn challenge(&self) -> Outcome<String> {
        call("CodePair.challenge", || Ok(self.0.challenge().to_text()))
    }
}

/// A new pair, from the system's generator. `random_unavailable` when that fails: there is no fallback.
#[uniffi::export]
pub fn pair() -> Outcome<Arc<CodePair>> {
    call("pair", || Ok(Arc::new(CodePair(CodeVerifier::generate()?))))
}

/// Reads a challenge as a server does and gives its one spelling, that of the text itself.
/// `invalid_challenge` unless it is 43 characters of base64url without padding whose spare bits are zero
/// (RFC 7636 §4.2, RFC 4648 §3.5).
#[uniffi::export]
pub fn parse_challenge(text: String) -> Outcome<String> {
    call("parse_challenge", || Ok(CodeChallenge::parse(&text)?.to_text()))
}

/// Whether the challenge is that of the verifier: the authorization server's check (RFC 7636 §4.6), in
/// constant time. `invalid_verifier` and `invalid_challenge` for texts outside the grammar.
#[uniffi::export]
pub fn verify(verifier: String, challenge: String) -> Outcome<bool> {
    call("verify", || Ok(proofkey::verify(&verifier, &CodeChallenge::parse(&challenge)?)?))
}
