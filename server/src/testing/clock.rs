//! The clock of a store under test, moved by the suite.

use crate::clock::Clock;
use async_trait::async_trait;

/// The clock of a store under test: it stands still until the suite moves it.
///
/// [`Clock::manual`] is one, for stores that are given their clock. A store whose clock is its database's has
/// to read the time in one place that a test can exchange: a function in the schema, a key that its scripts
/// look at first. The suite panics if what [`now`](Self::now) says is not what the store then uses.
#[async_trait]
pub trait TestClock: Send + Sync {
    /// The time, in seconds since the epoch.
    async fn now(&self) -> u64;

    /// Sets it, forward or back.
    async fn set(&self, seconds: u64);

    /// Moves it forward by `seconds`.
    async fn advance(&self, seconds: u64) {
        self.set(self.now().await.saturating_add(seconds)).await;
    }
}

#[async_trait]
impl TestClock for Clock {
    async fn now(&self) -> u64 {
        Self::now(self).unwrap()
    }

    async fn set(&self, seconds: u64) {
        assert!(Self::set(self, seconds), "the system's clock is no clock to test with");
    }
}
