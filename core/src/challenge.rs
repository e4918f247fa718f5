//! The code challenge (RFC 7636 §4.2): the SHA-256 of the verifier. S256 is the only method.

use crate::error::Error;
use crate::random;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

/// The length of a challenge as text: 32 bytes in base64url without padding.
const TEXT_LEN: usize = 43;

/// A code challenge: the 32 bytes of a SHA-256. It is no secret, it may be stored and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CodeChallenge([u8; 32]);

impl CodeChallenge {
    /// Reads the text of an authorization request.
    ///
    /// # Errors
    /// [`Error::InvalidChallenge`] unless it is 43 characters of base64url without padding whose two
    /// spare bits are zero: each challenge has one spelling (RFC 7636 §4.2, RFC 4648 §3.5).
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() != TEXT_LEN {
            return Err(Error::InvalidChallenge { reason: "has not 43 characters" });
        }
        let mut bytes = [0; 32];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(32) => Ok(Self(bytes)),
            _ => Err(Error::InvalidChallenge { reason: "is not canonical base64url" }),
        }
    }

    /// A challenge from its 32 bytes, as a database may keep them.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 43 characters for `code_challenge`.
    #[must_use]
    pub fn to_text(&self) -> String {
        random::text(&self.0)
    }

    /// The challenge of a verifier whose grammar has been checked.
    pub(crate) fn of(verifier: &str) -> Self {
        Self(Sha256::digest(verifier.as_bytes()).into())
    }

    /// Compares the bytes in constant time.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// The method of a challenge. `plain` is not among them: a client cannot ask for it (RFC 7636 §7.2),
/// and a server that reads it gets `None` from [`ChallengeMethod::parse`] and refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChallengeMethod {
    /// SHA-256, base64url.
    S256,
}

impl ChallengeMethod {
    /// Reads `code_challenge_method`. Case matters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text == Self::S256.as_str()).then_some(Self::S256)
    }

    /// `S256`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::S256 => "S256",
        }
    }
}
