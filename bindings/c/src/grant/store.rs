//! Steps and events of the grant flows, as tagged structures.

use super::rows::{
    PK_TOKEN_ACCESS, PK_TOKEN_REFRESH, found_grant, found_token, keep_grant, pk_found_grant,
    pk_found_token, pk_grant,
};
use crate::input::{self, Structure};
use crate::output::Kept;
use crate::status::{Fail, Misuse};
use crate::text::pk_text;
use core::mem::size_of;
use proofkey::grant::{Grant, NewToken, StoreEvent, StoreStep, TokenKind};

/// Write `grant` with `hash` as its code's; it expires `lifetime_s` after the store's own clock. Answered by
/// `PK_STORE_EVENT_STORED`.
pub const PK_STORE_STEP_PUT: u32 = 1;
/// Read the grant with `grant_id` whose code has this `hash`. Answered by `PK_STORE_EVENT_FOUND`.
pub const PK_STORE_STEP_FIND: u32 = 2;
/// Mark the code used, in one conditional statement: `… where grant_id = ? and code_hash = ? and used = 0 and
/// revoked = 0 and mismatches < max_mismatches and expires_at > now`; if a row changed, write `tokens` in the
/// same transaction. Answered by `PK_STORE_EVENT_CLAIMED`: whether a row changed.
pub const PK_STORE_STEP_CLAIM: u32 = 3;
/// Add one to the mismatches of `grant_id`, atomically. Answered by `PK_STORE_EVENT_OK`.
pub const PK_STORE_STEP_COUNT: u32 = 4;
/// Mark `grant_id` revoked, and with it every token issued from it. Answered by `PK_STORE_EVENT_OK`, also
/// where there is no such grant.
pub const PK_STORE_STEP_REVOKE: u32 = 5;
/// Read the token with `grant_id` and this `hash`, and its grant. Answered by
/// `PK_STORE_EVENT_FOUND_TOKEN`.
pub const PK_STORE_STEP_FIND_TOKEN: u32 = 6;
/// The flow has ended: fetch its outcome.
pub const PK_STORE_STEP_DONE: u32 = 7;
/// Exchange the refresh token with `grant_id` and this `hash`, in one conditional statement and transaction. If it
/// is a refresh token and unexpired, and the grant is not revoked, then a token of the newest generation begins
/// the next one, now, and `tokens` are written into that; a token of the one before it, if the newest one began
/// less than `reuse_window_s` ago (and not after now), has `tokens` written into the newest. In every other case
/// nothing is written. Answered by `PK_STORE_EVENT_ROTATED`: whether `tokens` were written.
pub const PK_STORE_STEP_ROTATE: u32 = 8;

/// Remember `name` for `lifetime_s` seconds by the store's own clock, unless it is remembered already: a proof of
/// possession is used once (RFC 9449 §11.1). One conditional write; a name whose time is over counts as new. Answered
/// by `PK_STORE_EVENT_REMEMBERED`: whether the name was new. A store that cannot remember answers
/// `PK_STORE_EVENT_FAILED`.
pub const PK_STORE_STEP_REMEMBER: u32 = 9;

/// A token to be written.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_new_token {
    /// How long it is valid, in seconds.
    pub lifetime_s: u64,
    /// Its scope, where it is narrower than the grant's; absent: the grant's.
    pub scope: pk_text,
    /// The thumbprint of the key that it is bound to (RFC 9449 §6); absent: a bearer token. A store that forgets it
    /// makes it one.
    pub dpop_jkt: pk_text,
    /// What it is for: `PK_TOKEN_ACCESS` or `PK_TOKEN_REFRESH`.
    pub kind: u32,
    /// SHA-256 of the token.
    pub hash: [u8; 32],
}

/// What the store does next. Members that do not belong to `kind` are zero. All pointers belong to the
/// library and are good until the next call with the same handle. Every step may be answered by
/// `PK_STORE_EVENT_FAILED`, upon which nothing is issued.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_store_step {
    /// `sizeof(pk_store_step)`, set by the caller: `pk_store_step step = PK_STORE_STEP_INIT;`.
    pub size: usize,
    /// Which step: `PK_STORE_STEP_PUT` and the like. Answer `PK_STORE_EVENT_FAILED` if you do not know it.
    pub kind: u32,
    /// `PK_STORE_STEP_CLAIM`: from so many mismatches on the grant is burnt.
    pub max_mismatches: u32,
    /// `PK_STORE_STEP_PUT`: how long the code may be redeemed, in seconds; `PK_STORE_STEP_REMEMBER`: how long the name
    /// is remembered.
    pub lifetime_s: u64,
    /// `PK_STORE_STEP_ROTATE`: how long the predecessor is spared, in seconds; 0 spares none.
    pub reuse_window_s: u64,
    /// The grant's id; with every step but `PK_STORE_STEP_REMEMBER` and `PK_STORE_STEP_DONE`.
    pub grant_id: pk_text,
    /// `PK_STORE_STEP_REMEMBER`: the name of the proof, 43 characters of base64url.
    pub name: pk_text,
    /// `PK_STORE_STEP_PUT`, `PK_STORE_STEP_FIND`, `PK_STORE_STEP_CLAIM`: SHA-256 of the code;
    /// `PK_STORE_STEP_FIND_TOKEN`, `PK_STORE_STEP_ROTATE`: of the token.
    pub hash: [u8; 32],
    /// `PK_STORE_STEP_CLAIM`, `PK_STORE_STEP_ROTATE`: the tokens to be written.
    pub tokens: *const pk_new_token,
    /// How many.
    pub token_count: usize,
    /// `PK_STORE_STEP_PUT`: the row.
    pub grant: *const pk_grant,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_store_step {}

/// The first event of every flow.
pub const PK_STORE_EVENT_START: u32 = 1;
/// Whether the grant was written: `done`.
pub const PK_STORE_EVENT_STORED: u32 = 2;
/// The grant, if there is one: `found_grant`, `now`.
pub const PK_STORE_EVENT_FOUND: u32 = 3;
/// Whether the conditional write changed a row: `done`.
pub const PK_STORE_EVENT_CLAIMED: u32 = 4;
/// The token and its grant, if there is one: `found_token`, `now`.
pub const PK_STORE_EVENT_FOUND_TOKEN: u32 = 5;
/// It is done.
pub const PK_STORE_EVENT_OK: u32 = 6;
/// The store failed, or it is not known whether it did what was asked.
pub const PK_STORE_EVENT_FAILED: u32 = 7;
/// Whether the refresh token was exchanged: `done`.
pub const PK_STORE_EVENT_ROTATED: u32 = 8;
/// Whether the name was new, and is remembered now: `done`.
pub const PK_STORE_EVENT_REMEMBERED: u32 = 9;

/// What the store has done. Members that do not belong to `kind` are not looked at. Everything in it belongs
/// to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_store_event {
    /// `sizeof(pk_store_event)`: `pk_store_event event = PK_STORE_EVENT_INIT;`.
    pub size: usize,
    /// Which event: `PK_STORE_EVENT_START` and the like.
    pub kind: u32,
    /// `PK_STORE_EVENT_STORED`, `PK_STORE_EVENT_CLAIMED`, `PK_STORE_EVENT_ROTATED`, `PK_STORE_EVENT_REMEMBERED`: 0 or
    /// 1. Anything else, as a database's own code or a -1 in place of a number of rows, is `PK_INVALID_VALUE`.
    pub done: u32,
    /// `PK_STORE_EVENT_FOUND`, `PK_STORE_EVENT_FOUND_TOKEN`: the store's clock, in seconds since the epoch.
    pub now: u64,
    /// `PK_STORE_EVENT_FOUND`: the row; null where there is none.
    pub found_grant: *const pk_found_grant,
    /// `PK_STORE_EVENT_FOUND_TOKEN`: the row; null where there is none.
    pub found_token: *const pk_found_token,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_store_event {}

/// Reads an event.
///
/// # Safety
/// As [`input::structure`], and everything it points to is as [`input::bytes`] wants it.
pub(crate) unsafe fn event(data: *const pk_store_event) -> Result<StoreEvent, Fail> {
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        let given = input::structure("event", data)?;
        let now = given.now;
        // P29: nothing but 1 is a yes. What a database says of its failure must not become one.
        let done = || match given.done {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Fail::Misuse(Misuse::Value, "done")),
        };
        Ok(match given.kind {
            PK_STORE_EVENT_START => StoreEvent::Start,
            PK_STORE_EVENT_STORED => StoreEvent::Stored(done()?),
            PK_STORE_EVENT_FOUND => {
                StoreEvent::Found { grant: found_grant(given.found_grant)?, now }
            }
            PK_STORE_EVENT_CLAIMED => StoreEvent::Claimed(done()?),
            PK_STORE_EVENT_FOUND_TOKEN => {
                StoreEvent::FoundToken { token: found_token(given.found_token)?, now }
            }
            PK_STORE_EVENT_ROTATED => StoreEvent::Rotated(done()?),
            PK_STORE_EVENT_REMEMBERED => StoreEvent::Remembered(done()?),
            PK_STORE_EVENT_OK => StoreEvent::Ok,
            PK_STORE_EVENT_FAILED => StoreEvent::Failed,
            _ => return Err(Fail::Misuse(Misuse::Value, "kind")),
        })
    }
}

/// What a store step points to.
#[derive(Default)]
pub(crate) struct KeptRows {
    pub(crate) texts: Kept,
    grant: Vec<pk_grant>,
    tokens: Vec<pk_new_token>,
}

// SAFETY: the pointers in `grant` and `tokens` point into `texts`, which goes wherever they go, and only the caller of the
// library reads through them.
unsafe impl Send for KeptRows {}

impl KeptRows {
    pub(crate) fn grant(&mut self, grant: &Grant) -> *const pk_grant {
        self.grant = vec![keep_grant(grant, &mut self.texts)];
        self.grant.as_ptr()
    }

    fn tokens(&mut self, tokens: &[NewToken]) -> (*const pk_new_token, usize) {
        let Self { texts, tokens: rows, .. } = self;
        let row = |token: &NewToken| pk_new_token {
            lifetime_s: token.lifetime_s,
            scope: texts.optional(token.scope.as_deref()),
            dpop_jkt: texts.optional(token.dpop_jkt.as_deref()),
            kind: match token.kind {
                TokenKind::Access => PK_TOKEN_ACCESS,
                TokenKind::Refresh => PK_TOKEN_REFRESH,
            },
            hash: token.token_hash,
        };
        *rows = tokens.iter().map(row).collect();
        (rows.as_ptr(), rows.len())
    }
}

/// Writes a step; `kept` is fresh and holds what it points to.
pub(crate) fn keep(step: &StoreStep, kept: &mut KeptRows) -> pk_store_step {
    let mut out = pk_store_step {
        size: size_of::<pk_store_step>(),
        kind: PK_STORE_STEP_DONE,
        max_mismatches: 0,
        lifetime_s: 0,
        reuse_window_s: 0,
        grant_id: pk_text::ABSENT,
        name: pk_text::ABSENT,
        hash: [0; 32],
        tokens: core::ptr::null(),
        token_count: 0,
        grant: core::ptr::null(),
    };
    let (kind, grant_id) = match step {
        StoreStep::Put { grant: new } => {
            out.grant = kept.grant(&new.grant);
            out.hash = new.code_hash;
            out.lifetime_s = new.lifetime_s;
            (PK_STORE_STEP_PUT, &new.grant.grant_id)
        }
        StoreStep::Find { grant_id, code_hash } => {
            out.hash = *code_hash;
            (PK_STORE_STEP_FIND, grant_id)
        }
        StoreStep::Claim { grant_id, code_hash, max_mismatches, tokens } => {
            (out.tokens, out.token_count) = kept.tokens(tokens);
            out.hash = *code_hash;
            out.max_mismatches = *max_mismatches;
            (PK_STORE_STEP_CLAIM, grant_id)
        }
        StoreStep::Count { grant_id } => (PK_STORE_STEP_COUNT, grant_id),
        StoreStep::Revoke { grant_id } => (PK_STORE_STEP_REVOKE, grant_id),
        StoreStep::FindToken { grant_id, token_hash } => {
            out.hash = *token_hash;
            (PK_STORE_STEP_FIND_TOKEN, grant_id)
        }
        StoreStep::Rotate { grant_id, token_hash, reuse_window_s, tokens } => {
            (out.tokens, out.token_count) = kept.tokens(tokens);
            out.hash = *token_hash;
            out.reuse_window_s = *reuse_window_s;
            (PK_STORE_STEP_ROTATE, grant_id)
        }
        StoreStep::Remember { proof } => {
            out.kind = PK_STORE_STEP_REMEMBER;
            out.name = kept.texts.text(&proof.name);
            out.lifetime_s = proof.lifetime_s;
            return out;
        }
        StoreStep::Done => return out,
    };
    out.kind = kind;
    out.grant_id = kept.texts.text(grant_id);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(kind: u32, done: u32) -> Result<StoreEvent, Fail> {
        let event = pk_store_event {
            size: size_of::<pk_store_event>(),
            kind,
            done,
            now: 0,
            found_grant: core::ptr::null(),
            found_token: core::ptr::null(),
        };
        // SAFETY: it is whole and points to nothing.
        unsafe { super::event(&raw const event) }
    }

    /// P29: a store that answers with an error's number has claimed nothing.
    #[test]
    fn nothing_but_one_is_a_yes() {
        assert!(matches!(said(PK_STORE_EVENT_STORED, 1), Ok(StoreEvent::Stored(true))));
        assert!(matches!(said(PK_STORE_EVENT_CLAIMED, 1), Ok(StoreEvent::Claimed(true))));
        assert!(matches!(said(PK_STORE_EVENT_CLAIMED, 0), Ok(StoreEvent::Claimed(false))));
        assert!(matches!(said(PK_STORE_EVENT_ROTATED, 1), Ok(StoreEvent::Rotated(true))));
        assert!(matches!(said(PK_STORE_EVENT_REMEMBERED, 1), Ok(StoreEvent::Remembered(true))));
        for kind in [
            PK_STORE_EVENT_STORED,
            PK_STORE_EVENT_CLAIMED,
            PK_STORE_EVENT_ROTATED,
            PK_STORE_EVENT_REMEMBERED,
        ] {
            // Two rows, SQLITE_DONE, and the -1 of a number of rows that could not be told.
            for done in [2, 101, u32::MAX] {
                let refused = said(kind, done);
                assert!(matches!(refused, Err(Fail::Misuse(Misuse::Value, "done"))), "{done}");
            }
        }
    }
}
