//! Clients whose identifier is the address of a document that describes them
//! (draft-ietf-oauth-client-id-metadata-document).

use super::fetch::{Reason, fetch};
use proofkey::grant::client::ClientRecord;
use proofkey::grant::registration::{ClientMetadata, check_document_url};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// How long a document is believed: a consent page and the form that comes back need it once.
const FRESH: Duration = Duration::from_secs(60);

/// So many documents are kept.
const MAX_KEPT: usize = 256;

/// So many are fetched at once: whoever asks for an authorization decides what is fetched.
const MAX_FLIGHTS: usize = 8;

/// Fetches clients' documents and keeps them for a minute.
pub struct Documents {
    on_loopback: bool,
    scopes: Vec<String>,
    kept: Mutex<HashMap<String, (Instant, Arc<ClientRecord>)>>,
    flights: Semaphore,
}

impl Documents {
    /// Each client may ask for these scopes or for fewer. `on_loopback`: whether documents may lie on this
    /// machine, also by plain http; for development.
    #[must_use]
    pub fn new(scopes: Vec<String>, on_loopback: bool) -> Self {
        let flights = Semaphore::new(MAX_FLIGHTS);
        Self { on_loopback, scopes, kept: Mutex::default(), flights }
    }

    /// Whether this identifier is the address of a document.
    pub(super) fn has(&self, client_id: &str) -> bool {
        check_document_url(client_id, self.on_loopback).is_ok()
    }

    /// The client of this identifier; none where it is not the address of a document.
    pub(super) async fn find(&self, client_id: &str) -> Option<Result<Arc<ClientRecord>, Reason>> {
        if !self.has(client_id) {
            return None;
        }
        if let Some(client) = self.kept(client_id) {
            return Some(Ok(client));
        }
        let Ok(_flight) = self.flights.try_acquire() else {
            return Some(Err("cannot be fetched now: too many are being fetched"));
        };
        // In a place of its own: it is large, and else each request would carry the room for it.
        Some(Box::pin(self.fetch(client_id)).await)
    }

    async fn fetch(&self, client_id: &str) -> Result<Arc<ClientRecord>, Reason> {
        let body = fetch(client_id, self.on_loopback).await?;
        let metadata = ClientMetadata::read_document(client_id, &body).map_err(|refusal| {
            tracing::info!(target: crate::narrate::TARGET, step = "client", "{}", refusal.description);
            "does not describe a public client of this address"
        })?;
        let client = Arc::new(metadata.record(client_id, client_id, &self.scopes));
        self.keep(client.clone());
        Ok(client)
    }

    fn kept(&self, client_id: &str) -> Option<Arc<ClientRecord>> {
        let kept = self.kept.lock().ok()?;
        let (fetched_at, client) = kept.get(client_id)?;
        (fetched_at.elapsed() < FRESH).then(|| client.clone())
    }

    fn keep(&self, client: Arc<ClientRecord>) {
        // Without the lock it is fetched once more, that is all.
        if let Ok(mut kept) = self.kept.lock() {
            kept.retain(|_, (fetched_at, _)| fetched_at.elapsed() < FRESH);
            if kept.len() < MAX_KEPT {
                kept.insert(client.client_id.clone(), (Instant::now(), client));
            }
        }
    }
}
