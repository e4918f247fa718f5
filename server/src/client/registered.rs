//! Clients that registered themselves (RFC 7591), in memory and of bounded number.

use crate::clock::Clock;
use crate::random;
use proofkey::grant::client::ClientRecord;
use proofkey::grant::registration::{ClientMetadata, MetadataRefusal};
use proofkey::secret::Secret;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use subtle::ConstantTimeEq as _;

/// How the identifier of such a client begins: one that is not registered any more is still known as one.
const PREFIX: &str = "registered-";

pub(super) fn is_of_a_registration(client_id: &str) -> bool {
    client_id.starts_with(PREFIX)
}

/// Where clients register themselves. It is in memory: at a restart they are gone.
pub struct Registrations {
    rows: Mutex<HashMap<String, Row>>,
    capacity: usize,
    scopes: Vec<String>,
    clock: Clock,
}

struct Row {
    client: Arc<ClientRecord>,
    /// SHA-256 of the token that manages it.
    token_hash: [u8; 32],
}

/// A client that has just registered.
#[derive(Debug)]
pub struct Registration {
    /// Its record.
    pub client: Arc<ClientRecord>,
    /// When it registered, in seconds since the epoch.
    pub issued_at: u64,
    /// The token that manages the registration (RFC 7592 §3). Only its hash is kept.
    pub access_token: Secret,
}

/// A client was not registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRegistered {
    /// What it says of itself cannot be taken.
    Refused(MetadataRefusal),
    /// There are as many as are kept.
    Full,
    /// The generator or the clock failed, or the rows cannot be read.
    Failed,
}

impl Registrations {
    /// At most `capacity` clients, each of which may ask for these scopes or for fewer.
    #[must_use]
    pub fn new(capacity: usize, scopes: Vec<String>) -> Self {
        Self { rows: Mutex::default(), capacity, scopes, clock: Clock::system() }
    }

    /// Takes a client in (RFC 7591 §3).
    ///
    /// # Errors
    /// [`NotRegistered`] says why not.
    pub fn register(&self, body: &[u8]) -> Result<Registration, NotRegistered> {
        let metadata = ClientMetadata::read(body).map_err(NotRegistered::Refused)?;
        let failed = |_| NotRegistered::Failed;
        let client_id = format!("{PREFIX}{}", random::text::<16>().map_err(failed)?.expose());
        let access_token = random::text::<32>().map_err(failed)?;
        let issued_at = self.clock.now().map_err(|_| NotRegistered::Failed)?;
        let client =
            Arc::new(metadata.record(&client_id, "A program without a name", &self.scopes));
        let token_hash = Sha256::digest(access_token.expose()).into();
        let mut rows = self.rows.lock().map_err(|_| NotRegistered::Failed)?;
        if rows.len() >= self.capacity {
            return Err(NotRegistered::Full);
        }
        rows.insert(client_id, Row { client: client.clone(), token_hash });
        Ok(Registration { client, issued_at, access_token })
    }

    /// Forgets a client, if this is the token that manages it (RFC 7592 §2.3). Says whether it did.
    pub fn unregister(&self, client_id: &str, access_token: &str) -> bool {
        let hash: [u8; 32] = Sha256::digest(access_token).into();
        let Ok(mut rows) = self.rows.lock() else {
            return false;
        };
        let theirs = rows.get(client_id).is_some_and(|row| row.token_hash.ct_eq(&hash).into());
        theirs && rows.remove(client_id).is_some()
    }

    /// The client of this identifier, if it is registered.
    pub(super) fn find(&self, client_id: &str) -> Option<Arc<ClientRecord>> {
        Some(self.rows.lock().ok()?.get(client_id)?.client.clone())
    }
}
