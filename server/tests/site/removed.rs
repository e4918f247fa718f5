//! A client that its source knows no more.

use crate::common::FORM;
use crate::owner::server;
use async_trait::async_trait;
use http::{HeaderMap, Method};
use proofkey::grant::check::Authentication;
use proofkey::grant::client::ClientRecord;
use proofkey_server::client::{ClientSource, Clients};
use proofkey_server::endpoint::{AuthorizationServer, resource, token};
use proofkey_server::store::{MemoryStore, StoreError};
use proofkey_server::testing::fixture::{RESOURCE, client, signed_in};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Whether the table has the client, has it no more, or fails.
const THERE: u8 = 0;
const GONE: u8 = 1;
const FAILS: u8 = 2;

struct Table(Arc<AtomicU8>);

#[async_trait]
impl ClientSource for Table {
    async fn find(&self, client_id: &str) -> Result<Option<ClientRecord>, StoreError> {
        match self.0.load(Ordering::SeqCst) {
            THERE => Ok(Some(client()).filter(|client| client.client_id == client_id)),
            GONE => Ok(None),
            _ => Err(StoreError::Busy),
        }
    }
}

/// The status at a resource and at the token endpoint, and the error there.
async fn asked(server: &AuthorizationServer, access: &str, refresh: &str) -> (u16, u16, String) {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {access}").parse().unwrap());
    let protected = resource::Protected {
        audience: RESOURCE,
        required_scopes: &["read".to_owned()],
        metadata_url: "https://api.example/metadata",
        url: RESOURCE,
        authentication: &Authentication::default(),
    };
    let passed = match resource::check(server, &Method::GET, &headers, protected).await {
        Ok(_) => 200,
        Err(reply) => reply.status.as_u16(),
    };
    let mut headers = HeaderMap::new();
    headers.insert("content-type", FORM.1.parse().unwrap());
    let body = format!("grant_type=refresh_token&client_id=agent&refresh_token={refresh}");
    let reply = token::reply(server, &headers, body.as_bytes()).await;
    let said: serde_json::Value = serde_json::from_slice(reply.body.as_bytes()).unwrap();
    (passed, reply.status.as_u16(), said["error"].as_str().unwrap_or_default().to_owned())
}

/// What was issued to it is refused, and it refreshes nothing. Where the source fails nothing is taken from it, and
/// nothing given.
#[tokio::test]
async fn a_client_that_was_taken_out_of_its_table_is_out() {
    let store = Arc::new(MemoryStore::new(10));
    let tokens = signed_in(&*store).await;
    let state = Arc::new(AtomicU8::new(GONE));
    let mut server = server(store, "https://as.example");
    server.clients = Arc::new(Clients::default().with_source(Arc::new(Table(state.clone()))));
    let ask = async || asked(&server, &tokens.access, &tokens.refresh).await;
    assert_eq!(ask().await, (401, 400, "invalid_client".into()));
    state.store(FAILS, Ordering::SeqCst);
    assert_eq!(ask().await, (503, 503, "temporarily_unavailable".into()));
    state.store(THERE, Ordering::SeqCst);
    assert_eq!(ask().await, (200, 200, String::new()));
}
