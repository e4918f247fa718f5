//! The stores of registered clients, against the suite that each must pass, and how little a store keeps.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test ends with its first wrong step")]

use proofkey::grant::Hash;
use proofkey_server::client::{
    ClientStore, FoundClient, MemoryClients, NewClient, Registered, Room,
};
use proofkey_server::clock::Clock;
use proofkey_server::store::{Seen, SqliteOptions, StoreError};
use proofkey_server::testing::{TestClock, clients};
use rusqlite::Connection;
use std::sync::Arc;
use tempfile::TempDir;

const START: u64 = 1_800_000_000;
const ROOM: Room = Room { at_most: 1_000, spared_s: 10 };

fn in_memory(clock: Clock) -> (Arc<dyn ClientStore>, ()) {
    (Arc::new(MemoryClients::new(clock)), ())
}

fn in_sqlite(clock: Clock) -> (Arc<dyn ClientStore>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteOptions::default().clock(clock).open(folder.path().join("grants.db"));
    (Arc::new(store.unwrap()), folder)
}

/// CVE-2026-67437: whatever is registered, only so much is kept, and what was used stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn registered_clients_are_kept_in_memory() {
    clients::check_client_store(async || {
        let clock = Clock::manual(START);
        let (store, keep) = in_memory(clock.clone());
        (store, Arc::new(clock) as Arc<dyn TestClock>, keep)
    })
    .await;
}

/// CVE-2026-67437: the same in SQLite.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn registered_clients_are_kept_in_sqlite() {
    clients::check_client_store(async || {
        let clock = Clock::manual(START);
        let (store, keep) = in_sqlite(clock.clone());
        (store, Arc::new(clock) as Arc<dyn TestClock>, keep)
    })
    .await;
}

/// A store that pushes out a client that was used is found out.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[should_panic(expected = "one was used, the others are spared")]
async fn a_wrong_store_is_found_out() {
    let clock = Clock::manual(START);
    let store = Forgetful(in_memory(clock.clone()).0);
    clients::clients_are_bounded_and_used_ones_stay(&store, &clock).await;
}

/// Says that it keeps, and does not.
struct Forgetful(Arc<dyn ClientStore>);

#[async_trait::async_trait]
impl ClientStore for Forgetful {
    async fn register(&self, new: NewClient, room: Room) -> Result<Registered, StoreError> {
        self.0.register(new, room).await
    }

    async fn registered(&self, client_id: &str) -> Result<Seen<FoundClient>, StoreError> {
        self.0.registered(client_id).await
    }

    async fn keep(&self, _client_id: &str, _lifetime_s: u64) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn unregister(&self, client_id: &str, token_hash: &Hash) -> Result<bool, StoreError> {
        self.0.unregister(client_id, token_hash).await
    }
}

/// What is over goes in small batches, more at a time than come in.
#[tokio::test]
async fn what_is_over_goes_in_small_batches() {
    let (clock, folder) = (Clock::manual(START), tempfile::tempdir().unwrap());
    let path = folder.path().join("grants.db");
    let store = SqliteOptions::default().clock(clock.clone()).open(&path).unwrap();
    for n in 0..100 {
        let new = clients::new(&format!("a{n}"));
        assert_eq!(store.register(new, ROOM).await.unwrap(), Registered::Kept);
    }
    assert!(clock.advance(1_000));
    let beside = Connection::open(&path).unwrap();
    let mut left = Vec::new();
    for n in 0..5 {
        store.register(clients::new(&format!("b{n}")), ROOM).await.unwrap();
        let rows = beside.query_row("SELECT count(*) FROM clients", [], |row| row.get::<_, i64>(0));
        left.push(rows.unwrap());
    }
    assert_eq!(left, [69, 38, 7, 4, 5]);
}

/// P29: a row that was damaged is an error, and no client.
#[tokio::test]
async fn a_damaged_row_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    let store = SqliteOptions::default().open(&path).unwrap();
    store.register(clients::new("a"), ROOM).await.unwrap();
    let beside = Connection::open(&path).unwrap();
    for damage in ["'{}'", "'['", "replace(metadata, '\"read\"', '1')"] {
        let whole: String =
            beside.query_row("SELECT metadata FROM clients", [], |row| row.get(0)).unwrap();
        beside.execute(&format!("UPDATE clients SET metadata = {damage}"), []).unwrap();
        let error = store.registered("a").await.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { column: "clients.metadata" }), "{error}");
        beside.execute("UPDATE clients SET metadata = ?1", [whole]).unwrap();
        assert!(store.registered("a").await.unwrap().row.is_some());
    }
}
