//! Clients that registered themselves, beside the grants.

use super::PostgresStore;
use super::schema::filled;
use super::statements::value;
use crate::client::{ClientStore, FoundClient, NewClient, Registered, Room, row};
use crate::store::{Seen, StoreError, signed};
use async_trait::async_trait;
use proofkey::grant::Hash;
use tokio_postgres::types::ToSql;

/// The statements, for one schema. Each brings one row in any case.
pub(super) struct Statements {
    register: String,
    registered: String,
    keep: String,
    unregister: String,
}

impl Statements {
    pub(super) fn new(schema: &str) -> Self {
        let sql = |text: &str| filled(text, schema);
        Self {
            register: sql("SELECT {schema}.client_register($1, $2, $3, $4, $5, $6)"),
            registered: sql("SELECT c.now_s, k.metadata, k.used, k.keep_until
                 FROM (SELECT {schema}.now_s()) AS c (now_s)
                 LEFT JOIN {schema}.clients k ON k.client_id = $1 AND k.keep_until > c.now_s"),
            keep: sql("WITH done AS (UPDATE {schema}.clients SET used = true,
                        keep_until = greatest(keep_until, {schema}.after_s({schema}.now_s(), $2))
                    WHERE client_id = $1 AND keep_until > {schema}.now_s() RETURNING 1)
                 SELECT count(*) = 1 FROM done"),
            unregister: sql("WITH done AS (DELETE FROM {schema}.clients
                    WHERE client_id = $1 AND token_hash = $2 AND keep_until > {schema}.now_s()
                    RETURNING 1)
                 SELECT count(*) = 1 FROM done"),
        }
    }
}

#[async_trait]
impl ClientStore for PostgresStore {
    async fn register(&self, new: NewClient, room: Room) -> Result<Registered, StoreError> {
        let values: [&(dyn ToSql + Sync); 6] = [
            &new.client.client_id,
            &new.token_hash.as_slice(),
            &row::text(&new.client),
            &signed(new.lifetime_s),
            &signed(room.at_most),
            &signed(room.spared_s),
        ];
        let answer = self.connections.row(&self.clients.register, &values).await?;
        match value::<&str>(&answer, 0)? {
            "kept" => Ok(Registered::Kept),
            "known" => Ok(Registered::Known),
            "full" => Ok(Registered::Full),
            _ => Err(StoreError::Corrupt { column: "client_register" }),
        }
    }

    async fn registered(&self, client_id: &str) -> Result<Seen<FoundClient>, StoreError> {
        let found = self.connections.row(&self.clients.registered, &[&client_id]).await?;
        let now = u64::try_from(value::<i64>(&found, 0)?).map_err(|_| StoreError::Clock)?;
        let Some(metadata) = value::<Option<&str>>(&found, 1)? else {
            return Ok(Seen { row: None, now });
        };
        let row = FoundClient {
            client: row::read(client_id, metadata)?,
            used: value(&found, 2)?,
            keep_until: u64::try_from(value::<i64>(&found, 3)?)
                .map_err(|_| StoreError::Corrupt { column: "clients.keep_until" })?,
        };
        Ok(Seen { row: Some(row), now })
    }

    async fn keep(&self, client_id: &str, lifetime_s: u64) -> Result<bool, StoreError> {
        self.yes(&self.clients.keep, &[&client_id, &signed(lifetime_s)]).await
    }

    async fn unregister(&self, client_id: &str, token_hash: &Hash) -> Result<bool, StoreError> {
        self.yes(&self.clients.unregister, &[&client_id, &token_hash.as_slice()]).await
    }
}
