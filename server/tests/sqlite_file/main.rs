//! The SQLite file itself: what lies in it, who may read it, whose it is, what survives.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test ends with its first wrong step"
)]

#[cfg(target_os = "linux")]
#[path = "../common/outage.rs"]
mod endpoints;
#[cfg(target_os = "linux")]
mod full_disk;
#[path = "../killed/mod.rs"]
mod killed;
mod killed_program;
#[path = "../common/race.rs"]
mod race;
#[cfg(target_os = "linux")]
mod read_only;
mod upgrade;

use proofkey_server::clock::Clock;
use proofkey_server::store::{GrantStore, SqliteOptions, SqliteStore, StoreError};
use proofkey_server::testing::fixture::{
    access_token, grant, issued, passes, redeem, refresh, signed_in, start, token, tokens_in,
};
use proofkey_server::testing::flows;
use race::race_codes;
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::sync::Arc;

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All files of a database: the main file, the log, the index.
fn bytes_of(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.flat_map(|path| std::fs::read(path).unwrap()).collect()
}

/// P21 and "store leak": of code, token and verifier nothing is in the file, neither as text nor as
/// bytes, not even the secret halves; of code and token the hash is, and so is the challenge.
#[tokio::test]
async fn the_file_holds_hashes_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    let store = SqliteStore::open(&path).unwrap();
    let (verifier, code) = issued(&store).await;
    let answer = redeem(&store, &code, Some(verifier.expose_verifier())).await;
    let token = access_token(&answer).unwrap();
    let first = tokens_in(&answer).refresh;
    let second = tokens_in(&refresh(&store, &first, "", 0).await).refresh;

    let challenge = verifier.challenge().to_text();
    let verifier = verifier.expose_verifier();
    let halves = |text: &str| text.split_once('.').map(|(_, secret)| secret.to_owned()).unwrap();
    let (code_secret, token_secret) = (halves(&code), halves(&token));
    let (first_secret, second_secret) = (halves(&first), halves(&second));
    let secrets = [verifier, &code_secret, &token_secret, &first_secret, &second_secret]
        .map(|text| (text, decoded(text)));
    let refresh_hash = Sha256::digest(&second);
    let (code_hash, token_hash) = (Sha256::digest(&code), Sha256::digest(&token));

    let row = store.peek(code.split('.').next().unwrap()).await.unwrap().unwrap();
    assert_eq!(row.code_hash, hex(&code_hash));
    assert_eq!(row.code_challenge.as_deref(), Some(challenge.as_str()));
    let kept: Vec<(&str, &str)> =
        row.tokens.iter().map(|row| (row.kind.as_str(), row.token_hash.as_str())).collect();
    assert_eq!(kept.len(), 4);
    assert!(kept.contains(&("access", &hex(&token_hash))));
    assert!(kept.contains(&("refresh", &hex(&refresh_hash))));
    assert!(row.used && !row.revoked);

    // Once with the log beside it, once after the log went into the file.
    let while_open = bytes_of(folder.path());
    drop(store);
    for bytes in [while_open, bytes_of(folder.path())] {
        for (text, raw) in &secrets {
            assert!(!contains(&bytes, text.as_bytes()), "a secret as text");
            assert!(!contains(&bytes, raw), "a secret as bytes");
        }
        for there in [&code_hash[..], &token_hash[..], &refresh_hash[..], challenge.as_bytes()] {
            assert!(contains(&bytes, there), "the scan finds nothing: it proves nothing");
        }
    }
}

/// A verifier, or a secret half, as the 32 bytes that it is the text of.
fn decoded(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    let store = SqliteStore::open(&path).unwrap();
    start(&store, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").await;
    let mut files = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", entry.path().display());
        files += 1;
    }
    assert_eq!(files, 3, "the file, its log and its index");
    drop(store);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let error = SqliteStore::open(&path).err().unwrap();
    assert!(matches!(error, StoreError::OpenToOthers { mode: 0o640, .. }), "{error}");
    assert!(error.to_string().ends_with("run chmod 600"), "{error}");
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    drop(SqliteStore::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 7).unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = SqliteStore::open(&path).err().unwrap();
    assert!(matches!(error, StoreError::NewerSchema { found: 7, known: 6, .. }), "{error}");
    assert_eq!(error.to_string().lines().count(), 1);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

/// P27, CVE-2026-1035: two servers on one file; of their refreshes of one token one wins.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_servers_on_one_file_one_refreshes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    let servers = [0, 1].map(|_| Arc::new(SqliteStore::open(&path).unwrap()));
    for _ in 0..20 {
        let first = signed_in(&*servers[0]).await;
        let mut refreshing = tokio::task::JoinSet::new();
        for n in 0..16 {
            let (store, token) = (servers[n % 2].clone(), first.refresh.clone());
            refreshing.spawn(async move { refresh(&*store, &token, "", 0).await.status });
        }
        let statuses = refreshing.join_all().await;
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 200 | 400)), "{statuses:?}");
        assert!(!passes(&*servers[1], &first.access).await);
    }
}

#[tokio::test]
async fn another_programs_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("other.db");
    Connection::open(&database).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "no database, and longer than the header of one is. ".repeat(20))
        .unwrap();
    for path in [&database, &text] {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        let before = std::fs::read(path).unwrap();
        let error = SqliteStore::open(path).err().unwrap();
        assert!(matches!(error, StoreError::NotAGrantStore { .. }), "{error}");
        assert_eq!(std::fs::read(path).unwrap(), before);
    }
    let error = SqliteStore::open(folder.path()).err().unwrap();
    assert!(matches!(error, StoreError::NotAGrantStore { .. }), "{error}");
    let error = SqliteStore::open(folder.path().join("no/such/folder.db")).err().unwrap();
    assert!(matches!(error, StoreError::Open { .. }), "{error}");
}

/// What was answered is there after the file is opened again, and a used code is still used.
#[tokio::test]
async fn grants_and_tokens_survive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    let store = SqliteStore::open(&path).unwrap();
    let (verifier, code) = issued(&store).await;
    let (waiting, waiting_code) = issued(&store).await;
    let answer = redeem(&store, &code, Some(verifier.expose_verifier())).await;
    let token = access_token(&answer).unwrap();
    drop(store);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.len().await.unwrap(), 2);
    assert!(passes(&store, &token).await);
    let answer = redeem(&store, &waiting_code, Some(waiting.expose_verifier())).await;
    assert_eq!(answer.status, 200);
    let answer = redeem(&store, &code, Some(verifier.expose_verifier())).await;
    assert_eq!(answer.audit.name(), "replay_revoked");
    assert!(!passes(&store, &token).await);
}

/// Many servers that start at once on a file that none has seen: all come up, the schema is made once.
#[test]
fn many_open_a_new_file_at_once() {
    const OPENERS: usize = 8;
    for round in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("grants.db");
        let together = std::sync::Barrier::new(OPENERS);
        std::thread::scope(|scope| {
            for _ in 0..OPENERS {
                scope.spawn(|| {
                    together.wait();
                    let opened = SqliteStore::open(&path);
                    assert!(opened.is_ok(), "round {round}: {:?}", opened.err());
                });
            }
        });
    }
}

/// P24, CVE-2026-47386: two servers on one file; of the 64 redeemers of a code one wins.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_servers_on_one_file_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    // Opened at once, on a file that neither has seen: the schema is made once.
    let opening = [0, 1].map(|_| {
        let path = path.clone();
        tokio::task::spawn_blocking(move || SqliteStore::open(path).map(Arc::new))
    });
    let mut servers: Vec<Arc<dyn GrantStore>> = Vec::new();
    for opened in opening {
        servers.push(opened.await.unwrap().unwrap());
    }
    flows::of_redeemers_over_nodes_one_gets_a_token(&servers, race_codes()).await;
}

/// P22: a challenge that was damaged in the file is an error, never "no challenge".
#[tokio::test]
async fn a_damaged_challenge_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    let store = SqliteStore::open(&path).unwrap();
    let (verifier, code) = issued(&store).await;
    let damaged = "!".repeat(43);
    let connection = Connection::open(&path).unwrap();
    assert_eq!(connection.execute("UPDATE grants SET code_challenge = ?1", [&damaged]).unwrap(), 1);
    for verifier in [Some(verifier.expose_verifier()), None] {
        let answer = redeem(&store, &code, verifier).await;
        assert_eq!(answer.audit.name(), "store_failed");
    }
}

/// Expired rows go in small batches, more at a time than come in; their tokens go with them.
#[tokio::test]
async fn a_backlog_of_expired_rows_shrinks() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual(1_800_000_000);
    let store = SqliteOptions::default().clock(clock.clone());
    let store = store.open(folder.path().join("grants.db")).unwrap();
    for n in 0..100 {
        store.put(grant(&format!("g{n}"), [1; 32])).await.unwrap();
        store.claim(&format!("g{n}"), &[1; 32], 5, vec![token([2; 32])]).await.unwrap();
    }
    clock.advance(3600);
    let mut left = Vec::new();
    for n in 0..5 {
        store.put(grant(&format!("new{n}"), [1; 32])).await.unwrap();
        left.push(store.len().await.unwrap());
    }
    assert_eq!(left, [69, 38, 7, 4, 5]);
    assert!(store.find_token("g99", &[2; 32]).await.unwrap().row.is_none());
}
