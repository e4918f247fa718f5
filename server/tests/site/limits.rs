//! How much one address may ask.

use crate::common::*;
use crate::owner::site;
use proofkey_server::store::MemoryStore;
use std::sync::Arc;

/// 429 with the time to wait; each endpoint has its count, and pages none.
#[tokio::test]
async fn too_many_requests_are_answered_by_429() {
    let store = Arc::new(MemoryStore::new(100));
    let server = site(store, |site| site.token_requests_per_minute(2)).await;
    let pairs = [("grant_type", "authorization_code"), ("client_id", "proofkey-dev")];
    for _ in 0..2 {
        assert_eq!(token(&server, &pairs).await.status, 400);
    }
    let answer = token(&server, &pairs).await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.header("retry-after"), Some("60"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.member("error"), "temporarily_unavailable");
    let revoked = send(&server, "POST", "/revoke", &[FORM], "client_id=a&token=b").await;
    assert_eq!(revoked.status, 200);
    assert_eq!(get(&server, "/.well-known/oauth-authorization-server").await.status, 200);
}

/// DNS rebinding: another host's name is refused, unless a proxy checks it.
#[tokio::test]
async fn a_site_answers_to_its_name() {
    let request = b"GET /jwks HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    let store = Arc::new(MemoryStore::new(100));
    let strict = site(store.clone(), |site| site).await;
    assert_eq!(raw(strict.address, request).await.status, 421);
    let behind_a_proxy = site(store, |site| site.any_host()).await;
    assert_eq!(raw(behind_a_proxy.address, request).await.status, 200);
}
