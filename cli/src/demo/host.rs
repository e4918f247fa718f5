//! The development server of the demonstration, on threads of its own.

use super::folder::Folder;
use super::scene::Row;
use crate::error::CliError;
use proofkey::grant::client::ClientRecord;
use proofkey::grant::policy::Policy;
use proofkey_server::dev::{DevServer, More};
use proofkey_server::store::SqliteStore;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The agent's identifier at the server.
pub const CLIENT_ID: &str = "demo-agent";

/// What the agent asks for.
pub const SCOPE: &str = "read";

/// The path of the agent's loopback receiver.
pub const CALLBACK: &str = "/callback";

/// How long requests may still run when the demonstration is over.
const SHUTDOWN: Duration = Duration::from_millis(500);

/// The running server.
pub struct Host {
    facts: ServerFacts,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

/// What the story knows of the server: its addresses, and a look into its database.
#[derive(Clone)]
pub struct ServerFacts {
    /// The issuer.
    pub issuer: String,
    /// The resource's address.
    pub resource: String,
    /// From so many wrong verifiers on a code is burnt.
    pub max_mismatches: u32,
    peek: Peek,
}

#[derive(Clone)]
struct Peek {
    store: Arc<SqliteStore>,
    runtime: Handle,
}

impl Host {
    /// Opens the database, takes a port of the system's choice and answers from now on. `bound`: it issues and takes
    /// tokens that are bound to a key, and no others.
    pub fn start(runtime: &Runtime, folder: &Folder, bound: bool) -> Result<Self, CliError> {
        let store = Arc::new(SqliteStore::open(folder.database())?);
        let client = ClientRecord {
            client_id: CLIENT_ID.into(),
            name: "The agent of the demonstration".into(),
            redirect_uris: vec![format!("http://127.0.0.1{CALLBACK}")],
            scopes: vec![SCOPE.into()],
            // What the first story shows is one token; that of bound ones shows both kinds.
            may_refresh: bound,
        };
        let builder = DevServer::builder()
            .store(store.clone())
            .client(client)
            .auto_approve(true)
            .more(More { require_dpop: bound, ..More::default() })
            .shutdown_deadline(SHUTDOWN);
        let server = runtime.block_on(builder.bind()).map_err(|error| {
            CliError::new("listen_failed", error.to_string(), "Check the loopback address.")
        })?;
        let facts = ServerFacts {
            issuer: server.issuer().to_owned(),
            resource: server.resource().to_owned(),
            // The development server takes the policy's own number.
            max_mismatches: Policy::new(server.issuer())?.max_mismatches,
            peek: Peek { store, runtime: runtime.handle().clone() },
        };
        let (stop, stopped) = oneshot::channel();
        let running = runtime.spawn(server.run(async move {
            // A sender that is gone means the same.
            let _ = stopped.await;
        }));
        Ok(Self { facts, stop, running })
    }

    /// What the story may know.
    pub fn facts(&self) -> ServerFacts {
        self.facts.clone()
    }

    /// Ends the server and closes the database, within a second.
    pub fn stop(self, runtime: Runtime) {
        let Self { facts, stop, running } = self;
        let _ = stop.send(());
        let _ = runtime.block_on(async { tokio::time::timeout(SHUTDOWN * 2, running).await });
        drop(facts);
        runtime.shutdown_timeout(SHUTDOWN);
    }
}

impl ServerFacts {
    /// The grant's row, as it lies in the file now.
    pub fn row(&self, grant_id: &str) -> Result<Option<Row>, CliError> {
        let Some(row) = self.peek.runtime.block_on(self.peek.store.peek(grant_id))? else {
            return Ok(None);
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Ok(Some(Row {
            code_challenge: row.code_challenge.unwrap_or_default(),
            code_hash: row.code_hash,
            used: row.used,
            revoked: row.revoked,
            mismatches: row.mismatches,
            expires_in: row.expires_at.saturating_sub_unsigned(now),
            token_hashes: row.tokens.into_iter().map(|token| token.token_hash).collect(),
        }))
    }
}
