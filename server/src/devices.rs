//! Sign-ins of devices that wait for their user (RFC 8628).

use crate::expiring::Expiring;
use crate::random;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proofkey::grant::device::{
    Decision, DevicePoll, DeviceRequest, Polled, Waiting, unknown, user_code,
};
use proofkey::grant::policy::Policy;
use proofkey::secret::Secret;
use sha2::{Digest as _, Sha256};
use std::sync::{Mutex, PoisonError};

/// So long an expired sign-in is still known, in seconds: its device is told that it has expired.
const KEPT_S: u64 = 600;

/// So many user codes that nobody has may be tried in [`GUESS_WINDOW_S`] seconds (RFC 8628 §5.1). With a thousand
/// sign-ins waiting, the chance of a hit is below one in 2 million in that time.
const MAX_GUESSES: u32 = 10;
const GUESS_WINDOW_S: u64 = 60;

/// The sign-ins, of bounded number. Of device codes there are the hashes only.
pub struct Devices {
    rows: Mutex<Rows>,
    lifetime_s: u64,
    interval_s: u64,
}

struct Rows {
    waiting: Expiring<Row>,
    guesses: u32,
    guessing_since: u64,
}

struct Row {
    user_code: String,
    waiting: Waiting,
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

/// So many wrong user codes came that none is looked up for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyGuesses {
    /// How long, in seconds.
    pub retry_after_s: u64,
}

impl Devices {
    /// Room for so many. Both codes live for `lifetime_s` seconds, and a device waits `interval_s` between polls.
    #[must_use]
    pub fn new(capacity: usize, lifetime_s: u64, interval_s: u64) -> Self {
        let waiting = Expiring::new(capacity);
        let rows = Rows { waiting, guesses: 0, guessing_since: 0 };
        Self { rows: Mutex::new(rows), lifetime_s, interval_s }
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
    pub fn begin(&self, request: DeviceRequest, now: u64) -> Result<Begun, NotBegun> {
        let device_code = random::text::<32>().map_err(|_| NotBegun::Failed)?;
        let user_code = user_code().map_err(|_| NotBegun::Failed)?;
        let expires_at = now.saturating_add(self.lifetime_s);
        let waiting = Waiting {
            request,
            expires_at,
            interval_s: self.interval_s,
            polled_at: None,
            decision: Decision::None,
        };
        let mut rows = self.rows.lock().map_err(|_| NotBegun::Failed)?;
        if rows.waiting.find_mut(now, |row| row.user_code == user_code).is_some() {
            return Err(NotBegun::Failed);
        }
        let row = Row { user_code: user_code.clone(), waiting };
        let until = expires_at.saturating_add(KEPT_S);
        if rows.waiting.insert(name(device_code.expose()), row, until, now) {
            Ok(Begun { device_code, user_code })
        } else {
            Err(NotBegun::Full)
        }
    }

    /// What waits for this user code, if it is not decided yet.
    ///
    /// # Errors
    /// [`TooManyGuesses`], also for a code that is right.
    pub fn find(&self, user_code: &str, now: u64) -> Result<Option<DeviceRequest>, TooManyGuesses> {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let since = now.saturating_sub(rows.guessing_since);
        if since >= GUESS_WINDOW_S {
            (rows.guesses, rows.guessing_since) = (0, now);
        } else if rows.guesses >= MAX_GUESSES {
            return Err(TooManyGuesses { retry_after_s: GUESS_WINDOW_S - since });
        }
        let found = rows.open(user_code, now).map(|waiting| waiting.request.clone());
        if found.is_none() {
            rows.guesses += 1;
        }
        Ok(found)
    }

    /// The user's decision. Says whether something waited for it.
    pub fn decide(&self, user_code: &str, decision: Decision, now: u64) -> bool {
        let Ok(mut rows) = self.rows.lock() else {
            return false;
        };
        rows.open(user_code, now).map(|waiting| waiting.decision = decision).is_some()
    }

    /// Judges a poll. A sign-in that is over, or whose tokens are to be made, is forgotten: of many polls at once
    /// exactly one gets the tokens (RFC 8628 §3.4).
    pub fn poll(
        &self,
        poll: &DevicePoll,
        thumbprint: Option<String>,
        now: u64,
        policy: &Policy,
    ) -> Polled {
        let name = name(poll.device_code.expose());
        let Ok(mut rows) = self.rows.lock() else {
            return Polled::Over(unknown());
        };
        let Some(row) = rows.waiting.get_mut(&name, now) else {
            return Polled::Over(unknown());
        };
        let polled = row.waiting.poll(&poll.client_id, thumbprint, now, policy);
        if !matches!(polled, Polled::Wait(_)) {
            rows.waiting.remove(&name);
        }
        polled
    }
}

impl Rows {
    fn open(&mut self, user_code: &str, now: u64) -> Option<&mut Waiting> {
        let row = self.waiting.find_mut(now, |row| row.user_code == user_code)?;
        let open = row.waiting.decision == Decision::None && row.waiting.expires_at > now;
        open.then_some(&mut row.waiting)
    }
}

fn name(device_code: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(device_code))
}
