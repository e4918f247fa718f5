//! A server that hangs, and one that is killed and comes back, under requests that go on; and one that cannot write its
//! file.

use super::private::Private;
use crate::endpoints::{Endpoints, Still};
use crate::outage::survive;
use proofkey_server::store::{GrantStore as _, StoreError};
use proofkey_server::testing::fixture::grant;
use std::sync::Arc;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_is_gone_for_a_while_is_used_again() {
    let mut server = Private::lasting();
    let options = server.options().deadline(Duration::from_secs(2));
    let node = async || Arc::new(options.clone().connect().await.unwrap());
    let nodes = [node().await, node().await];
    for how in [("kill", "start"), ("hang", "go on")] {
        survive(&mut server.0, &nodes, how).await;
    }
}

/// With `appendfsync always` Redis itself ends where its file cannot be written. The same store goes on with what
/// was answered, once there is room and Redis was started again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_ends_the_server_and_nothing_is_given() {
    let mut server = Private::lasting();
    let store = Arc::new(server.store().await);
    let endpoints = Endpoints::over(&store);
    let begun = endpoints.begun().await;
    server.0.tell("full 1");
    assert!(store.put(grant("g", [1; 32])).await.is_err());
    endpoints.nothing_is_given(&begun, Still { reads: false, revokes: false }).await;
    server.0.tell("stop");
    server.0.tell("start");
    endpoints.all_goes_on(begun).await;
}

/// Without it Redis goes on, takes no more writes (`-MISCONF`), and tries its file again until there is room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_cannot_be_written_refuses_until_there_is_room() {
    let mut server = Private::start();
    let store = Arc::new(server.store().await);
    let endpoints = Endpoints::over(&store);
    let begun = endpoints.begun().await;
    server.0.tell("full 1");
    // Those that were in its memory before it heard of it are still answered.
    let error = loop {
        if let Err(error) = store.count("none").await {
            break error;
        }
        let _: String = server.admin("SET other 1");
    };
    assert!(matches!(error, StoreError::Database { .. }), "{error}");
    assert!(error.to_string().contains("MISCONF"), "{error}");
    endpoints.nothing_is_given(&begun, Still { reads: false, revokes: false }).await;
    server.0.tell("room");
    while store.count("none").await.is_err() {}
    endpoints.all_goes_on(begun).await;
}
