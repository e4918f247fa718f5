//! Sign-ins of devices that wait for their user (RFC 8628).

mod row;

use crate::pending::{Kind, PendingStore, Put, hashed};
use crate::random;
use crate::store::StoreError;
use proofkey::grant::device::{
    Decision, DevicePoll, DeviceRequest, Polled, Waiting, unknown, user_code,
};
use proofkey::grant::policy::Policy;
use proofkey::secret::Secret;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So long an expired sign-in is still known, in seconds: its device is told that it has expired.
const KEPT_S: u64 = 600;

/// So many user codes that nobody has may be tried in [`GUESS_WINDOW_S`] seconds at each node (RFC 8628 §5.1), those
/// that are being looked up among them. With
/// a thousand sign-ins waiting, the chance of a hit is below one in 2 million in that time.
const MAX_GUESSES: u32 = 10;
const GUESS_WINDOW_S: u64 = 60;

/// So often a change is tried that others change meanwhile: a poll and a decision, seldom more.
const MAX_SWAPS: u32 = 16;

/// The sign-ins, of bounded number. Of device codes there are the hashes only.
pub struct Devices {
    store: Arc<dyn PendingStore>,
    guesses: Mutex<Guesses>,
    lifetime_s: u64,
    interval_s: u64,
    clients: Option<Vec<String>>,
}

#[derive(Default)]
struct Guesses {
    count: u32,
    since: u64,
}

/// A sign-in that has begun.
#[derive(Debug)]
pub struct Begun {
    /// What the device polls with: 256 random bits.
    pub device_code: Secret,
    /// What the user types: `WDJB-MJHT`.
    pub user_code: String,
}

/// Why a sign-in has not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotBegun {
    /// So many wait already that there is no room.
    Full,
    /// The system's random generator or a lock failed.
    Failed,
}

/// No user code is looked up.
#[derive(Debug)]
pub enum NotFound {
    /// So many wrong ones came that none is looked up for a while.
    TooManyGuesses {
        /// How long, in seconds.
        retry_after_s: u64,
    },
    /// The store failed.
    Failed(StoreError),
}

impl Devices {
    /// They wait in this store. Both codes live for `lifetime_s` seconds, and a device waits `interval_s` between
    /// polls.
    #[must_use]
    pub fn new(store: Arc<dyn PendingStore>, lifetime_s: u64, interval_s: u64) -> Self {
        Self { store, guesses: Mutex::default(), lifetime_s, interval_s, clients: None }
    }

    /// Only these clients may begin a sign-in, by their identifiers; the others hear `unauthorized_client` (RFC 6749
    /// §5.2). Without it every client may, and so may whoever borrows the name of one that users trust for a page that
    /// talks them into connecting a device (RFC 8628 §5.4).
    #[must_use]
    pub fn clients(mut self, client_ids: Vec<String>) -> Self {
        self.clients = Some(client_ids);
        self
    }

    /// Whether this client may begin a sign-in.
    #[must_use]
    pub fn serves(&self, client_id: &str) -> bool {
        self.clients.as_ref().is_none_or(|all| all.iter().any(|known| known == client_id))
    }

    /// How long the codes live, in seconds.
    #[must_use]
    pub const fn lifetime_s(&self) -> u64 {
        self.lifetime_s
    }

    /// How long a device waits between polls, in seconds.
    #[must_use]
    pub const fn interval_s(&self) -> u64 {
        self.interval_s
    }

    /// Begins a sign-in.
    ///
    /// # Errors
    /// [`NotBegun`] says why not.
    pub async fn begin(&self, request: DeviceRequest, now: u64) -> Result<Begun, NotBegun> {
        let device_code = random::text::<32>().map_err(|_| NotBegun::Failed)?;
        let user_code = user_code().map_err(|_| NotBegun::Failed)?;
        let waiting = Waiting {
            request,
            expires_at: now.saturating_add(self.lifetime_s),
            interval_s: self.interval_s,
            polled_at: None,
            decision: Decision::None,
        };
        let name = hashed(&[device_code.expose()]);
        self.put(Kind::UserCode, &user_code, name.as_bytes(), self.lifetime_s).await?;
        let until = self.lifetime_s.saturating_add(KEPT_S);
        match self.put(Kind::Device, &name, &row::write(&waiting), until).await {
            Ok(()) => Ok(Begun { device_code, user_code }),
            Err(why) => {
                // Should this fail as well, it expires.
                drop(self.store.take(Kind::UserCode, &user_code).await);
                Err(why)
            }
        }
    }

    async fn put(
        &self,
        kind: Kind,
        name: &str,
        value: &[u8],
        lifetime_s: u64,
    ) -> Result<(), NotBegun> {
        match self.store.put(kind, name, value, lifetime_s).await {
            Ok(Put::Kept) => Ok(()),
            Ok(Put::Full) => Err(NotBegun::Full),
            // A user code that another device has: so seldom that it may begin again.
            Ok(Put::Known) | Err(_) => Err(NotBegun::Failed),
        }
    }

    /// What waits for this user code, if it is not decided yet.
    ///
    /// # Errors
    /// [`NotFound::TooManyGuesses`], also for a code that is right, and [`NotFound::Failed`].
    pub async fn find(&self, user_code: &str, now: u64) -> Result<Option<DeviceRequest>, NotFound> {
        let window = self.guess(now)?;
        let found = self.open(user_code, now).await;
        if !matches!(found, Ok(None)) {
            self.was_no_guess(window);
        }
        Ok(found.map_err(NotFound::Failed)?.map(|open| open.waiting.request))
    }

    /// Counts a code before it is looked up: of many that come at once no more are. Gives the window that it counts in.
    fn guess(&self, now: u64) -> Result<u64, NotFound> {
        let mut guesses = self.guesses();
        match now.checked_sub(guesses.since) {
            Some(age) if age < GUESS_WINDOW_S => {
                if guesses.count >= MAX_GUESSES {
                    return Err(NotFound::TooManyGuesses { retry_after_s: GUESS_WINDOW_S - age });
                }
            }
            // Its time is over, or the clock was set back: that must not lock everybody out.
            _ => *guesses = Guesses { count: 0, since: now },
        }
        guesses.count += 1;
        Ok(guesses.since)
    }

    fn was_no_guess(&self, window: u64) {
        let mut guesses = self.guesses();
        if guesses.since == window {
            guesses.count = guesses.count.saturating_sub(1);
        }
    }

    fn guesses(&self) -> MutexGuard<'_, Guesses> {
        // A number cannot be half written.
        self.guesses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The user's decision. Says whether something waited for it.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn decide(
        &self,
        user_code: &str,
        decision: Decision,
        now: u64,
    ) -> Result<bool, StoreError> {
        for _ in 0..MAX_SWAPS {
            let Some(Open { name, old, mut waiting }) = self.open(user_code, now).await? else {
                return Ok(false);
            };
            waiting.decision = decision.clone();
            if self.store.swap(Kind::Device, &name, &old, &row::write(&waiting)).await? {
                // Nobody needs it any more. Should this fail, it expires.
                drop(self.store.take(Kind::UserCode, user_code).await);
                return Ok(true);
            }
        }
        Err(StoreError::Busy)
    }

    async fn open(&self, user_code: &str, now: u64) -> Result<Option<Open>, StoreError> {
        let Some(name) = self.store.get(Kind::UserCode, user_code).await? else {
            return Ok(None);
        };
        let name = String::from_utf8(name).unwrap_or_default();
        let Some(old) = self.store.get(Kind::Device, &name).await? else {
            return Ok(None);
        };
        let waiting = row::read(&old)?;
        let open = waiting.decision == Decision::None && waiting.expires_at > now;
        Ok(open.then_some(Open { name, old, waiting }))
    }

    /// Whether the user has allowed the sign-in of this poll: then the next poll of its client gets the tokens.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn is_allowed(&self, poll: &DevicePoll) -> Result<bool, StoreError> {
        let name = hashed(&[poll.device_code.expose()]);
        let Some(row) = self.store.get(Kind::Device, &name).await? else {
            return Ok(false);
        };
        let waiting = row::read(&row)?;
        let theirs = waiting.request.client_id == poll.client_id;
        Ok(theirs && matches!(waiting.decision, Decision::Allowed { .. }))
    }

    /// Judges a poll. A sign-in that is over, or whose tokens are to be made, is forgotten: of many polls at once,
    /// at whichever nodes, exactly one gets the tokens (RFC 8628 §3.4).
    ///
    /// # Errors
    /// [`StoreError`] if the store failed: then nothing is issued (P29).
    pub async fn poll(
        &self,
        poll: &DevicePoll,
        thumbprint: Option<String>,
        now: u64,
        policy: &Policy,
    ) -> Result<Polled, StoreError> {
        let name = hashed(&[poll.device_code.expose()]);
        for _ in 0..MAX_SWAPS {
            let Some(old) = self.store.get(Kind::Device, &name).await? else {
                return Ok(Polled::Over(unknown()));
            };
            let mut waiting = row::read(&old)?;
            let polled = waiting.poll(&poll.client_id, thumbprint.clone(), now, policy);
            if matches!(polled, Polled::Wait(_)) {
                let new = row::write(&waiting);
                if new == old || self.store.swap(Kind::Device, &name, &old, &new).await? {
                    return Ok(polled);
                }
                // Somebody was faster: the user, who has decided, or another poll.
                continue;
            }
            let ours = self.store.take(Kind::Device, &name).await?.is_some();
            return Ok(if ours { polled } else { Polled::Over(unknown()) });
        }
        Err(StoreError::Busy)
    }
}

/// A sign-in that is not decided yet.
struct Open {
    name: String,
    old: Vec<u8>,
    waiting: Waiting,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends with its first wrong step")]
    use super::*;
    use crate::clock::Clock;
    use crate::pending::MemoryPending;
    use async_trait::async_trait;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::task::JoinSet;

    /// A store that answers only when all that have come are waiting for it.
    struct Slow {
        inner: MemoryPending,
        asked: AtomicU32,
    }

    #[async_trait]
    impl PendingStore for Slow {
        async fn put(
            &self,
            kind: Kind,
            name: &str,
            value: &[u8],
            s: u64,
        ) -> Result<Put, StoreError> {
            self.inner.put(kind, name, value, s).await
        }

        async fn get(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            self.inner.get(kind, name).await
        }

        async fn swap(
            &self,
            k: Kind,
            name: &str,
            old: &[u8],
            new: &[u8],
        ) -> Result<bool, StoreError> {
            self.inner.swap(k, name, old, new).await
        }

        async fn take(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
            self.inner.take(kind, name).await
        }
    }

    fn devices() -> (Arc<Slow>, Arc<Devices>) {
        let inner = MemoryPending::new(Clock::manual(1_000));
        let store = Arc::new(Slow { inner, asked: AtomicU32::new(0) });
        (store.clone(), Arc::new(Devices::new(store, 600, 5)))
    }

    fn request() -> DeviceRequest {
        DeviceRequest {
            client_id: "tv".into(),
            scopes: Vec::new(),
            resource: None,
            authorization_details: None,
            may_refresh: false,
        }
    }

    /// P29, RFC 8628 §5.1: guesses that come at once are counted as if they came one by one.
    #[tokio::test]
    async fn guesses_at_once_are_as_few_as_guesses_in_turn() {
        let (store, devices) = devices();
        let mut all = JoinSet::new();
        for _ in 0..100 {
            let devices = devices.clone();
            all.spawn(async move { devices.find("BBBB-BBBB", 1_000).await.is_err() });
        }
        let refused = all.join_all().await.into_iter().filter(|refused| *refused).count();
        assert_eq!(store.asked.load(Ordering::SeqCst), MAX_GUESSES);
        assert_eq!(refused, 100 - MAX_GUESSES as usize);
    }

    /// Codes that are right are no guesses, and a clock that was set back locks nobody out.
    #[tokio::test]
    async fn whoever_types_a_right_code_uses_no_guess_up() {
        let (_, devices) = devices();
        let begun = devices.begin(request(), 1_000).await.unwrap();
        for _ in 0..=MAX_GUESSES {
            assert!(devices.find(&begun.user_code, 1_000).await.unwrap().is_some());
        }
        for _ in 0..MAX_GUESSES {
            assert!(devices.find("BBBB-BBBB", 1_000).await.unwrap().is_none());
        }
        let refused = devices.find(&begun.user_code, 1_001).await;
        assert!(matches!(refused, Err(NotFound::TooManyGuesses { retry_after_s: 59 })));
        assert!(devices.find(&begun.user_code, 990).await.is_ok());
    }
}
