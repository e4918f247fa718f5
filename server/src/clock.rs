//! The stores' clock: the system's, or one that a test moves by hand.

use crate::store::StoreError;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The clock of a store, in whole seconds since the epoch.
///
/// A store has one clock of its own and nobody else's time enters it, so that a grant expires at one
/// moment whichever server asks.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Manual(Arc<AtomicU64>),
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `seconds` until it is moved. Clones of it move together.
    #[must_use]
    pub fn manual(seconds: u64) -> Self {
        Self(Source::Manual(Arc::new(AtomicU64::new(seconds))))
    }

    /// Sets a manual clock, forward or back. Returns whether it is one: the system's is left alone.
    pub fn set(&self, seconds: u64) -> bool {
        match &self.0 {
            Source::System => false,
            Source::Manual(at) => {
                at.store(seconds, Ordering::SeqCst);
                true
            }
        }
    }

    /// Moves a manual clock forward by `seconds`. Returns whether it is one.
    pub fn advance(&self, seconds: u64) -> bool {
        match &self.0 {
            Source::System => false,
            Source::Manual(at) => {
                at.fetch_add(seconds, Ordering::SeqCst);
                true
            }
        }
    }

    /// The time now.
    ///
    /// # Errors
    /// [`StoreError::Clock`] if the system's clock stands before 1970: with such a clock nothing
    /// would ever expire.
    pub fn now(&self) -> Result<u64, StoreError> {
        match &self.0 {
            Source::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map(|since| since.as_secs())
                .map_err(|_| StoreError::Clock),
            Source::Manual(at) => Ok(at.load(Ordering::SeqCst)),
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}
