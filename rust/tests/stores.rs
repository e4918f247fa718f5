//! Stores that fail, at each call; callers that cancel, at each call; and the promises of the store in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proofkey_client::{
    CancelHandle, Client, DataKey, Error, Interaction, MemoryStore, Store, StoreLock, Stored,
};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::Server;
use support::approving;
use support::site::site;

/// What happens at the call with this number.
type Happens = Arc<dyn Fn(usize) -> Result<(), Error> + Send + Sync>;

/// A store in memory, of which each call can be made to fail.
#[derive(Clone)]
struct Faulty {
    inner: MemoryStore,
    calls: Arc<AtomicUsize>,
    happens: Happens,
}

impl Faulty {
    fn new(
        inner: &MemoryStore,
        happens: impl Fn(usize) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Self {
        Self { inner: inner.clone(), calls: Arc::default(), happens: Arc::new(happens) }
    }

    fn call(&self) -> Result<(), Error> {
        (self.happens)(self.calls.fetch_add(1, Ordering::SeqCst) + 1)
    }
}

impl Store for Faulty {
    fn load(&self, key: &str) -> Result<Option<Stored>, Error> {
        self.call()?;
        self.inner.load(key)
    }

    fn swap(&self, key: &str, revision: Option<u64>, value: Option<&[u8]>) -> Result<bool, Error> {
        self.call()?;
        self.inner.swap(key, revision, value)
    }

    fn lock(&self, key: &str, wait: Duration) -> Result<Option<StoreLock>, Error> {
        self.call()?;
        self.inner.lock(key, wait)
    }

    fn data_key(&self, _: bool) -> Result<Option<Arc<DataKey>>, Error> {
        self.call()?;
        Ok(None)
    }
}

fn client(
    server: &Server,
    store: impl Store + 'static,
    warnings: &Arc<Mutex<Vec<String>>>,
) -> Client {
    let warnings = Arc::clone(warnings);
    let builder = Client::builder().resource(server.url("/api")).client_name("Test").store(store);
    let builder = builder.browser(approving()).resumable(true);
    builder.on_warning(move |e| warnings.lock().unwrap().push(e.code().into())).build().unwrap()
}

/// Every call fails once, in a sign-in, a refresh and a sign-out: an error by its code, or a token with a warning;
/// and when the store works again everything goes on.
#[test]
fn a_store_that_fails_at_any_call_is_said_and_loses_nothing_that_was_issued() {
    for failing in 1..100 {
        let (server, issued) = site(|n| if n == 1 { 0 } else { 3600 });
        let (memory, warnings) = (MemoryStore::new(), Arc::default());
        let faulty = Faulty::new(&memory, move |n| {
            if n == failing { Err(Error::from_store("store_full", "no room")) } else { Ok(()) }
        });
        let client = client(&server, faulty.clone(), &warnings);
        let full =
            |error: &Error| assert_eq!(error, &Error::StoreFull { detail: "no room".into() });
        let mut failed = 0;
        let signed_in = client.sign_in();
        if let Err(error) = &signed_in {
            full(error);
            failed += 1;
            assert_eq!(
                issued.load(Ordering::SeqCst),
                0,
                "a token was issued and lost at {failing}"
            );
            client.sign_in().unwrap();
        }
        if let Err(error) = client.access_token(Interaction::Never) {
            // A sign-in that could not be kept is held, old as it is, by nobody.
            failed += 1;
            if error.code() != "sign_in_required" {
                full(&error);
            }
        }
        if client.access_token(Interaction::Never).is_err() {
            client.sign_in().unwrap();
        }
        if let Err(error) = client.sign_out() {
            full(&error);
            failed += 1;
            client.sign_out().unwrap();
        }
        let other = self::client(&server, memory, &Arc::default());
        let nothing = other.access_token(Interaction::Never).unwrap_err();
        assert_eq!(nothing.code(), "sign_in_required", "at {failing}");
        let warned = warnings.lock().unwrap();
        assert!(warned.iter().all(|code| code == "store_full"), "{warned:?}");
        if faulty.calls.load(Ordering::SeqCst) < failing {
            assert!(failing > 15, "only {failing} calls");
            assert_eq!((failed, warned.len()), (0, 0));
            return;
        }
        assert!(failed + warned.len() > 0, "nobody heard of the failure at {failing}");
    }
    panic!("the calls have no end");
}

/// A cancel at every call of the store: it is over, or it came in time; no lock is left, and the next one works.
#[test]
fn a_cancel_at_any_call_ends_the_flow_and_leaves_no_lock() {
    for cancelled in 1..100 {
        let (server, issued) = site(|n| if n == 1 { 0 } else { 3600 });
        let (memory, warnings) = (MemoryStore::new(), Arc::default());
        client(&server, memory.clone(), &warnings).sign_in().unwrap();
        let cancel = CancelHandle::new();
        let cancels = cancel.clone();
        let faulty = Faulty::new(&memory, move |n| {
            if n == cancelled {
                cancels.cancel();
            }
            Ok(())
        });
        let refreshing = client(&server, faulty.clone(), &warnings);
        let token = refreshing.access_token_until(Interaction::Never, &cancel);
        let (calls, refreshed) =
            (faulty.calls.load(Ordering::SeqCst), issued.load(Ordering::SeqCst) == 2);
        match token {
            // What the server has issued is kept, whoever has cancelled.
            Ok(token) => assert!(refreshed && token.expose() == "canary-at-2"),
            Err(error) => {
                assert!(!refreshed && error == Error::Cancelled, "{error} at {cancelled}")
            }
        }
        let other = client(&server, memory, &warnings);
        assert_eq!(other.access_token(Interaction::Never).unwrap().expose(), "canary-at-2");
        assert_eq!(issued.load(Ordering::SeqCst), 2);
        if calls < cancelled {
            assert!(cancelled > 5, "only {cancelled} calls");
            return;
        }
    }
    panic!("the calls have no end");
}

#[test]
fn the_store_in_memory_keeps_its_promises() {
    let store = MemoryStore::new();
    let other = store.clone();
    assert!(store.load("a").unwrap().is_none());
    assert!(!store.swap("a", Some(1), Some(b"x")).unwrap());
    assert!(store.swap("a", Some(0), Some(b"x")).unwrap());
    let first = other.load("a").unwrap().unwrap();
    assert!(first.revision > 0);
    assert_eq!(first.value.expose(), b"x");
    assert!(!other.swap("a", Some(0), Some(b"y")).unwrap());
    assert!(other.swap("a", Some(first.revision), None).unwrap());
    // The same value, stored anew, has another revision.
    assert!(store.swap("a", None, Some(b"x")).unwrap());
    assert!(!store.swap("a", Some(first.revision), None).unwrap());
    assert!(store.swap("a", None, None).unwrap() && store.swap("a", None, None).unwrap());

    let lock = store.lock("a", Duration::ZERO).unwrap().unwrap();
    assert!(other.lock("a", Duration::ZERO).unwrap().is_none());
    assert!(other.lock("b", Duration::ZERO).unwrap().is_some());
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| other.lock("a", support::LONG).unwrap().is_some());
        drop(lock);
        assert!(waiting.join().unwrap());
    });
    assert!(other.lock("a", Duration::ZERO).unwrap().is_some());
}
