//! A server that is gone, hangs, is full, or is no primary any more: errors, no token, and afterwards all is well
//! without a restart of ours.

use super::private::Private;
use crate::endpoints::{Endpoints, Still};
use proofkey_server::store::{GrantStore as _, RedisStore, StoreError};
use proofkey_server::testing::fixture::{
    access_token, grant, issued, passes, redeem, refresh, signed_in, token,
};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

const CODE: [u8; 32] = [1; 32];

/// Every call fails, and with the flows nobody gets in.
async fn everything_fails(store: &RedisStore) {
    assert!(store.put(grant("new", CODE)).await.is_err());
    assert!(store.find("g", &CODE).await.is_err());
    assert!(store.claim("g", &CODE, 5, vec![token([2; 32])]).await.is_err());
    assert!(store.rotate("g", &CODE, 0, vec![token([2; 32])]).await.is_err());
    assert!(store.count("g").await.is_err());
    assert!(store.revoke("g").await.is_err());
    assert!(store.find_token("g", &CODE).await.is_err());
    assert!(store.len().await.is_err());
}

/// Gone by SIGKILL and back on the same files.
#[tokio::test]
async fn a_server_that_is_gone_and_comes_back() {
    let mut server = Private::lasting();
    let store = server.store().await;
    let tokens = signed_in(&store).await;
    let (verifier, code) = issued(&store).await;
    for _ in 0..2 {
        server.0.tell("kill");
        for _ in 0..2 {
            everything_fails(&store).await;
        }
        let answer = redeem(&store, &code, Some(verifier.expose_verifier())).await;
        assert_eq!((answer.status, access_token(&answer)), (500, None));
        assert!(!passes(&store, &tokens.access).await, "a token passed unseen");
        server.0.tell("start");
        assert!(passes(&store, &tokens.access).await);
    }
    let answer = redeem(&store, &code, Some(verifier.expose_verifier())).await;
    assert_eq!(answer.status, 200);
}

fn signal(server: &Private, signal: &str) {
    let pid = server.0.ready["pid"].to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
}

/// One that hangs: each call ends at its deadline. What was sent may happen when it goes on: nobody was told
/// that it did, and nobody was told that it did not.
#[tokio::test]
async fn a_server_that_hangs() {
    let server = Private::start();
    let options = server.options().deadline(Duration::from_millis(100));
    let store = options.connect().await.unwrap();
    store.put(grant("g", CODE)).await.unwrap();
    signal(&server, "-STOP");
    for _ in 0..2 {
        let error = store.claim("g", &CODE, 5, vec![token([2; 32])]).await.unwrap_err();
        assert!(matches!(error, StoreError::TimedOut { .. }), "{error}");
    }
    signal(&server, "-CONT");
    let store = server.store().await;
    let used = store.find("g", &CODE).await.unwrap().row.unwrap().used;
    assert_eq!(store.find_token("g", &[2; 32]).await.unwrap().row.is_some(), used);
    assert_eq!(store.claim("g", &CODE, 5, Vec::new()).await.unwrap(), !used);
}

/// A full one takes no grant, no claim and no rotation; a revocation it does, for that needs no memory.
#[tokio::test]
async fn a_full_server_gives_nothing_and_still_revokes() {
    let server = Private::start();
    let store = Arc::new(server.store().await);
    let endpoints = Endpoints::over(&store);
    let begun = endpoints.begun().await;
    let store = &*store;
    let tokens = signed_in(store).await;
    let (verifier, code) = issued(store).await;
    let () = server.admin("CONFIG SET maxmemory 1");
    assert!(store.put(grant("new", CODE)).await.is_err());
    let answer = redeem(store, &code, Some(verifier.expose_verifier())).await;
    assert_eq!((answer.status, access_token(&answer)), (500, None));
    let answer = refresh(store, &tokens.refresh, "", 0).await;
    assert_eq!((answer.status, access_token(&answer)), (500, None));
    assert!(passes(store, &tokens.access).await);
    let (grant_id, _) = tokens.access.split_once('.').unwrap();
    store.revoke(grant_id).await.unwrap();
    assert!(!passes(store, &tokens.access).await);
    endpoints.nothing_is_given(&begun, Still { reads: true, revokes: true }).await;
    let () = server.admin("CONFIG SET maxmemory 0");
    let answer = redeem(store, &code, Some(verifier.expose_verifier())).await;
    assert_eq!(answer.status, 200, "what was refused for want of room has changed nothing");
    endpoints.all_goes_on(begun).await;
}

/// One that became a replica answers nothing, not even what it knows: its primary may know of a revocation.
#[tokio::test]
async fn a_server_that_became_a_replica() {
    let (server, primary) = (Private::start(), Private::start());
    let store = Arc::new(server.store().await);
    let endpoints = Endpoints::over(&store);
    let begun = endpoints.begun().await;
    let store = &*store;
    let tokens = signed_in(store).await;
    primary.admin::<()>("CONFIG SET requirepass another");
    let () = server.admin(&format!("REPLICAOF 127.0.0.1 {}", primary.port()));
    everything_fails(store).await;
    assert!(!passes(store, &tokens.access).await);
    let answer = refresh(store, &tokens.refresh, "", 0).await;
    assert_eq!((answer.status, access_token(&answer)), (500, None));
    endpoints.nothing_is_given(&begun, Still { reads: false, revokes: false }).await;
    let () = server.admin("REPLICAOF NO ONE");
    assert!(passes(store, &tokens.access).await);
    endpoints.all_goes_on(begun).await;
}

/// One that has fewer replicas than it was told to have: it may have been cut off and replaced.
#[tokio::test]
async fn a_primary_that_was_left_alone_answers_nothing() {
    let server = Private::start();
    let store = Arc::new(server.store().await);
    let endpoints = Endpoints::over(&store);
    let begun = endpoints.begun().await;
    let store = &*store;
    let tokens = signed_in(store).await;
    let () = server.admin("CONFIG SET min-replicas-to-write 1");
    for call in 0..2 {
        let found = store.find_token(tokens.access.split_once('.').unwrap().0, &CODE).await;
        assert!(found.is_err(), "call {call}");
    }
    assert!(store.claim("g", &CODE, 5, Vec::new()).await.is_err());
    assert!(store.revoke("g").await.is_err());
    assert!(!passes(store, &tokens.access).await);
    endpoints.nothing_is_given(&begun, Still { reads: false, revokes: false }).await;
    let () = server.admin("CONFIG SET min-replicas-to-write 0");
    assert!(passes(store, &tokens.access).await);
    endpoints.all_goes_on(begun).await;
}

/// With `min_replicas` a write that no replica has is an error, and nobody gets a token for it.
#[tokio::test]
async fn a_write_that_no_replica_has_is_an_error() {
    let (server, replica) = (Private::start(), Private::start());
    let options = server.options().min_replicas(1).deadline(Duration::from_secs(60));
    let short = options.clone().deadline(Duration::from_secs(2));
    let alone = short.connect().await.unwrap();
    let error = alone.put(grant("g", CODE)).await.unwrap_err();
    assert!(matches!(error, StoreError::NotReplicated { acknowledged: 0, wanted: 1 }), "{error}");
    let () = replica.admin(&format!("REPLICAOF 127.0.0.1 {}", server.port()));
    let store = options.connect().await.unwrap();
    let tokens = signed_in(&store).await;
    // What was answered is there when the replica takes over.
    drop(server);
    let () = replica.admin("REPLICAOF NO ONE");
    assert!(passes(&replica.store().await, &tokens.access).await);
}
