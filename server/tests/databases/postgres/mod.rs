//! PostgreSQL.

mod bounds;
mod crash;
mod faults;
mod full;
mod gone;
mod pending;
mod schema;
mod tls;

use crate::race::race_codes;
use crate::server::Server;
use proofkey_server::client::ClientStore;
use proofkey_server::pending::PendingStore;
use proofkey_server::store::{GrantStore, PostgresOptions};
use proofkey_server::testing::clients::check_client_store;
use proofkey_server::testing::pending::check_pending_store;
use proofkey_server::testing::{Room, Subject, TestClock, check_store, flows};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use tokio_postgres::NoTls;

const START: u64 = 1_800_000_000;

/// The server of the tests that do it no harm.
fn shared() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&["postgres"]))
}

/// A schema that no other test uses.
pub fn new_schema() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test {}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A connection beside those of the store.
pub async fn beside(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The database's clock, after the function that the store asks was exchanged.
struct Moved {
    client: tokio_postgres::Client,
    schema: String,
}

impl Moved {
    async fn new(url: &str, schema: &str) -> Self {
        let client = beside(url).await;
        let sql = format!(
            "CREATE TABLE \"{schema}\".test_clock (at_s bigint NOT NULL);
             INSERT INTO \"{schema}\".test_clock VALUES ({START});
             CREATE OR REPLACE FUNCTION \"{schema}\".now_s() RETURNS bigint LANGUAGE sql VOLATILE
                AS 'SELECT at_s FROM \"{schema}\".test_clock'"
        );
        client.batch_execute(&sql).await.unwrap();
        Self { client, schema: schema.to_owned() }
    }
}

#[async_trait::async_trait]
impl TestClock for Moved {
    async fn now(&self) -> u64 {
        let sql = format!("SELECT at_s FROM \"{}\".test_clock", self.schema);
        self.client.query_one(&sql, &[]).await.unwrap().get::<_, i64>(0).try_into().unwrap()
    }

    async fn set(&self, seconds: u64) {
        let sql = format!("UPDATE \"{}\".test_clock SET at_s = {seconds}", self.schema);
        assert_eq!(self.client.execute(&sql, &[]).await.unwrap(), 1);
    }
}

async fn subject(room: Room) -> (Subject, ()) {
    let (url, schema) = (shared().text("url"), new_schema());
    let options = PostgresOptions::new(url).unwrap().schema(&schema).max_grants(room.grants as u64);
    let store = options.max_tokens(room.tokens.into()).connect().await.unwrap();
    let clock = Moved::new(url, &schema).await;
    (Subject { store: Arc::new(store), clock: Arc::new(clock) }, ())
}

/// What is kept for minutes is kept as in the other stores.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_pending_is_kept_like_in_the_others() {
    check_pending_store(async |capacity| {
        let (url, schema) = (shared().text("url"), new_schema());
        let options = PostgresOptions::new(url).unwrap().schema(&schema).max_pending(capacity);
        let store = Arc::new(options.connect().await.unwrap());
        let clock = Moved::new(url, &schema).await;
        (store as Arc<dyn PendingStore>, Arc::new(clock) as Arc<dyn TestClock>, ())
    })
    .await;
}

/// Clients that registered themselves are kept as in the other stores.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn registered_clients_are_kept_like_in_the_others() {
    check_client_store(async || {
        let (url, schema) = (shared().text("url"), new_schema());
        let options = PostgresOptions::new(url).unwrap().schema(&schema);
        let store = Arc::new(options.connect().await.unwrap());
        let clock = Moved::new(url, &schema).await;
        (store as Arc<dyn ClientStore>, Arc::new(clock) as Arc<dyn TestClock>, ())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_suite_of_the_stores_holds() {
    check_store(subject).await;
}

/// P24, CVE-2026-47386: two nodes, one database, one winner.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_redeemers_over_two_nodes_one_gets_a_token() {
    let options = PostgresOptions::new(shared().text("url")).unwrap().schema(new_schema());
    let (one, other) = tokio::join!(options.clone().connect(), options.connect());
    let nodes: [Arc<dyn GrantStore>; 2] = [Arc::new(one.unwrap()), Arc::new(other.unwrap())];
    flows::of_redeemers_over_nodes_one_gets_a_token(&nodes, race_codes()).await;
}
