//! SIGKILL at random points of issue, redeem and revoke, with `fsync` on: of the server with all of its processes,
//! and of the program that asks it.

use super::beside;
use crate::crash::kill_server;
use crate::killed::{Met, child, kills, never};
use crate::server::Server;
use proofkey_server::store::{GrantStore, PostgresOptions, PostgresStore};
use std::sync::Arc;
use tokio_postgres::Client;

/// What a killed program has sent may still be at work: waits until none of its connections is left.
async fn until_none_works(client: &Client, program: &str) {
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1";
    while client.query_one(sql, &[&program]).await.unwrap().get::<_, i64>(0) > 0 {}
}

async fn check_tables(client: &Client) {
    client.batch_execute("SET search_path TO proofkey").await.unwrap();
    for (what, sql) in never("grant_id") {
        assert!(client.query(&sql, &[]).await.unwrap().is_empty(), "{what}");
    }
}

async fn connect(url: &str) -> Arc<PostgresStore> {
    Arc::new(PostgresOptions::new(url).unwrap().schema("proofkey").connect().await.unwrap())
}

/// P24, P29: server and program are killed in turn.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_is_killed_keeps_what_was_answered() {
    child::run_if_child(async |url| Ok(connect(&url).await as Arc<dyn GrantStore>)).await;
    let test = "postgres::crash::who_is_killed_keeps_what_was_answered";
    let mut server = Server::start(&["postgres", "--lasting"]);
    let url = server.text("url").to_owned();
    let nodes = [connect(&url).await, connect(&url).await];
    let (kills, mut met) = (kills(8), Met::default());
    while let Some(kill) = met.next(kills) {
        let ledger = if kill % 2 == 0 {
            kill_server(&mut server, &nodes).await
        } else {
            let program = format!("killed {kill}");
            let named = format!("{url}?application_name={}", program.replace(' ', "%20"));
            let ledger = child::kill_one(test, &named);
            until_none_works(&beside(&url).await, &program).await;
            ledger
        };
        ledger.judge(&*nodes[kill / 2 % 2], &mut met).await;
        check_tables(&beside(&url).await).await;
    }
    met.show(&format!("{} kills", met.kills));
}
