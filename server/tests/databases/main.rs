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
#[path = "../common/outage.rs"]
mod endpoints;
mod flood;
#[path = "../killed/mod.rs"]
mod killed;
mod outage;
mod postgres;
#[path = "../common/race.rs"]
mod race;
mod redis;
mod server;
