//! Threat "several processes refresh at once": the file store's lock on both sides of a fork. A child shares
//! its parent's open files, and with them the lock that lies on one.
#![cfg(target_os = "linux")]

mod support;

use proofkey::file_store::FileStore;
use std::io::Read as _;
use std::sync::atomic::{AtomicBool, Ordering};

/// Longer than any test waits, in milliseconds.
const LONG: u64 = 60_000;

fn store() -> (FileStore, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (FileStore::open(&folder.path().join("store")).unwrap(), folder)
}

fn is_free(store: &FileStore) -> bool {
    store.lock("a", 0).unwrap().is_some()
}

#[test]
fn a_child_that_drops_its_copy_of_a_lock_leaves_it_with_its_parent() {
    let (store, _folder) = store();
    let mut held = store.lock("a", 0).unwrap();
    let child = support::fork(|| {
        drop(held.take());
        is_free(&store).to_string()
    });
    assert_eq!(child.words(), "false");
    // Neither has the child's end freed it.
    assert_eq!(support::fork(|| is_free(&store).to_string()).words(), "false");
    drop(held);
    assert!(is_free(&store));
}

#[test]
fn a_parent_frees_its_lock_although_a_child_has_the_file_open() {
    let (store, _folder) = store();
    let held = store.lock("a", 0).unwrap();
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut writer = Some(writer);
    let child = support::fork(|| {
        drop(writer.take());
        reader.read(&mut [0]).unwrap().to_string() // until the parent closes its end
    });
    drop(held);
    assert!(is_free(&store));
    drop(writer);
    assert_eq!(child.words(), "0");
}

#[test]
fn a_child_of_a_busy_parent_waits_for_no_thread_that_it_does_not_have() {
    let (store, _folder) = store();
    let write = || {
        let lock = store.lock("a", LONG).unwrap();
        let seen = store.load("a").unwrap().map_or(0, |stored| stored.revision);
        let value = format!("{seen} by {}", std::process::id());
        let written = store.swap("a", seen, Some(value.as_bytes())).unwrap();
        lock.is_some() && written
    };
    let enough = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !enough.load(Ordering::Relaxed) {
                    assert!(write());
                }
            });
        }
        let through = (0..20).filter(|_| support::fork(|| write().to_string()).words() == "true");
        let through = through.count();
        enough.store(true, Ordering::Relaxed);
        assert_eq!(through, 20);
    });
}
