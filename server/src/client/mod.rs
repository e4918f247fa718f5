//! The clients of an authorization server: those that were configured, those that registered themselves, and
//! those that are known by the address of a document.

#[cfg(feature = "client-documents")]
mod document;
#[cfg(feature = "client-documents")]
mod fetch;
mod registered;

#[cfg(feature = "client-documents")]
pub use document::Documents;
pub use registered::{NotRegistered, Registration, Registrations};

use crate::store::StoreError;
use async_trait::async_trait;
use http::StatusCode;
use proofkey::grant::client::ClientRecord;
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

impl Unknown {
    /// How a request of this client is refused. Where the server has failed it is no error of the client's, which
    /// might throw its registration away upon `invalid_client`.
    pub(crate) const fn refusal(self) -> (StatusCode, &'static str) {
        match self {
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
            Self::Client | Self::Document(_) => (StatusCode::BAD_REQUEST, "invalid_client"),
        }
    }
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
        if let Some(source) = &self.source {
            match source.find(client_id).await {
                Ok(Some(found)) => return Ok(Arc::new(found)),
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(target: crate::narrate::TARGET, %error, "the client source failed");
                    return Err(Unknown::Unavailable);
                }
            }
        }
        if let Some(registered) = self.registrations.as_ref().and_then(|all| all.find(client_id)) {
            return Ok(registered);
        }
        #[cfg(feature = "client-documents")]
        if let Some(documents) = &self.documents
            && let Some(found) = documents.find(client_id).await
        {
            return found.map_err(Unknown::Document);
        }
        Err(Unknown::Client)
    }

    /// Whether this is a client that had registered and is not registered any more: nothing is issued to
    /// it, and what was issued is refused (RFC 7592 §2.3).
    #[must_use]
    pub fn is_gone(&self, client_id: &str) -> bool {
        registered::is_of_a_registration(client_id)
            && !self.configured.iter().any(|client| client.client_id == client_id)
            && self.registrations.as_ref().is_none_or(|all| all.find(client_id).is_none())
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
