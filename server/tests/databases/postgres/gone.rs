//! A server that hangs, and one that is killed and comes back, under requests that go on.

use crate::outage::survive;
use crate::server::Server;
use proofkey_server::store::PostgresStore;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_is_gone_for_a_while_is_used_again() {
    let mut server = Server::start(&["postgres", "--lasting"]);
    let url = server.text("url").to_owned();
    let node = async || Arc::new(PostgresStore::connect(&url).await.unwrap());
    let nodes = [node().await, node().await];
    for how in [("kill", "start"), ("hang", "go on")] {
        survive(&mut server, &nodes, how).await;
    }
}
