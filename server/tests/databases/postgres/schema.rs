//! The schema: who makes it, whose it is, what lies in it.

use super::{beside, new_schema, shared};
use proofkey_server::client::{ClientStore as _, Registered, Room};
use proofkey_server::store::{GrantStore as _, PostgresOptions, StoreError};
use proofkey_server::testing::clients::new;
use proofkey_server::testing::fixture::{issued, passes, redeem, refresh, signed_in, tokens_in};
use sha2::{Digest as _, Sha256};
use tokio::task::JoinSet;

fn options(schema: &str) -> PostgresOptions {
    PostgresOptions::new(shared().text("url")).unwrap().schema(schema)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_start_at_once_make_one_schema() {
    let schema = new_schema();
    let mut starting = JoinSet::new();
    for _ in 0..8 {
        starting.spawn(options(&schema).connections(2).connect());
    }
    let nodes = starting.join_all().await.into_iter().map(Result::unwrap).collect::<Vec<_>>();
    let (verifier, code) = issued(&nodes[0]).await;
    assert_eq!(redeem(&nodes[7], &code, Some(verifier.expose_verifier())).await.status, 200);
    assert_eq!(nodes[3].len().await.unwrap(), 1);
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let schema = new_schema();
    drop(options(&schema).connect().await.unwrap());
    let client = beside(shared().text("url")).await;
    let sql = format!("UPDATE \"{schema}\".proofkey_schema SET version = 5");
    client.batch_execute(&sql).await.unwrap();
    let error = options(&schema).connect().await.err().unwrap();
    assert!(matches!(error, StoreError::NewerSchema { found: 5, known: 4, .. }), "{error}");
    assert_eq!(error.to_string().lines().count(), 1);
    assert!(error.to_string().ends_with("update the program, or name another store"), "{error}");
    assert!(!error.to_string().contains(shared().text("password")));
    let sql = format!("SELECT version FROM \"{schema}\".proofkey_schema");
    assert_eq!(client.query_one(&sql, &[]).await.unwrap().get::<_, i32>(0), 5);
}

/// A schema of an older version is brought up to date by the first node that comes: what lies in it goes on, and
/// nodes of the older version do too.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_older_schema_is_brought_up_to_date() {
    let pending = "DROP FUNCTION SCHEMA.pending_put; DROP TABLE SCHEMA.pending;";
    let clients = "DROP FUNCTION SCHEMA.client_register; DROP TABLE SCHEMA.clients;";
    let counted = "DROP FUNCTION SCHEMA.pending_counted CASCADE; DROP TABLE SCHEMA.pending_tally;";
    for (version, newer) in [
        (1, [counted, pending, clients].concat()),
        (2, [counted, clients].concat()),
        (3, counted.to_owned()),
    ] {
        let schema = new_schema();
        let before = options(&schema).connect().await.unwrap();
        let tokens = signed_in(&before).await;
        let sql = format!("{newer} UPDATE SCHEMA.proofkey_schema SET version = {version}");
        let sql = sql.replace("SCHEMA", &format!("\"{schema}\""));
        beside(shared().text("url")).await.batch_execute(&sql).await.unwrap();
        let (one, other) = tokio::join!(options(&schema).connect(), options(&schema).connect());
        let (one, other) = (one.unwrap(), other.unwrap());
        assert!(passes(&one, &tokens.access).await, "{version}");
        let fresh = tokens_in(&refresh(&before, &tokens.refresh, "", 0).await);
        assert!(passes(&other, &fresh.access).await, "{version}");
        let room = Room { at_most: 10, spared_s: 0 };
        assert_eq!(one.register(new("a"), room).await.unwrap(), Registered::Kept);
        assert!(other.registered("a").await.unwrap().row.is_some());
    }
}

#[tokio::test]
async fn another_programs_schema_is_refused_and_an_empty_one_is_taken() {
    let (theirs, empty) = (new_schema(), new_schema());
    let client = beside(shared().text("url")).await;
    let sql = format!(
        "CREATE SCHEMA \"{theirs}\"; CREATE TABLE \"{theirs}\".t (); CREATE SCHEMA \"{empty}\""
    );
    client.batch_execute(&sql).await.unwrap();
    let error = options(&theirs).connect().await.err().unwrap();
    assert!(matches!(error, StoreError::NotAGrantStore { .. }), "{error}");
    assert!(options(&empty).connect().await.unwrap().is_empty().await.unwrap());
}

/// The program's user needs no right to change the schema once it is there, and what it may not do is said.
#[tokio::test]
async fn a_user_with_fewer_rights_serves() {
    let schema = new_schema();
    drop(options(&schema).connect().await.unwrap());
    let client = beside(shared().text("url")).await;
    let role = format!("{schema} role");
    let sql = format!(
        "CREATE ROLE \"{role}\" LOGIN PASSWORD 'theirs';
         GRANT USAGE ON SCHEMA \"{schema}\" TO \"{role}\";
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \"{schema}\" TO \"{role}\""
    );
    client.batch_execute(&sql).await.unwrap();
    let place = format!("127.0.0.1:{}/postgres", shared().ready["port"]);
    let url = format!("postgres://{}:theirs@{place}", role.replace(' ', "%20"));
    let store = PostgresOptions::new(&url).unwrap().schema(&schema).connect().await.unwrap();
    let (verifier, code) = issued(&store).await;
    assert_eq!(redeem(&store, &code, Some(verifier.expose_verifier())).await.status, 200);

    let error =
        PostgresOptions::new(&url).unwrap().schema(new_schema()).connect().await.err().unwrap();
    assert!(matches!(error, StoreError::Denied { .. }), "{error}");
    for (url, expected) in [
        (url.replace("theirs", "wrong"), "password authentication failed"),
        (url.replace("/postgres", "/none").replace("none://", "postgres://"), "does not exist"),
    ] {
        let error = PostgresOptions::new(&url).unwrap().connect().await.err().unwrap();
        assert!(matches!(error, StoreError::Denied { .. }), "{error}");
        let line = error.to_string();
        assert!(line.contains(expected) && line.contains(&place[..15]), "{line}");
        assert!(
            !line.contains("wrong") && !line.contains("theirs") && line.lines().count() == 1,
            "{line}"
        );
    }
}

/// P21 and "store leak": of code, token and verifier nothing is in the tables, neither as text nor as bytes, not
/// even the secret halves; of code and token the hash is, and so is the challenge.
#[tokio::test]
async fn the_tables_hold_hashes_and_no_secret() {
    let schema = new_schema();
    let store = options(&schema).connect().await.unwrap();
    let (verifier, code) = issued(&store).await;
    let first = tokens_in(&redeem(&store, &code, Some(verifier.expose_verifier())).await);
    let second = tokens_in(&refresh(&store, &first.refresh, "", 0).await);
    assert!(passes(&store, &second.access).await);

    let client = beside(shared().text("url")).await;
    let sql = format!(
        "SELECT (SELECT string_agg(g::text, ' ') FROM \"{schema}\".grants g)
             || (SELECT string_agg(t::text, ' ') FROM \"{schema}\".tokens t)"
    );
    let tables: String = client.query_one(&sql, &[]).await.unwrap().get(0);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for text in [&code, &first.access, &first.refresh, &second.access, &second.refresh] {
        let secret = text.split_once('.').unwrap().1;
        assert!(!tables.contains(secret), "a secret as text");
        assert!(!tables.contains(&hex(&decoded(secret))), "a secret as bytes");
        assert!(
            tables.contains(&hex(&Sha256::digest(text))),
            "the search finds nothing: it proves nothing"
        );
    }
    let secret = verifier.expose_verifier();
    assert!(!tables.contains(secret) && !tables.contains(&hex(&decoded(secret))));
    assert!(tables.contains(&verifier.challenge().to_text()));
}

fn decoded(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// P29: a client whose row is damaged is an error, and no client.
#[tokio::test]
async fn a_damaged_client_is_an_error() {
    let schema = new_schema();
    let store = options(&schema).connect().await.unwrap();
    let room = Room { at_most: 10, spared_s: 0 };
    store.register(new("a"), room).await.unwrap();
    let client = beside(shared().text("url")).await;
    let sql = format!("UPDATE \"{schema}\".clients SET metadata = '{{}}'");
    client.batch_execute(&sql).await.unwrap();
    let error = store.registered("a").await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { column: "clients.metadata" }), "{error}");
}

/// P22: a challenge that cannot be read never becomes "no challenge".
#[tokio::test]
async fn a_damaged_row_is_an_error() {
    let schema = new_schema();
    let store = options(&schema).connect().await.unwrap();
    let (verifier, code) = issued(&store).await;
    let client = beside(shared().text("url")).await;
    let sql = format!("UPDATE \"{schema}\".grants SET code_challenge = repeat('!', 43)");
    client.batch_execute(&sql).await.unwrap();
    let (grant_id, hash) = (code.split_once('.').unwrap().0, Sha256::digest(&code).into());
    let error = store.find(grant_id, &hash).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { column: "grants.code_challenge" }), "{error}");
    assert_eq!(redeem(&store, &code, Some(verifier.expose_verifier())).await.status, 500);
    assert_eq!(redeem(&store, &code, None).await.status, 500);
}
