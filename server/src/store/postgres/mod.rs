//! The store for many nodes: PostgreSQL, with the database's clock.

mod address;
mod clients;
mod pending;
mod pool;
mod schema;
mod statements;
mod tls;

use super::bounds::{Bounds, bounded};
use super::{GrantStore, Seen, StoreError, signed};
use address::Address;
use async_trait::async_trait;
use pool::Connections;
use proofkey::grant::{FoundGrant, FoundToken, Hash, NewGrant, NewToken};
use statements::{Columns, Statements, found_grant, found_token, value};
use std::fmt;
use tokio_postgres::types::ToSql;

/// How a [`PostgresStore`] is connected.
#[derive(Clone)]
pub struct PostgresOptions {
    address: Address,
    schema: String,
    connections: usize,
    bounds: Bounds,
}

impl PostgresOptions {
    bounded!();

    /// For the database at `url`: `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    ///
    /// To another machine the way is encrypted and the server's certificate and name are checked, by the system's
    /// roots of trust or those in the file that `sslrootcert` names. `sslmode` may be `require`, `verify-ca` and
    /// `verify-full`, which mean the same here, or `disable`, which says that plain text is meant. On this machine
    /// (`localhost`, a loopback address, a socket's folder as the host) it is plain text unless it says otherwise.
    ///
    /// # Errors
    /// [`StoreError::Address`], which repeats nothing of the URL.
    pub fn new(url: &str) -> Result<Self, StoreError> {
        Ok(Self {
            address: Address::parse(url)?,
            schema: "proofkey".into(),
            connections: 16,
            bounds: Bounds::default(),
        })
    }

    /// The address without user and password, for messages.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.address.shown
    }

    /// The password, where the URL holds none: what stands in an argument is seen by every user of a machine.
    #[must_use]
    pub fn password(mut self, password: &str) -> Self {
        if self.address.config.get_password().is_none() {
            self.address.config.password(password);
        }
        self
    }

    /// The schema of the database that the tables lie in; it is made where it is not there. `proofkey` if this is
    /// not called.
    #[must_use]
    pub fn schema(mut self, name: impl Into<String>) -> Self {
        self.schema = name.into();
        self
    }

    /// At most so many connections at a time. 16 if this is not called.
    #[must_use]
    pub const fn connections(mut self, connections: usize) -> Self {
        self.connections = connections;
        self
    }

    /// Connects, and makes the schema or brings it up to date. Nodes that do so at once wait for one another.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`], [`StoreError::Denied`], [`StoreError::NewerSchema`],
    /// [`StoreError::NotAGrantStore`] if the schema holds other things, [`StoreError::Address`] if the roots of trust
    /// cannot be read, [`StoreError::TimedOut`], [`StoreError::Database`].
    pub async fn connect(self) -> Result<PostgresStore, StoreError> {
        let Self { address, schema, connections, bounds } = self;
        let connections = Connections::new(address, connections)?;
        schema::prepare(&connections, &schema).await?;
        let statements = Statements::new(&schema);
        let pending = pending::Statements::new(&schema);
        let clients = clients::Statements::new(&schema);
        Ok(PostgresStore { connections, statements, pending, clients, bounds })
    }
}

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("store", &self.address.shown)
            .field("encrypted", &self.address.encrypted)
            .field("schema", &self.schema)
            .field("connections", &self.connections)
            .field("bounds", &self.bounds)
            .finish_non_exhaustive()
    }
}

/// Grants in a PostgreSQL database, what a server keeps for minutes ([`PendingStore`](crate::pending::PendingStore)),
/// and clients that registered themselves ([`ClientStore`](crate::client::ClientStore)), shared by any number of nodes.
/// PostgreSQL 13 or later; it is tested with 15.
///
/// Every call is one statement and by itself a transaction, judged and dated by the database's clock at the moment
/// when its row is held. What was answered is on the disk (`synchronous_commit` is at least `on`, if `fsync` is).
/// Expired rows are swept in small batches when grants are put. Nodes that put in the same moment may pass the bound
/// of grants together. The connections are the program's own: a pooler
/// before the database must keep sessions together.
///
/// Calls need a tokio runtime with its timer enabled: each ends after 18 s at the latest, and after 5 s where the
/// database can be reached. After an error the next call begins with a new connection, so that a database that
/// comes back is used again.
pub struct PostgresStore {
    connections: Connections,
    statements: Statements,
    pending: pending::Statements,
    clients: clients::Statements,
    bounds: Bounds,
}

impl PostgresStore {
    /// Connects to the database at `url`, as [`PostgresOptions`] does without further options.
    ///
    /// # Errors
    /// Those of [`PostgresOptions::new`] and [`PostgresOptions::connect`].
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        PostgresOptions::new(url)?.connect().await
    }

    /// How many grants the database holds, expired ones that were not swept yet among them.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn len(&self) -> Result<u64, StoreError> {
        let row = self.connections.row(&self.statements.len, &[]).await?;
        u64::try_from(value::<i64>(&row, 0)?)
            .map_err(|_| StoreError::Corrupt { column: "tally.grants" })
    }

    /// Whether the database holds no grant.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.len().await? == 0)
    }

    /// Asks a function that answers yes or no.
    async fn yes(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<bool, StoreError> {
        value(&self.connections.row(sql, values).await?, 0)
    }
}

#[async_trait]
impl GrantStore for PostgresStore {
    async fn put(&self, new: NewGrant) -> Result<bool, StoreError> {
        let NewGrant { grant, code_hash, lifetime_s } = new;
        let challenge = grant.code_challenge.map(|challenge| challenge.to_text());
        let values: [&(dyn ToSql + Sync); 17] = [
            &grant.grant_id,
            &code_hash.as_slice(),
            &challenge.as_deref(),
            &grant.client_id,
            &grant.subject,
            &grant.redirect_uri,
            &grant.redirect_uri_was_sent,
            &grant.scope,
            &grant.resource,
            &grant.refreshable,
            &grant.terms.dpop_jkt,
            &grant.terms.nonce,
            &grant.terms.auth_time.map(signed),
            &grant.terms.acr,
            &grant.terms.authorization_details,
            &signed(lifetime_s),
            &signed(self.bounds.max_grants),
        ];
        self.yes(&self.statements.put, &values).await
    }

    async fn find(&self, grant_id: &str, code_hash: &Hash) -> Result<Seen<FoundGrant>, StoreError> {
        let values: [&(dyn ToSql + Sync); 2] = [&grant_id, &code_hash.as_slice()];
        found_grant(&self.connections.row(&self.statements.find, &values).await?)
    }

    async fn claim(
        &self,
        grant_id: &str,
        code_hash: &Hash,
        max_mismatches: u32,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        let tokens = Columns::from(tokens);
        let values: [&(dyn ToSql + Sync); 8] = [
            &grant_id,
            &code_hash.as_slice(),
            &i64::from(max_mismatches),
            &tokens.kinds,
            &tokens.hashes,
            &tokens.lifetimes,
            &tokens.scopes,
            &tokens.keys,
        ];
        self.yes(&self.statements.claim, &values).await
    }

    async fn rotate(
        &self,
        grant_id: &str,
        token_hash: &Hash,
        reuse_window_s: u64,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        let tokens = Columns::from(tokens);
        let values: [&(dyn ToSql + Sync); 9] = [
            &grant_id,
            &token_hash.as_slice(),
            &signed(reuse_window_s),
            &signed(self.bounds.max_tokens),
            &tokens.kinds,
            &tokens.hashes,
            &tokens.lifetimes,
            &tokens.scopes,
            &tokens.keys,
        ];
        self.yes(&self.statements.rotate, &values).await
    }

    async fn count(&self, grant_id: &str) -> Result<(), StoreError> {
        self.connections.row(&self.statements.count, &[&grant_id]).await.map(drop)
    }

    async fn revoke(&self, grant_id: &str) -> Result<(), StoreError> {
        self.connections.row(&self.statements.revoke, &[&grant_id]).await.map(drop)
    }

    async fn find_token(
        &self,
        grant_id: &str,
        token_hash: &Hash,
    ) -> Result<Seen<FoundToken>, StoreError> {
        let values: [&(dyn ToSql + Sync); 2] = [&grant_id, &token_hash.as_slice()];
        found_token(&self.connections.row(&self.statements.find_token, &values).await?)
    }
}
