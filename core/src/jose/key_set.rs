//! The keys of an issuer (RFC 7517 §5).

use super::algorithm::Algorithm;
use super::key::Key;
use crate::error::Error;
use crate::http::MAX_BODY;
use crate::json::{self, NotItems};
use crate::uri::Reason;

/// No issuer needs more, and each is a calculation.
const MAX_KEYS: usize = 100;

/// The keys with which an issuer's signatures are verified (RFC 7517 §5).
///
/// Keys that cannot verify are not among them: keys for encryption, of other types or curves, RSA keys
/// below 2048 or above 8192 bits, points that are not on their curve, keys for other algorithms, and keys
/// whose private half was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<Key>,
}

/// What a search for a key found.
pub(crate) enum Found<'a> {
    One(Verifier<'a>),
    None,
    /// More than one fits, and which is meant is not said.
    Several,
}

/// A key and the algorithm that it is used with.
pub(crate) struct Verifier<'a> {
    key: &'a Key,
    algorithm: Algorithm,
}

impl Verifier<'_> {
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verifies(self.algorithm, message, signature)
    }
}

impl KeySet {
    /// Reads the document at an issuer's `jwks_uri`: at most 64 KiB and 100 keys. A set without a key that
    /// can verify is a good one, with which nothing verifies.
    ///
    /// # Errors
    /// [`Error::InvalidKeySet`] for more, for a body that is no JSON object with an array `keys` of objects,
    /// and for a member that stands twice (RFC 7517 §4).
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        Self::read_or_reason(body).map_err(|reason| Error::InvalidKeySet { reason })
    }

    fn read_or_reason(body: &[u8]) -> Result<Self, Reason> {
        if body.len() as u64 > MAX_BODY {
            return Err("is longer than 64 KiB");
        }
        let set = json::read(body, ["keys"])?;
        let listed = set.raw("keys").ok_or("has no member keys")?;
        let listed = json::items(listed, MAX_KEYS).map_err(|error| match error {
            NotItems::TooMany => "holds more than 100 keys",
            NotItems::NoArray => "has a member keys that is not an array",
        })?;
        let mut keys: Vec<Key> = Vec::new();
        for json in listed {
            // A key that stands there twice is one key.
            if let Some(key) = Key::read(json)?.filter(|key| !keys.contains(key)) {
                keys.push(key);
            }
        }
        Ok(Self { keys })
    }

    /// How many keys can verify.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no key can verify.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The key of this identifier that is for the algorithm; without an identifier the only one that is
    /// (OpenID Connect Core §10.1).
    pub(crate) fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Found<'_> {
        let named = |key: &&Key| kid.is_none() || key.kid.as_deref() == kid;
        let mut fitting = self.keys.iter().filter(named).filter(|key| key.is_for(algorithm));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Found::One(Verifier { key, algorithm }),
            (None, _) => Found::None,
            (Some(_), Some(_)) => Found::Several,
        }
    }
}
