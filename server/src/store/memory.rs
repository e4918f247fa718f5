//! A store in memory: for tests, demonstrations, and servers that may forget at a restart.

use super::{GrantStore, MAX_TOKENS, Seen, StoreError, rotation};
use crate::clock::Clock;
use async_trait::async_trait;
use proofkey::grant::{
    FoundGrant, FoundToken, Grant, Hash, NewGrant, NewToken, Rotation, TokenKind,
};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard};
use subtle::ConstantTimeEq as _;

/// A store in memory, of bounded size.
///
/// One lock guards it all, held for a few map operations and never across a wait. When it is full,
/// expired grants go first; if that makes no room, [`GrantStore::put`] answers `false`.
pub struct MemoryStore {
    rows: Mutex<Rows>,
    capacity: usize,
    max_tokens: u64,
    clock: Clock,
}

#[derive(Default)]
struct Rows {
    grants: HashMap<String, Row>,
    /// When each grant may be forgotten, soonest first.
    by_keep_until: BTreeSet<(u64, String)>,
}

struct Row {
    grant: Grant,
    code_hash: Hash,
    expires_at: u64,
    keep_until: u64,
    used: bool,
    revoked: bool,
    mismatches: u32,
    /// The newest generation of refresh tokens, and when it began.
    generation: u64,
    rotated_at: u64,
    tokens: Vec<TokenRow>,
}

struct TokenRow {
    kind: TokenKind,
    token_hash: Hash,
    expires_at: u64,
    scope: Option<String>,
    dpop_jkt: Option<String>,
    generation: u64,
}

impl MemoryStore {
    /// A store for at most `capacity` grants, with the system's clock.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self::with_clock(capacity, Clock::system())
    }

    /// The same with a clock of the caller's.
    #[must_use]
    pub fn with_clock(capacity: usize, clock: Clock) -> Self {
        Self { rows: Mutex::default(), capacity, max_tokens: MAX_TOKENS, clock }
    }

    /// So many tokens are kept of one grant, those that were exchanged among them, because one that
    /// comes back must be known. When they are reached, [`GrantStore::rotate`] answers `false`. 25,000 if
    /// this is not called.
    #[must_use]
    pub const fn max_tokens(mut self, max_tokens: u64) -> Self {
        self.max_tokens = max_tokens;
        self
    }

    /// How many grants are kept, expired ones that were not swept yet among them.
    ///
    /// # Errors
    /// [`StoreError::Closed`] if a thread panicked while it held the lock.
    pub fn len(&self) -> Result<usize, StoreError> {
        Ok(self.lock()?.grants.len())
    }

    /// Whether no grant is kept.
    ///
    /// # Errors
    /// [`StoreError::Closed`] if a thread panicked while it held the lock.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.len()? == 0)
    }

    fn lock(&self) -> Result<MutexGuard<'_, Rows>, StoreError> {
        // After a panic half a write may lie there: fail closed (P29).
        self.rows.lock().map_err(|_| StoreError::Closed)
    }
}

impl Rows {
    /// Forgets the grants of which neither code nor token is valid any more.
    fn sweep(&mut self, now: u64) {
        while let Some((keep_until, _)) = self.by_keep_until.first() {
            if *keep_until > now {
                return;
            }
            if let Some((_, grant_id)) = self.by_keep_until.pop_first() {
                self.grants.remove(&grant_id);
            }
        }
    }

    /// Writes tokens into the newest generation of their grant.
    ///
    /// A grant is kept as long as one of its tokens is valid: a revocation must have something to mark.
    fn write(&mut self, grant_id: &str, tokens: Vec<NewToken>, now: u64) {
        let Some(row) = self.grants.get_mut(grant_id) else {
            return;
        };
        let mut until = 0;
        for NewToken { kind, token_hash, lifetime_s, scope, dpop_jkt } in tokens {
            let expires_at = now.saturating_add(lifetime_s);
            until = until.max(expires_at);
            let generation = row.generation;
            let token = TokenRow { kind, token_hash, expires_at, scope, dpop_jkt, generation };
            row.tokens.push(token);
        }
        if until > row.keep_until {
            self.by_keep_until.remove(&(row.keep_until, grant_id.to_owned()));
            row.keep_until = until;
            self.by_keep_until.insert((until, grant_id.to_owned()));
        }
    }
}

impl Row {
    fn token(&self, token_hash: &Hash) -> Option<&TokenRow> {
        self.tokens.iter().find(|token| same(&token.token_hash, token_hash))
    }

    fn rotation(&self, token: &TokenRow) -> Rotation {
        rotation(token.kind, token.generation, self.generation, self.rotated_at)
    }
}

fn same(a: &Hash, b: &Hash) -> bool {
    a.ct_eq(b).into()
}

#[async_trait]
impl GrantStore for MemoryStore {
    async fn put(&self, new: NewGrant) -> Result<bool, StoreError> {
        let mut rows = self.lock()?;
        let now = self.clock.now()?;
        if rows.grants.len() >= self.capacity {
            rows.sweep(now);
        }
        if rows.grants.len() >= self.capacity || rows.grants.contains_key(&new.grant.grant_id) {
            return Ok(false);
        }
        let expires_at = now.saturating_add(new.lifetime_s);
        let grant_id = new.grant.grant_id.clone();
        rows.by_keep_until.insert((expires_at, grant_id.clone()));
        rows.grants.insert(
            grant_id,
            Row {
                grant: new.grant,
                code_hash: new.code_hash,
                expires_at,
                keep_until: expires_at,
                used: false,
                revoked: false,
                mismatches: 0,
                generation: 0,
                rotated_at: 0,
                tokens: Vec::new(),
            },
        );
        Ok(true)
    }

    async fn find(&self, grant_id: &str, code_hash: &Hash) -> Result<Seen<FoundGrant>, StoreError> {
        let rows = self.lock()?;
        let row = rows.grants.get(grant_id).filter(|row| same(&row.code_hash, code_hash));
        let row = row.map(|row| FoundGrant {
            grant: row.grant.clone(),
            expires_at: row.expires_at,
            used: row.used,
            revoked: row.revoked,
            mismatches: row.mismatches,
        });
        Ok(Seen { row, now: self.clock.now()? })
    }

    async fn claim(
        &self,
        grant_id: &str,
        code_hash: &Hash,
        max_mismatches: u32,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        let mut rows = self.lock()?;
        let now = self.clock.now()?;
        let Some(row) = rows.grants.get_mut(grant_id) else {
            return Ok(false);
        };
        let open = same(&row.code_hash, code_hash)
            && !row.used
            && !row.revoked
            && row.mismatches < max_mismatches
            && row.expires_at > now;
        if !open {
            return Ok(false);
        }
        row.used = true;
        rows.write(grant_id, tokens, now);
        Ok(true)
    }

    async fn rotate(
        &self,
        grant_id: &str,
        token_hash: &Hash,
        reuse_window_s: u64,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        let mut rows = self.lock()?;
        let now = self.clock.now()?;
        let Some(row) = rows.grants.get_mut(grant_id) else {
            return Ok(false);
        };
        let Some(token) = row.token(token_hash) else {
            return Ok(false);
        };
        if token.kind != TokenKind::Refresh || token.expires_at <= now || row.revoked {
            return Ok(false);
        }
        let begins = match row.rotation(token) {
            Rotation::Newest => true,
            Rotation::Predecessor { rotated_at }
                if now.checked_sub(rotated_at).is_some_and(|age| age < reuse_window_s) =>
            {
                false
            }
            Rotation::Predecessor { .. } | Rotation::Older => return Ok(false),
        };
        row.tokens.retain(|token| token.expires_at > now);
        if (row.tokens.len() + tokens.len()) as u64 > self.max_tokens {
            return Ok(false);
        }
        if begins {
            row.generation += 1;
            row.rotated_at = now;
        }
        rows.write(grant_id, tokens, now);
        Ok(true)
    }

    async fn count(&self, grant_id: &str) -> Result<(), StoreError> {
        if let Some(row) = self.lock()?.grants.get_mut(grant_id) {
            row.mismatches = row.mismatches.saturating_add(1);
        }
        Ok(())
    }

    async fn revoke(&self, grant_id: &str) -> Result<(), StoreError> {
        if let Some(row) = self.lock()?.grants.get_mut(grant_id) {
            row.revoked = true;
        }
        Ok(())
    }

    async fn find_token(
        &self,
        grant_id: &str,
        token_hash: &Hash,
    ) -> Result<Seen<FoundToken>, StoreError> {
        let rows = self.lock()?;
        let row = rows.grants.get(grant_id).and_then(|row| {
            let token = row.token(token_hash)?;
            Some(FoundToken {
                kind: token.kind,
                expires_at: token.expires_at,
                revoked: row.revoked,
                scope: token.scope.clone(),
                rotation: row.rotation(token),
                dpop_jkt: token.dpop_jkt.clone(),
                grant: row.grant.clone(),
            })
        });
        Ok(Seen { row, now: self.clock.now()? })
    }
}
