//! What a server keeps for minutes, in the file of its grants.

use super::SqliteStore;

use crate::pending::{Kind, PendingStore, Put};
use crate::store::{StoreError, signed};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};

#[async_trait]
impl PendingStore for SqliteStore {
    async fn put(
        &self,
        kind: Kind,
        name: &str,
        value: &[u8],
        lifetime_s: u64,
    ) -> Result<Put, StoreError> {
        let (name, value) = (name.to_owned(), value.to_vec());
        let max = signed(self.bounds.pending(kind));
        self.worker.write(move |c, now| put(c, (kind, &name), &value, lifetime_s, now, max)).await
    }

    async fn get(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let name = name.to_owned();
        self.worker
            .read(move |c, now| {
                let mut statement = c.prepare_cached(
                    "SELECT value FROM pending WHERE kind = ?1 AND name = ?2 AND expires_at > ?3",
                )?;
                let found = params![kind.as_str(), name, signed(now)];
                Ok(statement.query_row(found, |row| row.get(0)).optional()?)
            })
            .await
    }

    async fn swap(
        &self,
        kind: Kind,
        name: &str,
        old: &[u8],
        new: &[u8],
    ) -> Result<bool, StoreError> {
        let (name, old, new) = (name.to_owned(), old.to_vec(), new.to_vec());
        self.worker
            .write(move |c, now| {
                let mut statement = c.prepare_cached(
                    "UPDATE pending SET value = ?5
                     WHERE kind = ?1 AND name = ?2 AND value = ?4 AND expires_at > ?3",
                )?;
                Ok(statement.execute(params![kind.as_str(), name, signed(now), old, new])? == 1)
            })
            .await
    }

    async fn take(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let name = name.to_owned();
        self.worker
            .write(move |c, now| {
                let mut statement = c.prepare_cached(
                    "DELETE FROM pending WHERE kind = ?1 AND name = ?2 AND expires_at > ?3
                     RETURNING value",
                )?;
                let found = params![kind.as_str(), name, signed(now)];
                Ok(statement.query_row(found, |row| row.get(0)).optional()?)
            })
            .await
    }
}

fn put(
    connection: &Connection,
    (kind, name): (Kind, &str),
    value: &[u8],
    lifetime_s: u64,
    now: u64,
    max: i64,
) -> Result<Put, StoreError> {
    let (kind, expires_at) = (kind.as_str(), signed(now.saturating_add(lifetime_s)));
    let now = signed(now);
    // At most 64 expired entries, and more than the one that is added: a backlog shrinks. With the number as a
    // parameter SQLite would compile the statement anew each time.
    connection
        .prepare_cached(
            "DELETE FROM pending WHERE (kind, name) IN
               (SELECT kind, name FROM pending WHERE kind = ?1 AND expires_at <= ?2 LIMIT 64)",
        )?
        .execute(params![kind, now])?;
    // One of this name whose time is over may be left, where many are.
    let written = connection
        .prepare_cached(
            "INSERT INTO pending (kind, name, value, expires_at)
             SELECT ?1, ?2, ?3, ?4
             WHERE coalesce((SELECT entries FROM pending_tally WHERE kind = ?1), 0) < ?6
             ON CONFLICT (kind, name) DO UPDATE SET value = ?3, expires_at = ?4
               WHERE pending.expires_at <= ?5",
        )?
        .execute(params![kind, name, value, expires_at, now, max])?;
    let known = written == 0
        && connection
            .prepare_cached(
                "SELECT 1 FROM pending WHERE kind = ?1 AND name = ?2 AND expires_at > ?3",
            )?
            .exists(params![kind, name, now])?;
    Ok(match (written, known) {
        (1, _) => Put::Kept,
        (_, true) => Put::Known,
        _ => Put::Full,
    })
}
