//! For how many codes a race is run.

/// So many: few by themselves, as many as `PROOFKEY_RACE_CODES` says by `tests/race`. With the 200 of the suite that
/// every store passes they are 500.
pub fn race_codes() -> usize {
    match std::env::var("PROOFKEY_RACE_CODES") {
        Ok(codes) => codes.parse().expect("PROOFKEY_RACE_CODES is no number"),
        Err(_) => 300,
    }
}
