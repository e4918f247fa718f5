//! How much is kept: what is pending, what has expired.

use super::{Moved, beside, new_schema, shared};
use proofkey_server::store::{GrantStore as _, PostgresOptions};
use proofkey_server::testing::TestClock as _;
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
