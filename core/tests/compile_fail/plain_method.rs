//! There is no method but S256.
use proofkey::challenge::ChallengeMethod;

fn main() {
    let _ = ChallengeMethod::Plain;
}
