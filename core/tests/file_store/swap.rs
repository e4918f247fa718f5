//! Compare and swap, among threads and among processes.

use crate::remote::{Remote, say};
use crate::{LONG, Own};
use proofkey::file_store::{FileStore, StoreError, VALUE_MAX};
use std::collections::BTreeSet;
use std::sync::Barrier;

#[test]
fn a_value_is_stored_replaced_and_deleted_by_its_revision() {
    let own = Own::new();
    assert!(own.store.load("a").unwrap().is_none());
    assert!(!own.store.swap("a", 7, Some(b"x")).unwrap());
    assert!(own.store.swap("a", 0, Some(b"first")).unwrap());
    assert!(!own.store.swap("a", 0, Some(b"x")).unwrap());
    let first = own.store.load("a").unwrap().unwrap();
    assert_eq!(first.value.as_slice(), b"first");
    assert_eq!(format!("{first:?}"), format!("Stored {{ revision: {}, .. }}", first.revision));
    assert!(own.store.swap("a", first.revision, Some(b"second")).unwrap());
    assert!(!own.store.swap("a", first.revision, Some(b"x")).unwrap());
    assert!(!own.store.swap("a", first.revision, None).unwrap());
    assert_eq!(own.value("a").unwrap(), b"second");
    assert!(own.store.swap("a", own.revision("a"), None).unwrap());
    assert_eq!(own.value("a"), None);
    assert!(own.store.swap("a", 0, None).unwrap());
    // An empty value is one all the same, and other keys are others.
    own.put("a", b"");
    own.put("b", b"of b");
    assert_ne!(own.revision("a"), 0);
    assert_eq!((own.value("a").unwrap(), own.value("b").unwrap()), (vec![], b"of b".to_vec()));
}

#[test]
fn a_deletion_and_a_new_value_are_noticed() {
    // Sealed bytes are never the same twice, so a value that came back is another one.
    let own = Own::new();
    own.put("a", b"nonce-1 value");
    let seen = own.revision("a");
    assert!(own.store.swap("a", seen, None).unwrap());
    assert!(!own.store.swap("a", seen, Some(b"x")).unwrap());
    own.put("a", b"nonce-2 value");
    assert!(!own.store.swap("a", seen, Some(b"x")).unwrap());
    assert!(!own.store.swap("a", seen, None).unwrap());
    assert_eq!(own.value("a").unwrap(), b"nonce-2 value");
}

#[test]
fn the_largest_value_fits_and_one_byte_more_does_not() {
    let own = Own::new();
    own.put("a", &vec![7; VALUE_MAX]);
    assert_eq!(own.value("a").unwrap(), vec![7; VALUE_MAX]);
    let error = own.store.swap("a", own.revision("a"), Some(&vec![8; VALUE_MAX + 1])).unwrap_err();
    assert_eq!(error, StoreError::TooLarge { bytes: VALUE_MAX + 1 });
    assert_eq!(error.code(), "store_failed");
    assert_eq!(own.value("a").unwrap(), vec![7; VALUE_MAX]);
}

#[test]
fn a_key_is_a_name_that_every_file_system_takes() {
    let own = Own::new();
    let longest = "k".repeat(100);
    for key in ["a", "con", "0", "-", "write", "data-key", &longest] {
        own.put(key, key.as_bytes());
        assert_eq!(own.value(key).unwrap(), key.as_bytes());
        assert!(own.store.lock(key, 0).unwrap().is_some());
    }
    for key in ["", "A", "a_b", "a.b", "../a", "a/b", "ä", "a\0", "a ", &"k".repeat(101)] {
        assert_eq!(own.store.load(key).unwrap_err(), StoreError::InvalidKey, "{key:?}");
        assert_eq!(own.store.swap(key, 0, Some(b"x")).unwrap_err(), StoreError::InvalidKey);
        assert_eq!(own.store.lock(key, 0).unwrap_err(), StoreError::InvalidKey);
    }
    assert_eq!(StoreError::InvalidKey.code(), "store_failed");
}

/// Adds so many to the number that is stored, each under the lock of its key.
pub fn increment(store: &FileStore, times: u64) -> Result<String, StoreError> {
    for _ in 0..times {
        let lock = store.lock("counter", LONG)?.expect("busy");
        let stored = store.load("counter")?;
        let (revision, number) = stored.map_or((0, 0), |stored| {
            (stored.revision, String::from_utf8_lossy(&stored.value).parse::<u64>().unwrap())
        });
        assert!(store.swap("counter", revision, Some((number + 1).to_string().as_bytes()))?);
        drop(lock);
    }
    Ok(times.to_string())
}

#[test]
fn a_hundred_processes_lose_no_increment() {
    let own = Own::new();
    let mut all: Vec<_> = (0..100).map(|_| Remote::start(&own.path())).collect();
    for remote in &mut all {
        assert_eq!(remote.ask("load counter"), "0"); // each is there
    }
    all.iter_mut().for_each(|remote| remote.tell("increment 5"));
    for mut remote in all {
        assert_eq!(remote.hear().as_deref(), Some("5"));
        remote.end();
    }
    assert_eq!(own.value("counter").unwrap(), b"500");
    assert!(own.names("new-").is_empty());
}

/// Swaps without any lock until that many have succeeded, and says which revision each replaced.
pub fn win(store: &FileStore, times: u64, name: &str) -> Result<String, StoreError> {
    let mut won = 0;
    while won < times {
        let seen = store.load("contended")?.map_or(0, |stored| stored.revision);
        // As sealed bytes, no value comes twice.
        if store.swap("contended", seen, Some(format!("{name} {won} {seen}").as_bytes()))? {
            say(&seen.to_string());
            won += 1;
        }
    }
    Ok("done".to_owned())
}

#[test]
fn of_two_processes_that_swap_one_revision_one_succeeds() {
    const EACH: usize = 150;
    let own = Own::new();
    let mut two = ["one", "two"].map(|name| (name, Remote::start(&own.path())));
    for (name, remote) in &mut two {
        remote.tell(&format!("win {EACH} {name}"));
    }
    let mut replaced = BTreeSet::new();
    for (_, remote) in &mut two {
        while let Some(revision) = remote.hear().filter(|said| said != "done") {
            assert!(revision.parse::<u64>().is_ok(), "{revision}");
            assert!(replaced.insert(revision.clone()), "{revision} was replaced twice");
        }
    }
    assert_eq!(replaced.len(), 2 * EACH);
    // What was replaced and what is there now are all that was ever written, and nothing.
    assert!(replaced.contains("0") && !replaced.contains(&own.revision("contended").to_string()));
}

#[test]
fn of_eight_threads_that_swap_one_revision_one_succeeds() {
    const ROUNDS: usize = 40;
    let own = Own::new();
    let start = Barrier::new(8);
    // Nothing is asserted in a thread: one that ends leaves the others waiting.
    let tried: Vec<Vec<Result<bool, StoreError>>> = std::thread::scope(|scope| {
        let threads = [0; 8].map(|_| ()).map(|()| {
            scope.spawn(|| {
                let id = std::thread::current().id();
                let tries = (0..ROUNDS).map(|round| {
                    let seen = own.store.load("a").map(|found| found.map_or(0, |it| it.revision));
                    start.wait(); // all have seen the same
                    let value = format!("{id:?} in round {round}");
                    let won =
                        seen.and_then(|seen| own.store.swap("a", seen, Some(value.as_bytes())));
                    start.wait(); // all have tried
                    won
                });
                tries.collect()
            })
        });
        threads.map(|thread| thread.join().unwrap()).into()
    });
    for round in 0..ROUNDS {
        let won = tried.iter().filter(|tries| *tries[round].as_ref().unwrap());
        assert_eq!(won.count(), 1, "round {round}");
    }
}
