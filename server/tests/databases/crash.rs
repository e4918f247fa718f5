//! SIGKILL of a database server at random points of issue, redeem and revoke.

use crate::killed::{CLIENTS, Ledger, rand_below, work};
use crate::server::Server;
use proofkey_server::store::GrantStore;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// So many lines come before the last point of a round.
const LINES: usize = 400;

/// Two nodes work over the server; after a random number of their lines it is killed, and started again.
pub async fn kill_server<S: GrantStore + 'static>(
    server: &mut Server,
    nodes: &[Arc<S>; 2],
) -> Ledger {
    let (lines, mut told) = mpsc::unbounded_channel();
    let mut working = JoinSet::new();
    for number in 0..CLIENTS {
        let (node, lines) = (nodes[number % 2].clone(), lines.clone());
        working.spawn(async move { work(&*node, number, |line| drop(lines.send(line))).await });
    }
    drop(lines);
    let mut ledger = Ledger::default();
    for _ in 0..rand_below(LINES) {
        ledger.read(&told.recv().await.unwrap());
    }
    server.tell("kill");
    working.join_all().await;
    while let Some(line) = told.recv().await {
        ledger.read(&line);
    }
    server.tell("start");
    ledger
}
