//! How much of what arrived and how it was answered: for tests, which read it instead of guessing.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Counters by endpoint, by whether it is about requests that arrived or answers that were made, and by
/// name. No name comes from a request.
#[derive(Debug, Default)]
pub struct Counters(Mutex<BTreeMap<Key, u64>>);

type Key = (&'static str, &'static str, &'static str);

impl Counters {
    /// A request arrived; nothing of it was judged yet.
    pub fn arrived(&self, endpoint: &'static str, what: &'static str) {
        self.add((endpoint, "arrived", what));
    }

    /// A request is answered.
    pub fn answered(&self, endpoint: &'static str, how: &'static str) {
        self.add((endpoint, "answered", how));
    }

    /// All of them: `{"token": {"answered": {"issued": 1}, "arrived": {"authorization_code": 1}}}`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut all = Map::new();
        for ((endpoint, when, what), count) in self.lock().iter() {
            let endpoint = all.entry(*endpoint).or_insert_with(|| Value::Object(Map::new()));
            endpoint[*when][*what] = (*count).into();
        }
        Value::Object(all)
    }

    /// Goes through all of them: endpoint, `arrived` or `answered`, name; and the number.
    pub fn each(&self, mut visit: impl FnMut((&'static str, &'static str, &'static str), u64)) {
        let all = self.lock().clone();
        for (key, count) in all {
            visit(key, count);
        }
    }

    fn add(&self, key: Key) {
        *self.lock().entry(key).or_default() += 1;
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, u64>> {
        // A number cannot be half written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_told() {
        let counters = Counters::default();
        assert_eq!(counters.to_json(), serde_json::json!({}));
        counters.arrived("token", "refresh_token");
        counters.arrived("token", "refresh_token");
        counters.answered("token", "refreshed");
        counters.answered("revoke", "token_revoked");
        let told = serde_json::json!({
            "token": { "arrived": { "refresh_token": 2 }, "answered": { "refreshed": 1 } },
            "revoke": { "answered": { "token_revoked": 1 } },
        });
        assert_eq!(counters.to_json(), told);
    }
}
