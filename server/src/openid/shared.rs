//! Keys that every node of a server has without telling the others: each is made of one secret and of the time.

use super::KEPT_S;
use super::key::Key;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

pub(super) struct SharedKeys {
    secret: Zeroizing<[u8; 32]>,
    lifetime_s: u64,
    /// Those of the periods around the present one.
    made: Mutex<BTreeMap<u64, Arc<Key>>>,
}

impl SharedKeys {
    pub(super) fn new(secret: [u8; 32], lifetime_s: u64) -> Self {
        let (secret, lifetime_s) = (Zeroizing::new(secret), lifetime_s.max(1));
        Self { secret, lifetime_s, made: Mutex::default() }
    }

    /// The one before, while it may still be needed; the next one, so that it is known when it comes; and last the
    /// one that signs.
    pub(super) fn published(&self, now: u64) -> Vec<Arc<Key>> {
        let period = now / self.lifetime_s;
        let mut periods = vec![period.saturating_add(1), period];
        let mut back = 1;
        // Of a short life several may be needed.
        while back <= period
            && (period - back + 1).saturating_mul(self.lifetime_s).saturating_add(KEPT_S) > now
        {
            periods.insert(0, period - back);
            back += 1;
        }
        // A map of keys cannot be half written.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.retain(|known, _| periods.contains(known));
        periods
            .iter()
            .filter_map(|period| {
                if let Some(key) = made.get(period) {
                    return Some(key.clone());
                }
                let key = Arc::new(Key::derive(&self.secret, *period).ok()?);
                made.insert(*period, key.clone());
                Some(key)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kids(keys: &SharedKeys, now: u64) -> Vec<String> {
        keys.published(now).iter().map(|key| key.kid.clone()).collect()
    }

    #[test]
    fn nodes_have_the_same_keys_and_each_is_known_before_it_signs() {
        let [one, another, stranger] = [7, 7, 8].map(|n| SharedKeys::new([n; 32], 3_600));
        let start = kids(&one, 36_000);
        assert_eq!(start, kids(&another, 36_000));
        assert_eq!(
            one.published(36_000)[2].sign("text"),
            another.published(36_000)[2].sign("text")
        );
        assert!(kids(&stranger, 36_000).iter().all(|kid| !start.contains(kid)));
        let [before, next, signs] = start.as_slice() else { unreachable!("three keys") };
        assert_eq!(kids(&one, 36_599), start);
        assert_ne!(before, signs);
        assert_eq!(kids(&one, 36_600), start[1..], "the one before is needed no more");
        let later = kids(&one, 39_600);
        assert_eq!((&later[0], &later[2]), (signs, next), "the next one signs");
    }

    #[test]
    fn keys_of_a_short_life_are_published_long_enough() {
        let keys = SharedKeys::new([7; 32], 200);
        assert_eq!(kids(&keys, 36_000).len(), 5);
        assert_eq!(kids(&SharedKeys::new([7; 32], 0), 5).len(), 7, "no lifetime is a second");
    }
}
