//! `StoreStep` and `StoreEvent`: the contract between a grant flow and the database behind it.
//!
//! A flow never touches a database: it names one call, the server makes it and answers. Every write
//! is one conditional statement, so that of many servers at once exactly one wins, and every store
//! error is answered by [`StoreEvent::Failed`], upon which a flow issues nothing (fails closed).

use super::possession::Remember;
use super::record::{FoundGrant, FoundToken, Hash, NewGrant, NewToken};

/// What the store does next.
#[derive(Debug)]
pub enum StoreStep {
    /// Write a new grant; it expires `lifetime_s` after the store's own clock. Answered by
    /// [`StoreEvent::Stored`]: `false` if a grant of that id exists or the store is full.
    Put {
        /// The row.
        grant: NewGrant,
    },
    /// Read the grant with this id whose code has this hash. Answered by [`StoreEvent::Found`].
    Find {
        /// The first half of the code.
        grant_id: String,
        /// SHA-256 of the whole code.
        code_hash: Hash,
    },
    /// Mark the code used, in one conditional statement: `… where grant_id = ? and code_hash = ? and
    /// used = 0 and revoked = 0 and mismatches < max_mismatches and expires_at > now`; if a row changed,
    /// write the tokens in the same transaction. Answered by [`StoreEvent::Claimed`]: whether a row
    /// changed. So the winner's tokens are there before any other request can revoke them, and a crash
    /// leaves both or neither.
    Claim {
        /// The first half of the code.
        grant_id: String,
        /// SHA-256 of the whole code.
        code_hash: Hash,
        /// From so many mismatches on the grant is burnt.
        max_mismatches: u32,
        /// The tokens that the claim issues; each expires `lifetime_s` after the store's own clock.
        tokens: Vec<NewToken>,
    },
    /// Add one to the grant's mismatches, atomically. Answered by [`StoreEvent::Ok`].
    Count {
        /// The grant.
        grant_id: String,
    },
    /// Mark the grant revoked, and with it every token issued from it. Answered by
    /// [`StoreEvent::Ok`], also where there is no such grant.
    Revoke {
        /// The grant.
        grant_id: String,
    },
    /// Read the token with this hash together with its grant. Answered by
    /// [`StoreEvent::FoundToken`].
    FindToken {
        /// The first half of the token.
        grant_id: String,
        /// SHA-256 of the whole token.
        token_hash: Hash,
    },
    /// Exchange a refresh token, in one conditional statement and transaction. A grant's refresh tokens come
    /// in generations; the claim wrote the first. If the token is a refresh token and unexpired, and the
    /// grant is not revoked, then
    /// - a token of the newest generation begins the next one, now, and the tokens are written into that;
    /// - a token of the one before it, if the newest one began less than `reuse_window_s` ago (and not
    ///   after now), has the tokens written into the newest.
    ///
    /// In every other case nothing is written. So of many exchanges of one token at once exactly one
    /// begins the next generation. Answered by [`StoreEvent::Rotated`]: whether the tokens were written.
    Rotate {
        /// The first half of the token.
        grant_id: String,
        /// SHA-256 of the whole token.
        token_hash: Hash,
        /// How long the predecessor is spared, in seconds; 0 spares none.
        reuse_window_s: u64,
        /// The tokens to be written; each expires `lifetime_s` after the store's own clock.
        tokens: Vec<NewToken>,
    },
    /// Remember this name for so long by the store's own clock, unless it is remembered already: a proof of
    /// possession is used once (RFC 9449 §11.1). One conditional write. Answered by [`StoreEvent::Remembered`]:
    /// whether the name was new. A store that cannot remember answers [`StoreEvent::Failed`].
    Remember {
        /// What is to be remembered.
        proof: Remember,
    },
    /// The flow has ended; its `outcome()` gives the result once.
    Done,
}

impl StoreStep {
    /// The step's name, for messages and transcripts.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Put { .. } => "Put",
            Self::Find { .. } => "Find",
            Self::Claim { .. } => "Claim",
            Self::Count { .. } => "Count",
            Self::Revoke { .. } => "Revoke",
            Self::FindToken { .. } => "FindToken",
            Self::Rotate { .. } => "Rotate",
            Self::Remember { .. } => "Remember",
            Self::Done => "Done",
        }
    }
}

/// What the store has done.
#[derive(Debug)]
pub enum StoreEvent {
    /// The first event of every flow.
    Start,
    /// Whether the grant was written.
    Stored(bool),
    /// The grant, if there is one.
    Found {
        /// The row.
        grant: Option<FoundGrant>,
        /// The store's clock, in seconds since the epoch.
        now: u64,
    },
    /// Whether the conditional write changed a row.
    Claimed(bool),
    /// The token and its grant, if there is one.
    FoundToken {
        /// The row.
        token: Option<FoundToken>,
        /// The store's clock, in seconds since the epoch.
        now: u64,
    },
    /// Whether the refresh token was exchanged.
    Rotated(bool),
    /// Whether the name was new, and is remembered now.
    Remembered(bool),
    /// It is done.
    Ok,
    /// The store failed, or it is not known whether it did what was asked.
    Failed,
}

impl StoreEvent {
    /// The event's name, for messages and transcripts.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Stored(_) => "Stored",
            Self::Found { .. } => "Found",
            Self::Claimed(_) => "Claimed",
            Self::FoundToken { .. } => "FoundToken",
            Self::Rotated(_) => "Rotated",
            Self::Remembered(_) => "Remembered",
            Self::Ok => "Ok",
            Self::Failed => "Failed",
        }
    }
}
