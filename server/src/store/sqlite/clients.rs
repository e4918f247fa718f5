//! Clients that registered themselves, in the file of the grants.

use super::SqliteStore;
use crate::client::{ClientStore, FoundClient, NewClient, Registered, Room, row};
use crate::store::{Seen, StoreError, signed};
use async_trait::async_trait;
use proofkey::grant::Hash;
use rusqlite::{Connection, params};

/// So many clients make room at a registration at most.
const SWEEP: i64 = 32;

#[async_trait]
impl ClientStore for SqliteStore {
    async fn register(&self, new: NewClient, room: Room) -> Result<Registered, StoreError> {
        self.worker.write(move |c, now| register(c, &new, room, now)).await
    }

    async fn registered(&self, client_id: &str) -> Result<Seen<FoundClient>, StoreError> {
        let client_id = client_id.to_owned();
        self.worker.read(move |c, now| Ok(Seen { row: registered(c, &client_id, now)?, now })).await
    }

    async fn keep(&self, client_id: &str, lifetime_s: u64) -> Result<bool, StoreError> {
        let client_id = client_id.to_owned();
        self.worker
            .write(move |c, now| {
                let mut statement = c.prepare_cached(
                    "UPDATE clients SET used = 1, keep_until = max(keep_until, ?3)
                     WHERE client_id = ?1 AND keep_until > ?2",
                )?;
                let until = signed(now.saturating_add(lifetime_s));
                Ok(statement.execute(params![client_id, signed(now), until])? == 1)
            })
            .await
    }

    async fn unregister(&self, client_id: &str, token_hash: &Hash) -> Result<bool, StoreError> {
        let (client_id, token_hash) = (client_id.to_owned(), *token_hash);
        self.worker
            .write(move |c, now| {
                let mut statement = c.prepare_cached(
                    "DELETE FROM clients WHERE client_id = ?1 AND token_hash = ?2 AND keep_until > ?3",
                )?;
                Ok(statement.execute(params![client_id, token_hash, signed(now)])? == 1)
            })
            .await
    }
}

fn register(
    connection: &Connection,
    new: &NewClient,
    room: Room,
    now: u64,
) -> Result<Registered, StoreError> {
    // At most 32, and more than the one that is added: a backlog shrinks. With the number as a parameter SQLite would
    // compile the statement anew each time.
    connection
        .prepare_cached(
            "DELETE FROM clients WHERE client_id IN
               (SELECT client_id FROM clients WHERE keep_until <= ?1 ORDER BY keep_until LIMIT 32)",
        )?
        .execute(params![signed(now)])?;
    let client_id = &new.client.client_id;
    let known = connection
        .prepare_cached("SELECT 1 FROM clients WHERE client_id = ?1")?
        .exists(params![client_id])?;
    let kept: i64 = connection
        .prepare_cached("SELECT count(*) FROM clients")?
        .query_row([], |row| row.get(0))?;
    let over = kept.saturating_sub(signed(room.at_most)).saturating_add(1);
    let mut is_full = over > 0;
    if is_full && !known {
        let gone = connection
            .prepare_cached(
                "DELETE FROM clients WHERE client_id IN
                   (SELECT client_id FROM clients WHERE used = 0 AND registered_at <= ?1
                    ORDER BY registered_at LIMIT ?2)",
            )?
            .execute(params![signed(now).saturating_sub(signed(room.spared_s)), over.min(SWEEP)])?;
        is_full = i64::try_from(gone).unwrap_or_default() < over;
    }
    if !known && !is_full {
        connection
            .prepare_cached(
                "INSERT INTO clients (client_id, token_hash, metadata, registered_at, keep_until)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                client_id,
                new.token_hash,
                row::text(&new.client),
                signed(now),
                signed(now.saturating_add(new.lifetime_s)),
            ])?;
    }
    Ok(match (known, is_full) {
        (true, _) => Registered::Known,
        (_, true) => Registered::Full,
        _ => Registered::Kept,
    })
}

fn registered(
    connection: &Connection,
    client_id: &str,
    now: u64,
) -> Result<Option<FoundClient>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT metadata, used, keep_until FROM clients WHERE client_id = ?1 AND keep_until > ?2",
    )?;
    let mut rows = statement.query(params![client_id, signed(now)])?;
    let Some(found) = rows.next()? else {
        return Ok(None);
    };
    let text = found.get_ref(0)?.as_str().map_err(|_| corrupt("clients.metadata"))?;
    Ok(Some(FoundClient {
        client: row::read(client_id, text)?,
        used: found.get(1)?,
        keep_until: u64::try_from(found.get::<_, i64>(2)?)
            .map_err(|_| corrupt("clients.keep_until"))?,
    }))
}

const fn corrupt(column: &'static str) -> StoreError {
    StoreError::Corrupt { column }
}
