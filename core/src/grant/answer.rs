//! The answer of the token and the revocation endpoint, as a server sends it (RFC 6749 §5, RFC 7009 §2.2).

use super::record::{Grant, Hash};
use super::tokens::Issued;
use crate::error::Error;
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
    /// What tokens were issued from, where some were: for an ID token beside them.
    pub issued: Option<Box<Issuance>>,
}

/// What an answer's tokens were issued from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuance {
    /// The grant.
    pub grant: Grant,
    /// The scope of the access token, separated by single spaces.
    pub scope: String,
    /// SHA-256 of the access token. Its left half is what an ID token calls `at_hash` (OpenID Connect Core
    /// §3.1.3.6), where that is signed with a 256-bit hash.
    pub access_token_hash: Hash,
}

impl TokenAnswer {
    /// Adds a member to a body that holds tokens: an ID token, for example. Its value is JSON text. Says whether
    /// it did: a refusal is left alone.
    pub fn add(&mut self, name: &str, json: &str) -> bool {
        let Some(open) = self.body.expose().strip_suffix('}').filter(|_| self.status == 200) else {
            return false;
        };
        let mut body = SecretBuilder::with_capacity(open.len() + name.len() + json.len() + 8);
        body.push_str(open);
        body.push_str(",\"");
        body.push_str(name);
        body.push_str("\":");
        body.push_str(json);
        body.push('}');
        self.body = body.finish();
        true
    }
}

/// The body of an answer with tokens, with an ID token beside them (OpenID Connect Core §3.1.3.3).
///
/// # Errors
/// [`Error::InvalidConfiguration`] where the text is no JWS, or the body no object.
pub fn with_id_token(body: &Secret, token: &str) -> Result<Secret, Error> {
    let wrong = |field, reason| Error::InvalidConfiguration { field, reason };
    let is_of_jws = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    if token.split('.').count() != 3 || !token.bytes().all(is_of_jws) {
        return Err(wrong("id_token", "is no JWS in its compact form (RFC 7515 §3.1)"));
    }
    let open = body
        .expose()
        .strip_suffix('}')
        .ok_or(wrong("answer", "has another body than it came with"))?;
    let mut body = SecretBuilder::with_capacity(open.len() + token.len() + 16);
    body.push_str(open);
    body.push(',');
    member(&mut body, "id_token", token);
    body.push('}');
    Ok(body.finish())
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
    /// Right code or token, another key than the one that it is bound to (RFC 9449 §5, §10).
    WrongKey,
    /// Right code or token, and no proof of the key that it is bound to; or no proof where each request needs one.
    ProofMissing,
    /// A proof that is not of this request, or is too old, or not the only one (RFC 9449 §4.3).
    ProofRefused,
    /// A proof that was used before (RFC 9449 §11.1).
    ProofReplayed,
    /// A proof without the server's nonce, or with one that is good no more (RFC 9449 §8).
    NonceDemanded,
    /// The user of a device has not decided yet (RFC 8628 §3.5).
    AuthorizationPending,
    /// A device asks faster than it may; its interval is longer now (RFC 8628 §3.5).
    SlowDown,
    /// The user of a device has said no.
    Denied,
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
            Self::WrongKey => "wrong_key",
            Self::ProofMissing => "proof_missing",
            Self::ProofRefused => "proof_refused",
            Self::ProofReplayed => "proof_replayed",
            Self::NonceDemanded => "nonce_demanded",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::Denied => "denied",
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    pub(super) const WRONG_KEY: Self =
        Self::grant("the code is bound to another key (RFC 9449)", Audit::WrongKey);
    /// The code may still be redeemed: nothing is wrong with it.
    pub(super) const PROOF_MISSING: Self = Self {
        status: 400,
        error: "invalid_dpop_proof",
        description: "the request has no proof of the key that it is bound to (RFC 9449)",
        audit: Audit::ProofMissing,
    };
    pub(super) const PROOF_NEEDED: Self =
        Self { description: "the request has no proof of a key (RFC 9449)", ..Self::PROOF_MISSING };
    pub(super) const PROOFS: Self =
        Self::proof("there is more than one proof", Audit::ProofRefused);
    pub(super) const PROOF_REPLAYED: Self =
        Self::proof("the proof was used before", Audit::ProofReplayed);
    pub(super) const NONCE: Self = Self {
        status: 400,
        error: "use_dpop_nonce",
        description: "the proof has to hold the nonce of this answer (RFC 9449 §8)",
        audit: Audit::NonceDemanded,
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

    pub(super) const fn proof(description: &'static str, audit: Audit) -> Self {
        Self { status: 400, error: "invalid_dpop_proof", description, audit }
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
        let body = body.finish();
        TokenAnswer { status: self.status, headers, body, audit: self.audit, issued: None }
    }
}

/// RFC 6749 §5.1.
pub(super) fn tokens(issued: Issued, audit: Audit) -> TokenAnswer {
    let details = issued.grant.terms.authorization_details.as_deref();
    let room = 384 + issued.scope.len() + details.map_or(0, str::len);
    let mut body = SecretBuilder::with_capacity(room);
    body.push('{');
    member(&mut body, "access_token", issued.access_token.expose());
    body.push(',');
    // RFC 9449 §5: how the token is to be used.
    member(&mut body, "token_type", if issued.bound { "DPoP" } else { "Bearer" });
    body.push_str(",\"expires_in\":");
    body.push_str(&issued.lifetime_s.to_string());
    body.push(',');
    if let Some(refresh_token) = &issued.refresh_token {
        member(&mut body, "refresh_token", refresh_token.expose());
        body.push(',');
    }
    member(&mut body, "scope", &issued.scope);
    // RFC 9396 §7: what was granted, as it was asked for.
    if let Some(details) = details {
        body.push_str(",\"authorization_details\":");
        body.push_str(details);
    }
    body.push('}');
    let Issued { grant, scope, access_token_hash, .. } = issued;
    let issued = Some(Box::new(Issuance { grant, scope, access_token_hash }));
    TokenAnswer { status: 200, headers: headers(), body: body.finish(), audit, issued }
}

/// RFC 7009 §2.2: the status says it all, the body is ignored.
pub(super) fn empty(audit: Audit) -> TokenAnswer {
    let mut headers = headers();
    headers.retain(|header| header.name != "Content-Type");
    let body = Secret::new(String::new());
    TokenAnswer { status: 200, headers, body, audit, issued: None }
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
