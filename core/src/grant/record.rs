//! The rows that a grant store keeps. None of them holds a code, a token or a verifier.

use crate::challenge::CodeChallenge;

/// A SHA-256. Stores keep hashes of codes and tokens, never these themselves.
pub type Hash = [u8; 32];

/// What the user granted to a client: the part of a row that never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The first half of the code and of every token issued from it: 22 characters of base64url.
    pub grant_id: String,
    /// Who asked.
    pub client_id: String,
    /// Who allowed it, as the server names its users.
    pub subject: String,
    /// The redirect URI that the code was sent to.
    pub redirect_uri: String,
    /// Whether the authorization request named the redirect URI. If it did, the token request must
    /// (RFC 6749 §4.1.3).
    pub redirect_uri_was_sent: bool,
    /// The code challenge (S256). `None` only in rows that another program wrote: the flow `Issue`
    /// refuses requests without one.
    pub code_challenge: Option<CodeChallenge>,
    /// The granted scopes, separated by single spaces; may be empty.
    pub scope: String,
    /// The resource that the tokens are for (RFC 8707), if one was named.
    pub resource: Option<String>,
}

/// A grant to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// The part that never changes.
    pub grant: Grant,
    /// SHA-256 of the code.
    pub code_hash: Hash,
    /// How long the code may be redeemed, in seconds; at most 600 (RFC 6749 §4.1.2).
    pub lifetime_s: u64,
}

/// A grant as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundGrant {
    /// The part that never changes.
    pub grant: Grant,
    /// When the code expires, in seconds since the epoch by the store's clock.
    pub expires_at: u64,
    /// Whether the code was claimed.
    pub used: bool,
    /// Whether the grant was revoked.
    pub revoked: bool,
    /// How many wrong verifiers came for it.
    pub mismatches: u32,
}

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// An access token.
    Access,
}

/// A token to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What it is for.
    pub kind: TokenKind,
    /// SHA-256 of the token.
    pub token_hash: Hash,
    /// How long it is valid, in seconds.
    pub lifetime_s: u64,
}

/// A token as it was found, with its grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundToken {
    /// What it is for.
    pub kind: TokenKind,
    /// When it expires, in seconds since the epoch by the store's clock.
    pub expires_at: u64,
    /// Whether its grant was revoked.
    pub revoked: bool,
    /// The grant it was issued from.
    pub grant: Grant,
}
