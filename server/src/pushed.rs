//! Authorization requests that clients pushed ahead of the browser (RFC 9126).

use crate::pending::{Kind, PendingStore, Put};
use crate::random;
use crate::store::StoreError;
use std::sync::Arc;

/// What every reference begins with (RFC 9126 §2.2).
const URN: &str = "urn:ietf:params:oauth:request_uri:";

/// Pushed requests that wait for their browser: each for one client, once, and for a short time.
pub struct PushedRequests {
    store: Arc<dyn PendingStore>,
    lifetime_s: u64,
    required: bool,
}

/// Why a request was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPushed {
    /// So many wait already that there is no room.
    Full,
    /// The system's random generator or the store failed.
    Failed,
}

impl PushedRequests {
    /// They wait in this store, each for so many seconds.
    #[must_use]
    pub fn new(store: Arc<dyn PendingStore>, lifetime_s: u64) -> Self {
        Self { store, lifetime_s, required: false }
    }

    /// Whether requests that were not pushed are refused (RFC 9126 §5).
    #[must_use]
    pub const fn required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }

    /// Whether requests that were not pushed are refused.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.required
    }

    /// How long a request waits, in seconds.
    #[must_use]
    pub const fn lifetime_s(&self) -> u64 {
        self.lifetime_s
    }

    /// Takes a client's request in. Gives the reference to it: 256 random bits.
    ///
    /// # Errors
    /// [`NotPushed`] says why not.
    pub async fn push(&self, client_id: &str, query: &str) -> Result<String, NotPushed> {
        let reference = random::text::<32>().map_err(|_| NotPushed::Failed)?;
        let name = name(reference.expose(), client_id);
        match self.store.put(Kind::Pushed, &name, query.as_bytes(), self.lifetime_s).await {
            Ok(Put::Kept) => Ok(format!("{URN}{}", reference.expose())),
            Ok(Put::Full) => Err(NotPushed::Full),
            Ok(Put::Known) | Err(_) => Err(NotPushed::Failed),
        }
    }

    /// The query that this client pushed under this reference; it is forgotten. `None`, and nothing forgotten, for
    /// another client.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn take(
        &self,
        request_uri: &str,
        client_id: &str,
    ) -> Result<Option<String>, StoreError> {
        let Some(reference) = request_uri.strip_prefix(URN).filter(|text| text.len() == 43) else {
            return Ok(None);
        };
        let found = self.store.take(Kind::Pushed, &name(reference, client_id)).await?;
        Ok(found.and_then(|query| String::from_utf8(query).ok()))
    }

    /// Keeps a query that was taken under its reference once more, for as long as a new one.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn put_back(
        &self,
        request_uri: &str,
        client_id: &str,
        query: &str,
    ) -> Result<(), StoreError> {
        if let Some(reference) = request_uri.strip_prefix(URN) {
            let name = name(reference, client_id);
            self.store.put(Kind::Pushed, &name, query.as_bytes(), self.lifetime_s).await?;
        }
        Ok(())
    }
}

/// The client is a part of the name: another's try finds nothing, and takes nothing away (RFC 9126 §2.2).
fn name(reference: &str, client_id: &str) -> String {
    crate::pending::hashed(&[reference, client_id])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends with its first wrong step")]
    use super::*;
    use crate::clock::Clock;
    use crate::pending::MemoryPending;

    /// RFC 9126 §2.2, §7.1: bound to the client, used once, gone after its time, of bounded number.
    #[tokio::test]
    async fn a_reference_serves_one_client_once() {
        let clock = Clock::manual(100);
        let store = Arc::new(MemoryPending::with_capacity(clock.clone(), 2));
        let pushed = PushedRequests::new(store, 60);
        let uri = pushed.push("a", "q=1").await.unwrap();
        assert!(uri.starts_with(URN) && uri.len() == URN.len() + 43);
        let late = pushed.push("a", "q=2").await.unwrap();
        assert_eq!(pushed.push("a", "q=3").await, Err(NotPushed::Full));
        clock.set(159);
        assert_eq!(pushed.take(&uri, "b").await.unwrap(), None);
        assert_eq!(pushed.take(&uri, "a").await.unwrap().as_deref(), Some("q=1"));
        assert_eq!(pushed.take(&uri, "a").await.unwrap(), None);
        pushed.put_back(&uri, "a", "q=1").await.unwrap();
        clock.set(218);
        assert_eq!(pushed.take(&uri, "b").await.unwrap(), None);
        assert_eq!(pushed.take(&uri, "a").await.unwrap().as_deref(), Some("q=1"));
        assert_eq!(pushed.take(&late, "a").await.unwrap(), None);
        assert_eq!(pushed.take("urn:x", "a").await.unwrap(), None);
    }
}
