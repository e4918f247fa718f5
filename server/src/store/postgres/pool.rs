//! Connections, so many and no more, and a deadline for all that is asked over one.

use super::address::Address;
use super::tls;
use crate::store::StoreError;
use deadpool_postgres::{
    Client, Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod,
    Runtime, TimeoutType,
};
use std::error::Error as _;
use std::time::Duration;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{NoTls, Row};

/// How long is waited for a free connection, and as long again for a new one.
const CONNECTION: Duration = Duration::from_secs(5);

/// After so long the server gives a statement up, and what it waited for with it.
const STATEMENT_S: u64 = 5;

/// How long an answer is waited for. It is longer than the server takes to give up: it is the network that is gone.
const ANSWER: Duration = Duration::from_secs(STATEMENT_S + 3);

/// What holds for every connection, whatever the database's own settings are.
///
/// - The conditions of the statements are those of READ COMMITTED: who waited looks at the row again.
/// - What was answered is on the disk. A server that waits for its replicas as well goes on doing so.
fn settings() -> String {
    format!(
        "SET statement_timeout = '{STATEMENT_S}s';
         SET idle_in_transaction_session_timeout = '60s';
         SET default_transaction_isolation = 'read committed';
         SET client_min_messages = 'warning';
         SET jit = off;
         SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') = 'off'"
    )
}

pub(super) struct Connections {
    pool: Pool,
    shown: String,
}

impl Connections {
    pub(super) fn new(address: Address, at_most: usize) -> Result<Self, StoreError> {
        let Address { config, encrypted, roots, shown } = address;
        let how = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = if encrypted {
            Manager::from_config(config, tls::connector(roots.as_deref())?, how)
        } else {
            Manager::from_config(config, NoTls, how)
        };
        let prepare = Hook::async_fn(|client: &mut deadpool_postgres::ClientWrapper, _| {
            Box::pin(
                async move { client.batch_execute(&settings()).await.map_err(HookError::Backend) },
            )
        });
        let pool = Pool::builder(manager)
            .max_size(at_most)
            .wait_timeout(Some(CONNECTION))
            .create_timeout(Some(CONNECTION))
            .recycle_timeout(Some(CONNECTION))
            .runtime(Runtime::Tokio1)
            .post_create(prepare)
            .build()
            .map_err(|error| StoreError::Database { detail: error.to_string() })?;
        Ok(Self { pool, shown })
    }

    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    pub(super) async fn client(&self) -> Result<Client, StoreError> {
        let silent = || self.unreachable(format!("no answer within {} s", CONNECTION.as_secs()));
        // The pool itself has no deadline for the settings of a new connection.
        let taken = tokio::time::timeout(2 * CONNECTION, self.pool.get()).await;
        taken.map_err(|_| silent())?.map_err(|error| match error {
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
                self.failed(&error)
            }
            PoolError::Timeout(TimeoutType::Wait) => {
                StoreError::TimedOut { seconds: CONNECTION.as_secs() }
            }
            PoolError::Timeout(_) => silent(),
            PoolError::Closed => StoreError::Closed,
            error => StoreError::Database { detail: error.to_string() },
        })
    }

    /// Asks for one row. The statement is a transaction of its own: a caller that goes away, or a node that dies,
    /// leaves none open.
    pub(super) async fn row(
        &self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Row, StoreError> {
        let client = self.client().await?;
        let asked = async {
            let statement = client.prepare_cached(sql).await?;
            client.query_one(&statement, values).await
        };
        let error = match tokio::time::timeout(ANSWER, asked).await {
            Ok(Ok(row)) => return Ok(row),
            Ok(Err(error)) => self.failed(&error),
            Err(_) => StoreError::TimedOut { seconds: ANSWER.as_secs() },
        };
        // Whatever is wrong with this connection (its server has become a replica, it hangs): the next call gets
        // another.
        drop(Object::take(client));
        Err(error)
    }

    fn unreachable(&self, detail: String) -> StoreError {
        StoreError::Unreachable { store: self.shown.clone(), detail }
    }

    pub(super) fn failed(&self, error: &tokio_postgres::Error) -> StoreError {
        let Some(told) = error.as_db_error() else {
            let words = error
                .source()
                .map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
            return self.unreachable(words);
        };
        // PostgreSQL's details name values; its messages name tables, columns, roles.
        let detail = told.message().to_owned();
        match told.code() {
            &SqlState::INVALID_PASSWORD
            | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION
            | &SqlState::INVALID_CATALOG_NAME
            | &SqlState::INSUFFICIENT_PRIVILEGE => {
                StoreError::Denied { store: self.shown.clone(), detail }
            }
            &SqlState::QUERY_CANCELED => StoreError::TimedOut { seconds: STATEMENT_S },
            &SqlState::ADMIN_SHUTDOWN
            | &SqlState::CRASH_SHUTDOWN
            | &SqlState::CANNOT_CONNECT_NOW => self.unreachable(detail),
            _ => StoreError::Database { detail },
        }
    }
}
