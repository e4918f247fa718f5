//! The store that `--store` names, opened.

use crate::args::Store;
use crate::error::{CliError, USAGE};
use proofkey_server::store::{GrantStore, PostgresOptions, RedisOptions, SqliteStore, StoreError};
use std::sync::Arc;

/// The store; `None` is the server's own, in memory.
pub async fn open(store: &Store) -> Result<Option<Arc<dyn GrantStore>>, CliError> {
    let opened: Arc<dyn GrantStore> = match store {
        Store::Memory => return Ok(None),
        Store::Sqlite(path) => Arc::new(SqliteStore::open(path)?),
        Store::Postgres(address) => {
            let mut options = PostgresOptions::new(&address.0).map_err(refused)?;
            if let Ok(password) = std::env::var("PGPASSWORD") {
                options = options.password(&password);
            }
            Arc::new(options.connect().await.map_err(refused)?)
        }
        Store::Redis(address) => {
            let mut options = RedisOptions::new(&address.0).map_err(refused)?;
            // The variable of `redis-cli`.
            if let Ok(password) = std::env::var("REDISCLI_AUTH") {
                options = options.password(&password);
            }
            Arc::new(options.connect().await.map_err(refused)?)
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
