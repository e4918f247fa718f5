//! What lies in Redis, and how long.

use super::private::Private;
use proofkey_server::client::{ClientStore as _, Room};
use proofkey_server::clock::Clock;
use proofkey_server::store::{GrantStore as _, StoreError};
use proofkey_server::testing::clients;
use proofkey_server::testing::fixture::{grant, issued, redeem, refresh_token, token};

const CODE: [u8; 32] = [1; 32];

fn ttl(server: &Private, key: &str) -> i64 {
    server.admin(&format!("TTL {key}"))
}

/// The time is the server's, not ours: with it a grant is written, judged and forgotten.
#[tokio::test]
async fn time_is_the_servers_and_it_forgets_by_itself() {
    let server = Private::start();
    let store = server.store().await;
    let before = server.admin::<(u64, u64)>("TIME").0;
    assert!(store.put(grant("g", CODE)).await.unwrap());
    let seen = store.find("g", &CODE).await.unwrap();
    let after = server.admin::<(u64, u64)>("TIME").0;
    assert!((before..=after).contains(&seen.now));
    assert!((before + 60..=after + 60).contains(&seen.row.unwrap().expires_at));
    // A minute longer than the code, so that what has expired is known as that.
    assert!((110..=120).contains(&ttl(&server, "{g}:grant")));

    // It is kept as long as its longest token: a revocation must have something to mark.
    assert!(
        store.claim("g", &CODE, 5, vec![token([2; 32]), refresh_token([3; 32])]).await.unwrap()
    );
    for key in ["{g}:grant", "{g}:tokens", "{g}:expiries"] {
        assert!((7250..=7260).contains(&ttl(&server, key)), "{key}");
    }

    let mut over = grant("over", CODE);
    over.lifetime_s = 0;
    assert!(store.put(over).await.unwrap());
    assert!(!store.claim("over", &CODE, 5, vec![token([2; 32])]).await.unwrap());
    assert!(store.find("over", &CODE).await.unwrap().row.is_some());
}

/// Nothing stays for ever: every key but the list of grants and the layout has an end.
#[tokio::test]
async fn every_key_of_a_grant_has_an_end() {
    let server = Private::start();
    let store = server.store().await;
    for _ in 0..3 {
        let (verifier, code) = issued(&store).await;
        redeem(&store, &code, Some(verifier.expose_verifier())).await;
    }
    let keys: Vec<String> = server.admin("KEYS *");
    assert_eq!(keys.len(), 3 * 3 + 2, "{keys:?}");
    for key in keys.iter().filter(|key| !key.starts_with("proofkey:")) {
        assert!(ttl(&server, key) > 0, "{key}");
    }
}

/// Registered clients go in small batches too, and their keys end a minute after the last of them.
#[tokio::test]
async fn a_backlog_of_clients_shrinks_and_their_keys_end() {
    let server = Private::start();
    let clock = Clock::manual(1_800_000_000);
    let store = server.options().clock(clock.clone()).connect().await.unwrap();
    let room = Room { at_most: 1_000, spared_s: 10 };
    for n in 0..100 {
        store.register(clients::new(&format!("a{n}")), room).await.unwrap();
    }
    clock.advance(1_000);
    let mut left = Vec::new();
    for n in 0..5 {
        store.register(clients::new(&format!("b{n}")), room).await.unwrap();
        let rows: u64 = server.admin("HLEN {proofkey:clients}:rows");
        let ends: u64 = server.admin("ZCARD {proofkey:clients}:ends");
        let unused: u64 = server.admin("ZCARD {proofkey:clients}:unused");
        assert!(rows == ends && rows == unused, "{rows} {ends} {unused}");
        left.push(rows);
    }
    assert_eq!(left, [69, 38, 7, 4, 5]);
    for part in ["rows", "ends", "unused"] {
        let key = format!("{{proofkey:clients}}:{part}");
        assert!((1_050..=1_060).contains(&ttl(&server, &key)), "{part}");
    }
    assert!(store.keep("b1", 5_000).await.unwrap());
    for part in ["rows", "ends"] {
        let key = format!("{{proofkey:clients}}:{part}");
        assert!((5_050..=5_060).contains(&ttl(&server, &key)), "{part}");
    }
    let _: u64 = server.admin("HDEL {proofkey:clients}:rows b1");
    let error = store.registered("b1").await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { column: "clients.metadata" }), "{error}");
}

/// Expired grants go in small batches, more at a time than come in; their tokens go with them.
#[tokio::test]
async fn a_backlog_of_expired_grants_shrinks() {
    let server = Private::start();
    let clock = Clock::manual(1_800_000_000);
    let store = server.options().clock(clock.clone()).connect().await.unwrap();
    for n in 0..100 {
        store.put(grant(&format!("g{n}"), CODE)).await.unwrap();
        store.claim(&format!("g{n}"), &CODE, 5, vec![token([2; 32])]).await.unwrap();
    }
    clock.advance(3600);
    let mut left = Vec::new();
    for n in 0..5 {
        store.put(grant(&format!("new{n}"), CODE)).await.unwrap();
        left.push(store.len().await.unwrap());
    }
    // What is less than a batch waits for more.
    assert_eq!(left, [69, 38, 7, 8, 9]);
    let keys: Vec<String> = server.admin("KEYS {g*");
    assert_eq!(keys.len(), 4 * 3, "{keys:?}");
}

/// P22: a row that was damaged is an error, never "no challenge" or "not revoked".
#[tokio::test]
async fn a_damaged_row_is_an_error() {
    let server = Private::start();
    let store = server.store().await;
    for damage in [
        "HSET KEY grant {}",
        "HSET KEY grant [",
        "HDEL KEY grant",
        "HSET KEY expires_at x",
        "HDEL KEY mismatches",
        "HSET KEY mismatches 4294967296",
    ] {
        let (verifier, code) = issued(&store).await;
        let key = format!("{{{}}}:grant", code.split('.').next().unwrap());
        let _: redis::Value = server.admin(&damage.replace("KEY", &key));
        let answer = redeem(&store, &code, Some(verifier.expose_verifier())).await;
        assert_eq!(answer.audit.name(), "store_failed", "{damage}");
    }
    for member in ["code_challenge", "dpop_jkt"] {
        store.put(grant(member, CODE)).await.unwrap();
        let key = format!("{{{member}}}:grant");
        let mut connection = server.connection();
        let row: String = redis::cmd("HGET").arg(&key).arg("grant").query(&mut connection).unwrap();
        let lost = row.replace(member, "lost");
        let () = redis::cmd("HSET")
            .arg(&key)
            .arg("grant")
            .arg(lost)
            .query::<u64>(&mut connection)
            .map(drop)
            .unwrap();
        let error = store.find(member, &CODE).await.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { column } if column == member), "{error}");
    }
    let _: u64 = server.admin("SADD {odd}:grant x");
    assert!(store.find("odd", &CODE).await.is_err());
    assert!(store.claim("odd", &CODE, 5, Vec::new()).await.is_err());
}
