//! The `refresh_token` grant (RFC 6749 §6) with rotation (P27): how it is asked for, and the judgment.

use super::answer::{Audit, Refusal};
use super::opaque;
use super::record::{FoundToken, Hash, Rotation, TokenKind};
use super::token_request::malformed;
use crate::form::Form;

/// A request whose form is right. Whether it may be granted is judged against the token.
#[derive(Debug)]
pub(super) struct RefreshRequest {
    pub(super) grant_id: String,
    pub(super) token_hash: Hash,
    client_id: String,
    scope: Option<String>,
    resource: Option<String>,
}

/// What a refresh token says to a request.
pub(super) enum Verdict {
    /// It may be exchanged, for an access token of this scope where that is narrower.
    Rotate(Option<String>),
    /// It was exchanged before: somebody has it who should not, and nobody knows who of the two.
    Revoke,
    /// Anything else that is wrong; nothing changes.
    Refuse(Refusal),
}

impl RefreshRequest {
    pub(super) fn read(form: &Form, client_id: String) -> Result<Self, Refusal> {
        let token = form.non_empty("refresh_token").ok_or(malformed("refresh_token is missing"))?;
        let (grant_id, token_hash) = opaque::read(token).ok_or(UNKNOWN)?;
        Ok(Self {
            grant_id,
            token_hash,
            client_id,
            scope: form.non_empty("scope").map(str::to_owned),
            resource: form.non_empty("resource").map(str::to_owned),
        })
    }

    /// The judgment: one path to [`Verdict::Rotate`].
    pub(super) fn judge(
        &self,
        found: &FoundToken,
        now: u64,
        dpop_jkt: Option<&str>,
        reuse_window_s: u64,
    ) -> Verdict {
        let grant = &found.grant;
        if found.kind != TokenKind::Refresh {
            return Verdict::Refuse(UNKNOWN);
        }
        if found.revoked {
            return Verdict::Refuse(refusal(Audit::Revoked));
        }
        // Another client's try changes nothing: it may have seen the token and nothing else.
        if self.client_id != grant.client_id {
            return Verdict::Refuse(refusal(Audit::WrongClient));
        }
        // RFC 9449 §5. Before its place in the row is looked at: a thief without the key ends nothing.
        match (&found.dpop_jkt, dpop_jkt) {
            (Some(_), None) => return Verdict::Refuse(Refusal::PROOF_MISSING),
            (Some(bound), Some(proven)) if bound != proven => return Verdict::Refuse(WRONG_KEY),
            _ => {}
        }
        match found.rotation {
            Rotation::Newest => {}
            // A clock that was set back must not make the window longer.
            Rotation::Predecessor { rotated_at }
                if now.checked_sub(rotated_at).is_some_and(|age| age < reuse_window_s) => {}
            // Before its expiry is looked at: an old token that comes back says the same when it is expired.
            Rotation::Predecessor { .. } | Rotation::Older => return Verdict::Revoke,
        }
        if now >= found.expires_at {
            return Verdict::Refuse(refusal(Audit::Expired));
        }
        if self.resource.is_some() && self.resource != grant.resource {
            return Verdict::Refuse(WRONG_RESOURCE);
        }
        match &self.scope {
            None => Verdict::Rotate(None),
            Some(asked) => narrowed(asked, &grant.scope)
                .map_or(Verdict::Refuse(WRONG_SCOPE), |scope| Verdict::Rotate(Some(scope))),
        }
    }
}

/// The scopes that are asked for, each once, if all of them were granted (RFC 6749 §6).
fn narrowed(asked: &str, granted: &str) -> Option<String> {
    let mut scopes: Vec<&str> = Vec::new();
    for scope in asked.split(' ').filter(|scope| !scope.is_empty()) {
        if !granted.split(' ').any(|known| known == scope) {
            return None;
        }
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Some(scopes.join(" "))
}

/// One text for all that a stranger with a token need not tell apart.
const fn refusal(audit: Audit) -> Refusal {
    Refusal {
        status: 400,
        error: "invalid_grant",
        description: "the refresh token is unknown, expired or revoked, or was issued to another client",
        audit,
    }
}

pub(super) const UNKNOWN: Refusal = refusal(Audit::UnknownToken);

pub(super) const REUSE_REVOKED: Refusal = Refusal {
    description: "the refresh token has been used; what was issued from its grant is revoked",
    ..refusal(Audit::ReuseRevoked)
};

const WRONG_KEY: Refusal = Refusal {
    description: "the refresh token is bound to another key (RFC 9449)",
    ..refusal(Audit::WrongKey)
};

const WRONG_SCOPE: Refusal = Refusal {
    error: "invalid_scope",
    description: "a refresh token gives no more than was granted",
    ..refusal(Audit::WrongScope)
};

const WRONG_RESOURCE: Refusal = Refusal {
    error: "invalid_target",
    description: "the refresh token was issued for another resource",
    ..refusal(Audit::WrongResource)
};
