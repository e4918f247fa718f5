//! The store that `--store` names, opened.

use crate::args::Store;
use crate::error::{CliError, USAGE};
use proofkey_server::client::ClientStore;
use proofkey_server::store::{GrantStore, PostgresOptions, RedisOptions, SqliteStore, StoreError};
use std::sync::Arc;

/// What lies in it.
pub struct Opened {
    pub grants: Arc<dyn GrantStore>,
    pub clients: Arc<dyn ClientStore>,
}

impl Opened {
    fn new(store: impl GrantStore + ClientStore + 'static) -> Self {
        let store = Arc::new(store);
        Self { grants: store.clone(), clients: store }
    }
}

/// The store; `None` is the server's own, in memory.
pub async fn open(store: &Store) -> Result<Option<Opened>, CliError> {
    let opened = match store {
        Store::Memory => return Ok(None),
        Store::Sqlite(path) => Opened::new(SqliteStore::open(path)?),
        Store::Postgres(address) => {
            let mut options = PostgresOptions::new(&address.0).map_err(refused)?;
            if let Ok(password) = std::env::var("PGPASSWORD") {
                options = options.password(&password);
            }
            Opened::new(options.connect().await.map_err(refused)?)
        }
        Store::Redis(address) => {
            let mut options = RedisOptions::new(&address.0).map_err(refused)?;
            // The variable of `redis-cli`.
            if let Ok(password) = std::env::var("REDISCLI_AUTH") {
                options = options.password(&password);
            }
            Opened::new(options.connect().await.map_err(refused)?)
        }
    };
    Ok(Some(opened))
}

/// The store for the user, without its password.
pub fn described(store: &Store) -> String {
    match store {
        Store::Memory => "memory: grants are gone when it ends".into(),
        Store::Sqlite(path) => format!("SQLite, {}", path.display()),
        Store::Postgres(address) => {
            let options = PostgresOptions::new(&address.0);
            format!("PostgreSQL, {}", options.as_ref().map_or("", PostgresOptions::place))
        }
        Store::Redis(address) => {
            let options = RedisOptions::new(&address.0);
            format!("Redis, {}", options.as_ref().map_or("", RedisOptions::place))
        }
    }
}

/// An address that cannot be used is wrong usage, as any other option that cannot be read.
fn refused(error: StoreError) -> CliError {
    match error {
        StoreError::Address { .. } => CliError { exit: USAGE, ..error.into() },
        error => error.into(),
    }
}
