//! Where the data key lies, with keyrings that are there, locked, empty, or broken.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A keyring as it may be.
#[derive(Default)]
struct Fake {
    entry: Mutex<Option<String>>,
    /// None answers.
    gone: Mutex<bool>,
    /// It opens only where somebody is asked.
    locked: Mutex<bool>,
    made: AtomicUsize,
}

impl Fake {
    fn open(&self, ask: bool) -> Result<Option<DataKey>, Error> {
        if *self.gone.lock().unwrap() || (*self.locked.lock().unwrap() && !ask) {
            return Err(Error::KeyringUnavailable { detail: "as the test wants it".into() });
        }
        let entry = self.entry.lock().unwrap();
        entry.as_deref().map(DataKey::from_text).transpose()
    }
}

impl Keyring for Fake {
    fn read(&self, ask: bool) -> Result<Option<DataKey>, Error> {
        self.open(ask)
    }

    fn read_or_make(&self) -> Result<DataKey, Error> {
        if let Some(key) = self.open(false)? {
            return Ok(key);
        }
        self.made.fetch_add(1, Ordering::SeqCst);
        let made = DataKey::generate()?;
        *self.entry.lock().unwrap() = Some(made.expose_text().to_string());
        Ok(made)
    }
}

struct Own {
    folder: tempfile::TempDir,
    keyring: Arc<Fake>,
}

impl Own {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), keyring: Arc::default() }
    }

    /// The store, as another program finds it.
    fn store(&self) -> FileStore {
        let keyring: Arc<dyn Keyring> = Arc::<Fake>::clone(&self.keyring);
        FileStore::with_keyring(&self.folder.path().join("store"), keyring).unwrap()
    }

    fn key(&self, ask: bool) -> Option<Vec<u8>> {
        self.store().data_key(ask).unwrap().map(|key| key.expose_bytes().to_vec())
    }
}

#[test]
fn the_key_is_made_in_the_keyring_once_and_found_by_all() {
    let own = Own::new();
    // Who may ask nobody makes nothing.
    assert_eq!(own.key(false), None);
    assert_eq!(own.store().key_place().unwrap(), KeyPlace::Undecided);
    let mut keys = std::collections::BTreeSet::new();
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..16).map(|_| scope.spawn(|| own.key(true).unwrap())).collect();
        keys.extend(asking.into_iter().map(|thread| thread.join().unwrap()));
    });
    assert_eq!((keys.len(), own.keyring.made.load(Ordering::SeqCst)), (1, 1));
    assert_eq!(own.store().key_place().unwrap(), KeyPlace::Keyring);
    assert_eq!(own.key(false), keys.pop_first());
}

#[test]
fn without_a_keyring_the_key_lies_in_a_file_from_then_on() {
    let own = Own::new();
    *own.keyring.gone.lock().unwrap() = true;
    let key = own.key(true).unwrap();
    assert_eq!(own.store().key_place().unwrap(), KeyPlace::File);
    // A keyring that comes later changes nothing: what is sealed must open.
    *own.keyring.gone.lock().unwrap() = false;
    assert_eq!((own.key(false), own.key(true)), (Some(key.clone()), Some(key)));
    assert_eq!(own.keyring.made.load(Ordering::SeqCst), 0);
}

/// Never a new key where the keyring does not answer: what the first has sealed would be lost.
#[test]
fn a_keyring_that_does_not_answer_is_an_error_and_never_a_new_key() {
    let own = Own::new();
    let key = own.key(true).unwrap();
    *own.keyring.gone.lock().unwrap() = true;
    for ask in [false, true] {
        let error = own.store().data_key(ask).unwrap_err();
        assert_eq!(error.code(), "keyring_unavailable");
    }
    assert_eq!(own.store().list().unwrap_err().code(), "keyring_unavailable");
    *own.keyring.gone.lock().unwrap() = false;
    *own.keyring.locked.lock().unwrap() = true;
    assert_eq!(own.store().data_key(false).unwrap_err().code(), "keyring_unavailable");
    assert_eq!(own.key(true), Some(key));
    assert_eq!(own.keyring.made.load(Ordering::SeqCst), 1);
}

#[test]
fn an_entry_that_is_gone_is_made_anew_by_a_sign_in_alone() {
    let own = Own::new();
    let first = own.key(true).unwrap();
    *own.keyring.entry.lock().unwrap() = None;
    assert_eq!(own.key(false), None);
    let second = own.key(true).unwrap();
    assert_ne!(first, second);
    assert_eq!(own.key(false), Some(second));
}

#[test]
fn what_is_no_key_is_not_used_as_one() {
    let own = Own::new();
    own.key(true).unwrap();
    *own.keyring.entry.lock().unwrap() = Some("a password of somebody else's".into());
    let error = own.store().data_key(true).unwrap_err();
    assert_eq!(error.code(), "invalid_configuration");
}

#[test]
fn the_store_is_the_files_behind_it() {
    let own = Own::new();
    let (store, other) = (own.store(), own.store());
    assert!(store.swap("tokens-a", Some(0), Some(b"value")).unwrap());
    assert!(!store.swap("tokens-a", Some(0), Some(b"late")).unwrap());
    let stored = other.load("tokens-a").unwrap().unwrap();
    assert_eq!(stored.value.expose(), b"value");
    let lock = store.lock("tokens-a", Duration::ZERO).unwrap().unwrap();
    assert!(other.lock("tokens-a", Duration::ZERO).unwrap().is_none());
    drop(lock);
    assert!(other.lock("tokens-a", Duration::ZERO).unwrap().is_some());
    // It is no record of tokens: the list says why, and goes on.
    let list = store.list().unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].as_ref().unwrap_err().code(), "record_unreadable");
    assert!(store.swap("tokens-a", None, None).unwrap());
    assert!(other.load("tokens-a").unwrap().is_none());
    assert!(!format!("{store:?}").contains("value"));
}
