//! What a server keeps for minutes, beside its grants.

use super::PostgresStore;
use super::schema::filled;
use super::statements::value;
use crate::pending::{Kind, PendingStore, Put};
use crate::store::{StoreError, signed};
use async_trait::async_trait;
use tokio_postgres::types::ToSql;

/// The statements, for one schema. Each brings one row in any case.
pub(super) struct Statements {
    put: String,
    get: String,
    swap: String,
    take: String,
}

impl Statements {
    pub(super) fn new(schema: &str) -> Self {
        let sql = |text: &str| filled(text, schema);
        Self {
            put: sql("SELECT {schema}.pending_put($1, $2, $3, $4, $5)"),
            get: sql("SELECT (SELECT value FROM {schema}.pending
                WHERE kind = $1 AND name = $2 AND expires_at > {schema}.now_s())"),
            swap: sql("WITH done AS (UPDATE {schema}.pending SET value = $4
                    WHERE kind = $1 AND name = $2 AND value = $3 AND expires_at > {schema}.now_s()
                    RETURNING 1)
                 SELECT count(*) = 1 FROM done"),
            take: sql("WITH done AS (DELETE FROM {schema}.pending
                    WHERE kind = $1 AND name = $2 AND expires_at > {schema}.now_s() RETURNING value)
                 SELECT (SELECT value FROM done)"),
        }
    }
}

#[async_trait]
impl PendingStore for PostgresStore {
    async fn put(
        &self,
        kind: Kind,
        name: &str,
        bytes: &[u8],
        lifetime_s: u64,
    ) -> Result<Put, StoreError> {
        let at_most = self.bounds.pending(kind);
        let values: [&(dyn ToSql + Sync); 5] =
            [&kind.as_str(), &name, &bytes, &signed(lifetime_s), &signed(at_most)];
        let row = self.connections.row(&self.pending.put, &values).await?;
        match value::<&str>(&row, 0)? {
            "kept" => Ok(Put::Kept),
            "known" => Ok(Put::Known),
            "full" => Ok(Put::Full),
            _ => Err(StoreError::Corrupt { column: "pending_put" }),
        }
    }

    async fn get(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        value(&self.connections.row(&self.pending.get, &[&kind.as_str(), &name]).await?, 0)
    }

    async fn swap(
        &self,
        kind: Kind,
        name: &str,
        old: &[u8],
        new: &[u8],
    ) -> Result<bool, StoreError> {
        self.yes(&self.pending.swap, &[&kind.as_str(), &name, &old, &new]).await
    }

    async fn take(&self, kind: Kind, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        value(&self.connections.row(&self.pending.take, &[&kind.as_str(), &name]).await?, 0)
    }
}
