//! The development server's clients.

use super::DevError;
use crate::client::{ClientStore, Clients, Documents, Registrations};
use crate::fault::Fault;
use proofkey::grant::client::ClientRecord;
use std::sync::Arc;

/// Which clients may be known by the address of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientDocuments {
    /// None.
    Off,
    /// Those whose document is fetched by https from the public network.
    #[default]
    Https,
    /// Those as well whose document lies on this machine, also by plain http.
    OnLoopback,
}

/// The client that is there where none is configured: a native program with a loopback receiver.
#[must_use]
pub fn development_client() -> ClientRecord {
    ClientRecord {
        client_id: "proofkey-dev".into(),
        name: "A program in development".into(),
        redirect_uris: vec!["http://127.0.0.1/callback".into(), "http://[::1]/callback".into()],
        scopes: vec!["read".into(), "write".into()],
        may_refresh: true,
    }
}

/// The clients, and one for each fault that a client can choose.
pub(super) fn with_faults(mut configured: Vec<ClientRecord>) -> Vec<ClientRecord> {
    if configured.is_empty() {
        configured.push(development_client());
    }
    let like = configured[0].clone();
    configured.extend(Fault::all().filter_map(|fault| {
        let name = format!("A program that meets the fault {}", fault.name);
        Some(ClientRecord { client_id: fault.client_id()?, name, ..like.clone() })
    }));
    configured
}

/// Each client once, with redirect URIs that may be registered at all (P26, CVE-2026-22752); and what lets in
/// others.
pub(super) fn clients(
    mut configured: Vec<ClientRecord>,
    (max_registrations, store): (usize, Arc<dyn ClientStore>),
    documents: ClientDocuments,
) -> Result<Clients, DevError> {
    if configured.is_empty() {
        configured.push(development_client());
    }
    for (n, client) in configured.iter().enumerate() {
        if configured[..n].iter().any(|known| known.client_id == client.client_id) {
            return Err(DevError::DuplicateClient { client_id: client.client_id.clone() });
        }
        for uri in &client.redirect_uris {
            proofkey::check_redirect_uri(uri)?;
        }
    }
    let mut clients = Clients::new(configured);
    if max_registrations > 0 {
        let registrations = Registrations::new(store, clients.scopes());
        clients = clients.with_registrations(registrations.max_clients(max_registrations as u64));
    }
    if documents != ClientDocuments::Off {
        let on_loopback = documents == ClientDocuments::OnLoopback;
        let documents = Documents::new(clients.scopes(), on_loopback);
        clients = clients.with_documents(documents);
    }
    Ok(clients)
}
