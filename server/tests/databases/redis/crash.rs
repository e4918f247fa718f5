//! SIGKILL at random points of issue, redeem and revoke, with `appendfsync always`.

use super::private::Private;
use super::two_nodes;
use crate::crash::kill_server;
use crate::killed::{Met, kills};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_server_keeps_what_it_has_answered() {
    let mut server = Private::lasting();
    let nodes = two_nodes(&server).await;
    let (kills, mut met) = (kills(10), Met::default());
    while let Some(kill) = met.next(kills) {
        let ledger = kill_server(&mut server.0, &nodes).await;
        ledger.judge(&*nodes[kill % 2], &mut met).await;
    }
    met.show(&format!("{} kills", met.kills));
}
