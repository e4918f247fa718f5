//! The suite of all stores.

use super::private::Private;
use proofkey_server::client::ClientStore;
use proofkey_server::clock::Clock;
use proofkey_server::pending::PendingStore;
use proofkey_server::testing::clients::{self, check_client_store};
use proofkey_server::testing::pending::check_pending_store;
use proofkey_server::testing::{CHECKS, Room, Subject, TestClock, check_store};
use std::sync::Arc;

async fn subject(server: &Private, room: Room) -> (Subject, ()) {
    let () = server.admin("FLUSHALL");
    let clock = Clock::manual(1_800_000_000);
    let options = server.options().max_grants(room.grants as u64).clock(clock.clone());
    let store = options.max_tokens(room.tokens.into()).connect().await.unwrap();
    (Subject { store: Arc::new(store), clock: Arc::new(clock) }, ())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis_behaves_like_the_others() {
    let server = Private::start();
    check_store(|room| subject(&server, room)).await;
}

/// What is kept for minutes is kept as in the other stores.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_pending_is_kept_like_in_the_others() {
    let server = Private::start();
    check_pending_store(async |capacity| {
        let () = server.admin("FLUSHALL");
        let clock = Clock::manual(1_800_000_000);
        let options = server.options().max_pending(capacity).clock(clock.clone());
        let store = Arc::new(options.connect().await.unwrap());
        (store as Arc<dyn PendingStore>, Arc::new(clock) as Arc<dyn TestClock>, ())
    })
    .await;
}

/// Clients that registered themselves are kept as in the other stores.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn registered_clients_are_kept_like_in_the_others() {
    let server = Private::start();
    check_client_store(async || {
        let () = server.admin("FLUSHALL");
        let clock = Clock::manual(1_800_000_000);
        let store = Arc::new(server.options().clock(clock.clone()).connect().await.unwrap());
        (store as Arc<dyn ClientStore>, Arc::new(clock) as Arc<dyn TestClock>, ())
    })
    .await;
}

/// A cluster refuses a script whose keys lie in several slots, also where it has but one server: each step
/// stays in the slot of its grant.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_step_stays_in_one_slot() {
    let server = Private::in_a_cluster();
    let () = server.admin("CLUSTER ADDSLOTSRANGE 0 16383");
    while !server.admin::<String>("CLUSTER INFO").contains("cluster_state:ok") {
        tokio::task::yield_now().await;
    }
    // The long races tell nothing new here.
    for check in CHECKS.iter().filter(|check| !check.name.starts_with("of_64")) {
        let (subject, ()) = subject(&server, check.room).await;
        check.run(subject).await;
    }
    clients::its_token_alone_ends_a_registration(&server.store().await).await;
}
