//! The store that ends with the program.

use super::{Store, StoreLock, Stored};
use proofkey::error::Error;
use proofkey::secret::SecretBytes;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Keeps everything in memory, for as long as the program runs. Clones are the same store: give one to
/// several clients and they share their sign-ins.
#[derive(Clone, Default)]
pub struct MemoryStore(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// A lock has become free.
    freed: Condvar,
}

#[derive(Default)]
struct State {
    records: HashMap<String, (u64, SecretBytes)>,
    /// The last revision that was given; it is never given again, also after a record was deleted.
    revision: u64,
    locked: HashSet<String>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl core::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "MemoryStore({})", self.0.lock().records.len())
    }
}

impl Shared {
    /// No code panics while it holds the mutex.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn load(&self, key: &str) -> Result<Option<Stored>, Error> {
        let state = self.0.lock();
        Ok(state.records.get(key).map(|(revision, value)| Stored {
            revision: *revision,
            value: SecretBytes::new(value.expose().to_vec()),
        }))
    }

    fn swap(&self, key: &str, revision: Option<u64>, value: Option<&[u8]>) -> Result<bool, Error> {
        let mut state = self.0.lock();
        let found = state.records.get(key).map_or(0, |(revision, _)| *revision);
        if revision.is_some_and(|expected| expected != found) {
            return Ok(false);
        }
        match value {
            Some(value) => {
                state.revision += 1;
                let record = (state.revision, SecretBytes::new(value.to_vec()));
                state.records.insert(key.to_owned(), record);
            }
            None => drop(state.records.remove(key)),
        }
        Ok(true)
    }

    fn lock(&self, key: &str, wait: Duration) -> Result<Option<StoreLock>, Error> {
        let until = Instant::now().checked_add(wait);
        let mut state = self.0.lock();
        while state.locked.contains(key) {
            let left = until.map_or(Duration::MAX, |until| until.duration_since(Instant::now()));
            if left.is_zero() {
                return Ok(None);
            }
            let waited = self.0.freed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.locked.insert(key.to_owned());
        Ok(Some(StoreLock::new(Held { shared: Arc::clone(&self.0), key: key.to_owned() })))
    }
}

struct Held {
    shared: Arc<Shared>,
    key: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.shared.lock().locked.remove(&self.key);
        self.shared.freed.notify_all();
    }
}
