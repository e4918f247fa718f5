//! A challenge cannot be the verifier itself.
use proofkey::challenge::CodeChallenge;
use proofkey::verifier::CodeVerifier;

fn main() {
    let verifier = CodeVerifier::generate().unwrap();
    let _: CodeChallenge = verifier;
}
