//! What befalls a server: it ends and comes back, it may only be read, it keeps somebody waiting.

use super::{Moved, beside, new_schema, shared};
use crate::endpoints::{Endpoints, Still};
use crate::server::Server;
use proofkey::grant::answer::Audit;
use proofkey_server::store::{GrantStore, PostgresOptions, PostgresStore, StoreError};
use proofkey_server::testing::TestClock as _;
use proofkey_server::testing::fixture::{
    access_token, code_in, grant, issued, passes, redeem, refresh, refresh_token, signed_in, start,
    token,
};
use std::sync::Arc;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Nothing comes of it, whatever is asked.
async fn all_fails_closed(
    store: &PostgresStore,
    code: &str,
    verifier: &str,
    access: &str,
    refresh_token: &str,
) {
    let outcome = start(store, CHALLENGE).await;
    assert!(!outcome.issued && code_in(outcome.location.expose()).is_none());
    assert!(outcome.location.expose().contains("error=server_error"));
    for answer in
        [redeem(store, code, Some(verifier)).await, refresh(store, refresh_token, "", 0).await]
    {
        assert_eq!((answer.status, answer.audit), (500, Audit::StoreFailed));
        assert_eq!(access_token(&answer), None);
    }
    assert!(!passes(store, access).await);
}

/// An orderly end and a sudden one: errors while it is gone; the same store goes on when it is back, and what was
/// answered before is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_ends_and_comes_back_is_used_again() {
    let mut server = Server::start(&["postgres", "--lasting"]);
    let store = PostgresStore::connect(server.text("url")).await.unwrap();
    for end in ["stop", "kill"] {
        let (verifier, code) = issued(&store).await;
        let kept = signed_in(&store).await;
        assert!(passes(&store, &kept.access).await);
        server.tell(end);
        // More calls than there are connections that may not have heard of it.
        for _ in 0..3 {
            let verifier = verifier.expose_verifier();
            all_fails_closed(&store, &code, verifier, &kept.access, &kept.refresh).await;
        }
        let error = store.revoke("none").await.unwrap_err();
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
        assert!(
            !error.to_string().contains(server.text("password"))
                && error.to_string().lines().count() == 1
        );
        server.tell("start");
        assert!(passes(&store, &kept.access).await, "{end}: a token was forgotten");
        let answer = redeem(&store, &code, Some(verifier.expose_verifier())).await;
        assert_eq!(answer.status, 200, "{end}: a code was forgotten");
        let answer = redeem(&store, &code, Some(verifier.expose_verifier())).await;
        assert_eq!(answer.audit, Audit::ReplayRevoked, "{end}");
        assert_eq!(refresh(&store, &kept.refresh, "", 0).await.status, 200);
    }
}

/// Reading goes on, writing fails closed; as soon as it may be written again it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_may_only_be_read_fails_closed() {
    let schema = new_schema();
    let client = beside(shared().text("url")).await;
    let role = format!("{schema} reader");
    let sql = format!("CREATE ROLE \"{role}\" SUPERUSER LOGIN PASSWORD 'theirs'");
    client.batch_execute(&sql).await.unwrap();
    let url = format!(
        "postgres://{}:theirs@127.0.0.1:{}/postgres",
        role.replace(' ', "%20"),
        shared().ready["port"]
    );
    let options = PostgresOptions::new(&url).unwrap().schema(&schema);
    let store = Arc::new(options.clone().connect().await.unwrap());
    let endpoints = Endpoints::over(&store);
    let begun = endpoints.begun().await;
    let (verifier, code) = issued(&*store).await;
    let kept = signed_in(&*store).await;
    let read_only = |switch: &str| {
        format!(
            "ALTER ROLE \"{role}\" SET default_transaction_read_only = {switch};
             SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = '{role}'"
        )
    };
    client.batch_execute(&read_only("on")).await.unwrap();
    // A node that starts now finds the schema as it is and needs to write nothing.
    let store = [store, Arc::new(options.connect().await.unwrap())];
    for store in store.iter().map(|store| &**store) {
        // Its connections were ended; from the second call on they are new ones.
        drop(store.revoke("none").await);
        assert!(passes(store, &kept.access).await);
        let outcome = start(store, CHALLENGE).await;
        assert!(!outcome.issued && code_in(outcome.location.expose()).is_none());
        for answer in [
            redeem(store, &code, Some(verifier.expose_verifier())).await,
            refresh(store, &kept.refresh, "", 0).await,
        ] {
            assert_eq!((answer.status, answer.audit), (500, Audit::StoreFailed));
        }
        let error = store.put(grant("g", [1; 32])).await.unwrap_err();
        assert!(matches!(error, StoreError::Database { .. }), "{error}");
        assert!(error.to_string().contains("read-only"), "{error}");
    }
    endpoints.nothing_is_given(&begun, Still { reads: true, revokes: false }).await;
    client.batch_execute(&read_only("off")).await.unwrap();
    drop(store[0].revoke("none").await);
    assert_eq!(redeem(&*store[0], &code, Some(verifier.expose_verifier())).await.status, 200);
    endpoints.all_goes_on(begun).await;
}

/// Waits until a statement of somebody else waits for a lock.
async fn until_one_waits(client: &tokio_postgres::Client, schema: &str) {
    let sql =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1";
    let like = format!("%{schema}\"%");
    while client.query_one(sql, &[&like]).await.unwrap().get::<_, i64>(0) == 0 {}
}

/// P24: what waited for its row past its time is too late, whether the one before it has changed the row or has
/// failed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_past_an_expiry_is_too_late() {
    let (url, schema) = (shared().text("url"), new_schema());
    let store = PostgresOptions::new(url).unwrap().schema(&schema).connect().await.unwrap();
    let clock = Moved::new(url, &schema).await;
    let store: Arc<dyn GrantStore> = Arc::new(store);
    let (holder, watcher) = (beside(url).await, beside(url).await);
    for (n, end) in ["COMMIT", "ROLLBACK"].into_iter().enumerate() {
        let (claimed, rotated) = (format!("claimed {n}"), format!("rotated {n}"));
        for grant_id in [&claimed, &rotated] {
            assert!(store.put(grant(grant_id, [1; 32])).await.unwrap());
        }
        assert!(store.claim(&rotated, &[1; 32], 5, vec![refresh_token([10; 32])]).await.unwrap());
        for (grant_id, until) in [(&claimed, 60), (&rotated, 7200)] {
            let sql = format!(
                "BEGIN; UPDATE \"{schema}\".grants SET mismatches = mismatches + 1 WHERE grant_id = '{grant_id}'"
            );
            holder.batch_execute(&sql).await.unwrap();
            let (own, id) = (store.clone(), grant_id.clone());
            let waiting = tokio::spawn(async move {
                if until == 60 {
                    own.claim(&id, &[1; 32], 5, vec![token([3; 32])]).await
                } else {
                    own.rotate(&id, &[10; 32], 0, vec![token([3; 32])]).await
                }
            });
            until_one_waits(&watcher, &schema).await;
            let before = clock.now().await;
            clock.advance(until).await;
            holder.batch_execute(end).await.unwrap();
            assert!(!waiting.await.unwrap().unwrap(), "{grant_id} {end}");
            assert!(
                store.find_token(grant_id, &[3; 32]).await.unwrap().row.is_none(),
                "{grant_id} {end}"
            );
            clock.set(before).await;
        }
    }
}

/// Nobody waits for ever, and nothing is known to have been written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_kept_waiting_ends() {
    let (url, schema) = (shared().text("url"), new_schema());
    let store =
        PostgresOptions::new(url).unwrap().schema(&schema).connections(1).connect().await.unwrap();
    let (verifier, code) = issued(&store).await;
    let holder = beside(url).await;
    holder
        .batch_execute(&format!("BEGIN; SELECT * FROM \"{schema}\".grants FOR UPDATE"))
        .await
        .unwrap();
    // One waits for the row, the other for the one connection.
    let (one, other) = tokio::join!(
        redeem(&store, &code, Some(verifier.expose_verifier())),
        redeem(&store, &code, Some(verifier.expose_verifier()))
    );
    for answer in [one, other] {
        assert_eq!((answer.status, answer.audit), (500, Audit::StoreFailed));
    }
    holder.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(redeem(&store, &code, Some(verifier.expose_verifier())).await.status, 200);
}
