//! The stores that are servers of their own: the whole suite, races over two nodes, and what befalls a server.
//!
//! The suite `stores` builds these tests (`tests/run stores`); they start private servers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test ends with its first wrong step"
)]

mod crash;
#[path = "../killed/mod.rs"]
mod killed;
mod postgres;
mod redis;
mod server;

/// So many codes a race is run for: few by themselves, as many as `PROOFKEY_RACE_CODES` says by `tests/race`.
fn race_codes() -> usize {
    match std::env::var("PROOFKEY_RACE_CODES") {
        Ok(codes) => codes.parse().expect("PROOFKEY_RACE_CODES is no number"),
        Err(_) => 200,
    }
}
