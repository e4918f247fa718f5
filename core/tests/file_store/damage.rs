//! Files that are damaged, foreign or of another version: noticed, kept, and never used.

use crate::{Own, assert_error};
use proofkey::file_store::StoreError;
use std::fs;
use std::path::Path;

/// Changes the bytes of a file and leaves its rights as they are.
fn change(path: &Path, how: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = fs::read(path).unwrap();
    how(&mut bytes);
    fs::write(path, &bytes).unwrap();
    bytes
}

/// Reads a record that was damaged: an error that says where the file went, where it is byte for
/// byte, and then nothing.
fn is_set_aside(own: &Own, number: usize, reason: &str, bytes: &[u8]) {
    let error = own.store.load("a").unwrap_err();
    assert_error(&error, "store_unreadable", &own.record("a"));
    let kept = own.path().join(format!("record-a.unreadable-{number}"));
    assert_error(&error, "store_unreadable", &kept);
    assert!(error.to_string().contains(reason), "{error}");
    assert_eq!(fs::read(kept).unwrap(), bytes);
    assert!(own.store.load("a").unwrap().is_none());
}

/// What is wrong, as the error says it, and how a file comes to be so.
type Damage = (&'static str, fn(&mut Vec<u8>));

#[test]
fn each_kind_of_damage_is_named_and_kept() {
    let own = Own::new();
    let damages: [Damage; 8] = [
        ("is empty", Vec::clear),
        ("is cut short", |bytes| bytes.truncate(20)),
        ("is cut short", |bytes| bytes.truncate(bytes.len() - 1)),
        ("is longer than it says", |bytes| bytes.push(0)),
        ("its checksum is wrong", |bytes| *bytes.last_mut().unwrap() ^= 1),
        ("was not written by ProofKey", |bytes| *bytes = b"{\"access_token\": \"x\"}".to_vec()),
        ("is of an older version", |bytes| bytes[8] = 0),
        ("is larger than any", |bytes| bytes.resize(256 * 1024 + 1, 0)),
    ];
    for (number, (reason, how)) in damages.into_iter().enumerate() {
        own.put("a", b"value");
        let bytes = change(&own.record("a"), how);
        is_set_aside(&own, number + 1, reason, &bytes);
    }
    // What was set aside stays for ever, and a new value can be stored.
    own.put("a", b"new");
    assert_eq!(own.names("record-a.unreadable-").len(), 8);
    assert_eq!(own.value("a").unwrap(), b"new");
}

#[test]
fn a_swap_overwrites_nothing_that_it_cannot_read() {
    let own = Own::new();
    own.put("a", b"value");
    let seen = own.revision("a");
    let bytes = change(&own.record("a"), |bytes| bytes.truncate(30));
    let error = own.store.swap("a", seen, Some(b"new")).unwrap_err();
    assert_error(&error, "store_unreadable", &own.record("a"));
    assert_eq!(fs::read(own.path().join("record-a.unreadable-1")).unwrap(), bytes);
    // From then on there is nothing, so what was seen is gone.
    assert!(!own.store.swap("a", seen, Some(b"new")).unwrap());
    assert!(own.store.swap("a", 0, Some(b"new")).unwrap());
}

#[test]
fn who_writes_over_whatever_is_there_writes_over_what_cannot_be_read_and_keeps_it() {
    let own = Own::new();
    for new in [Some(&b"new"[..]), None] {
        own.put("a", b"value");
        change(&own.record("a"), |bytes| bytes.truncate(30));
        assert!(own.store.swap("a", None::<u64>, new).unwrap());
        assert_eq!(own.value("a").as_deref(), new);
        own.store.swap("a", None::<u64>, None).unwrap();
    }
    assert_eq!(own.names("record-a.unreadable-").len(), 2);
}

#[test]
fn the_keys_are_those_of_records_and_of_nothing_else() {
    let own = Own::new();
    assert!(own.store.keys().unwrap().is_empty());
    for key in ["b-2", "a", "con"] {
        own.put(key, b"value");
    }
    drop(own.store.lock("z", 0).unwrap());
    own.store.file_key().unwrap();
    fs::write(own.path().join("record-A"), "").unwrap();
    fs::write(own.path().join("record-a.unreadable-1"), "").unwrap();
    assert_eq!(own.store.keys().unwrap(), ["a", "b-2", "con"]);
    fs::remove_dir_all(own.path()).unwrap();
    assert!(own.store.keys().unwrap().is_empty());
}

#[test]
fn every_bit_of_a_file_counts() {
    let own = Own::new();
    own.put("a", b"value");
    let whole = fs::read(own.record("a")).unwrap();
    for bit in 0..whole.len() * 8 {
        let bytes = change(&own.record("a"), |bytes| {
            bytes.clone_from(&whole);
            bytes[bit / 8] ^= 1 << (bit % 8);
        });
        match own.store.load("a").unwrap_err() {
            StoreError::Unreadable { kept, .. } => fs::rename(kept.unwrap(), own.record("a")),
            // A bit of the version's byte: left as it is.
            StoreError::Newer { .. } if bit / 8 == 8 => Ok(()),
            other => panic!("bit {bit}: {other}"),
        }
        .unwrap();
        assert_eq!(fs::read(own.record("a")).unwrap(), bytes);
    }
    fs::write(own.record("a"), &whole).unwrap();
    assert_eq!(own.value("a").unwrap(), b"value");
}

#[test]
fn a_newer_file_is_refused_and_left_where_it_is() {
    let own = Own::new();
    own.put("a", b"value");
    let seen = own.revision("a");
    let newer = change(&own.record("a"), |bytes| {
        bytes.truncate(20);
        bytes[8] = 2;
    });
    for _ in 0..2 {
        let error = own.store.load("a").unwrap_err();
        assert_error(&error, "store_newer", &own.record("a"));
        assert!(error.to_string().contains("format 2"), "{error}");
        for (revision, value) in [(seen, Some(&b"new"[..])), (0, Some(b"new")), (seen, None)] {
            let error = own.store.swap("a", revision, value).unwrap_err();
            assert_error(&error, "store_newer", &own.record("a"));
        }
        assert_eq!(fs::read(own.record("a")).unwrap(), newer);
    }
    assert!(own.names("record-a.").is_empty());
}

#[test]
fn the_file_of_another_kind_is_not_taken_for_a_record() {
    let own = Own::new();
    own.store.file_key().unwrap();
    let key = fs::read(own.path().join("data-key")).unwrap();
    own.put("a", b"value");
    change(&own.record("a"), |bytes| bytes.clone_from(&key));
    is_set_aside(&own, 1, "holds something else", &key);
}

#[test]
fn a_folder_that_was_deleted_is_made_anew() {
    let own = Own::new();
    own.put("a", b"value");
    let seen = own.revision("a");
    fs::remove_dir_all(own.path()).unwrap();
    assert!(own.store.load("a").unwrap().is_none());
    assert!(!own.store.swap("a", seen, Some(b"new")).unwrap());
    own.put("a", b"new");
    fs::remove_dir_all(own.path()).unwrap();
    assert!(own.store.lock("a", 0).unwrap().is_some());
}
