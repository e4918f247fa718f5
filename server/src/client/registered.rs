//! Clients that register themselves (RFC 7591): which are taken in, and how long they are kept.

use super::store::{ClientStore, FoundClient, MAX_CLIENT, NewClient, Registered, Room};
use crate::clock::Clock;
use crate::random;
use crate::store::{Seen, StoreError};
use proofkey::grant::client::ClientRecord;
use proofkey::grant::registration::{ClientMetadata, MetadataRefusal};
use proofkey::secret::Secret;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// How the identifier of such a client begins: one that is not registered any more is still known as one.
const PREFIX: &str = "registered-";

/// No longer identifier is looked for.
const MAX_IDENTIFIER: usize = 64;

/// So many clients are kept.
const MAX_CLIENTS: u64 = 10_000;

/// So long one is kept that nothing is issued to: a day.
const UNUSED_S: u64 = 86_400;

/// So long after its registration a client makes room for no other: the time of a sign-in.
const SPARED_S: u64 = 900;

pub(super) fn is_of_a_registration(client_id: &str) -> bool {
    client_id.starts_with(PREFIX)
}

/// Where clients register themselves.
///
/// Anybody may, so what it keeps is bounded. A client to which nothing was issued is forgotten after a day. Where there
/// are as many as are kept, the oldest of those makes room for the next one, though not in the first quarter of an
/// hour, in which its user may be just signing in; is there none, nobody is taken in. A client that has something is
/// kept as long as that is good, and makes room for nobody.
pub struct Registrations {
    store: Arc<dyn ClientStore>,
    scopes: Vec<String>,
    room: Room,
    unused_s: u64,
    clock: Clock,
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
    /// There are as many as are kept, and none makes room.
    Full,
    /// The generator, the clock or the store failed.
    Failed,
}

impl Registrations {
    /// Clients are kept in this store, each of which may ask for these scopes or for fewer. A scope that is not among
    /// them any more nobody may ask for, whenever they have registered.
    #[must_use]
    pub fn new(store: Arc<dyn ClientStore>, scopes: Vec<String>) -> Self {
        let room = Room { at_most: MAX_CLIENTS, spared_s: SPARED_S };
        Self { store, scopes, room, unused_s: UNUSED_S, clock: Clock::system() }
    }

    /// So many clients are kept at once. 10,000 if this is not called.
    #[must_use]
    pub const fn max_clients(mut self, at_most: u64) -> Self {
        self.room.at_most = at_most;
        self
    }

    /// So many seconds one is kept that nothing is issued to. A day if this is not called.
    #[must_use]
    pub const fn unused_lifetime_s(mut self, seconds: u64) -> Self {
        self.unused_s = seconds;
        self
    }

    /// For so many seconds after it has registered, one that nothing was issued to makes room for no other. 900 if this
    /// is not called.
    #[must_use]
    pub const fn spared_s(mut self, seconds: u64) -> Self {
        self.room.spared_s = seconds;
        self
    }

    /// Takes a client in (RFC 7591 §3).
    ///
    /// # Errors
    /// [`NotRegistered`] says why not.
    pub async fn register(&self, body: &[u8]) -> Result<Registration, NotRegistered> {
        let metadata = ClientMetadata::read(body).map_err(NotRegistered::Refused)?;
        let failed = |_| NotRegistered::Failed;
        let client_id = format!("{PREFIX}{}", random::text::<16>().map_err(failed)?.expose());
        let access_token = random::text::<32>().map_err(failed)?;
        let issued_at = self.clock.now().map_err(|_| NotRegistered::Failed)?;
        let client = metadata.record(&client_id, "A program without a name", &self.scopes);
        if size(&client) > MAX_CLIENT {
            return Err(NotRegistered::Refused(MetadataRefusal {
                error: "invalid_client_metadata",
                description: "what is kept of the metadata is larger than 8 KiB",
            }));
        }
        let token_hash = Sha256::digest(access_token.expose()).into();
        let new = NewClient { client: client.clone(), token_hash, lifetime_s: self.unused_s };
        match self.store.register(new, self.room).await {
            Ok(Registered::Kept) => {
                Ok(Registration { client: Arc::new(client), issued_at, access_token })
            }
            Ok(Registered::Full) => Err(NotRegistered::Full),
            // An identifier of 128 random bits that is there already: the generator cannot be believed.
            Ok(Registered::Known) => Err(NotRegistered::Failed),
            Err(error) => {
                told(&error);
                Err(NotRegistered::Failed)
            }
        }
    }

    /// Forgets a client, if this is the token that manages it (RFC 7592 §2.3). Says whether it did.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed; then the client may still be there.
    pub async fn unregister(
        &self,
        client_id: &str,
        access_token: &str,
    ) -> Result<bool, StoreError> {
        if client_id.len() > MAX_IDENTIFIER {
            return Ok(false);
        }
        let hash = Sha256::digest(access_token).into();
        self.store.unregister(client_id, &hash).await.inspect_err(told)
    }

    /// The client of this identifier, if it is registered, and the store's clock.
    pub(super) async fn find(&self, client_id: &str) -> Result<Seen<FoundClient>, StoreError> {
        if !is_of_a_registration(client_id) || client_id.len() > MAX_IDENTIFIER {
            return Ok(Seen { row: None, now: 0 });
        }
        let mut seen = self.store.registered(client_id).await.inspect_err(told)?;
        if let Some(found) = &mut seen.row {
            found.client.scopes.retain(|scope| self.scopes.contains(scope));
        }
        Ok(seen)
    }

    /// Keeps a client for so long. Says whether it is there.
    pub(super) async fn keep(&self, client_id: &str, lifetime_s: u64) -> Result<bool, StoreError> {
        self.store.keep(client_id, lifetime_s).await.inspect_err(told)
    }
}

fn size(client: &ClientRecord) -> usize {
    let lists = client.redirect_uris.iter().chain(&client.scopes);
    lists.fold(client.client_id.len() + client.name.len(), |sum, text| sum + text.len())
}

fn told(error: &StoreError) {
    tracing::error!(target: crate::narrate::TARGET, %error, "the store of registered clients failed");
}
