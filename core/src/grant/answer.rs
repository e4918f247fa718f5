//! The answer of the token and the revocation endpoint, as a server sends it (RFC 6749 §5, RFC 7009 §2.2).

use super::tokens::Issued;
use crate::http::Header;
use crate::secret::{Secret, SecretBuilder};

/// What to send, and what to write into the audit log.
#[derive(Debug)]
pub struct TokenAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The header fields, `Cache-Control: no-store` among them (P28).
    pub headers: Vec<Header>,
    /// The JSON body; it may hold a token. Empty after a revocation.
    pub body: Secret,
    /// What happened.
    pub audit: Audit,
}

/// What happened to a token or revocation request, for logs and counters. It holds no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audit {
    /// Tokens were issued for a code.
    Issued,
    /// A refresh token was exchanged for new tokens.
    Refreshed,
    /// A token was given back: its grant and all its tokens were revoked (RFC 7009).
    TokenRevoked,
    /// The request was no token request.
    Malformed,
    /// The client tried to authenticate; public clients do not.
    ClientRefused,
    /// No such code.
    UnknownCode,
    /// No such token.
    UnknownToken,
    /// Right code or token, another client.
    WrongClient,
    /// Right code, another redirect URI, or none where one is due.
    WrongRedirectUri,
    /// Right code or token, another resource (RFC 8707 §2.2).
    WrongResource,
    /// More scope than was granted (RFC 6749 §6).
    WrongScope,
    /// No verifier.
    VerifierMissing,
    /// A verifier for a grant that has no challenge.
    VerifierUnexpected,
    /// The wrong verifier; counted.
    Mismatch,
    /// Too many mismatches came before.
    Burnt,
    /// The code or the token has expired.
    Expired,
    /// A used code with something wrong; nothing was changed.
    ReplayRefused,
    /// A used code with everything right: the grant and all its tokens were revoked (P24).
    ReplayRevoked,
    /// A refresh token that was exchanged before: the grant and all its tokens were revoked (P27).
    ReuseRevoked,
    /// The grant was revoked before.
    Revoked,
    /// The store failed; nothing was issued.
    StoreFailed,
}

impl Audit {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Refreshed => "refreshed",
            Self::TokenRevoked => "token_revoked",
            Self::Malformed => "malformed",
            Self::ClientRefused => "client_refused",
            Self::UnknownCode => "unknown_code",
            Self::UnknownToken => "unknown_token",
            Self::WrongClient => "wrong_client",
            Self::WrongRedirectUri => "wrong_redirect_uri",
            Self::WrongResource => "wrong_resource",
            Self::WrongScope => "wrong_scope",
            Self::VerifierMissing => "verifier_missing",
            Self::VerifierUnexpected => "verifier_unexpected",
            Self::Mismatch => "mismatch",
            Self::Burnt => "burnt",
            Self::Expired => "expired",
            Self::ReplayRefused => "replay_refused",
            Self::ReplayRevoked => "replay_revoked",
            Self::ReuseRevoked => "reuse_revoked",
            Self::Revoked => "revoked",
            Self::StoreFailed => "store_failed",
        }
    }
}

/// A refusal, before it is written out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) error: &'static str,
    pub(super) description: &'static str,
    pub(super) audit: Audit,
}

impl Refusal {
    /// One text for all that a stranger with a code need not tell apart.
    const NOT_VALID: &'static str =
        "the code is unknown, expired or revoked, or was issued for another client or redirect URI";

    pub(super) const UNKNOWN_CODE: Self = Self::grant(Self::NOT_VALID, Audit::UnknownCode);
    pub(super) const WRONG_CLIENT: Self = Self::grant(Self::NOT_VALID, Audit::WrongClient);
    pub(super) const WRONG_REDIRECT_URI: Self =
        Self::grant(Self::NOT_VALID, Audit::WrongRedirectUri);
    pub(super) const EXPIRED: Self = Self::grant(Self::NOT_VALID, Audit::Expired);
    pub(super) const REVOKED: Self = Self::grant(Self::NOT_VALID, Audit::Revoked);
    pub(super) const BURNT: Self =
        Self::grant("too many wrong code verifiers came for this code", Audit::Burnt);
    pub(super) const VERIFIER_MISSING: Self =
        Self::grant("the code verifier is missing", Audit::VerifierMissing);
    pub(super) const MISMATCH: Self = Self::grant(
        "the code verifier does not match the code challenge (RFC 7636)",
        Audit::Mismatch,
    );
    pub(super) const REPLAY_REFUSED: Self =
        Self::grant("the code has been used", Audit::ReplayRefused);
    pub(super) const REPLAY_REVOKED: Self = Self::grant(
        "the code has been used; what was issued from it is revoked",
        Audit::ReplayRevoked,
    );
    /// RFC 9700 §4.8.2: a verifier where there was no challenge is a downgrade.
    pub(super) const VERIFIER_UNEXPECTED: Self = Self {
        status: 400,
        error: "invalid_request",
        description: "a code verifier came for a code that has no code challenge",
        audit: Audit::VerifierUnexpected,
    };
    pub(super) const WRONG_RESOURCE: Self = Self {
        status: 400,
        error: "invalid_target",
        description: "the code was issued for another resource",
        audit: Audit::WrongResource,
    };
    pub(super) const STORE_FAILED: Self = Self {
        status: 500,
        error: "server_error",
        description: "the store failed; nothing was issued",
        audit: Audit::StoreFailed,
    };

    const fn grant(description: &'static str, audit: Audit) -> Self {
        Self { status: 400, error: "invalid_grant", description, audit }
    }

    pub(super) fn answer(self) -> TokenAnswer {
        let mut body = SecretBuilder::with_capacity(256);
        body.push('{');
        member(&mut body, "error", self.error);
        body.push(',');
        member(&mut body, "error_description", self.description);
        body.push('}');
        let mut headers = headers();
        if self.status == 401 {
            headers.push(Header::new("WWW-Authenticate", "Basic realm=\"token endpoint\""));
        }
        TokenAnswer { status: self.status, headers, body: body.finish(), audit: self.audit }
    }
}

/// RFC 6749 §5.1.
pub(super) fn tokens(issued: &Issued, audit: Audit) -> TokenAnswer {
    let mut body = SecretBuilder::with_capacity(384 + issued.scope.len());
    body.push('{');
    member(&mut body, "access_token", issued.access_token.expose());
    body.push_str(",\"token_type\":\"Bearer\",\"expires_in\":");
    body.push_str(&issued.lifetime_s.to_string());
    body.push(',');
    if let Some(refresh_token) = &issued.refresh_token {
        member(&mut body, "refresh_token", refresh_token.expose());
        body.push(',');
    }
    member(&mut body, "scope", &issued.scope);
    body.push('}');
    TokenAnswer { status: 200, headers: headers(), body: body.finish(), audit }
}

/// RFC 7009 §2.2: the status says it all, the body is ignored.
pub(super) fn empty(audit: Audit) -> TokenAnswer {
    let mut headers = headers();
    headers.retain(|header| header.name != "Content-Type");
    TokenAnswer { status: 200, headers, body: Secret::new(String::new()), audit }
}

fn headers() -> Vec<Header> {
    vec![
        Header::new("Content-Type", "application/json"),
        Header::new("Cache-Control", "no-store"),
        Header::new("Pragma", "no-cache"),
    ]
}

/// A member whose value is a text. Escapes what JSON wants escaped (RFC 8259 §7).
fn member(out: &mut SecretBuilder, name: &str, value: &str) {
    out.push('"');
    out.push_str(name);
    out.push_str("\":\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}
