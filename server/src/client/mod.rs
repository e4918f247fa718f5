//! The clients of an authorization server: those that were configured, those that registered themselves, and
//! those that are known by the address of a document.

#[cfg(feature = "client-documents")]
mod document;
#[cfg(feature = "client-documents")]
mod fetch;
mod memory;
mod registered;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "redis"))]
pub(crate) mod row;
mod store;

#[cfg(feature = "client-documents")]
pub use document::Documents;
pub use memory::MemoryClients;
pub use registered::{NotRegistered, Registration, Registrations};
pub use store::{ClientStore, FoundClient, MAX_CLIENT, NewClient, Registered, Room};

use crate::store::{Seen, StoreError};
use async_trait::async_trait;
use http::StatusCode;
use proofkey::grant::client::ClientRecord;
use proofkey::grant::policy::Policy;
use std::sync::Arc;

/// Where a server keeps clients of its own: which of them may do what.
#[async_trait]
pub trait ClientSource: Send + Sync {
    /// The client of this identifier, compared as a string (RFC 6749 §2.2); none if there is no such client. Its
    /// redirect URIs must have passed [`check_redirect_uri`](proofkey::check_redirect_uri) (P26).
    ///
    /// # Errors
    /// Where it cannot be found out; then the client is refused (P29).
    async fn find(&self, client_id: &str) -> Result<Option<ClientRecord>, StoreError>;
}

/// Who may ask.
#[derive(Default)]
pub struct Clients {
    configured: Vec<Arc<ClientRecord>>,
    source: Option<Arc<dyn ClientSource>>,
    registrations: Option<Registrations>,
    #[cfg(feature = "client-documents")]
    documents: Option<Documents>,
}

/// No client is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// Nobody knows it.
    Client,
    /// It could not be found out.
    Unavailable,
    /// It is the address of a document, and the document cannot be used.
    Document(
        /// Why, as the end of a sentence. Nothing of the request or of the document stands in it.
        &'static str,
    ),
}

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Client => f.write_str("this server does not know the client that asks"),
            Self::Unavailable => f.write_str("it cannot be found out which client asks"),
            Self::Document(reason) => write!(f, "the document of the client that asks {reason}"),
        }
    }
}

impl Unknown {
    /// The status and the OAuth error code of the answer: `invalid_client`; where it could not be found out,
    /// `temporarily_unavailable`, for a client that hears the other one forgets its registration.
    #[must_use]
    pub const fn answer(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Client | Self::Document(_) => (StatusCode::BAD_REQUEST, "invalid_client"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
        }
    }
}

/// How a client stands that may have registered itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is known, and did not register itself.
    Other,
    /// It is registered.
    Registered {
        /// For how many seconds it is kept, if something was issued to it.
        kept_for_s: Option<u64>,
    },
    /// It had registered and is not registered any more (RFC 7592 §2.3), or the source knows it no more: nothing is
    /// issued to it, and what was issued is refused.
    Gone,
}

impl Clients {
    /// These and no others.
    #[must_use]
    pub fn new(configured: impl IntoIterator<Item = ClientRecord>) -> Self {
        let configured = configured.into_iter().map(Arc::new).collect();
        Self { configured, ..Self::default() }
    }

    /// Takes the clients of a source as well: of a table in the server's database, say.
    #[must_use]
    pub fn with_source(mut self, source: Arc<dyn ClientSource>) -> Self {
        self.source = Some(source);
        self
    }

    /// Lets clients register themselves (RFC 7591).
    #[must_use]
    pub fn with_registrations(mut self, registrations: Registrations) -> Self {
        self.registrations = Some(registrations);
        self
    }

    /// Lets clients be known by the address of a document that describes them.
    #[cfg(feature = "client-documents")]
    #[must_use]
    pub fn with_documents(mut self, documents: Documents) -> Self {
        self.documents = Some(documents);
        self
    }

    /// Whether clients may be known by the address of a document.
    #[must_use]
    pub const fn reads_documents(&self) -> bool {
        #[cfg(feature = "client-documents")]
        let reads = self.documents.is_some();
        #[cfg(not(feature = "client-documents"))]
        let reads = false;
        reads
    }

    /// Where clients register themselves, if they may.
    #[must_use]
    pub const fn registrations(&self) -> Option<&Registrations> {
        self.registrations.as_ref()
    }

    /// The client of this identifier. Compared as a string (RFC 6749 §2.2).
    ///
    /// # Errors
    /// [`Unknown`], also where the registrations cannot be read (P29).
    pub async fn find(&self, client_id: &str) -> Result<Arc<ClientRecord>, Unknown> {
        if let Some(known) = self.configured.iter().find(|client| client.client_id == client_id) {
            return Ok(known.clone());
        }
        if let Some(found) = self.find_in_source(client_id).await? {
            return Ok(Arc::new(found));
        }
        if let Some(found) = self.find_registered(client_id).await?.row {
            return Ok(Arc::new(found.client));
        }
        #[cfg(feature = "client-documents")]
        if let Some(documents) = &self.documents
            && let Some(found) = documents.find(client_id).await
        {
            return found.map_err(Unknown::Document);
        }
        Err(Unknown::Client)
    }

    /// How this client stands.
    ///
    /// # Errors
    /// [`Unknown::Unavailable`] where it cannot be found out; then nothing is issued to it, and nothing is taken from
    /// it (P29).
    pub async fn standing(&self, client_id: &str) -> Result<Standing, Unknown> {
        if self.configured.iter().any(|client| client.client_id == client_id) {
            return Ok(Standing::Other);
        }
        if registered::is_of_a_registration(client_id) {
            let Seen { row, now } = self.find_registered(client_id).await?;
            if let Some(found) = row {
                let kept_for_s = found.used.then(|| found.keep_until.saturating_sub(now));
                return Ok(Standing::Registered { kept_for_s });
            }
        } else if self.source.is_none() || self.is_document(client_id) {
            // A list ends with the server that has it; a document stays where it is.
            return Ok(Standing::Other);
        }
        let sourced = self.find_in_source(client_id).await?.is_some();
        Ok(if sourced { Standing::Other } else { Standing::Gone })
    }

    /// Whether a client of this identifier is known by a document.
    fn is_document(&self, client_id: &str) -> bool {
        #[cfg(feature = "client-documents")]
        let is_one = self.documents.as_ref().is_some_and(|documents| documents.has(client_id));
        #[cfg(not(feature = "client-documents"))]
        let is_one = {
            let _ = client_id;
            false
        };
        is_one
    }

    /// Something is issued to a client that stands so. If it registered itself, it is kept as long as that can be good,
    /// and as long again, so that this need not be written with each refresh. Says whether the client is there.
    ///
    /// # Errors
    /// [`Unknown::Unavailable`] if the store failed.
    pub async fn keep(
        &self,
        client_id: &str,
        standing: Standing,
        policy: &Policy,
    ) -> Result<bool, Unknown> {
        let Standing::Registered { kept_for_s } = standing else {
            return Ok(standing == Standing::Other);
        };
        let tokens_s = policy.access_token_lifetime_s.max(policy.refresh_token_lifetime_s);
        let longest_s = tokens_s.saturating_add(policy.code_lifetime_s);
        if kept_for_s.is_some_and(|kept_for_s| kept_for_s >= longest_s) {
            return Ok(true);
        }
        match &self.registrations {
            None => Ok(false),
            Some(all) => {
                let kept = all.keep(client_id, longest_s.saturating_mul(2)).await;
                kept.map_err(|_| Unknown::Unavailable)
            }
        }
    }

    async fn find_in_source(&self, client_id: &str) -> Result<Option<ClientRecord>, Unknown> {
        let Some(source) = &self.source else {
            return Ok(None);
        };
        source.find(client_id).await.map_err(|error| {
            tracing::error!(target: crate::narrate::TARGET, %error, "the client source failed");
            Unknown::Unavailable
        })
    }

    async fn find_registered(&self, client_id: &str) -> Result<Seen<FoundClient>, Unknown> {
        match &self.registrations {
            None => Ok(Seen { row: None, now: 0 }),
            Some(all) => all.find(client_id).await.map_err(|_| Unknown::Unavailable),
        }
    }

    /// The scopes that configured clients may ask for, sorted.
    #[must_use]
    pub fn scopes(&self) -> Vec<String> {
        let all = self.configured.iter().flat_map(|client| &client.scopes);
        let mut scopes: Vec<String> = all.cloned().collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }
}

impl std::fmt::Debug for Clients {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clients")
            .field("configured", &self.configured.len())
            .field("registrations", &self.registrations.is_some())
            .field("documents", &self.reads_documents())
            .finish()
    }
}
