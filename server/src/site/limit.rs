//! How many requests one address may send.

use crate::expiring::Expiring;
use std::sync::{Mutex, PoisonError};

/// The length of a window, in seconds.
const WINDOW_S: u64 = 60;

/// So many addresses are counted apart. When there are more, the rest share one count: nobody escapes the limit by
/// coming from everywhere, and the table is bounded.
const MAX_ADDRESSES: usize = 10_000;

/// Counts requests in windows of a minute, by address.
#[derive(Default)]
pub(super) struct Limiter(Option<(u32, Mutex<Windows>)>);

struct Windows {
    by_address: Expiring<u32>,
    others: (u64, u32),
}

/// How long to wait, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMany {
    pub(super) retry_after_s: u64,
}

impl Limiter {
    pub(super) fn per_minute(requests: u32) -> Self {
        let windows = Windows { by_address: Expiring::new(MAX_ADDRESSES), others: (0, 0) };
        Self(Some((requests, Mutex::new(windows))))
    }

    /// Counts a request to this endpoint.
    pub(super) fn admit(&self, endpoint: &str, address: &str, now: u64) -> Result<(), TooMany> {
        let Some((limit, windows)) = &self.0 else {
            return Ok(());
        };
        let name = format!("{endpoint} {address}");
        let until = now.saturating_add(WINDOW_S);
        // A number cannot be half written.
        let mut windows = windows.lock().unwrap_or_else(PoisonError::into_inner);
        let Windows { by_address, others } = &mut *windows;
        // A clock that was set back must not make a window longer.
        if by_address.until(&name, now).is_some_and(|known| known > until) {
            by_address.remove(&name);
        }
        if others.0 > until {
            *others = (until, 0);
        }
        if by_address.until(&name, now).is_none() && !by_address.insert(name.clone(), 0, until, now)
        {
            if others.0 <= now {
                *others = (until, 0);
            }
            return admit(&mut others.1, *limit, others.0, now);
        }
        let until = by_address.until(&name, now).unwrap_or(until);
        match by_address.get_mut(&name, now) {
            Some(count) => admit(count, *limit, until, now),
            None => Ok(()),
        }
    }
}

fn admit(count: &mut u32, limit: u32, until: u64, now: u64) -> Result<(), TooMany> {
    if *count >= limit {
        return Err(TooMany { retry_after_s: until.saturating_sub(now).max(1) });
    }
    *count += 1;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_and_endpoint_has_its_count() {
        let limiter = Limiter::per_minute(2);
        let admit = |endpoint, address, now| limiter.admit(endpoint, address, now);
        assert_eq!(admit("token", "a", 100), Ok(()));
        assert_eq!(admit("token", "a", 130), Ok(()));
        assert_eq!(admit("token", "a", 150), Err(TooMany { retry_after_s: 10 }));
        assert_eq!(admit("token", "b", 150), Ok(()));
        assert_eq!(admit("revoke", "a", 150), Ok(()));
        assert_eq!(admit("token", "a", 160), Ok(()), "the window is over");
        assert_eq!(Limiter::default().admit("token", "a", 0), Ok(()));
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let limiter = Limiter::per_minute(1);
        assert_eq!(limiter.admit("token", "a", 10_000), Ok(()));
        assert_eq!(limiter.admit("token", "a", 5_000), Ok(()));
        assert_eq!(limiter.admit("token", "a", 5_010), Err(TooMany { retry_after_s: 50 }));
        assert_eq!(limiter.admit("token", "a", 5_060), Ok(()));
    }

    #[test]
    fn whoever_finds_no_room_shares_a_count() {
        let limiter = Limiter::per_minute(1);
        for n in 0..MAX_ADDRESSES {
            assert_eq!(limiter.admit("token", &n.to_string(), 100), Ok(()));
        }
        assert_eq!(limiter.admit("token", "one more", 100), Ok(()));
        assert_eq!(limiter.admit("token", "and another", 101), Err(TooMany { retry_after_s: 59 }));
        assert_eq!(limiter.admit("token", "another", 160), Ok(()), "there is room again");
    }
}
