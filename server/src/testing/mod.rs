//! The behaviour suite that every grant store must pass, for those who write one.
//!
//! [`check_store`] runs it whole. Each check is a function that takes a [`Subject`] (a fresh, empty store with a
//! clock that stands still) and panics with a message where the store misbehaves: [`contract`] looks at the calls
//! one by one, [`flows`] at whole grants through the flows of the core, [`rotation`] at refresh tokens, [`bound`]
//! at devices and keys. [`CHECKS`] lists them, for one test each. [`pending`] and [`clients`] are for the stores of
//! what is kept beside grants.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a suite panics where what it tests is wrong"
)]

pub mod bound;
mod checks;
pub mod clients;
mod clock;
pub mod contract;
pub mod faulty;
pub mod fixture;
pub mod flows;
pub mod pending;
pub mod rotation;

pub use checks::{CHECKS, Check, Room, check_store};
pub use clock::TestClock;

use crate::store::GrantStore;
use std::sync::Arc;

/// A store to be tested, with its clock.
#[derive(Clone)]
pub struct Subject {
    /// The store: empty, with room for at least a thousand grants unless a function says otherwise.
    pub store: Arc<dyn GrantStore>,
    /// Its clock.
    pub clock: Arc<dyn TestClock>,
}
