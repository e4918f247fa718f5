//! A map of bounded size whose entries expire.

use std::collections::{BTreeSet, HashMap};

/// Entries by name. When it is full, the expired ones go; if that makes no room, nothing more comes in.
pub(crate) struct Expiring<V> {
    rows: HashMap<String, (u64, V)>,
    by_expiry: BTreeSet<(u64, String)>,
    capacity: usize,
}

impl<V> Expiring<V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { rows: HashMap::new(), by_expiry: BTreeSet::new(), capacity }
    }

    /// Takes an entry in, until this moment. `false` if there is one of that name or no room.
    pub(crate) fn insert(&mut self, name: String, value: V, expires_at: u64, now: u64) -> bool {
        if self.rows.get(&name).is_some_and(|(until, _)| *until <= now) {
            self.remove(&name);
        }
        if self.rows.len() >= self.capacity {
            self.sweep(now);
        }
        if self.rows.len() >= self.capacity || self.rows.contains_key(&name) {
            return false;
        }
        self.by_expiry.insert((expires_at, name.clone()));
        self.rows.insert(name, (expires_at, value));
        true
    }

    /// The entry of this name, unless it has expired.
    pub(crate) fn get_mut(&mut self, name: &str, now: u64) -> Option<&mut V> {
        self.rows.get_mut(name).filter(|(until, _)| *until > now).map(|(_, value)| value)
    }

    /// Until when the entry of this name is there, unless it has expired.
    #[cfg(feature = "router")]
    pub(crate) fn until(&self, name: &str, now: u64) -> Option<u64> {
        self.rows.get(name).map(|(until, _)| *until).filter(|until| *until > now)
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<V> {
        let (until, value) = self.rows.remove(name)?;
        self.by_expiry.remove(&(until, name.to_owned()));
        Some(value)
    }

    fn sweep(&mut self, now: u64) {
        while self.by_expiry.first().is_some_and(|(until, _)| *until <= now) {
            if let Some((_, name)) = self.by_expiry.pop_first() {
                self.rows.remove(&name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_bounded_and_expire() {
        let mut map = Expiring::new(2);
        assert!(map.insert("a".into(), 1, 10, 0));
        assert!(!map.insert("a".into(), 2, 10, 0), "it is there");
        assert!(map.insert("b".into(), 2, 20, 0));
        assert!(!map.insert("c".into(), 3, 20, 9), "full");
        assert_eq!(map.get_mut("a", 9), Some(&mut 1));
        assert_eq!(map.get_mut("a", 10), None);
        assert!(map.insert("c".into(), 3, 20, 10), "room again");
        assert_eq!(map.remove("c"), Some(3));
        assert!(map.insert("b".into(), 4, 30, 20), "the old one has expired");
        assert_eq!(map.get_mut("b", 20), Some(&mut 4));
    }
}
