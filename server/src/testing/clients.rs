//! What a [`ClientStore`] must do. Each check takes an empty store, and the clock that it goes by where it moves it.

use super::TestClock;
use crate::client::{ClientStore, MAX_CLIENT, NewClient, Registered, Room};
use proofkey::grant::client::ClientRecord;
use std::sync::Arc;
use tokio::task::JoinSet;

const ROOM: Room = Room { at_most: 100, spared_s: 10 };

/// All of them. `make` gives a fresh, empty store, the clock that it goes by, and what must outlive it.
pub async fn check_client_store<K>(
    make: impl AsyncFn() -> (Arc<dyn ClientStore>, Arc<dyn TestClock>, K),
) {
    let (store, clock, _keep) = make().await;
    a_client_is_found_as_it_registered(&*store, &*clock).await;
    let (store, _clock, _keep) = make().await;
    a_large_client_comes_back_whole(&*store).await;
    let (store, _clock, _keep) = make().await;
    its_token_alone_ends_a_registration(&*store).await;
    let (store, clock, _keep) = make().await;
    a_client_that_is_not_used_is_forgotten(&*store, &*clock).await;
    let (store, clock, _keep) = make().await;
    a_client_that_is_used_is_kept(&*store, &*clock).await;
    let (store, clock, _keep) = make().await;
    clients_are_bounded_and_used_ones_stay(&*store, &*clock).await;
    let (store, clock, _keep) = make().await;
    a_smaller_bound_is_come_to(&*store, &*clock).await;
    let (store, _clock, _keep) = make().await;
    of_many_one_is_registered_and_one_removes(store).await;
}

/// A client to be registered, of this identifier; it is kept for 1,000 s unless it is used.
#[must_use]
pub fn new(client_id: &str) -> NewClient {
    let client = ClientRecord {
        client_id: client_id.to_owned(),
        name: "An \"agent\" – ü \\".into(),
        redirect_uris: vec!["http://127.0.0.1/callback".into(), "com.example.app:/callback".into()],
        scopes: vec!["read".into(), "write".into()],
        may_refresh: true,
    };
    NewClient { client, token_hash: [7; 32], lifetime_s: 1_000 }
}

async fn is_there(store: &dyn ClientStore, client_id: &str) -> bool {
    store.registered(client_id).await.unwrap().row.is_some()
}

async fn register(store: &dyn ClientStore, client_id: &str, room: Room) -> Registered {
    store.register(new(client_id), room).await.unwrap()
}

/// A client is kept under an identifier that nobody has, and found by it as a string (RFC 6749 §2.2), with all that it
/// registered and nothing else.
pub async fn a_client_is_found_as_it_registered(store: &dyn ClientStore, clock: &dyn TestClock) {
    let plain = ClientRecord {
        client_id: "b".into(),
        name: "Another".into(),
        redirect_uris: Vec::new(),
        scopes: Vec::new(),
        may_refresh: false,
    };
    let plain = NewClient { client: plain, token_hash: [8; 32], lifetime_s: 5 };
    assert_eq!(register(store, "a", ROOM).await, Registered::Kept);
    assert_eq!(store.register(plain.clone(), ROOM).await.unwrap(), Registered::Kept);
    let taken = NewClient {
        client: ClientRecord { client_id: "a".into(), ..plain.client.clone() },
        ..plain.clone()
    };
    assert_eq!(store.register(taken, ROOM).await.unwrap(), Registered::Known);
    for expected in [new("a"), plain] {
        let seen = store.registered(&expected.client.client_id).await.unwrap();
        let found = seen.row.expect("a client that registered is not found");
        assert_eq!(found.client, expected.client);
        assert_eq!(seen.now, clock.now().await, "the store has another clock");
        assert_eq!((found.used, found.keep_until), (false, seen.now + expected.lifetime_s));
    }
    for other in ["", "A", "a ", "ab", "a%", "c"] {
        assert!(!is_there(store, other).await, "{other:?} is another identifier");
    }
}

/// The largest client there is.
pub async fn a_large_client_comes_back_whole(store: &dyn ClientStore) {
    let mut large = new("large");
    let uri = format!("https://a.example/{}", "x".repeat(1_982));
    large.client.redirect_uris = vec![uri; 4];
    let size = 5 + large.client.name.len() + 4 * 2_000;
    large.client.scopes = vec!["s".repeat(MAX_CLIENT - size)];
    assert_eq!(store.register(large.clone(), ROOM).await.unwrap(), Registered::Kept);
    assert_eq!(store.registered("large").await.unwrap().row.unwrap().client, large.client);
}

/// RFC 7592 §2.3: whoever has the token may end it, once; nobody else.
pub async fn its_token_alone_ends_a_registration(store: &dyn ClientStore) {
    let other = NewClient { token_hash: [9; 32], ..new("b") };
    assert_eq!(register(store, "a", ROOM).await, Registered::Kept);
    assert_eq!(store.register(other, ROOM).await.unwrap(), Registered::Kept);
    for (client_id, hash) in [("a", [9; 32]), ("a", [0; 32]), ("b", [7; 32]), ("c", [7; 32])] {
        assert!(!store.unregister(client_id, &hash).await.unwrap(), "{client_id} {}", hash[0]);
    }
    assert!(is_there(store, "a").await && is_there(store, "b").await);
    assert!(store.unregister("a", &[7; 32]).await.unwrap());
    assert!(!is_there(store, "a").await);
    assert!(!store.keep("a", 60).await.unwrap(), "what has gone cannot be kept");
    assert!(!store.unregister("a", &[7; 32]).await.unwrap(), "it has gone already");
    assert!(is_there(store, "b").await);
}

/// What was never used ends with its time, whatever is asked of it.
pub async fn a_client_that_is_not_used_is_forgotten(
    store: &dyn ClientStore,
    clock: &dyn TestClock,
) {
    assert_eq!(register(store, "a", ROOM).await, Registered::Kept);
    clock.advance(999).await;
    assert!(is_there(store, "a").await);
    clock.advance(1).await;
    assert!(!is_there(store, "a").await, "its time went on");
    assert!(!store.keep("a", 60).await.unwrap());
    assert!(!store.unregister("a", &[7; 32]).await.unwrap());
}

/// Using a client keeps it for as long as is said, and never for less than before.
pub async fn a_client_that_is_used_is_kept(store: &dyn ClientStore, clock: &dyn TestClock) {
    assert_eq!(register(store, "a", ROOM).await, Registered::Kept);
    assert_eq!(register(store, "b", ROOM).await, Registered::Kept);
    let begin = clock.now().await;
    let until = async || {
        let found = store.registered("a").await.unwrap().row.unwrap();
        assert_eq!(found.client, new("a").client);
        (found.used, found.keep_until - begin)
    };
    assert!(store.keep("a", 60).await.unwrap());
    assert_eq!(until().await, (true, 1_000), "it was kept longer already");
    clock.advance(500).await;
    assert!(store.keep("a", 5_000).await.unwrap());
    assert_eq!(until().await, (true, 5_500));
    assert!(store.keep("a", 0).await.unwrap());
    assert_eq!(until().await, (true, 5_500));
    clock.advance(4_999).await;
    assert!(is_there(store, "a").await && !is_there(store, "b").await);
    clock.advance(1).await;
    assert!(!is_there(store, "a").await);
    assert_eq!(register(store, "c", ROOM).await, Registered::Kept);
    assert!(store.keep("c", u64::MAX).await.unwrap());
    clock.advance(1_000_000).await;
    assert!(is_there(store, "c").await);
}

/// CVE-2026-67437: no more are kept than there is room for. The oldest that was never used makes room, once it is
/// spared no more; what was used never does.
pub async fn clients_are_bounded_and_used_ones_stay(
    store: &dyn ClientStore,
    clock: &dyn TestClock,
) {
    let room = Room { at_most: 3, spared_s: 10 };
    for client_id in ["a", "b", "c"] {
        assert_eq!(register(store, client_id, room).await, Registered::Kept, "{client_id}");
        clock.advance(1).await;
    }
    assert!(store.keep("a", 60).await.unwrap());
    clock.advance(7).await;
    assert_eq!(
        register(store, "d", room).await,
        Registered::Full,
        "one was used, the others are spared"
    );
    assert_eq!(register(store, "b", room).await, Registered::Known);
    clock.advance(1).await;
    assert_eq!(register(store, "d", room).await, Registered::Kept);
    assert!(is_there(store, "a").await, "a client that was used is pushed out");
    assert!(!is_there(store, "b").await, "the oldest that was not used makes room");
    assert!(is_there(store, "c").await && is_there(store, "d").await);
    assert!(store.keep("c", 60).await.unwrap());
    assert!(store.keep("d", 60).await.unwrap());
    clock.advance(59).await;
    assert_eq!(register(store, "e", room).await, Registered::Full, "all are used");
    assert!(!is_there(store, "e").await);
    // Whatever was used, the time of all is over.
    clock.advance(1_000).await;
    for client_id in ["f", "g", "h"] {
        assert_eq!(register(store, client_id, room).await, Registered::Kept, "{client_id}");
    }
    assert_eq!(register(store, "i", room).await, Registered::Full);
    assert!(store.unregister("g", &[7; 32]).await.unwrap());
    assert_eq!(register(store, "i", room).await, Registered::Kept, "one that leaves makes room");
    let none = Room { at_most: 0, spared_s: 0 };
    assert_eq!(register(store, "j", none).await, Registered::Full);
}

/// Where there are more than there is room for, those that may go do, and the others stay.
pub async fn a_smaller_bound_is_come_to(store: &dyn ClientStore, clock: &dyn TestClock) {
    for n in 0..100 {
        assert_eq!(register(store, &format!("a{n}"), ROOM).await, Registered::Kept, "{n}");
    }
    for n in 0..5 {
        assert!(store.keep(&format!("a{n}"), 5_000).await.unwrap());
    }
    clock.advance(10).await;
    let room = Room { at_most: 10, spared_s: 10 };
    let mut calls = 0;
    while register(store, "b", room).await == Registered::Full {
        calls += 1;
        assert!(calls < 10, "a backlog does not shrink");
    }
    let mut kept = 0;
    for n in 0..100 {
        let there = is_there(store, &format!("a{n}")).await;
        assert!(there || n >= 5, "a client that was used is pushed out");
        kept += u32::from(there);
    }
    assert_eq!(kept, 9, "as many go as have to, and no more");
}

/// Of 64 that come with one identifier one is kept; of 64 that end it one does.
pub async fn of_many_one_is_registered_and_one_removes(store: Arc<dyn ClientStore>) {
    let mut registering = JoinSet::new();
    for n in 0..64_u8 {
        let store = store.clone();
        let new = NewClient { token_hash: [n; 32], ..new("a") };
        registering.spawn(async move { (n, store.register(new, ROOM).await.unwrap()) });
    }
    let answers = registering.join_all().await;
    let kept: Vec<u8> =
        answers.iter().filter(|(_, told)| *told == Registered::Kept).map(|(n, _)| *n).collect();
    let known = answers.iter().filter(|(_, told)| *told == Registered::Known).count();
    assert_eq!((kept.len(), known), (1, 63));
    let mut removing = JoinSet::new();
    for _ in 0..64 {
        let (store, hash) = (store.clone(), [kept[0]; 32]);
        removing.spawn(async move { store.unregister("a", &hash).await.unwrap() });
    }
    assert_eq!(removing.join_all().await.into_iter().filter(|removed| *removed).count(), 1);
}
