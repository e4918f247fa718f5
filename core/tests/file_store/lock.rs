//! The lock of a key.

use crate::remote::{Remote, say};
use crate::{LONG, Own};
use proofkey::file_store::FileStore;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

#[test]
fn it_is_busy_until_it_is_dropped() {
    let own = Own::new();
    let held = own.store.lock("a", 0).unwrap().unwrap();
    assert!(own.store.lock("a", 0).unwrap().is_none());
    assert!(own.store.clone().lock("a", 0).unwrap().is_none());
    assert!(own.store.lock("b", 0).unwrap().is_some());
    drop(held);
    assert!(own.store.lock("a", 0).unwrap().is_some());
}

#[test]
fn who_holds_it_can_write_and_so_can_others() {
    let own = Own::new();
    let _held = own.store.lock("a", 0).unwrap().unwrap();
    own.put("a", b"by the holder");
    let mut remote = Remote::start(&own.path());
    assert_eq!(remote.ask("lock a 0"), "busy");
    assert_eq!(remote.ask(&format!("swap a {} other", own.revision("a"))), "true");
    remote.end();
    std::thread::scope(|scope| {
        let swapped = scope.spawn(|| own.store.swap("a", own.revision("a"), None));
        assert!(swapped.join().unwrap().unwrap());
    });
}

#[test]
fn two_threads_exclude_each_other_and_none_starves() {
    let own = Own::new();
    let inside = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let lock = own.store.lock("a", LONG).unwrap().unwrap();
                    assert!(!inside.swap(true, Ordering::SeqCst));
                    std::thread::yield_now();
                    inside.store(false, Ordering::SeqCst);
                    drop(lock);
                }
            });
        }
    });
}

/// Threads that hand the lock to one another without end.
pub fn hold_for_ever(store: &FileStore) -> ! {
    say("begun");
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let lock = store.lock("a", LONG).unwrap().unwrap();
                    let seen = store.load("b").unwrap().map_or(0, |stored| stored.revision);
                    let value = format!("not {seen}");
                    assert!(store.swap("b", seen, Some(value.as_bytes())).unwrap());
                    drop(lock);
                }
            });
        }
    });
    unreachable!("the threads never end")
}

#[test]
fn a_process_that_always_wants_it_leaves_others_their_chance() {
    let own = Own::new();
    let mut greedy = Remote::start(&own.path());
    assert_eq!(greedy.ask("hold-for-ever"), "begun");
    for _ in 0..10 {
        assert!(own.store.lock("a", LONG / 10).unwrap().is_some());
    }
}

#[test]
fn it_is_busy_at_the_deadline_and_not_before() {
    let own = Own::new();
    let mut remote = Remote::start(&own.path());
    assert_eq!(remote.ask("lock a 0"), "locked");
    let _of_this_process = own.store.lock("b", 0).unwrap().unwrap();
    for key in ["a", "b"] {
        let began = Instant::now();
        assert!(own.store.lock(key, 50).unwrap().is_none());
        assert!(began.elapsed() >= Duration::from_millis(50));
        assert!(began.elapsed() < Duration::from_secs(30));
    }
}

#[test]
fn it_may_be_freed_by_another_thread() {
    let own = Own::new();
    let held = own.store.lock("a", 0).unwrap().unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| own.store.lock("a", LONG).unwrap().is_some());
        scope.spawn(move || drop(held));
        assert!(waiting.join().unwrap());
    });
}

#[test]
fn it_is_free_when_its_holder_is_killed() {
    let own = Own::new();
    for _ in 0..20 {
        let mut holder = Remote::start(&own.path());
        assert_eq!(holder.ask("lock a 0"), "locked");
        assert!(own.store.lock("a", 0).unwrap().is_none());
        std::thread::scope(|scope| {
            let (began, begun) = mpsc::channel();
            let store = &own.store;
            let waiting = scope.spawn(move || {
                began.send(()).unwrap();
                store.lock("a", LONG).unwrap().is_some()
            });
            begun.recv().unwrap();
            holder.kill();
            assert!(waiting.join().unwrap());
        });
    }
}

#[cfg(unix)]
#[test]
fn a_program_that_its_holder_started_does_not_keep_it() {
    let own = Own::new();
    let mut holder = Remote::start(&own.path());
    assert_eq!(holder.ask("lock a 0"), "locked");
    assert_eq!(holder.ask("spawn"), "spawned");
    holder.kill();
    assert!(own.store.lock("a", LONG).unwrap().is_some());
    // That program was alive all the while: it has waited for this line.
    holder.tell("go on");
    assert_eq!(holder.hear().as_deref(), Some("alive"));
}

#[cfg(unix)]
#[test]
fn a_lock_file_that_somebody_deletes_is_made_anew() {
    for _ in 0..20 {
        let own = Own::new();
        let mut holder = Remote::start(&own.path());
        assert_eq!(holder.ask("lock a 0"), "locked");
        std::thread::scope(|scope| {
            let (began, begun) = mpsc::channel();
            let store = &own.store;
            let waiting = scope.spawn(move || {
                began.send(()).unwrap();
                store.lock("a", LONG).unwrap().unwrap()
            });
            begun.recv().unwrap();
            std::fs::remove_file(own.path().join("lock-a")).unwrap();
            holder.kill();
            // Whichever of the two files it saw first, it has the lock of the one that others see.
            let _lock = waiting.join().unwrap();
            let mut other = Remote::start(&own.path());
            assert_eq!(other.ask("lock a 0"), "busy");
        });
    }
}
