//! Files that older programs wrote.

use proofkey::verifier::CodeVerifier;
use proofkey_server::client::{ClientStore as _, Registered, Room};
use proofkey_server::pending::{Kind, PendingStore};
use proofkey_server::store::SqliteStore;
use proofkey_server::testing::clients::new;
use proofkey_server::testing::fixture::{
    access_token, passes, redeem, refresh, signed_in, tokens_in,
};
use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};

/// A file of version 2 is brought up to date: its grants know no keys, and their refresh tokens go on.
#[tokio::test]
async fn a_file_of_the_second_version_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    let tokens = signed_in(&SqliteStore::open(&path).unwrap()).await;
    // What the versions after it brought is taken away again.
    let old = Connection::open(&path).unwrap();
    for column in ["dpop_jkt", "nonce", "auth_time", "acr", "authorization_details"] {
        old.execute_batch(&format!("ALTER TABLE grants DROP COLUMN {column}")).unwrap();
    }
    old.execute_batch("ALTER TABLE tokens DROP COLUMN dpop_jkt").unwrap();
    old.execute_batch("DROP TABLE pending; DROP TABLE clients").unwrap();
    old.pragma_update(None, "user_version", 2).unwrap();
    drop(old);
    let store = SqliteStore::open(&path).unwrap();
    assert!(passes(&store, &tokens.access).await);
    let fresh = tokens_in(&refresh(&store, &tokens.refresh, "", 0).await);
    assert!(passes(&store, &fresh.access).await);
}

/// A file of version 4 is brought up to date: clients register, and what was pending goes on.
#[tokio::test]
async fn a_file_of_the_fourth_version_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    let store = SqliteStore::open(&path).unwrap();
    let tokens = signed_in(&store).await;
    PendingStore::put(&store, Kind::Device, "n", b"v", 600).await.unwrap();
    drop(store);
    let old = Connection::open(&path).unwrap();
    old.execute_batch("DROP TABLE clients").unwrap();
    old.pragma_update(None, "user_version", 4).unwrap();
    drop(old);
    let store = SqliteStore::open(&path).unwrap();
    assert!(passes(&store, &tokens.access).await);
    let pending = PendingStore::get(&store, Kind::Device, "n").await.unwrap();
    assert_eq!(pending.as_deref(), Some(&b"v"[..]));
    let room = Room { at_most: 10, spared_s: 0 };
    assert_eq!(store.register(new("a"), room).await.unwrap(), Registered::Kept);
    drop(store);
    let again = SqliteStore::open(&path).unwrap();
    assert_eq!(again.registered("a").await.unwrap().row.unwrap().client, new("a").client);
}

/// A file of version 1 is brought up to date: what lies in it stays good, and its grants, which know nothing of
/// refresh tokens, give none.
#[tokio::test]
async fn a_file_of_the_first_version_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    let (verifier, code) =
        (CodeVerifier::generate().unwrap(), format!("{}.{}", "A".repeat(22), "A".repeat(43)));
    let used = format!("{}.{}", "A".repeat(21) + "Q", "A".repeat(43));
    let old = Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../../src/store/sqlite/schema_1.sql")).unwrap();
    for (code, used_up) in [(&code, 0), (&used, 1)] {
        old.execute(
            "INSERT INTO grants (grant_id, code_hash, code_challenge, client_id, subject, redirect_uri,
               redirect_uri_was_sent, scope, resource, expires_at, keep_until, used)
             VALUES (?1, ?2, ?3, 'agent', 'user', 'http://127.0.0.1:49152/callback', 1, 'read',
               'https://api.example/', 9000000000, 9000000000, ?4)",
            params![&code[..22], &Sha256::digest(code)[..], verifier.challenge().to_text(), used_up],
        )
        .unwrap();
    }
    let token = format!("{}.{}", &used[..22], "B".repeat(42) + "A");
    old.execute(
        "INSERT INTO tokens (grant_id, token_hash, kind, expires_at) VALUES (?1, ?2, 'access', 9000000000)",
        params![&used[..22], &Sha256::digest(&token)[..]],
    )
    .unwrap();
    old.pragma_update(None, "application_id", 0x504b_4559).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    for opened in ["for the first time", "again"] {
        let store = SqliteStore::open(&path).unwrap();
        assert!(passes(&store, &token).await, "{opened}");
        assert_eq!(store.len().await.unwrap(), 2);
    }
    let store = SqliteStore::open(&path).unwrap();
    let answer = redeem(&store, &code, Some(verifier.expose_verifier())).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.body.expose().contains("refresh_token"));
    assert!(passes(&store, &access_token(&answer).unwrap()).await);
    let version: i64 = Connection::open(&path)
        .unwrap()
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(version, 5);
}
