//! The encrypted way.

use super::{beside, new_schema, shared};
use crate::server::Server;
use proofkey_server::store::{PostgresOptions, StoreError};
use proofkey_server::testing::fixture::signed_in;

async fn refused(url: &str) -> String {
    let error = PostgresOptions::new(url).unwrap().connect().await.err().unwrap();
    assert!(
        matches!(error, StoreError::Unreachable { .. } | StoreError::Address { .. }),
        "{error}"
    );
    assert_eq!(error.to_string().lines().count(), 1);
    error.to_string()
}

/// The certificate is checked, and its name; and where encryption is asked for there is no way without.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_believed_by_its_certificate_alone() {
    let server = Server::start(&["postgres", "--tls"]);
    let (port, password, roots) =
        (&server.ready["port"], server.text("password"), server.text("roots"));
    let roots = format!("sslrootcert={}", roots.replace('/', "%2F"));
    let url = |host: &str, query: &str| {
        format!("postgres://proofkey:{password}@{host}:{port}/postgres?{query}")
    };
    let right = url("localhost", &format!("hostaddr=127.0.0.1&sslmode=verify-full&{roots}"));
    let store = PostgresOptions::new(&right).unwrap().schema(new_schema()).connect().await.unwrap();
    signed_in(&store).await;
    let encrypted =
        "SELECT count(*), bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                     WHERE application_name = 'proofkey'";
    let row = beside(server.text("url")).await.query_one(encrypted, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, bool>(1)), (1, true));

    let words = refused(&url("localhost", "hostaddr=127.0.0.1&sslmode=require")).await;
    assert!(words.contains("certificate"), "the system's roots: {words}");
    let words = refused(&url("127.0.0.1", &roots)).await;
    assert!(words.contains("certificate"), "another name: {words}");
    let words = refused(&url("127.0.0.1", "sslrootcert=%2Fnot%2Fthere.pem")).await;
    assert!(words.contains("sslrootcert"), "{words}");
    let plain = shared().text("url");
    let words = refused(&format!("{plain}?sslmode=require")).await;
    assert!(words.contains("TLS"), "a server without encryption: {words}");
}
