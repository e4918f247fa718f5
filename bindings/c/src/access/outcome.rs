//! What comes of an access.

use crate::discovered::{self, pk_discovered};
use crate::input::Structure;
use crate::status::Fail;
use crate::tokens::{self, TOKENS, pk_tokens};
use core::mem::size_of;
use proofkey::flow::access::{AccessOutcome, Source};

/// The tokens were kept.
pub const PK_SOURCE_KEPT: u32 = 1;
/// The tokens were refreshed.
pub const PK_SOURCE_REFRESHED: u32 = 2;
/// The user signed in.
pub const PK_SOURCE_SIGNED_IN: u32 = 3;

/// There was nothing to revoke, or the goal was another.
pub const PK_REVOKED_NOTHING: u32 = 0;
/// The server has revoked the tokens.
pub const PK_REVOKED_YES: u32 = 1;
/// The server has not, or it is not known: the tokens may be good until they expire.
pub const PK_REVOKED_NO: u32 = 2;

/// What came of an access. The handles in it belong to the caller.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_access_outcome {
    /// `sizeof(pk_access_outcome)`, set by the caller: `pk_access_outcome outcome = PK_ACCESS_OUTCOME_INIT;`.
    pub size: usize,
    /// The tokens, for `pk_tokens_free`; none (an `id` of 0) after `PK_GOAL_SIGN_OUT`.
    pub tokens: pk_tokens,
    /// What was discovered, for `known` of the next run and for `pk_discovered_free`; none (an `id` of 0) where nothing
    /// had to be.
    pub discovered: pk_discovered,
    /// Where the tokens came from: `PK_SOURCE_KEPT` and the like; 0 after `PK_GOAL_SIGN_OUT`.
    pub source: u32,
    /// Whether the store holds these tokens, or after `PK_GOAL_SIGN_OUT` nothing more: 0 or 1.
    pub stored: u32,
    /// After `PK_GOAL_SIGN_OUT`: `PK_REVOKED_YES` and the like.
    pub revoked: u32,
}

// SAFETY: `repr(C)`, the size first, numbers only, handles being such.
unsafe impl Structure for pk_access_outcome {}

/// Makes handles of what is in it.
pub(super) fn keep(outcome: AccessOutcome) -> Result<pk_access_outcome, Fail> {
    let tokens = outcome.tokens.map(tokens::insert).transpose()?;
    let found = outcome.discovered.map(|found| discovered::insert((*found).into()));
    let found = found.transpose().inspect_err(|_| {
        // Nobody will hear of the tokens' handle.
        drop(tokens.map(|tokens| TOKENS.remove(tokens.id)));
    })?;
    Ok(pk_access_outcome {
        size: size_of::<pk_access_outcome>(),
        tokens: tokens.unwrap_or(pk_tokens { id: 0 }),
        discovered: found.unwrap_or(pk_discovered { id: 0 }),
        source: match outcome.source {
            None => 0,
            Some(Source::Kept) => PK_SOURCE_KEPT,
            Some(Source::Refreshed) => PK_SOURCE_REFRESHED,
            Some(Source::SignedIn) => PK_SOURCE_SIGNED_IN,
        },
        stored: u32::from(outcome.stored),
        revoked: match outcome.revoked {
            None => PK_REVOKED_NOTHING,
            Some(true) => PK_REVOKED_YES,
            Some(false) => PK_REVOKED_NO,
        },
    })
}
