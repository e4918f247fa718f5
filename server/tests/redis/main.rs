//! The store in Redis or Valkey, each test with a server of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test ends with its first wrong step"
)]

mod crash;
mod failing;
mod fitness;
mod keys;
mod leak;
mod private;
mod races;
mod suite;
