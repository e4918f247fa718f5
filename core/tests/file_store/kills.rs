//! Processes that are killed while they write.

use crate::Own;
use crate::remote::{Remote, say};
use proofkey::file_store::{FileStore, StoreError};
use std::hash::{BuildHasher as _, RandomState};
use std::time::Instant;

const KILLS: u64 = 500;

/// Some blocks of the disk, and the number on each line of them.
fn value(number: u64) -> Vec<u8> {
    format!("{number}\n").repeat(2000).into_bytes()
}

/// The number of a value that is whole.
fn number(bytes: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(bytes);
    let number = text.lines().next().and_then(|line| line.parse().ok()).expect("a number");
    assert!(bytes == value(number), "a mixture of two values");
    number
}

/// Replaces each number by the next, and says it when it is stored.
pub fn count_for_ever(store: &FileStore) -> Result<String, StoreError> {
    loop {
        let stored = store.load("a")?.expect("a number");
        let next = number(&stored.value) + 1;
        assert!(store.swap("a", stored.revision, Some(&value(next)))?);
        say(&next.to_string());
    }
}

/// Where in a write the kill comes is the point of this test. So it waits for an event, and then for
/// a random part of the time that a write took. Gives the last number that was said to be stored.
fn kill_at_random(remote: &mut Remote) -> u64 {
    remote.hear().expect("the first number");
    let began = Instant::now();
    let mut said = remote.hear().expect("the second number");
    let write = began.elapsed();
    let part = RandomState::new().hash_one(&said) % 1000;
    let until = Instant::now() + write * u32::try_from(part).unwrap() / 1000;
    while Instant::now() < until {
        std::hint::spin_loop();
    }
    remote.kill();
    while let Some(more) = remote.hear() {
        said = more;
    }
    said.parse().unwrap()
}

#[test]
fn whoever_is_killed_leaves_the_old_value_or_the_new_and_no_lock() {
    let unfinished: usize = std::thread::scope(|scope| {
        let lanes = [0, 1].map(|_| scope.spawn(|| killed(KILLS / 2)));
        lanes.map(|lane| lane.join().unwrap()).iter().sum()
    });
    // Else the kills came between the writes, and this has shown nothing.
    assert!(unfinished > 0, "none of {KILLS} kills came while a file was being written");
}

/// How many of so many kills came in the middle of a write.
fn killed(times: u64) -> usize {
    let own = Own::new();
    own.put("a", &value(0));
    let mut unfinished = 0;
    for _ in 0..times {
        let mut remote = Remote::start(&own.path());
        remote.tell("count-for-ever");
        let said = kill_at_random(&mut remote);
        let stored = own.store.load("a").unwrap().expect("neither the old value nor the new");
        let now = number(&stored.value);
        assert!(now == said || now == said + 1, "{said} was stored, {now} is there");
        unfinished += own.names("new-").len();
        // Both locks are free, and what it had begun goes with the next write.
        assert!(own.store.lock("a", 0).unwrap().is_some());
        assert!(own.store.swap("a", stored.revision, Some(&value(now + 1))).unwrap());
        assert_eq!(own.names("new-").len(), 0);
    }
    assert!(own.names("record-a.").is_empty(), "a file was unreadable");
    unfinished
}

#[test]
fn only_files_of_that_shape_are_swept() {
    let own = Own::new();
    let left = own.path().join("new-AAAAAAAAAAAAAAAAAAAAAA");
    let foreign = own.path().join("new-notes.txt");
    std::fs::write(&left, "cut").unwrap();
    std::fs::write(&foreign, "of the user").unwrap();
    std::fs::create_dir(own.path().join("new-BBBBBBBBBBBBBBBBBBBBBB")).unwrap();
    own.put("a", b"value");
    assert_eq!(own.names("new-"), ["new-BBBBBBBBBBBBBBBBBBBBBB", "new-notes.txt"]);
}
