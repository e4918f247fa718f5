//! The rows that a grant store keeps. None of them holds a code, a token or a verifier.

use crate::error::Outcome;
use proofkey::challenge::CodeChallenge;
use proofkey::grant as core;

/// What a grant was made under beside scope and resource. All of it may be absent. A store keeps all of it: a grant
/// that comes back without its key is a grant for everybody.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Terms {
    /// The thumbprint of the key that the code must be redeemed with (`dpop_jkt`, RFC 9449 §10): 43 characters of
    /// base64url.
    #[uniffi(default = None)]
    pub dpop_jkt: Option<String>,
    /// What the ID token must say again (OpenID Connect Core §3.1.2.1).
    #[uniffi(default = None)]
    pub nonce: Option<String>,
    /// When the user signed in, in seconds since the epoch (OpenID Connect Core §2).
    #[uniffi(default = None)]
    pub auth_time: Option<u64>,
    /// How the user signed in: the authentication context class (OpenID Connect Core §2, RFC 9470 §4).
    #[uniffi(default = None)]
    pub acr: Option<String>,
    /// What else was granted: an array, as JSON text (RFC 9396 §2).
    #[uniffi(default = None)]
    pub authorization_details: Option<String>,
}

impl From<core::Terms> for Terms {
    fn from(terms: core::Terms) -> Self {
        let core::Terms { dpop_jkt, nonce, auth_time, acr, authorization_details } = terms;
        Self { dpop_jkt, nonce, auth_time, acr, authorization_details }
    }
}

impl From<Terms> for core::Terms {
    fn from(terms: Terms) -> Self {
        let Terms { dpop_jkt, nonce, auth_time, acr, authorization_details } = terms;
        Self { dpop_jkt, nonce, auth_time, acr, authorization_details }
    }
}

/// What the user granted to a client: the part of a row that never changes.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Grant {
    /// The first half of the code and of every token issued from it: 22 characters of base64url.
    pub grant_id: String,
    /// Who asked.
    pub client_id: String,
    /// Who allowed it, as the server names its users.
    pub subject: String,
    /// The redirect URI that the code was sent to.
    pub redirect_uri: String,
    /// Whether the authorization request named the redirect URI.
    pub redirect_uri_was_sent: bool,
    /// The code challenge (S256), 43 characters of base64url. None only in rows that another program
    /// wrote.
    pub code_challenge: Option<String>,
    /// The granted scopes, separated by single spaces; may be empty.
    pub scope: String,
    /// The resource that the tokens are for (RFC 8707), if one was named.
    pub resource: Option<String>,
    /// What else it was made under.
    pub terms: Terms,
    /// Whether refresh tokens are issued from it.
    #[uniffi(default = false)]
    pub refreshable: bool,
}

impl From<core::Grant> for Grant {
    fn from(grant: core::Grant) -> Self {
        Self {
            grant_id: grant.grant_id,
            client_id: grant.client_id,
            subject: grant.subject,
            redirect_uri: grant.redirect_uri,
            redirect_uri_was_sent: grant.redirect_uri_was_sent,
            code_challenge: grant.code_challenge.map(|challenge| challenge.to_text()),
            scope: grant.scope,
            resource: grant.resource,
            terms: (*grant.terms).into(),
            refreshable: grant.refreshable,
        }
    }
}

impl Grant {
    /// Fails where the row's challenge is none: then nothing may be issued.
    fn into_core(self) -> Outcome<core::Grant> {
        let code_challenge =
            self.code_challenge.as_deref().map(CodeChallenge::parse).transpose()?;
        Ok(core::Grant {
            grant_id: self.grant_id,
            client_id: self.client_id,
            subject: self.subject,
            redirect_uri: self.redirect_uri,
            redirect_uri_was_sent: self.redirect_uri_was_sent,
            code_challenge,
            scope: self.scope,
            resource: self.resource,
            refreshable: self.refreshable,
            terms: Box::new(self.terms.into()),
        })
    }
}

/// A grant to be written.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewGrant {
    /// The part that never changes.
    pub grant: Grant,
    /// SHA-256 of the code: 32 bytes.
    pub code_hash: Vec<u8>,
    /// How long the code may be redeemed, in seconds; at most 600 (RFC 6749 §4.1.2).
    pub lifetime_s: u64,
}

impl From<core::NewGrant> for NewGrant {
    fn from(new: core::NewGrant) -> Self {
        Self {
            grant: new.grant.into(),
            code_hash: new.code_hash.to_vec(),
            lifetime_s: new.lifetime_s,
        }
    }
}

/// A grant as it was found.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct GrantRow {
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

impl GrantRow {
    pub(super) fn into_core(self) -> Outcome<core::FoundGrant> {
        Ok(core::FoundGrant {
            grant: self.grant.into_core()?,
            expires_at: self.expires_at,
            used: self.used,
            revoked: self.revoked,
            mismatches: self.mismatches,
        })
    }
}

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum TokenKind {
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
}

/// Where a refresh token stands in the row of those that its grant has had. They come in generations: a
/// claim writes the first one, a rotation of the newest one writes the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Rotation {
    /// Of the newest generation. An access token always is.
    Newest,
    /// Of the one before it. None of the newest was exchanged yet.
    Predecessor {
        /// When the newest generation began, in seconds since the epoch by the store's clock.
        rotated_at: u64,
    },
    /// Older than that.
    Older,
}

/// A token to be written.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewToken {
    /// What it is for.
    pub kind: TokenKind,
    /// SHA-256 of the token: 32 bytes.
    pub token_hash: Vec<u8>,
    /// How long it is valid, in seconds.
    pub lifetime_s: u64,
    /// Its scope, where it is narrower than the grant's; none: the grant's.
    pub scope: Option<String>,
    /// The thumbprint of the key that it is bound to (RFC 9449 §6); none: a bearer token. A store that forgets it
    /// makes it one.
    pub dpop_jkt: Option<String>,
}

impl From<core::NewToken> for NewToken {
    fn from(new: core::NewToken) -> Self {
        Self {
            kind: kind_out(new.kind),
            token_hash: new.token_hash.to_vec(),
            lifetime_s: new.lifetime_s,
            scope: new.scope,
            dpop_jkt: new.dpop_jkt,
        }
    }
}

const fn kind_out(kind: core::TokenKind) -> TokenKind {
    match kind {
        core::TokenKind::Access => TokenKind::Access,
        core::TokenKind::Refresh => TokenKind::Refresh,
    }
}

/// A token as it was found, with its grant.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TokenRow {
    /// What it is for.
    pub kind: TokenKind,
    /// When it expires, in seconds since the epoch by the store's clock.
    pub expires_at: u64,
    /// Whether its grant was revoked.
    pub revoked: bool,
    /// The grant it was issued from.
    pub grant: Grant,
    /// Of a refresh token: where it stands. `Newest` for every other.
    pub rotation: Rotation,
    /// The thumbprint of the key that it is bound to (RFC 9449 §6); none: a bearer token.
    pub dpop_jkt: Option<String>,
    /// Its scope, where it is narrower than the grant's; none: the grant's.
    #[uniffi(default = None)]
    pub scope: Option<String>,
}

impl From<core::FoundToken> for TokenRow {
    fn from(found: core::FoundToken) -> Self {
        Self {
            kind: kind_out(found.kind),
            expires_at: found.expires_at,
            revoked: found.revoked,
            grant: found.grant.into(),
            rotation: match found.rotation {
                core::Rotation::Newest => Rotation::Newest,
                core::Rotation::Predecessor { rotated_at } => Rotation::Predecessor { rotated_at },
                core::Rotation::Older => Rotation::Older,
            },
            dpop_jkt: found.dpop_jkt,
            scope: found.scope,
        }
    }
}

impl TokenRow {
    pub(super) fn into_core(self) -> Outcome<core::FoundToken> {
        Ok(core::FoundToken {
            kind: match self.kind {
                TokenKind::Access => core::TokenKind::Access,
                TokenKind::Refresh => core::TokenKind::Refresh,
            },
            expires_at: self.expires_at,
            revoked: self.revoked,
            dpop_jkt: self.dpop_jkt,
            scope: self.scope,
            rotation: match self.rotation {
                Rotation::Newest => core::Rotation::Newest,
                Rotation::Predecessor { rotated_at } => core::Rotation::Predecessor { rotated_at },
                Rotation::Older => core::Rotation::Older,
            },
            grant: self.grant.into_core()?,
        })
    }
}
