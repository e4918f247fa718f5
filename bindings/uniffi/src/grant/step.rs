//! `StoreStep` and `StoreEvent`: the contract between a grant flow and the database behind it.

use super::rows::{GrantRow, NewGrant, NewToken, TokenRow};
use crate::error::Outcome;
use proofkey::grant as core;

/// What the store does next. No step holds a code or a token, only their hashes.
#[allow(clippy::large_enum_variant, reason = "what crosses the boundary is copied, not boxed")]
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum StoreStep {
    /// Write a new grant; it expires its lifetime after the store's own clock. Answered by `Stored`:
    /// false if a grant of that id exists or the store is full.
    Put {
        /// The row.
        grant: NewGrant,
    },
    /// Read the grant with this id whose code has this hash. Answered by `Found`.
    Find {
        /// The first half of the code.
        grant_id: String,
        /// SHA-256 of the whole code.
        code_hash: Vec<u8>,
    },
    /// Mark the code used, in one conditional statement: `… where grant_id = ? and code_hash = ? and
    /// used = 0 and revoked = 0 and mismatches < max_mismatches and expires_at > now`; if a row changed,
    /// write the tokens in the same transaction. Answered by `Claimed`: whether a row changed.
    Claim {
        /// The first half of the code.
        grant_id: String,
        /// SHA-256 of the whole code.
        code_hash: Vec<u8>,
        /// From so many mismatches on the grant is burnt.
        max_mismatches: u32,
        /// The tokens that the claim issues; each expires its lifetime after the store's own clock.
        tokens: Vec<NewToken>,
    },
    /// Add one to the grant's mismatches, atomically. Answered by `Ok`.
    Count {
        /// The grant.
        grant_id: String,
    },
    /// Mark the grant revoked, and with it every token issued from it. Answered by `Ok`, also where
    /// there is no such grant.
    Revoke {
        /// The grant.
        grant_id: String,
    },
    /// Read the token with this hash together with its grant. Answered by `FoundToken`.
    FindToken {
        /// The first half of the token.
        grant_id: String,
        /// SHA-256 of the whole token.
        token_hash: Vec<u8>,
    },
    /// Exchange a refresh token, in one conditional statement and transaction. If the token is a refresh
    /// token and unexpired, and the grant is not revoked, then
    /// - a token of the newest generation begins the next one, now, and the tokens are written into that;
    /// - a token of the one before it, if the newest one began less than `reuse_window_s` ago (and not
    ///   after now), has the tokens written into the newest.
    ///
    /// In every other case nothing is written. Answered by `Rotated`: whether the tokens were written.
    Rotate {
        /// The first half of the token.
        grant_id: String,
        /// SHA-256 of the whole token.
        token_hash: Vec<u8>,
        /// How long the predecessor is spared, in seconds; 0 spares none.
        reuse_window_s: u64,
        /// The tokens to be written; each expires its lifetime after the store's own clock.
        tokens: Vec<NewToken>,
    },
    /// Remember this name for so long by the store's own clock, unless it is remembered already: a proof of
    /// possession is used once (RFC 9449 §11.1). One conditional write: `insert … on conflict do nothing`, or in
    /// Redis `set … nx ex`; an expired name counts as new. Answered by `Remembered`: whether the name was new. A
    /// store that cannot remember answers `Failed`.
    Remember {
        /// The name of the proof: 43 characters of base64url.
        name: String,
        /// For how long, in seconds.
        lifetime_s: u64,
    },
    /// The flow has ended; its outcome gives the result once.
    Done,
}

impl From<core::StoreStep> for StoreStep {
    fn from(step: core::StoreStep) -> Self {
        match step {
            core::StoreStep::Put { grant } => Self::Put { grant: grant.into() },
            core::StoreStep::Find { grant_id, code_hash } => {
                Self::Find { grant_id, code_hash: code_hash.to_vec() }
            }
            core::StoreStep::Claim { grant_id, code_hash, max_mismatches, tokens } => Self::Claim {
                grant_id,
                code_hash: code_hash.to_vec(),
                max_mismatches,
                tokens: tokens.into_iter().map(NewToken::from).collect(),
            },
            core::StoreStep::Count { grant_id } => Self::Count { grant_id },
            core::StoreStep::Revoke { grant_id } => Self::Revoke { grant_id },
            core::StoreStep::FindToken { grant_id, token_hash } => {
                Self::FindToken { grant_id, token_hash: token_hash.to_vec() }
            }
            core::StoreStep::Rotate { grant_id, token_hash, reuse_window_s, tokens } => {
                Self::Rotate {
                    grant_id,
                    token_hash: token_hash.to_vec(),
                    reuse_window_s,
                    tokens: tokens.into_iter().map(NewToken::from).collect(),
                }
            }
            core::StoreStep::Remember { proof } => {
                Self::Remember { name: proof.name, lifetime_s: proof.lifetime_s }
            }
            core::StoreStep::Done => Self::Done,
        }
    }
}

/// What the store has done.
#[allow(clippy::large_enum_variant, reason = "what crosses the boundary is copied, not boxed")]
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum StoreEvent {
    /// The first event of every flow.
    Start,
    /// The answer to `Put`.
    Stored {
        /// Whether the grant was written.
        stored: bool,
    },
    /// The answer to `Find`.
    Found {
        /// The grant, if there is one.
        grant: Option<GrantRow>,
        /// The store's clock, in seconds since the epoch.
        now: u64,
    },
    /// The answer to `Claim`.
    Claimed {
        /// Whether the conditional write changed a row.
        claimed: bool,
    },
    /// The answer to `FindToken`.
    FoundToken {
        /// The token and its grant, if there is one.
        token: Option<TokenRow>,
        /// The store's clock, in seconds since the epoch.
        now: u64,
    },
    /// The answer to `Rotate`.
    Rotated {
        /// Whether the refresh token was exchanged.
        rotated: bool,
    },
    /// The answer to `Remember`.
    Remembered {
        /// Whether the name was new, and is remembered now.
        remembered: bool,
    },
    /// It is done.
    Ok,
    /// The store failed, or it is not known whether it did what was asked.
    Failed,
}

impl StoreEvent {
    /// Fails where a row holds a challenge that is none; the flow has seen nothing then and may still be
    /// told `Failed`.
    pub(super) fn into_core(self) -> Outcome<core::StoreEvent> {
        Ok(match self {
            Self::Start => core::StoreEvent::Start,
            Self::Stored { stored } => core::StoreEvent::Stored(stored),
            Self::Found { grant, now } => {
                core::StoreEvent::Found { grant: grant.map(GrantRow::into_core).transpose()?, now }
            }
            Self::Claimed { claimed } => core::StoreEvent::Claimed(claimed),
            Self::FoundToken { token, now } => core::StoreEvent::FoundToken {
                token: token.map(TokenRow::into_core).transpose()?,
                now,
            },
            Self::Rotated { rotated } => core::StoreEvent::Rotated(rotated),
            Self::Remembered { remembered } => core::StoreEvent::Remembered(remembered),
            Self::Ok => core::StoreEvent::Ok,
            Self::Failed => core::StoreEvent::Failed,
        })
    }
}
