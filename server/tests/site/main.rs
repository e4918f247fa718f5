//! A site with users of its own: who signs in, who is asked, whose form is taken, and what its owner sees.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    reason = "a test ends with its first wrong step"
)]

#[path = "../common/mod.rs"]
mod common;

mod failing;
mod failing_scene;
mod limits;
mod nodes;
mod operations;
mod owner;
#[path = "../dev_server/proof.rs"]
mod proof;
mod removed;
mod sign_in;
