//! A verifier is not copied.
use proofkey::verifier::CodeVerifier;

fn copy(verifier: &CodeVerifier) -> CodeVerifier {
    verifier.clone()
}

fn main() {}
