//! How much is kept: what is pending, what has expired.

use super::{Moved, beside, new_schema, shared};
use proofkey_server::client::{ClientStore as _, Room};
use proofkey_server::store::{GrantStore as _, PostgresOptions};
use proofkey_server::testing::TestClock as _;
use proofkey_server::testing::clients::new;
use proofkey_server::testing::fixture::grant;
use std::sync::Arc;
use tokio::task::JoinSet;

/// CVE-2026-67437: from two nodes at once no more grants are kept than the bound and what is just being put, and
/// none is counted twice or forgotten.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn starts_over_two_nodes_stay_bounded() {
    const BOUND: u64 = 50;
    const CONNECTIONS: usize = 4;
    let options =
        PostgresOptions::new(shared().text("url")).unwrap().schema(new_schema()).max_grants(BOUND);
    let options = options.connections(CONNECTIONS);
    let nodes = [0, 1].map(|_| options.clone().connect());
    let [one, other] = nodes;
    let nodes = [Arc::new(one.await.unwrap()), Arc::new(other.await.unwrap())];
    let mut putting = JoinSet::new();
    for n in 0..1_000 {
        let node = nodes[n % 2].clone();
        putting.spawn(async move { node.put(grant(&format!("g{n}"), [1; 32])).await.unwrap() });
    }
    let kept = putting.join_all().await.into_iter().filter(|put| *put).count() as u64;
    assert!((BOUND..BOUND + 2 * CONNECTIONS as u64).contains(&kept), "{kept} grants");
    assert_eq!(nodes[0].len().await.unwrap(), kept);
    assert!(!nodes[1].put(grant("one more", [1; 32])).await.unwrap());
}

/// CVE-2026-67437: a flood over two nodes registers no more clients than the bound and what is just being registered,
/// and pushes out none that was used.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_flood_of_clients_over_two_nodes_stays_bounded() {
    const CONNECTIONS: usize = 4;
    let (url, schema) = (shared().text("url"), new_schema());
    let options = PostgresOptions::new(url).unwrap().schema(&schema).connections(CONNECTIONS);
    let (one, other) = tokio::join!(options.clone().connect(), options.connect());
    let nodes = [Arc::new(one.unwrap()), Arc::new(other.unwrap())];
    let room = Room { at_most: 50, spared_s: 0 };
    for n in 0..20 {
        nodes[0].register(new(&format!("used{n}")), room).await.unwrap();
        assert!(nodes[1].keep(&format!("used{n}"), 5_000).await.unwrap());
    }
    let mut registering = JoinSet::new();
    for n in 0..500 {
        let node = nodes[n % 2].clone();
        registering.spawn(async move { node.register(new(&format!("a{n}")), room).await.unwrap() });
    }
    registering.join_all().await;
    let client = beside(url).await;
    let sql = format!("SELECT count(*), count(*) FILTER (WHERE used) FROM \"{schema}\".clients");
    let row = client.query_one(&sql, &[]).await.unwrap();
    let (all, used): (i64, i64) = (row.get(0), row.get(1));
    assert!((50..50 + 2 * CONNECTIONS as i64).contains(&all), "{all} clients");
    assert_eq!(used, 20);
}

/// What has expired goes in small batches, also a grant that has more tokens than a batch; the others stay.
#[tokio::test]
async fn what_has_expired_goes_in_small_batches() {
    let (url, schema) = (shared().text("url"), new_schema());
    let store = PostgresOptions::new(url).unwrap().schema(&schema).connect().await.unwrap();
    let clock = Moved::new(url, &schema).await;
    for n in 0..100 {
        assert!(store.put(grant(&format!("g{n}"), [1; 32])).await.unwrap());
    }
    let client = beside(url).await;
    let sql = format!(
        "INSERT INTO \"{schema}\".tokens SELECT 'g0', sha256(n::text::bytea), 'access', 0, NULL, NULL, 0
            FROM generate_series(1, 2500) AS n"
    );
    client.batch_execute(&sql).await.unwrap();
    clock.advance(60).await;
    let mut lengths = Vec::new();
    for n in 0..6 {
        assert!(store.put(grant(&format!("h{n}"), [1; 32])).await.unwrap());
        lengths.push(store.len().await.unwrap());
    }
    // Of a hundred 31 go, and 31 again; with the third batch of its tokens the first goes as well.
    assert_eq!(lengths, [70, 40, 9, 4, 5, 6]);
}

/// What is planned while the tables are empty is kept by the connection: it must be right when they are full.
#[tokio::test]
async fn no_table_is_walked_over() {
    let (url, schema) = (shared().text("url"), new_schema());
    drop(PostgresOptions::new(url).unwrap().schema(&schema).connect().await.unwrap());
    let mut client = beside(url).await;
    let calls = client.transaction().await.unwrap();
    calls.batch_execute(&format!("SET LOCAL search_path TO \"{schema}\"")).await.unwrap();
    for sql in ["SELECT sweep(1)", "SELECT pending_put('proof', 'n', 'v', 60, 10)"] {
        calls.batch_execute(sql).await.unwrap();
    }
    let sql = "SELECT relname::text, seq_scan, idx_scan FROM pg_stat_xact_user_tables
               WHERE schemaname = $1 AND relname IN ('grants', 'pending') ORDER BY relname";
    let seen = calls.query(sql, &[&schema]).await.unwrap();
    assert_eq!(seen.len(), 2);
    for row in seen {
        let (table, walks, looks): (String, i64, i64) = (row.get(0), row.get(1), row.get(2));
        assert!(walks == 0 && looks > 0, "{table}: {walks} walks, {looks} looks");
    }
}
