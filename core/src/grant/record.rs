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
    /// Whether refresh tokens are issued from it: its client may use them ([`ClientRecord::may_refresh`]).
    ///
    /// [`ClientRecord::may_refresh`]: super::client::ClientRecord::may_refresh
    pub refreshable: bool,
    /// What else it was made under.
    pub terms: Box<Terms>,
}

/// What a grant was made under beside scope and resource. All of it may be absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// The thumbprint of the key that the code must be redeemed with (`dpop_jkt`, RFC 9449 §10): 43 characters
    /// of base64url.
    pub dpop_jkt: Option<String>,
    /// What the ID token must say again (OpenID Connect Core §3.1.2.1).
    pub nonce: Option<String>,
    /// When the user signed in, in seconds since the epoch (OpenID Connect Core §2).
    pub auth_time: Option<u64>,
    /// How the user signed in: the authentication context class (OpenID Connect Core §2, RFC 9470 §4).
    pub acr: Option<String>,
    /// What else was granted: an array, as JSON text (RFC 9396 §2).
    pub authorization_details: Option<String>,
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
    /// A refresh token (RFC 6749 §1.5).
    Refresh,
}

impl TokenKind {
    /// The stable name: `access` or `refresh`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Access, Self::Refresh].into_iter().find(|kind| kind.as_str() == name)
    }
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
    /// Its scope, where it is narrower than the grant's (RFC 6749 §6); none: the grant's.
    pub scope: Option<String>,
    /// The thumbprint of the key that it is bound to (RFC 9449 §6); none: a bearer token.
    pub dpop_jkt: Option<String>,
}

/// Where a refresh token stands in the row of those that its grant has had (P27).
///
/// They come in generations: a claim writes the first one, a rotation of the newest one writes the next. A
/// token of the immediate predecessor that is spared (`reuse_window`) gets a sibling in the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rotation {
    /// Of the newest generation: it may be exchanged. An access token always is.
    Newest,
    /// Of the one before it. None of the newest was exchanged yet.
    Predecessor {
        /// When the newest generation began, in seconds since the epoch by the store's clock.
        rotated_at: u64,
    },
    /// Older than that.
    Older,
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
    /// Its scope, where it is narrower than the grant's; none: the grant's.
    pub scope: Option<String>,
    /// Of a refresh token: where it stands. [`Rotation::Newest`] for every other.
    pub rotation: Rotation,
    /// The thumbprint of the key that it is bound to (RFC 9449 §6); none: a bearer token.
    pub dpop_jkt: Option<String>,
    /// The grant it was issued from.
    pub grant: Grant,
}

impl FoundToken {
    /// What it may be used for: its own scope, or the grant's. Separated by single spaces; may be empty.
    #[must_use]
    pub fn scope(&self) -> &str {
        self.scope.as_deref().unwrap_or(&self.grant.scope)
    }
}
