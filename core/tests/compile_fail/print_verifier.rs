//! A verifier is not printed.
use proofkey::verifier::CodeVerifier;

fn main() {
    let verifier = CodeVerifier::generate().unwrap();
    println!("{verifier}");
}
