//! What can be chosen about the development server.

use super::clients::{ClientDocuments, clients, with_faults};
use super::more::{More, OPEN_SCOPES};
use super::router::{paths, router};
use super::state::{Dev, Resource};
use super::user::Developer;
use super::{DevError, DevServer};
use crate::client::{ClientStore, MemoryClients};
use crate::clock::Clock;
use crate::counters::Counters;
use crate::endpoint::AuthorizationServer;
use crate::fault::Fault;
use crate::narrate::{FlowNote, Narrator};
use crate::pending::{MemoryPending, PendingStore};
use crate::site::{Discovery, Place, Site};
use crate::store::{GrantStore, MemoryStore};
use proofkey::grant::client::ClientRecord;
use proofkey::grant::policy::{Policy, Profile};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// So many grants the store in memory keeps, where no other store is given.
const MEMORY_CAPACITY: usize = 10_000;

/// So many clients may register themselves.
const MAX_REGISTRATIONS: usize = 1_000;

/// The configuration of a [`DevServer`]; each part has a default.
#[derive(Clone)]
pub struct Builder {
    address: SocketAddr,
    allow_remote: bool,
    issuer: Option<String>,
    issuer_path: String,
    discovery: Discovery,
    store: Option<Arc<dyn GrantStore>>,
    pending: Option<Arc<dyn PendingStore>>,
    clients: Vec<ClientRecord>,
    registered: Option<Arc<dyn ClientStore>>,
    max_registrations: usize,
    client_documents: ClientDocuments,
    required_scopes: Vec<String>,
    auto_approve: bool,
    user_name: String,
    profile: Profile,
    code_lifetime_s: Option<u64>,
    access_token_lifetime_s: Option<u64>,
    refresh_token_lifetime_s: Option<u64>,
    reuse_window_s: u64,
    narrator: Narrator,
    clock: Clock,
    more: More,
    faults: Vec<&'static Fault>,
    fault_clients: bool,
    shutdown_deadline: Duration,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            allow_remote: false,
            issuer: None,
            issuer_path: String::new(),
            discovery: Discovery::Both,
            store: None,
            pending: None,
            clients: Vec::new(),
            registered: None,
            max_registrations: MAX_REGISTRATIONS,
            client_documents: ClientDocuments::Https,
            required_scopes: Vec::new(),
            auto_approve: false,
            user_name: "developer".into(),
            profile: Profile::OAuth21,
            code_lifetime_s: None,
            access_token_lifetime_s: None,
            refresh_token_lifetime_s: None,
            reuse_window_s: 0,
            narrator: Narrator::new(),
            clock: Clock::system(),
            more: More::default(),
            faults: Vec::new(),
            fault_clients: false,
            shutdown_deadline: Duration::from_secs(5),
        }
    }
}

impl Builder {
    /// Where to listen. `127.0.0.1` and a port of the system's choice if this is not called.
    #[must_use]
    pub const fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// The port alone; 0 leaves the choice to the system.
    #[must_use]
    pub const fn port(mut self, port: u16) -> Self {
        self.address = SocketAddr::new(self.address.ip(), port);
        self
    }

    /// Whether an address that is not loopback may be listened on. It then needs an issuer of its own:
    /// the https address under which a proxy before it is reached.
    #[must_use]
    pub const fn allow_remote(mut self, allow: bool) -> Self {
        self.allow_remote = allow;
        self
    }

    /// Another issuer than `http://` and the bound address. Requests must then come with its host
    /// and port as their `Host`.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// A path for the issuer that is made of the bound address: `/tenant`. Where [`Builder::issuer`] is
    /// called, the path stands there.
    #[must_use]
    pub fn issuer_path(mut self, path: impl Into<String>) -> Self {
        self.issuer_path = path.into();
        self
    }

    /// Which kinds of discovery are served. Both if this is not called.
    #[must_use]
    pub const fn discovery(mut self, discovery: Discovery) -> Self {
        self.discovery = discovery;
        self
    }

    /// Where grants are kept. A bounded store in memory if this is not called.
    #[must_use]
    pub fn store(mut self, store: Arc<dyn GrantStore>) -> Self {
        self.store = Some(store);
        self
    }

    /// Where pushed requests, devices and proofs are kept. The memory of this process if this is not called.
    #[must_use]
    pub fn pending(mut self, store: Arc<dyn PendingStore>) -> Self {
        self.pending = Some(store);
        self
    }

    /// Adds a client. If there is none, [`development_client`](super::development_client) is there.
    #[must_use]
    pub fn client(mut self, client: ClientRecord) -> Self {
        self.clients.push(client);
        self
    }

    /// Where clients that register themselves are kept. The memory of this process if this is not called.
    #[must_use]
    pub fn registered_clients(mut self, store: Arc<dyn ClientStore>) -> Self {
        self.registered = Some(store);
        self
    }

    /// So many clients that registered themselves are kept (RFC 7591); 0: none, and there is no endpoint for it. A
    /// thousand if this is not called.
    #[must_use]
    pub const fn max_registrations(mut self, clients: usize) -> Self {
        self.max_registrations = clients;
        self
    }

    /// Which clients may be known by the address of a document. Those of the public network if this is not
    /// called.
    #[must_use]
    pub const fn client_documents(mut self, documents: ClientDocuments) -> Self {
        self.client_documents = documents;
        self
    }

    /// Scopes that the resource wants of a token, to develop against. None if this is not called.
    #[must_use]
    pub fn required_scopes(mut self, scopes: Vec<String>) -> Self {
        self.required_scopes = scopes;
        self
    }

    /// Allows every request that is right, without asking. For tests: such a server must not know a
    /// user whom somebody else could use (RFC 8252 §8.6).
    #[must_use]
    pub const fn auto_approve(mut self, yes: bool) -> Self {
        self.auto_approve = yes;
        self
    }

    /// The user who is signed in.
    #[must_use]
    pub fn user_name(mut self, name: impl Into<String>) -> Self {
        self.user_name = name.into();
        self
    }

    /// Which text rules where RFC 6749 and OAuth 2.1 differ. OAuth 2.1 if this is not called.
    #[must_use]
    pub const fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// How long a code lives, in seconds; at most 600.
    #[must_use]
    pub const fn code_lifetime_s(mut self, seconds: u64) -> Self {
        self.code_lifetime_s = Some(seconds);
        self
    }

    /// How long an access token lives, in seconds.
    #[must_use]
    pub const fn access_token_lifetime_s(mut self, seconds: u64) -> Self {
        self.access_token_lifetime_s = Some(seconds);
        self
    }

    /// How long a refresh token lives unused, in seconds; 0: none is issued.
    #[must_use]
    pub const fn refresh_token_lifetime_s(mut self, seconds: u64) -> Self {
        self.refresh_token_lifetime_s = Some(seconds);
        self
    }

    /// How long the predecessor of a refresh token is spared while that is unused, in seconds; at most 30
    /// (P27). 0 if this is not called.
    #[must_use]
    pub const fn reuse_window_s(mut self, seconds: u64) -> Self {
        self.reuse_window_s = seconds;
        self
    }

    /// Who is told each step of a flow, in words. Called on the server's threads: it must not block.
    #[must_use]
    pub fn observer(mut self, observer: impl Fn(FlowNote) + Send + Sync + 'static) -> Self {
        self.narrator = Narrator::observed_by(Arc::new(observer));
        self
    }

    /// How long requests may still run after the shutdown began. Five seconds if this is not called.
    #[must_use]
    pub const fn shutdown_deadline(mut self, deadline: Duration) -> Self {
        self.shutdown_deadline = deadline;
        self
    }

    /// The time of all that is not in the store, which has its own. The system's if this is not called.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// What else the server does: pushed requests, proofs of keys, devices, ID tokens, step-up. See [`More`].
    #[must_use]
    pub fn more(mut self, more: More) -> Self {
        self.more = more;
        self
    }

    /// What the server does wrong, to every client. Nothing if this is not called. It may be called for several: each
    /// stays the sin that it is. Where two of them answer one request in the endpoint's place, the first one does.
    #[must_use]
    pub fn fault(mut self, fault: &'static Fault) -> Self {
        if !self.faults.iter().any(|known| known.name == fault.name) {
            self.faults.push(fault);
        }
        self
    }

    /// Whether there is a client for each fault that a client can choose: its identifier is
    /// [`Fault::client_id`], and else it is like the first client. No if this is not called.
    #[must_use]
    pub const fn fault_clients(mut self, yes: bool) -> Self {
        self.fault_clients = yes;
        self
    }

    /// Takes the port.
    ///
    /// # Errors
    /// [`DevError`] says which part of the configuration cannot be used.
    pub async fn bind(self) -> Result<DevServer, DevError> {
        if !self.allow_remote && !self.address.ip().is_loopback() {
            return Err(DevError::NotLoopback { address: self.address });
        }
        let failed = |source| DevError::Bind { address: self.address, source };
        let configured = if self.fault_clients { with_faults(self.clients) } else { self.clients };
        let registered =
            self.registered.unwrap_or_else(|| Arc::new(MemoryClients::new(self.clock.clone())));
        let registrations = (self.max_registrations, registered);
        let clients = clients(configured, registrations, self.client_documents)?;
        let listener = TcpListener::bind(self.address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let issuer = self.issuer.unwrap_or_else(|| format!("http://{address}{}", self.issuer_path));
        let mut policy = Policy::new(issuer.as_str())?;
        policy.profile = self.profile;
        policy.code_lifetime_s = self.code_lifetime_s.unwrap_or(policy.code_lifetime_s);
        policy.access_token_lifetime_s =
            self.access_token_lifetime_s.unwrap_or(policy.access_token_lifetime_s);
        policy.refresh_token_lifetime_s =
            self.refresh_token_lifetime_s.unwrap_or(policy.refresh_token_lifetime_s);
        policy.reuse_window_s = self.reuse_window_s;
        policy.open_scopes = OPEN_SCOPES.map(str::to_owned).to_vec();
        policy.details_types.clone_from(&self.more.details_types);
        let store = self.store.unwrap_or_else(|| Arc::new(MemoryStore::new(MEMORY_CAPACITY)));
        let pending =
            self.pending.unwrap_or_else(|| Arc::new(MemoryPending::new(self.clock.clone())));
        let place = Place::of(&issuer, self.discovery)?;
        let resource = Resource::of(&place, self.required_scopes)?;
        let server = AuthorizationServer {
            store,
            policy,
            clients: Arc::new(clients),
            narrator: self.narrator,
            counters: Arc::new(Counters::default()),
            pushed: Arc::new(self.more.pushed(pending.clone())),
            devices: Arc::new(self.more.devices(pending.clone())),
            possession: Arc::new(self.more.possession(pending)?),
            introspection: self.more.introspection(&resource.uri)?,
            openid: Arc::new(self.more.openid(&self.clock).await?),
            clock: self.clock.clone(),
        };
        let allows_devices = self.auto_approve.then(|| self.user_name.clone());
        let user =
            Developer { name: self.user_name, auto_approve: self.auto_approve, clock: self.clock };
        let site = Site::new(server, Arc::new(user))?.discovery(self.discovery)?;
        let dev = Dev {
            resource,
            site: Arc::new(site),
            fresh: self.more.fresh(),
            may_rotate: self.more.rotate_keys,
            faults: self.faults,
            fault_clients: self.fault_clients,
            allows_devices,
        };
        let addresses = dev.addresses();
        let introspection = dev.site.server.introspection.clone();
        let (paths, router, shutdown_deadline) =
            (paths(&dev), router(Arc::new(dev)), self.shutdown_deadline);
        Ok(DevServer {
            listener,
            router,
            address,
            addresses,
            paths,
            introspection,
            shutdown_deadline,
        })
    }
}
