//! Where the data key is: decided once.

use crate::remote::Remote;
use crate::{Own, assert_error};
use proofkey::file_store::{FileStore, KeyPlace};
use std::collections::BTreeSet;
use std::fs;

#[test]
fn a_key_in_a_file_is_made_once_and_stays() {
    let own = Own::new();
    assert_eq!(own.store.key_place().unwrap(), KeyPlace::Undecided);
    let key = own.store.file_key().unwrap();
    assert_eq!(own.store.key_place().unwrap(), KeyPlace::File);
    assert_eq!(*own.store.file_key().unwrap(), *key);
    assert!(!own.store.decide_keyring().unwrap());
    assert_eq!(own.store.key_place().unwrap(), KeyPlace::File);
    assert_ne!(*Own::new().store.file_key().unwrap(), *key, "another folder has the same key");
    let mut remote = Remote::start(&own.path());
    assert_eq!(remote.ask("file-key"), format!("{:02x?}", *key));
}

#[test]
fn once_it_is_in_the_keyring_no_key_is_made_in_a_file() {
    assert_eq!((FileStore::KEYRING_SERVICE, FileStore::KEYRING_ACCOUNT), ("proofkey", "data-key"));
    let own = Own::new();
    assert!(own.store.decide_keyring().unwrap());
    assert!(own.store.decide_keyring().unwrap());
    assert_eq!(own.store.key_place().unwrap(), KeyPlace::Keyring);
    let error = own.store.file_key().unwrap_err();
    assert_error(&error, "store_denied", &own.path());
    assert!(error.to_string().contains("keyring"), "{error}");
    assert_eq!(own.store.key_place().unwrap(), KeyPlace::Keyring);
}

#[test]
fn of_many_processes_all_get_the_same_decision() {
    for round in 0..4 {
        let own = Own::new();
        let mut all: Vec<_> = (0..12).map(|_| Remote::start(&own.path())).collect();
        all.iter_mut().for_each(|remote| assert_eq!(remote.ask("load a"), "0"));
        let mut keys = BTreeSet::new();
        let mut decided = BTreeSet::new();
        for (n, remote) in all.iter_mut().enumerate() {
            // In the first round all want a file, in the others some want the keyring.
            let keyring = round > 0 && n % 2 == round % 2;
            remote.tell(if keyring { "decide-keyring" } else { "file-key" });
        }
        for remote in &mut all {
            let answer = remote.hear().unwrap();
            match answer.split(' ').next().unwrap() {
                "true" | "store_denied" => decided.insert("keyring"),
                "false" => decided.insert("file"),
                _ => keys.insert(answer) && decided.insert("file"),
            };
        }
        let place = own.store.key_place().unwrap();
        let expected = if place == KeyPlace::File { "file" } else { "keyring" };
        assert_eq!(decided, BTreeSet::from([expected]));
        assert_eq!(keys.len(), usize::from(place == KeyPlace::File));
        if let Some(key) = keys.first() {
            assert_eq!(*key, format!("{:02x?}", *own.store.file_key().unwrap()));
        }
    }
}

#[test]
fn a_damaged_key_is_kept_and_a_new_one_is_made() {
    let own = Own::new();
    let file = own.path().join("data-key");
    let key = own.store.file_key().unwrap();
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() - 1]).unwrap();
    let error = own.store.file_key().unwrap_err();
    assert_error(&error, "store_unreadable", &file);
    assert_eq!(fs::read(own.path().join("data-key.unreadable-1")).unwrap(), whole[..77]);
    assert_eq!(own.store.key_place().unwrap(), KeyPlace::Undecided);
    assert_ne!(*own.store.file_key().unwrap(), *key);
    // The same for a record in its place, and when it is looked at for the first time by another.
    own.put("a", b"value");
    fs::write(&file, fs::read(own.record("a")).unwrap()).unwrap();
    assert_error(&own.store.decide_keyring().unwrap_err(), "store_unreadable", &file);
    fs::write(&file, &whole).unwrap();
    own_only(&file);
    assert_eq!(*own.store.file_key().unwrap(), *key, "the copy that was put back");
}

/// What a user who puts a copy back must see to.
fn own_only(file: &std::path::Path) {
    #[cfg(unix)]
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let _ = file;
}
