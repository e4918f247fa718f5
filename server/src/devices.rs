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
use std::sync::{Arc, Mutex, PoisonError};

/// So long an expired sign-in is still known, in seconds: its device is told that it has expired.
const KEPT_S: u64 = 600;

/// So many user codes that nobody has may be tried in [`GUESS_WINDOW_S`] seconds at each node (RFC 8628 §5.1). With
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
        Self { store, guesses: Mutex::default(), lifetime_s, interval_s }
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
        self.may_guess(now)?;
        let found = self.open(user_code, now).await.map_err(NotFound::Failed)?;
        if found.is_none() {
            self.guesses.lock().unwrap_or_else(PoisonError::into_inner).count += 1;
        }
        Ok(found.map(|open| open.waiting.request))
    }

    fn may_guess(&self, now: u64) -> Result<(), NotFound> {
        // A number cannot be half written.
        let mut guesses = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        let since = now.saturating_sub(guesses.since);
        if since >= GUESS_WINDOW_S {
            *guesses = Guesses { count: 0, since: now };
        } else if guesses.count >= MAX_GUESSES {
            return Err(NotFound::TooManyGuesses { retry_after_s: GUESS_WINDOW_S - since });
        }
        Ok(())
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
