//! A disk that takes no more.

use crate::endpoints::{Endpoints, Still};
use proofkey::grant::answer::Audit;
use proofkey_server::store::{GrantStore as _, SqliteStore, StoreError};
use proofkey_server::testing::fixture::{
    access_token, code_in, grant, issued, passes, redeem, refresh, signed_in, start,
};
use std::process::Command;
use std::sync::Arc;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Says to the child that it is one.
const CHILD: &str = "PROOFKEY_FULL_DISK";

/// From now on no file of this process grows beyond `bytes`; what it starts keeps that too.
fn limit(bytes: &str) {
    let process = std::process::id().to_string();
    let fsize = format!("--fsize={bytes}:");
    let status = Command::new("prlimit").args(["--pid", &process, &fsize]).status().unwrap();
    assert!(status.success(), "{status}");
}

/// P29: what cannot be written is an error and gives no token; what can be read is read. As soon as there is room
/// again the same store goes on. The limit holds for a process: this test runs again in one of its own, which does
/// not end by the signal that comes with it.
#[tokio::test]
async fn a_full_disk_fails_closed_and_the_store_goes_on() {
    if std::env::var_os(CHILD).is_some() {
        return fill().await;
    }
    let test = "full_disk::a_full_disk_fails_closed_and_the_store_goes_on";
    let child = Command::new("sh")
        .args(["-c", r#"trap '' XFSZ; exec "$0" "$@""#])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{child:?}");
}

async fn fill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grants.db");
    let store = Arc::new(SqliteStore::open(&path).unwrap());
    let endpoints = Endpoints::over(&store);
    let begun = endpoints.begun().await;
    let store = &*store;
    let (verifier, code) = issued(store).await;
    let verifier = Some(verifier.expose_verifier());
    let kept = signed_in(store).await;
    let log = std::fs::metadata(folder.path().join("grants.db-wal")).unwrap().len();
    for _ in 0..2 {
        limit(&log.to_string());
        let outcome = start(store, CHALLENGE).await;
        assert!(!outcome.issued && code_in(outcome.location.expose()).is_none());
        assert!(outcome.location.expose().contains("error=server_error"));
        for answer in
            [redeem(store, &code, verifier).await, refresh(store, &kept.refresh, "", 0).await]
        {
            assert_eq!((answer.status, answer.audit), (500, Audit::StoreFailed));
            assert_eq!(access_token(&answer), None);
        }
        let error = store.put(grant("g", [1; 32])).await.unwrap_err();
        assert!(matches!(error, StoreError::Database { .. }), "{error}");
        assert_eq!(error.to_string().lines().count(), 1);
        assert!(passes(store, &kept.access).await, "reading needs no room");
        endpoints.nothing_is_given(&begun, Still { reads: true, revokes: false }).await;
        limit("unlimited");
        assert!(start(store, CHALLENGE).await.issued);
    }
    limit("unlimited");
    assert_eq!(redeem(store, &code, verifier).await.status, 200);
    assert_eq!(redeem(store, &code, verifier).await.audit, Audit::ReplayRevoked);
    assert_eq!(refresh(store, &kept.refresh, "", 0).await.status, 200);
    endpoints.all_goes_on(begun).await;
}
