//! A store in memory: for tests, demonstrations, and servers that may forget at a restart.

use super::{GrantStore, Seen, StoreError};
use crate::clock::Clock;
use async_trait::async_trait;
use proofkey::grant::{FoundGrant, FoundToken, Grant, Hash, NewGrant, NewToken, TokenKind};
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
    tokens: Vec<TokenRow>,
}

struct TokenRow {
    kind: TokenKind,
    token_hash: Hash,
    expires_at: u64,
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
        Self { rows: Mutex::default(), capacity, clock }
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

    /// A grant is kept as long as one of its tokens is valid: a revocation must have something to mark.
    fn keep(&mut self, grant_id: &str, until: u64) {
        let Some(row) = self.grants.get_mut(grant_id) else {
            return;
        };
        if until > row.keep_until {
            self.by_keep_until.remove(&(row.keep_until, grant_id.to_owned()));
            row.keep_until = until;
            self.by_keep_until.insert((until, grant_id.to_owned()));
        }
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
        let mut keep_until = 0;
        for NewToken { kind, token_hash, lifetime_s } in tokens {
            let expires_at = now.saturating_add(lifetime_s);
            keep_until = keep_until.max(expires_at);
            row.tokens.push(TokenRow { kind, token_hash, expires_at });
        }
        rows.keep(grant_id, keep_until);
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
            let token = row.tokens.iter().find(|token| same(&token.token_hash, token_hash))?;
            Some(FoundToken {
                kind: token.kind,
                expires_at: token.expires_at,
                revoked: row.revoked,
                grant: row.grant.clone(),
            })
        });
        Ok(Seen { row, now: self.clock.now()? })
    }
}
