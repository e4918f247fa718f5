//! Health and metrics.

use crate::common::*;
use crate::owner::server;
use proofkey_server::endpoint::token;
use proofkey_server::serve::serve;
use proofkey_server::site::operations;
use proofkey_server::store::{GrantStore, MemoryStore};
use proofkey_server::testing::faulty::{Fault, Faulty};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

async fn operated(store: Arc<dyn GrantStore>) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = server(store, "http://127.0.0.1:1");
    // Something to be counted.
    token::reply(&server, &http::HeaderMap::new(), b"grant_type=refresh_token").await;
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move { drop(stopped.await) };
    let task = tokio::spawn(serve(listener, operations(server), shutdown, Duration::from_secs(5)));
    Running { address, issuer: String::new(), stop: Some(stop), task }
}

#[tokio::test]
async fn a_server_that_works_is_ready_and_tells_what_it_did() {
    let server = operated(Arc::new(MemoryStore::new(10))).await;
    assert_eq!(get(&server, "/health/live").await.status, 200);
    assert_eq!(get(&server, "/health/ready").await.status, 200);
    let metrics = get(&server, "/metrics").await;
    let line = "proofkey_requests_total{endpoint=\"token\",kind=\"refresh_token\"} 1\n";
    assert!(metrics.body.contains(line), "{}", metrics.body);
    assert!(metrics.body.contains("# TYPE proofkey_answers_total counter\n"), "{}", metrics.body);
    let line = "proofkey_answers_total{endpoint=\"token\",kind=\"malformed\"} 1\n";
    assert!(metrics.body.contains(line), "{}", metrics.body);
}

#[tokio::test]
async fn a_server_whose_store_fails_lives_and_is_not_ready() {
    let works = Arc::new(MemoryStore::new(10));
    let server = operated(Arc::new(Faulty::new(works, Fault::BeforeTheCall, 0))).await;
    assert_eq!(get(&server, "/health/live").await.status, 200);
    assert_eq!(get(&server, "/health/ready").await.status, 503);
    assert_eq!(get(&server, "/health/ready").await.status, 200, "the store is back");
}
