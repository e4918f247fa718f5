//! Authorization requests that clients pushed ahead of the browser (RFC 9126).

use crate::expiring::Expiring;
use crate::random;
use std::sync::Mutex;

/// What every reference begins with (RFC 9126 §2.2).
const URN: &str = "urn:ietf:params:oauth:request_uri:";

/// Pushed requests that wait for their browser: each for one client, once, and for a short time.
pub struct PushedRequests {
    rows: Mutex<Expiring<Row>>,
    lifetime_s: u64,
    required: bool,
}

struct Row {
    client_id: String,
    query: String,
}

/// Why a request was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPushed {
    /// So many wait already that there is no room.
    Full,
    /// The system's random generator or a lock failed.
    Failed,
}

impl PushedRequests {
    /// Room for so many, each for so many seconds.
    #[must_use]
    pub fn new(capacity: usize, lifetime_s: u64) -> Self {
        Self { rows: Mutex::new(Expiring::new(capacity)), lifetime_s, required: false }
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
    pub fn push(&self, client_id: &str, query: String, now: u64) -> Result<String, NotPushed> {
        let reference = random::text::<32>().map_err(|_| NotPushed::Failed)?;
        let uri = format!("{URN}{}", reference.expose());
        let row = Row { client_id: client_id.to_owned(), query };
        let expires_at = now.saturating_add(self.lifetime_s);
        let mut rows = self.rows.lock().map_err(|_| NotPushed::Failed)?;
        if rows.insert(uri.clone(), row, expires_at, now) { Ok(uri) } else { Err(NotPushed::Full) }
    }

    /// The query that this client pushed under this reference; it is forgotten. `None`, and nothing forgotten, for
    /// another client.
    pub fn take(&self, request_uri: &str, client_id: &str, now: u64) -> Option<String> {
        let mut rows = self.rows.lock().ok()?;
        let theirs = rows.get_mut(request_uri, now)?.client_id == client_id;
        theirs.then(|| rows.remove(request_uri)).flatten().map(|row| row.query)
    }

    /// Keeps a query that was taken under its reference once more, for as long as a new one.
    pub fn put_back(&self, request_uri: &str, client_id: &str, query: String, now: u64) {
        let row = Row { client_id: client_id.to_owned(), query };
        if let Ok(mut rows) = self.rows.lock() {
            rows.insert(request_uri.to_owned(), row, now.saturating_add(self.lifetime_s), now);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends with its first wrong step")]
    use super::*;

    /// RFC 9126 §2.2, §7.1: bound to the client, used once, gone after its time, of bounded number.
    #[test]
    fn a_reference_serves_one_client_once() {
        let pushed = PushedRequests::new(2, 60);
        let uri = pushed.push("a", "q=1".into(), 100).unwrap();
        assert!(uri.starts_with(URN) && uri.len() == URN.len() + 43);
        let late = pushed.push("a", "q=2".into(), 100).unwrap();
        assert_eq!(pushed.push("a", "q=3".into(), 100), Err(NotPushed::Full));
        assert_eq!(pushed.take(&uri, "b", 100), None);
        assert_eq!(pushed.take(&uri, "a", 159).as_deref(), Some("q=1"));
        assert_eq!(pushed.take(&uri, "a", 159), None);
        pushed.put_back(&uri, "a", "q=1".into(), 159);
        assert_eq!(pushed.take(&uri, "b", 159), None);
        assert_eq!(pushed.take(&uri, "a", 218).as_deref(), Some("q=1"));
        assert_eq!(pushed.take(&late, "a", 160), None);
    }
}
