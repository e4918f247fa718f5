//! The store in Redis or Valkey, each test with a server of its own.

mod crash;
mod failing;
mod fitness;
mod gone;
mod keys;
mod leak;
pub mod private;
mod suite;

use crate::race::race_codes;
use private::Private;
use proofkey_server::store::{GrantStore, RedisStore};
use proofkey_server::testing::fixture::{passes, refresh, signed_in};
use proofkey_server::testing::flows;
use std::sync::Arc;
use tokio::task::JoinSet;

const REDEEMERS: usize = 64;

async fn two_nodes(server: &Private) -> [Arc<RedisStore>; 2] {
    [Arc::new(server.store().await), Arc::new(server.store().await)]
}

/// P24, CVE-2026-47386: two nodes, one server, one winner.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_redeemers_over_two_nodes_one_gets_a_token() {
    let server = Private::start();
    let nodes = two_nodes(&server).await;
    let nodes = nodes.map(|node| node as Arc<dyn GrantStore>);
    flows::of_redeemers_over_nodes_one_gets_a_token(&nodes, race_codes()).await;
}

/// CVE-2026-1035: of 64 refreshes of one token one gets tokens, and the family ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_refreshes_over_two_nodes_one_gets_tokens() {
    let server = Private::start();
    let nodes = two_nodes(&server).await;
    for n in 0..race_codes() / 10 {
        let first = signed_in(&*nodes[n % 2]).await;
        let mut refreshing = JoinSet::new();
        for other in 0..REDEEMERS {
            let (node, token) = (nodes[other % 2].clone(), first.refresh.clone());
            refreshing.spawn(async move { refresh(&*node, &token, "", 0).await.status });
        }
        let statuses = refreshing.join_all().await;
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 200 | 400)), "{statuses:?}");
        assert!(
            !passes(&*nodes[0], &first.access).await && !passes(&*nodes[1], &first.access).await
        );
    }
}
