//! The tokens that a claim or a rotation brings: their rows for the store, their texts for the answer.

use super::opaque;
use super::policy::Policy;
use super::record::{Grant, Hash, NewToken, TokenKind};
use crate::error::Error;
use crate::secret::Secret;

/// What the answer will say, once the store has the rows.
#[derive(Debug)]
pub(super) struct Issued {
    pub(super) access_token: Secret,
    /// How long the access token is valid, in seconds.
    pub(super) lifetime_s: u64,
    pub(super) refresh_token: Option<Secret>,
    pub(super) scope: String,
    /// Whether the tokens are bound to a key (RFC 9449 §5).
    pub(super) bound: bool,
    pub(super) access_token_hash: Hash,
    pub(super) grant: Grant,
}

/// Makes an access token, and a refresh token where the grant has them. `narrower` is the scope of the
/// access token alone: a refresh token keeps that of its grant (RFC 6749 §6). Both are bound to the key with
/// this thumbprint, if there is one: the clients are public ones (RFC 9449 §5).
pub(super) fn mint(
    grant: Grant,
    narrower: Option<String>,
    dpop_jkt: Option<&str>,
    policy: &Policy,
) -> Result<(Vec<NewToken>, Issued), Error> {
    let access = opaque::mint_token(&grant.grant_id)?;
    let lifetime_s = policy.access_token_lifetime_s;
    let mut rows = vec![NewToken {
        kind: TokenKind::Access,
        token_hash: access.hash,
        lifetime_s,
        scope: narrower.clone(),
        dpop_jkt: dpop_jkt.map(str::to_owned),
    }];
    let mut refresh_token = None;
    if policy.refreshes(&grant) {
        let refresh = opaque::mint_token(&grant.grant_id)?;
        rows.push(NewToken {
            kind: TokenKind::Refresh,
            token_hash: refresh.hash,
            lifetime_s: policy.refresh_token_lifetime_s,
            scope: None,
            dpop_jkt: dpop_jkt.map(str::to_owned),
        });
        refresh_token = Some(refresh.text);
    }
    let issued = Issued {
        access_token: access.text,
        lifetime_s,
        refresh_token,
        scope: narrower.unwrap_or_else(|| grant.scope.clone()),
        bound: dpop_jkt.is_some(),
        access_token_hash: access.hash,
        grant,
    };
    Ok((rows, issued))
}
