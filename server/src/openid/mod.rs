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
    /// Whoever has it makes a key. Many who made one at once would push those out that tokens are checked with.
    making: tokio::sync::Mutex<()>,
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
        Ok(Self {
            algorithm,
            key_lifetime_s,
            post_logout_redirect_uris: Vec::new(),
            keys,
            making: tokio::sync::Mutex::default(),
            shared: None,
        })
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
            making: tokio::sync::Mutex::default(),
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

    /// Makes a new key if the newest one is old. Call it before the keys are used. Of many who call it at once one makes
    /// the key, and the others go on with the old one.
    ///
    /// # Errors
    /// [`NoSigningKey`]; the old key stays.
    pub async fn keep_up(self: &Arc<Self>, now: u64) -> Result<(), NoSigningKey> {
        if !self.is_old(now) {
            return Ok(());
        }
        match self.making.try_lock() {
            // Whoever was faster may have made it meanwhile.
            Ok(_one) if self.is_old(now) => self.make(now).await,
            Ok(_) | Err(_) => Ok(()),
        }
    }

    fn is_old(&self, now: u64) -> bool {
        let born = self.lock().last().map_or(0, |newest| newest.born);
        self.key_lifetime_s.is_some_and(|lifetime_s| now.saturating_sub(born) >= lifetime_s)
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
        let _one = self.making.lock().await;
        self.make(now).await
    }

    async fn make(&self, now: u64) -> Result<(), NoSigningKey> {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends with its first wrong step")]
    use super::*;
    use tokio::task::JoinSet;

    fn kids(openid: &OpenId, now: u64) -> Vec<Value> {
        openid.jwks(now)["keys"].as_array().unwrap().iter().map(|key| key["kid"].clone()).collect()
    }

    /// OpenID Connect Core §10.1.1: the key that has just signed is still published, however many ask when it is old.
    #[tokio::test]
    async fn many_who_find_a_key_old_make_one_new_one() {
        let openid = Arc::new(OpenId::new(Algorithm::Es256, Some(10), 100).unwrap());
        let signed = kids(&openid, 100);
        let mut all = JoinSet::new();
        for _ in 0..2 * MAX_KEYS {
            let openid = openid.clone();
            all.spawn(async move { openid.keep_up(110).await });
        }
        assert!(all.join_all().await.iter().all(Result::is_ok));
        let published = kids(&openid, 110);
        assert_eq!(published.len(), 2, "{published:?}");
        assert_eq!(published[0], signed[0]);
    }
}
