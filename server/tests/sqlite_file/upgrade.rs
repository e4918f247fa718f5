//! Files that older programs wrote.

use proofkey::verifier::CodeVerifier;
use proofkey_server::pending::{Kind, PendingStore as _};
use proofkey_server::store::SqliteStore;
use proofkey_server::testing::fixture::{access_token, passes, redeem, refresh, tokens_in};
use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// What each version added, oldest first.
const SCHEMAS: [&str; 5] = [
    include_str!("../../src/store/sqlite/schema_1.sql"),
    include_str!("../../src/store/sqlite/schema_2.sql"),
    include_str!("../../src/store/sqlite/schema_3.sql"),
    include_str!("../../src/store/sqlite/schema_4.sql"),
    include_str!("../../src/store/sqlite/schema_5.sql"),
];

/// A code or a token of the grant whose identifier is made of this letter.
fn of_grant(letter: &str, secret: &str) -> String {
    format!("{}A.{}A", letter.repeat(21), secret.repeat(42))
}

/// A file of an older version with two grants: the code of the one waits, that of the other was redeemed.
fn older(path: &Path, version: usize, verifier: &CodeVerifier) {
    let file = Connection::open(path).unwrap();
    for schema in &SCHEMAS[..version] {
        file.execute_batch(schema).unwrap();
    }
    for (letter, used) in [("A", 0), ("B", 1)] {
        let code = of_grant(letter, "C");
        file.execute(
            "INSERT INTO grants (grant_id, code_hash, code_challenge, client_id, subject, redirect_uri,
               redirect_uri_was_sent, scope, resource, expires_at, keep_until, used)
             VALUES (?1, ?2, ?3, 'agent', 'user', 'http://127.0.0.1:49152/callback', 1, 'read',
               'https://api.example/', 9000000000, 9000000000, ?4)",
            params![&code[..22], &Sha256::digest(&code)[..], verifier.challenge().to_text(), used],
        )
        .unwrap();
    }
    let kinds: &[&str] = if version == 1 { &["access"] } else { &["access", "refresh"] };
    for kind in kinds {
        let token = of_grant("B", &kind[..1]);
        file.execute(
            "INSERT INTO tokens (grant_id, token_hash, kind, expires_at) VALUES (?1, ?2, ?3, 9000000000)",
            params![&token[..22], &Sha256::digest(&token)[..], kind],
        )
        .unwrap();
    }
    if version >= 2 {
        file.execute("UPDATE grants SET refreshable = 1", []).unwrap();
    }
    if version >= 4 {
        let values = "INSERT INTO pending VALUES ('pushed', 'name', x'70', 9000000000)";
        file.execute(values, []).unwrap();
    }
    file.pragma_update(None, "application_id", 0x504b_4559).unwrap();
    file.pragma_update(None, "user_version", i64::try_from(version).unwrap()).unwrap();
    drop(file);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

/// What lies in it stays good: tokens pass, refresh tokens go on, codes are redeemed once, what waits is there. Grants
/// of the first version know nothing of refresh tokens, and give none.
#[tokio::test]
async fn a_file_of_each_older_version_is_brought_up_to_date() {
    for version in 1..SCHEMAS.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("grants.db");
        let verifier = CodeVerifier::generate().unwrap();
        older(&path, version, &verifier);
        for opened in ["for the first time", "again"] {
            let store = SqliteStore::open(&path).unwrap();
            assert!(passes(&store, &of_grant("B", "a")).await, "{version} {opened}");
            assert_eq!(store.len().await.unwrap(), 2);
        }
        let store = SqliteStore::open(&path).unwrap();
        let (code, verifier) = (of_grant("A", "C"), Some(verifier.expose_verifier()));
        let answer = redeem(&store, &code, verifier).await;
        assert_eq!(answer.status, 200, "{version}");
        assert!(passes(&store, &access_token(&answer).unwrap()).await);
        assert_eq!(answer.body.expose().contains("refresh_token"), version > 1);
        if version > 1 {
            let fresh = tokens_in(&refresh(&store, &of_grant("B", "r"), "", 0).await);
            assert!(passes(&store, &fresh.access).await, "{version}");
        }
        let waits = store.get(Kind::Pushed, "name").await.unwrap();
        assert_eq!(waits.is_some(), version > 3);
        let answer = redeem(&store, &code, verifier).await;
        assert_eq!(answer.audit.name(), "replay_revoked");

        let file = Connection::open(&path).unwrap();
        let now: i64 = file.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(now, 5);
        let sound: String =
            file.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
        let strays: i64 = file
            .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(strays, 0);
    }
}
