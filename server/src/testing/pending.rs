//! What a [`PendingStore`] must do. Each check takes an empty store and the clock that it goes by.

use super::TestClock;
use crate::pending::{Kind, PendingStore, Put};
use std::sync::Arc;
use tokio::task::JoinSet;

/// All of them. `make` gives a fresh, empty store with room for so many entries of each kind, the clock that it goes
/// by, and what must outlive it.
pub async fn check_pending_store<K>(
    make: impl AsyncFn(usize) -> (Arc<dyn PendingStore>, Arc<dyn TestClock>, K),
) {
    const CAPACITY: usize = 20;
    let (store, _clock, _keep) = make(CAPACITY).await;
    an_entry_is_kept_once(&*store).await;
    let (store, _clock, _keep) = make(CAPACITY).await;
    values_are_bytes(&*store).await;
    let (store, _clock, _keep) = make(CAPACITY).await;
    a_swap_needs_the_old_value(&*store).await;
    let (store, clock, _keep) = make(CAPACITY).await;
    entries_expire(&*store, async |seconds| clock.advance(seconds).await).await;
    let (store, _clock, _keep) = make(CAPACITY).await;
    of_many_one_wins(store).await;
    let (store, clock, _keep) = make(CAPACITY).await;
    entries_are_bounded(&*store, CAPACITY, async |seconds| clock.advance(seconds).await).await;
}

/// An entry is kept under a name that nobody has, and each kind has names of its own.
pub async fn an_entry_is_kept_once(store: &dyn PendingStore) {
    for kind in Kind::ALL {
        assert_eq!(store.put(kind, "n", kind.as_str().as_bytes(), 60).await.unwrap(), Put::Kept);
        assert_eq!(store.put(kind, "n", b"another", 60).await.unwrap(), Put::Known);
    }
    for kind in Kind::ALL {
        let found = store.get(kind, "n").await.unwrap();
        assert_eq!(found.as_deref(), Some(kind.as_str().as_bytes()));
    }
    assert_eq!(store.get(Kind::Pushed, "m").await.unwrap(), None);
}

/// Any bytes come back as they were.
pub async fn values_are_bytes(store: &dyn PendingStore) {
    let value: Vec<u8> = (0..=255).cycle().take(64 * 1024).collect();
    store.put(Kind::Pushed, "bytes", &value, 60).await.unwrap();
    store.put(Kind::Pushed, "none", b"", 60).await.unwrap();
    assert_eq!(store.get(Kind::Pushed, "bytes").await.unwrap(), Some(value));
    assert_eq!(store.take(Kind::Pushed, "none").await.unwrap(), Some(Vec::new()));
}

/// Only the value that was seen is replaced.
pub async fn a_swap_needs_the_old_value(store: &dyn PendingStore) {
    assert!(!store.swap(Kind::Device, "n", b"1", b"2").await.unwrap());
    store.put(Kind::Device, "n", b"1", 60).await.unwrap();
    assert!(!store.swap(Kind::Device, "n", b"2", b"3").await.unwrap());
    assert!(store.swap(Kind::Device, "n", b"1", b"2").await.unwrap());
    assert_eq!(store.get(Kind::Device, "n").await.unwrap().as_deref(), Some(&b"2"[..]));
}

/// An entry ends after its time, whatever is asked of it, and its name is free again. `advance` moves the store's
/// clock forward.
pub async fn entries_expire(store: &dyn PendingStore, advance: impl AsyncFn(u64)) {
    store.put(Kind::Device, "n", b"1", 60).await.unwrap();
    advance(59).await;
    assert!(store.swap(Kind::Device, "n", b"1", b"2").await.unwrap());
    advance(1).await;
    assert_eq!(store.get(Kind::Device, "n").await.unwrap(), None, "its time went on");
    assert!(!store.swap(Kind::Device, "n", b"2", b"3").await.unwrap());
    assert_eq!(store.take(Kind::Device, "n").await.unwrap(), None);
    assert_eq!(store.put(Kind::Device, "n", b"4", 60).await.unwrap(), Put::Kept);
    assert_eq!(store.take(Kind::Device, "n").await.unwrap().as_deref(), Some(&b"4"[..]));
}

/// Of 64 that put one name one keeps it; of 64 that take it one gets it.
pub async fn of_many_one_wins(store: Arc<dyn PendingStore>) {
    let mut putting = JoinSet::new();
    for n in 0..64_u8 {
        let store = store.clone();
        putting.spawn(async move { store.put(Kind::Proof, "n", &[n], 60).await.unwrap() });
    }
    let put = putting.join_all().await;
    assert_eq!(put.iter().filter(|put| **put == Put::Kept).count(), 1);
    assert_eq!(put.iter().filter(|put| **put == Put::Known).count(), 63);
    let mut taking = JoinSet::new();
    for _ in 0..64 {
        let store = store.clone();
        taking.spawn(async move { store.take(Kind::Proof, "n").await.unwrap() });
    }
    assert_eq!(taking.join_all().await.iter().flatten().count(), 1);
}

/// A store with room for so many refuses the next one, and expired entries make room. `advance` moves its clock.
pub async fn entries_are_bounded(
    store: &dyn PendingStore,
    capacity: usize,
    advance: impl AsyncFn(u64),
) {
    for n in 0..capacity {
        let put = store.put(Kind::Pushed, &n.to_string(), b"v", 60).await.unwrap();
        assert_eq!(put, Put::Kept, "{n}");
    }
    assert_eq!(store.put(Kind::Pushed, "more", b"v", 60).await.unwrap(), Put::Full);
    assert_eq!(store.put(Kind::Device, "other", b"v", 60).await.unwrap(), Put::Kept);
    advance(60).await;
    assert_eq!(store.put(Kind::Pushed, "more", b"v", 60).await.unwrap(), Put::Kept);
}
