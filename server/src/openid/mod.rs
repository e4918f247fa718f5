//! Who signed in: ID tokens (OpenID Connect Core), signed with keys that change.

mod key;
mod shared;
mod token;

pub use key::Algorithm;
pub use token::{Claims, Hint};

use key::{Key, NoKey};
use proofkey::grant::client::redirect_uri_matches;
use serde_json::{Value, json};
use shared::SharedKeys;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A key that signs no more is still published for so long, in seconds: as long as an ID token of it may be
/// checked (OpenID Connect Core §10.1.1).
pub const KEPT_S: u64 = 600;

/// So many keys are published at most.
const MAX_KEYS: usize = 8;

/// No random numbers could be had for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no key could be made: the operating system's random generator failed")]
pub struct NoSigningKey;

/// The keys, and what a server says to relying parties.
pub struct OpenId {
    algorithm: Algorithm,
    key_lifetime_s: Option<u64>,
    post_logout_redirect_uris: Vec<String>,
    keys: Mutex<Vec<Published>>,
    shared: Option<SharedKeys>,
}

/// The newest stands last, and signs.
struct Published {
    key: Arc<Key>,
    born: u64,
    /// When the next one came.
    replaced_at: Option<u64>,
}

impl OpenId {
    /// With a first key. A new one is made after `key_lifetime_s` seconds, or never. For RS256 it blocks for as
    /// long as a key takes.
    ///
    /// # Errors
    /// [`NoSigningKey`].
    pub fn new(
        algorithm: Algorithm,
        key_lifetime_s: Option<u64>,
        now: u64,
    ) -> Result<Self, NoSigningKey> {
        let key = Key::generate(algorithm).map_err(|NoKey| NoSigningKey)?;
        let first = Published { key: Arc::new(key), born: now, replaced_at: None };
        let keys = Mutex::new(vec![first]);
        let post_logout_redirect_uris = Vec::new();
        Ok(Self { algorithm, key_lifetime_s, post_logout_redirect_uris, keys, shared: None })
    }

    /// With keys that come of a secret, which every node of one server has and nobody else: 32 random bytes. So
    /// all of them sign and publish the same. After so many seconds there is a new key; each is published one
    /// period before it signs and for [`KEPT_S`] seconds afterwards. They are for ES256.
    #[must_use]
    pub fn shared(secret: [u8; 32], key_lifetime_s: u64) -> Self {
        Self {
            algorithm: Algorithm::Es256,
            key_lifetime_s: None,
            post_logout_redirect_uris: Vec::new(),
            keys: Mutex::default(),
            shared: Some(SharedKeys::new(secret, key_lifetime_s)),
        }
    }

    /// Where a browser may be sent after a sign-out (OpenID Connect RP-Initiated Logout §3). They match as redirect
    /// URIs do.
    #[must_use]
    pub fn post_logout_redirect_uris(mut self, uris: Vec<String>) -> Self {
        self.post_logout_redirect_uris = uris;
        self
    }

    /// How ID tokens are signed.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether a browser may be sent there after a sign-out.
    #[must_use]
    pub fn may_return_to(&self, uri: &str) -> bool {
        self.post_logout_redirect_uris.iter().any(|known| redirect_uri_matches(known, uri))
    }

    /// Makes a new key if the newest one is old. Call it before the keys are used.
    ///
    /// # Errors
    /// [`NoSigningKey`]; the old key stays.
    pub async fn keep_up(self: &Arc<Self>, now: u64) -> Result<(), NoSigningKey> {
        let born = self.lock().last().map_or(0, |newest| newest.born);
        match self.key_lifetime_s {
            Some(lifetime_s) if now.saturating_sub(born) >= lifetime_s => self.rotate(now).await,
            _ => Ok(()),
        }
    }

    /// Makes a new key. The ones before it are published for [`KEPT_S`] more seconds.
    ///
    /// # Errors
    /// [`NoSigningKey`]; the old key stays.
    pub async fn rotate(self: &Arc<Self>, now: u64) -> Result<(), NoSigningKey> {
        if self.shared.is_some() {
            // Their time is their name: no node can begin one by itself.
            return Err(NoSigningKey);
        }
        let algorithm = self.algorithm;
        // Many milliseconds for RS256.
        let made = tokio::task::spawn_blocking(move || Key::generate(algorithm)).await;
        let key = made.ok().and_then(Result::ok).ok_or(NoSigningKey)?;
        let mut keys = self.lock();
        if let Some(newest) = keys.last_mut() {
            newest.replaced_at = Some(now);
        }
        keys.push(Published { key: Arc::new(key), born: now, replaced_at: None });
        let excess = keys.len().saturating_sub(MAX_KEYS);
        keys.drain(..excess);
        Ok(())
    }

    /// The keys that ID tokens are to be checked with (RFC 7517 §5).
    #[must_use]
    pub fn jwks(&self, now: u64) -> Value {
        let keys: Vec<Value> = self.published(now).iter().map(|key| key.jwk()).collect();
        json!({ "keys": keys })
    }

    /// The one that signs stands last.
    fn published(&self, now: u64) -> Vec<Arc<Key>> {
        if let Some(shared) = &self.shared {
            return shared.published(now);
        }
        let mut keys = self.lock();
        keys.retain(|key| key.replaced_at.is_none_or(|at| now.saturating_sub(at) < KEPT_S));
        keys.iter().map(|published| published.key.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Published>> {
        // A list of keys cannot be half written.
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
