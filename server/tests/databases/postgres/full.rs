//! A disk that takes no more: of a table that cannot grow, and of the log of all changes, without which PostgreSQL
//! itself ends.

use crate::endpoints::{Endpoints, Still};
use crate::server::Server;
use proofkey_server::store::{GrantStore as _, PostgresStore, StoreError};
use proofkey_server::testing::fixture::{code_in, grant, issued, passes, redeem, signed_in, start};
use std::sync::Arc;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// As large as the files of the log: what is to grow beyond is a table.
const TABLE: &str = "full 1048576";

/// Some bytes of a file of the log may be written, the next ones may not.
const LOG: &str = "full 8192";

/// The table of the grants is full: no code comes of it, what is there is read. With room it goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_that_cannot_grow_gives_no_code() {
    let mut server = Server::start(&["postgres", "--small"]);
    let store = PostgresStore::connect(server.text("url")).await.unwrap();
    let kept = signed_in(&store).await;
    server.tell(TABLE);
    let mut number = 0;
    let error = loop {
        let mut large = grant(&format!("g{number}"), [1; 32]);
        large.grant.terms.authorization_details = Some("x".repeat(1_500));
        match store.put(large).await {
            Ok(put) => assert!(put),
            Err(error) => break error,
        }
        number += 1;
        assert!(number < 2_000, "it grows beyond its end");
    };
    assert!(matches!(error, StoreError::Database { .. }), "{error}");
    assert!(error.to_string().contains("could not extend file"), "{error}");
    assert_eq!(error.to_string().lines().count(), 1);
    // Smaller ones fill what is left between them.
    let refused = loop {
        let outcome = start(&store, CHALLENGE).await;
        number += 1;
        assert!(number < 4_000, "it grows beyond its end");
        if !outcome.issued {
            break outcome.location;
        }
    };
    assert!(code_in(refused.expose()).is_none());
    assert!(refused.expose().contains("error=server_error"));
    assert!(passes(&store, &kept.access).await, "reading needs no room");
    server.tell("room");
    let (verifier, code) = issued(&store).await;
    assert_eq!(redeem(&store, &code, Some(verifier.expose_verifier())).await.status, 200);
}

/// Nothing can be written at all: PostgreSQL ends. When there is room and it was started again, the same store goes on,
/// and what was answered is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_ends_the_server_and_nothing_is_given() {
    let mut server = Server::start(&["postgres", "--lasting"]);
    let store = Arc::new(PostgresStore::connect(server.text("url")).await.unwrap());
    let endpoints = Endpoints::over(&store);
    let begun = endpoints.begun().await;
    server.tell(LOG);
    let error = store.put(grant("g", [1; 32])).await.unwrap_err();
    assert!(
        matches!(error, StoreError::Database { .. } | StoreError::Unreachable { .. }),
        "{error}"
    );
    // What is left of it.
    server.tell("kill");
    endpoints.nothing_is_given(&begun, Still { reads: false, revokes: false }).await;
    server.tell("start");
    endpoints.all_goes_on(begun).await;
}
