//! The behaviour suite that every grant store must pass, for those who write one.
//!
//! Each function takes a [`Subject`] (a fresh, empty store with a clock that stands still) and panics
//! with a message where the store misbehaves. [`contract`] looks at the calls one by one, [`flows`]
//! at whole grants through the flows of the core, [`rotation`] at refresh tokens, [`bound`] at devices and keys.
//!
//! ```
//! # use proofkey_server::{clock::Clock, store::MemoryStore, testing::{self, Subject}};
//! # use std::sync::Arc;
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! let clock = Clock::manual(1_000_000);
//! let store = Arc::new(MemoryStore::with_clock(1_000, clock.clone()));
//! let subject = Subject { store, clock };
//! testing::contract::a_claim_happens_once_and_brings_its_tokens(&subject).await;
//! # }
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a suite panics where what it tests is wrong"
)]

pub mod bound;
pub mod contract;
pub mod faulty;
pub mod fixture;
pub mod flows;
pub mod pending;
pub mod rotation;

use crate::clock::Clock;
use crate::store::GrantStore;
use std::sync::Arc;

/// A store to be tested, with the manual clock that it was made with.
#[derive(Clone)]
pub struct Subject {
    /// The store: empty, with room for at least a thousand grants unless a function says otherwise.
    pub store: Arc<dyn GrantStore>,
    /// Its clock.
    pub clock: Clock,
}
