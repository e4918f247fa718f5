//! The connection: one for all calls, made when it is needed, looked at before it is used.

use super::address::Address;
use super::vet::vet;
use crate::store::StoreError;
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ErrorKind, FromRedisValue, RedisError, RedisResult,
    ScriptInvocation, ServerErrorKind,
};
use std::time::Duration;
use tokio::sync::Mutex;

/// What a connection may take, the login and the look at the server with it.
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// Whether a script may have written something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Reads,
    Writes,
}

pub(super) struct Link {
    client: Client,
    /// The address without user and password, for messages.
    store: String,
    deadline: Duration,
    min_replicas: u32,
    slot: Mutex<Slot>,
}

/// The connection and which one it is, so that one error drops it once.
#[derive(Default)]
struct Slot {
    number: u64,
    connection: Option<MultiplexedConnection>,
}

impl Link {
    pub(super) fn new(
        address: Address,
        deadline: Duration,
        min_replicas: u32,
    ) -> Result<Self, StoreError> {
        if address.encrypted() {
            provide_cryptography();
        }
        let Address { info, shown: store } = address;
        let client = Client::open(info)
            .map_err(|error| StoreError::Address { detail: error.category().to_owned() })?;
        Ok(Self { client, store, deadline, min_replicas, slot: Mutex::default() })
    }

    /// Runs one script. Past the deadline, and where a connection breaks, it is not known whether it ran:
    /// an error as any other (P29). Nothing is sent a second time, but a script that the server says it
    /// does not have.
    pub(super) async fn run<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
        effect: Effect,
    ) -> Result<T, StoreError> {
        let ends = tokio::time::Instant::now() + self.deadline;
        let connected = tokio::time::timeout_at(ends, self.connection());
        let (number, mut connection) = connected.await.map_err(|_| late(self.deadline))??;
        let exchange = async {
            let answer = script.invoke_async(&mut connection).await?;
            let acknowledged = match (effect, self.min_replicas) {
                (Effect::Reads, _) | (_, 0) => u32::MAX,
                (Effect::Writes, wanted) => self.wait(&mut connection, wanted).await?,
            };
            Ok::<_, RedisError>((answer, acknowledged))
        };
        let (answer, acknowledged) = match tokio::time::timeout_at(ends, exchange).await {
            Ok(Ok(done)) => done,
            Ok(Err(error)) => {
                if breaks(&error) {
                    self.drop_connection(number);
                }
                return Err(self.told(&error));
            }
            // The server may be gone without a word: the next call asks anew.
            Err(_) => {
                self.drop_connection(number);
                return Err(late(self.deadline));
            }
        };
        if acknowledged < self.min_replicas {
            return Err(StoreError::NotReplicated { acknowledged, wanted: self.min_replicas });
        }
        Ok(answer)
    }

    /// How many replicas have what this connection wrote. The server waits for a quarter of the deadline.
    async fn wait(&self, connection: &mut MultiplexedConnection, wanted: u32) -> RedisResult<u32> {
        let millis = u64::try_from(self.deadline.as_millis() / 4).unwrap_or(u64::MAX);
        redis::cmd("WAIT").arg(wanted).arg(millis).query_async(connection).await
    }

    /// Connects if there is no connection. Who comes meanwhile waits for it.
    pub(super) async fn connection(&self) -> Result<(u64, MultiplexedConnection), StoreError> {
        let mut slot = self.slot.lock().await;
        if let Some(connection) = &slot.connection {
            return Ok((slot.number, connection.clone()));
        }
        let deadline = CONNECT_DEADLINE.min(self.deadline);
        let connecting = tokio::time::timeout(deadline, self.connect());
        let connection = connecting.await.map_err(|_| late(deadline))??;
        slot.number += 1;
        slot.connection = Some(connection.clone());
        Ok((slot.number, connection))
    }

    /// The first connection. Whoever says nothing at all is none of ours: a server that hangs, or one that waits for
    /// another protocol, TLS or the lack of it.
    pub(super) async fn begin(&self) -> Result<(), StoreError> {
        match self.connection().await {
            Err(StoreError::TimedOut { .. }) => {
                let seconds = CONNECT_DEADLINE.min(self.deadline).as_secs();
                let tls =
                    if self.store.starts_with("rediss:") { " to the greeting of TLS" } else { "" };
                let detail = format!("no answer{tls} within {seconds} s");
                Err(StoreError::Unreachable { store: self.store.clone(), detail })
            }
            connected => connected.map(drop),
        }
    }

    async fn connect(&self) -> Result<MultiplexedConnection, StoreError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_DEADLINE))
            .set_response_timeout(Some(self.deadline));
        let mut connection = self
            .client
            .get_multiplexed_async_connection_with_config(&config)
            .await
            .map_err(|error| self.told(&error))?;
        vet(&mut connection, &self.store).await.map_err(|error| self.told(&error))??;
        Ok(connection)
    }

    fn drop_connection(&self, number: u64) {
        // If it is locked, somebody is connecting: then it is dropped already.
        if let Ok(mut slot) = self.slot.try_lock()
            && slot.number == number
        {
            slot.connection = None;
        }
    }

    /// An error of the crate as one of ours. What a server says of a script names commands, never values.
    fn told(&self, error: &RedisError) -> StoreError {
        let store = self.store.clone();
        let detail = error.to_string().replace(['\r', '\n'], " ");
        let detail = detail.trim_end_matches(['.', ' ']).to_owned();
        if error.is_timeout() {
            return late(self.deadline);
        }
        match (error.kind(), error.code()) {
            (ErrorKind::AuthenticationFailed, _) => {
                StoreError::Denied { store, detail: "wrong user or password".into() }
            }
            (_, Some("NOAUTH" | "WRONGPASS" | "NOPERM")) => StoreError::Denied { store, detail },
            (ErrorKind::Io, _) => StoreError::Unreachable { store, detail },
            _ => StoreError::Database { detail },
        }
    }
}

const fn late(deadline: Duration) -> StoreError {
    StoreError::TimedOut { seconds: deadline.as_secs() }
}

/// Whether the connection is of no more use: it broke, or the server is no primary any more.
fn breaks(error: &RedisError) -> bool {
    error.is_io_error()
        || error.is_timeout()
        || error.is_connection_dropped()
        || error.is_unrecoverable_error()
        || error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly)
}

/// rustls wants one provider of cryptography in a process. Where the program has chosen none it is `ring`,
/// as everywhere in this crate.
fn provide_cryptography() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Somebody else was faster: then there is one.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
}
