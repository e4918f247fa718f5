//! How many entries wait.

use super::{Moved, beside, new_schema, shared};
use proofkey_server::pending::{Kind, PendingStore as _, Put};
use proofkey_server::store::PostgresOptions;
use proofkey_server::testing::TestClock as _;

/// What waits is counted, whatever comes and goes: kept, known, over and named anew, taken, swept.
#[tokio::test]
async fn what_waits_is_counted_as_it_is() {
    let (url, schema) = (shared().text("url"), new_schema());
    let store = PostgresOptions::new(url).unwrap().schema(&schema).connect().await.unwrap();
    let put = async |name: &str| store.put(Kind::Proof, name, b"", 60).await.unwrap();
    let clock = Moved::new(url, &schema).await;
    let client = beside(url).await;
    let sql = format!(
        "SELECT (SELECT coalesce(sum(entries), 0)::bigint FROM \"{schema}\".pending_tally),
                (SELECT count(*) FROM \"{schema}\".pending)"
    );
    let counted = async || {
        let row = client.query_one(&sql, &[]).await.unwrap();
        assert_eq!(row.get::<_, i64>(0), row.get::<_, i64>(1));
        row.get::<_, i64>(0)
    };
    assert_eq!(counted().await, 0);
    for n in 0..80 {
        assert_eq!(put(&format!("p{n}")).await, Put::Kept);
    }
    assert_eq!(put("p7").await, Put::Known);
    assert_eq!(store.put(Kind::Pushed, "r", b"query", 600).await.unwrap(), Put::Kept);
    assert_eq!(counted().await, 81);
    assert!(store.take(Kind::Pushed, "r").await.unwrap().is_some());
    assert_eq!(counted().await, 80);
    clock.advance(60).await;
    // Of 80 that are over 64 go, and the one of this name is written anew or added.
    assert_eq!(put("p79").await, Put::Kept);
    assert!((16..=17).contains(&counted().await));
    assert_eq!(put("q").await, Put::Kept);
    assert_eq!(counted().await, 2);
}
