//! P24, P27: many at once, over two servers that share one Redis.

use super::private::Private;
use crate::race_codes;
use proofkey::grant::answer::Audit;
use proofkey_server::store::RedisStore;
use proofkey_server::testing::fixture::{access_token, issued, passes, redeem, refresh, signed_in};
use std::sync::Arc;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const REDEEMERS: usize = 64;

async fn two_nodes(server: &Private) -> [Arc<RedisStore>; 2] {
    [Arc::new(server.store().await), Arc::new(server.store().await)]
}

/// CVE-2026-47386: of 64 redeemers of a code with all that is right, half of them at each server, one gets a
/// token; because the code came twice, it is worth nothing afterwards, at either server.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_redeemers_over_two_nodes_one_gets_a_token() {
    let server = Private::start();
    let nodes = two_nodes(&server).await;
    for n in 0..race_codes() {
        let (verifier, code) = issued(&*nodes[n % 2]).await;
        let (verifier, code) = (Arc::new(verifier), Arc::new(code));
        let together = Arc::new(Barrier::new(REDEEMERS));
        let mut redeeming = JoinSet::new();
        for redeemer in 0..REDEEMERS {
            let (node, together) = (nodes[redeemer % 2].clone(), together.clone());
            let (verifier, code) = (verifier.clone(), code.clone());
            redeeming.spawn(async move {
                together.wait().await;
                redeem(&*node, &code, Some(verifier.expose_verifier())).await
            });
        }
        let mut tokens = Vec::new();
        while let Some(answer) = redeeming.join_next().await {
            let answer = answer.unwrap();
            match answer.audit {
                Audit::Issued => tokens.extend(access_token(&answer)),
                Audit::ReplayRevoked | Audit::Revoked => assert_eq!(answer.status, 400),
                other => panic!("code {n}: {other:?}"),
            }
        }
        assert_eq!(tokens.len(), 1, "code {n}: so many redeemers got a token");
        for node in &nodes {
            assert!(!passes(&**node, &tokens[0]).await, "code {n}: its token still passes");
        }
    }
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
