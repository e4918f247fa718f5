//! Registered clients in this process's memory: for one node, until it ends.

use super::store::{ClientStore, FoundClient, NewClient, Registered, Room};
use crate::clock::Clock;
use crate::store::{Seen, StoreError};
use async_trait::async_trait;
use proofkey::grant::Hash;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard};
use subtle::ConstantTimeEq as _;

/// A store in memory. It ends with its process.
pub struct MemoryClients {
    rows: Mutex<Rows>,
    clock: Clock,
}

#[derive(Default)]
struct Rows {
    clients: HashMap<String, Row>,
    /// When each may be forgotten, soonest first.
    by_keep_until: BTreeSet<(u64, String)>,
    /// When each that was never used registered, the oldest first.
    unused: BTreeSet<(u64, String)>,
}

struct Row {
    found: FoundClient,
    token_hash: Hash,
    registered_at: u64,
}

impl MemoryClients {
    /// An empty one, which goes by this clock.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { rows: Mutex::default(), clock }
    }

    fn rows(&self) -> Result<MutexGuard<'_, Rows>, StoreError> {
        // After a panic half a write may lie there: fail closed (P29).
        self.rows.lock().map_err(|_| StoreError::Closed)
    }
}

impl Rows {
    fn live(&self, client_id: &str, now: u64) -> Option<&Row> {
        self.clients.get(client_id).filter(|row| row.found.keep_until > now)
    }

    fn forget(&mut self, client_id: &str) {
        if let Some(row) = self.clients.remove(client_id) {
            self.by_keep_until.remove(&(row.found.keep_until, client_id.to_owned()));
            self.unused.remove(&(row.registered_at, client_id.to_owned()));
        }
    }

    /// Forgets the first of a list as long as they are not after `until`.
    fn sweep(&mut self, list: fn(&Self) -> &BTreeSet<(u64, String)>, until: u64) -> bool {
        match list(self).first() {
            Some((at, client_id)) if *at <= until => {
                let client_id = client_id.clone();
                self.forget(&client_id);
                true
            }
            _ => false,
        }
    }
}

#[async_trait]
impl ClientStore for MemoryClients {
    async fn register(&self, new: NewClient, room: Room) -> Result<Registered, StoreError> {
        let mut rows = self.rows()?;
        let now = self.clock.now()?;
        while rows.sweep(|rows| &rows.by_keep_until, now) {}
        let client_id = new.client.client_id.clone();
        if rows.clients.contains_key(&client_id) {
            return Ok(Registered::Known);
        }
        while rows.clients.len() as u64 >= room.at_most {
            // At the clock's beginning nobody has registered so long ago.
            let Some(spared) = now.checked_sub(room.spared_s) else {
                return Ok(Registered::Full);
            };
            if !rows.sweep(|rows| &rows.unused, spared) {
                return Ok(Registered::Full);
            }
        }
        let keep_until = now.saturating_add(new.lifetime_s);
        rows.by_keep_until.insert((keep_until, client_id.clone()));
        rows.unused.insert((now, client_id.clone()));
        let found = FoundClient { client: new.client, used: false, keep_until };
        let row = Row { found, token_hash: new.token_hash, registered_at: now };
        rows.clients.insert(client_id, row);
        Ok(Registered::Kept)
    }

    async fn registered(&self, client_id: &str) -> Result<Seen<FoundClient>, StoreError> {
        let rows = self.rows()?;
        let now = self.clock.now()?;
        Ok(Seen { row: rows.live(client_id, now).map(|row| row.found.clone()), now })
    }

    async fn keep(&self, client_id: &str, lifetime_s: u64) -> Result<bool, StoreError> {
        let mut rows = self.rows()?;
        let now = self.clock.now()?;
        let Some(row) = rows.live(client_id, now) else {
            return Ok(false);
        };
        let (before, registered_at) = (row.found.keep_until, row.registered_at);
        let keep_until = before.max(now.saturating_add(lifetime_s));
        rows.by_keep_until.remove(&(before, client_id.to_owned()));
        rows.by_keep_until.insert((keep_until, client_id.to_owned()));
        rows.unused.remove(&(registered_at, client_id.to_owned()));
        if let Some(row) = rows.clients.get_mut(client_id) {
            row.found.used = true;
            row.found.keep_until = keep_until;
        }
        Ok(true)
    }

    async fn unregister(&self, client_id: &str, token_hash: &Hash) -> Result<bool, StoreError> {
        let mut rows = self.rows()?;
        let now = self.clock.now()?;
        let row = rows.live(client_id, now);
        let theirs = row.is_some_and(|row| row.token_hash.ct_eq(token_hash).into());
        if theirs {
            rows.forget(client_id);
        }
        Ok(theirs)
    }
}
