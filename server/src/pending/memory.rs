//! Entries in this process's memory: for one node.

use super::{Kind, PendingStore, Put};
use crate::clock::Clock;
use crate::expiring::Expiring;
use crate::store::StoreError;
use async_trait::async_trait;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A store in memory, of bounded size. It ends with its process.
pub struct MemoryPending {
    rows: [Mutex<Expiring<Vec<u8>>>; Kind::ALL.len()],
    clock: Clock,
}

impl MemoryPending {
    /// An empty one, whose entries expire by this clock.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { rows: Kind::ALL.map(|kind| Mutex::new(Expiring::new(kind.capacity()))), clock }
    }

    /// The same with room for so many entries of each kind.
    #[must_use]
    pub fn with_capacity(clock: Clock, capacity: usize) -> Self {
        Self { rows: Kind::ALL.map(|_| Mutex::new(Expiring::new(capacity))), clock }
    }

    fn rows(&self, kind: Kind) -> MutexGuard<'_, Expiring<Vec<u8>>> {
        // Every change is one call: nothing is half done where a thread has panicked.
        self.rows[kind as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl PendingStore for MemoryPending {
    async fn put(
        &self,
        kind: Kind,
        name: &str,
        value: &[u8],
        lifetime_s: u64,
    ) -> Result<Put, StoreError> {
        let now = self.clock.now()?;
        let mut rows = self.rows(kind);
        if rows.get_mut(name, now).is_some() {
            return Ok(Put::Known);
        }
        let kept =
            rows.insert(name.to_owned(), value.to_vec(), now.saturating_add(lifetime_s), now);
        Ok(if kept { Put::Kept } else { Put::Full })
    }

    async fn get(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let now = self.clock.now()?;
        Ok(self.rows(kind).get_mut(name, now).cloned())
    }

    async fn swap(
        &self,
        kind: Kind,
        name: &str,
        old: &[u8],
        new: &[u8],
    ) -> Result<bool, StoreError> {
        let now = self.clock.now()?;
        let mut rows = self.rows(kind);
        let found = rows.get_mut(name, now).filter(|value| value.as_slice() == old);
        Ok(found.map(|value| *value = new.to_vec()).is_some())
    }

    async fn take(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let now = self.clock.now()?;
        let mut rows = self.rows(kind);
        if rows.get_mut(name, now).is_none() {
            return Ok(None);
        }
        Ok(rows.remove(name))
    }
}
