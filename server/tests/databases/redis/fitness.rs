//! Servers that cannot keep grants, and addresses that are none: one line that says what to do.

use super::private::Private;
use proofkey_server::client::{ClientStore as _, Registered, Room};
use proofkey_server::pending::{Kind, PendingStore};
use proofkey_server::store::{GrantStore, RedisOptions, RedisStore, StoreError};
use proofkey_server::testing::fixture::{grant, refresh, signed_in};
use proofkey_server::testing::{clients, pending};

const CANARY: &str = "canary-password";

async fn refused(url: &str) -> StoreError {
    let error = RedisStore::connect(url).await.err().expect("it was taken");
    let words = format!("{error} {error:?}");
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
    assert!(!words.contains("canary"), "a password in an error: {words}");
    error
}

/// Whatever evicts keys forgets revocations.
#[tokio::test]
async fn a_server_that_evicts_is_refused() {
    let server = Private::start();
    for policy in ["allkeys-lru", "volatile-ttl", "allkeys-random"] {
        let () = server.admin(&format!("CONFIG SET maxmemory-policy {policy}"));
        let error = refused(&server.url()).await;
        assert!(matches!(error, StoreError::Unfit { .. }), "{error}");
        assert!(error.to_string().contains(policy) && error.to_string().ends_with("noeviction"));
    }
    let () = server.admin("CONFIG SET maxmemory-policy noeviction");
    server.store().await;
}

/// A replica may be behind, and one of several primaries has but a part.
#[tokio::test]
async fn a_replica_and_a_part_of_a_cluster_are_refused() {
    let (primary, replica) = (Private::start(), Private::start());
    let () = replica.admin(&format!("REPLICAOF 127.0.0.1 {}", primary.port()));
    let error = refused(&replica.url()).await;
    assert!(error.to_string().ends_with("give the address of its primary"), "{error}");
    let part = Private::in_a_cluster();
    let error = refused(&part.url()).await;
    assert!(error.to_string().contains("cluster"), "{error}");
}

/// What a newer program has written is left alone.
#[tokio::test]
async fn a_newer_layout_is_refused() {
    let server = Private::start();
    server.store().await;
    assert_eq!(server.admin::<String>("GET proofkey:layout"), "2");
    let () = server.admin("SET proofkey:layout 3");
    let error = refused(&server.url()).await;
    assert!(
        error.to_string().ends_with(
            "schema version 3, this program knows up to 2: update the program, or name another store"
        ),
        "{error}"
    );
    assert_eq!(server.admin::<String>("GET proofkey:layout"), "3");
}

/// What an older program has written is brought up to date and goes on; older programs are refused from then on.
#[tokio::test]
async fn an_older_layout_is_brought_up_to_date() {
    let server = Private::start();
    let first = signed_in(&server.store().await).await;
    let () = server.admin("SET proofkey:layout 1");
    let store = server.store().await;
    assert_eq!(server.admin::<String>("GET proofkey:layout"), "2");
    assert_eq!(refresh(&store, &first.refresh, "", 0).await.status, 200);
}

/// The rights that the page about the stores names are enough for a whole life; without one of them it is told.
#[tokio::test]
async fn a_user_with_few_rights_is_enough() {
    let page = include_str!("../../../../docs/decisions/stores.md");
    let rights =
        page.lines().find_map(|line| line.strip_prefix("    ACL SETUSER proofkey ")).unwrap();
    let server = Private::start();
    let set = |rights: &str| server.admin::<()>(&format!("ACL SETUSER proofkey {rights}"));
    set(&rights.replace("PASSWORD", CANARY));
    let url = format!("redis://proofkey:{CANARY}@127.0.0.1:{}", server.port());
    let store = RedisOptions::new(&url).unwrap().max_grants(1).connect().await.unwrap();
    let first = signed_in(&store).await;
    assert_eq!(refresh(&store, &first.refresh, "", 0).await.status, 200);
    assert_eq!(refresh(&store, &first.refresh, "", 0).await.audit.name(), "reuse_revoked");
    store.count("g").await.unwrap();
    assert!(!GrantStore::put(&store, grant("one more", [1; 32])).await.unwrap());
    clients::its_token_alone_ends_a_registration(&store).await;
    let room = Room { at_most: 2, spared_s: 0 };
    assert_eq!(store.register(clients::new("c"), room).await.unwrap(), Registered::Kept);
    assert!(store.keep("c", 60).await.unwrap());
    pending::an_entry_is_kept_once(&store).await;
    assert!(store.take(Kind::Device, "n").await.unwrap().is_some());
    pending::a_swap_needs_the_old_value(&store).await;
    set("-evalsha");
    let error = store.count("g").await.unwrap_err();
    assert!(matches!(error, StoreError::Denied { .. }), "{error}");
}

#[tokio::test]
async fn a_wrong_address_or_login_is_told_without_the_password() {
    let server = Private::start();
    let port = server.port();
    for wrong in [
        "",
        "redis",
        "http://127.0.0.1:6379",
        "redis://",
        "redis://:canary@",
        "redis://h:x",
        "redis:canary",
        "rediss://:canary@127.0.0.1#insecure",
        "redis://:canary@127.0.0.1/x",
    ] {
        assert!(matches!(refused(wrong).await, StoreError::Address { .. }), "{wrong}");
    }
    let () = server.admin(&format!("CONFIG SET requirepass {CANARY}"));
    for login in ["", ":canary-wrong@", "nobody:canary-password@"] {
        let error = refused(&format!("redis://{login}127.0.0.1:{port}")).await;
        assert!(matches!(error, StoreError::Denied { .. }), "{login}: {error}");
        assert!(error.to_string().contains(&format!("redis://127.0.0.1:{port}")), "{error}");
    }
    RedisStore::connect(&format!("redis://:{CANARY}@127.0.0.1:{port}")).await.unwrap();
    // The system gives this port to nobody: that of a server which has ended may be another test's by now.
    let error = refused(&format!("redis://:{CANARY}@127.0.0.1:1")).await;
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
    // Somebody who speaks another protocol, or none.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://:{CANARY}@{}", silent.local_addr().unwrap());
    let deadline = std::time::Duration::from_millis(50);
    let error = RedisOptions::new(&url).unwrap().deadline(deadline).connect().await.err().unwrap();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("no answer within 0 s; check that it runs"), "{error}");
}
