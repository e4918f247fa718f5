//! The development server over real HTTP, with requests written byte by byte.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test ends with its first wrong step"
)]

mod bad_input;
#[path = "../common/mod.rs"]
mod common;
mod consent;
mod device;
mod discovery;
mod documents;
mod dpop;
mod guard;
mod introspect;
mod lifetime;
mod openid;
mod par;
mod prompt;
mod proof;
mod refresh;
mod registered;
mod registration;
mod requests;
mod sign_in;
mod step_up;
mod tokens;
