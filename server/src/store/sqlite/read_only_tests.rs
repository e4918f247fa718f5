//! A connection that refuses every write, as where a file system has become read-only under it.
#![allow(clippy::unwrap_used, reason = "a test ends with its first wrong step")]

use super::SqliteStore;
use crate::pending::{Kind, PendingStore};
use crate::store::{GrantStore, StoreError};
use crate::testing::fixture::{grant, passes, refresh, signed_in, token};

const HASH: [u8; 32] = [1; 32];

/// P29: every call that writes is an error, what is read is read, and the same store goes on.
#[tokio::test]
async fn writes_fail_until_they_are_possible_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("grants.db")).unwrap();
    let kept = signed_in(&store).await;
    let (grants, pending): (&dyn GrantStore, &dyn PendingStore) = (&store, &store);
    pending.put(Kind::Pushed, "n", b"v", 60).await.unwrap();
    let read_only = async |switch: bool| {
        let set = store.worker.read(move |c, _| Ok(c.pragma_update(None, "query_only", switch)?));
        set.await.unwrap();
    };
    read_only(true).await;
    for error in [
        grants.put(grant("g", HASH)).await.unwrap_err(),
        grants.claim("g", &HASH, 5, vec![token(HASH)]).await.unwrap_err(),
        grants.rotate("g", &HASH, 0, vec![token(HASH)]).await.unwrap_err(),
        grants.count("g").await.unwrap_err(),
        grants.revoke("g").await.unwrap_err(),
        pending.put(Kind::Pushed, "m", b"v", 60).await.unwrap_err(),
        pending.swap(Kind::Pushed, "n", b"v", b"w").await.unwrap_err(),
        pending.take(Kind::Pushed, "n").await.unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::Database { .. }), "{error}");
        assert!(error.to_string().contains("readonly"), "{error}");
    }
    assert!(passes(&store, &kept.access).await);
    assert_eq!(pending.get(Kind::Pushed, "n").await.unwrap().as_deref(), Some(&b"v"[..]));
    read_only(false).await;
    assert_eq!(refresh(&store, &kept.refresh, "", 0).await.status, 200);
    assert!(pending.take(Kind::Pushed, "n").await.unwrap().is_some());
}
