//! The owner of a site: two users, whose session is a cookie; clients in a table; consents that are remembered.

use crate::common::Running;
use async_trait::async_trait;
use http::{HeaderMap, StatusCode};
use proofkey::grant::client::ClientRecord;
use proofkey::grant::policy::Policy;
use proofkey_server::client::{ClientSource, Clients};
use proofkey_server::clock::Clock;
use proofkey_server::counters::Counters;
use proofkey_server::devices::Devices;
use proofkey_server::endpoint::authorize::{Asked, SignIn};
use proofkey_server::endpoint::{AuthorizationServer, Reply};
use proofkey_server::narrate::Narrator;
use proofkey_server::openid::{Algorithm, OpenId};
use proofkey_server::pending::MemoryPending;
use proofkey_server::possession::Possession;
use proofkey_server::pushed::PushedRequests;
use proofkey_server::serve::serve;
use proofkey_server::site::{Consent, People, Site, User, Visit, Who};
use proofkey_server::store::{GrantStore, StoreError};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub const NOW: u64 = 1_800_000_000;

#[derive(Default)]
pub struct Owner {
    remembered: Mutex<HashSet<(String, String)>>,
}

#[async_trait]
impl People for Owner {
    async fn who(&self, visit: Visit<'_>) -> Who {
        let cookies = visit.headers.get("cookie").map_or("", |value| value.to_str().unwrap());
        for name in ["ada", "grace"] {
            if cookies.contains(&format!("session={name}")) {
                let sign_in = SignIn { auth_time: NOW - 100, acr: Some("urn:example:pin".into()) };
                let subject = format!("subject-{name}");
                return Who::User(User { subject, name: name.into(), sign_in });
            }
        }
        let back: String = form_urlencoded::byte_serialize(visit.return_to.as_bytes()).collect();
        Who::Elsewhere(Reply::see_other(&format!("/sign-in?return_to={back}")))
    }

    async fn consent(&self, asked: &Asked, user: &User) -> Consent {
        if asked.request.scopes().iter().any(|scope| scope == "never") {
            return Consent::Deny;
        }
        let known = (user.subject.clone(), asked.client.client_id.clone());
        if self.remembered.lock().unwrap().contains(&known) {
            Consent::Allow { scopes: vec!["read".into()] }
        } else {
            Consent::Ask
        }
    }

    async fn allowed(&self, asked: &Asked, user: &User) {
        let known = (user.subject.clone(), asked.client.client_id.clone());
        self.remembered.lock().unwrap().insert(known);
    }

    async fn signed_out(&self, _headers: &HeaderMap, reply: &mut Reply) {
        reply.set_cookie("session=; Max-Age=0");
    }
}

/// One client, of this name.
pub struct Table(pub &'static str);

#[async_trait]
impl ClientSource for Table {
    async fn find(&self, client_id: &str) -> Result<Option<ClientRecord>, StoreError> {
        if client_id == "broken" {
            return Err(StoreError::Busy);
        }
        Ok((client_id == self.0).then(|| ClientRecord {
            client_id: client_id.to_owned(),
            name: "A program of the table".into(),
            redirect_uris: vec!["http://127.0.0.1/callback".into()],
            scopes: vec!["read".into(), "write".into(), "never".into()],
            may_refresh: true,
        }))
    }
}

pub fn server(store: Arc<dyn GrantStore>, issuer: &str) -> AuthorizationServer {
    let clock = Clock::manual(NOW);
    let pending = Arc::new(MemoryPending::new(clock.clone()));
    AuthorizationServer {
        store,
        policy: Policy::new(issuer).unwrap(),
        clients: Arc::new(Clients::default().with_source(Arc::new(Table("proofkey-dev")))),
        narrator: Narrator::new(),
        counters: Arc::new(Counters::default()),
        clock,
        pushed: Arc::new(PushedRequests::new(pending.clone(), 60)),
        devices: Arc::new(Devices::new(pending.clone(), 600, 5)),
        possession: Arc::new(Possession::new(pending)),
        introspection: None,
        openid: Arc::new(OpenId::new(Algorithm::Es256, None, NOW).unwrap()),
    }
}

/// A running site over this store. `more` completes it.
pub async fn site(store: Arc<dyn GrantStore>, more: impl FnOnce(Site) -> Site) -> Running {
    site_at(Clock::manual(NOW), store, more).await
}

/// The same, by this clock.
pub async fn site_at(
    clock: Clock,
    store: Arc<dyn GrantStore>,
    more: impl FnOnce(Site) -> Site,
) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let issuer = format!("http://{address}");
    let server = AuthorizationServer { clock, ..server(store, &issuer) };
    let site = Site::new(server, Arc::new(Owner::default())).unwrap();
    let router = more(site).router();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move { drop(stopped.await) };
    let task = tokio::spawn(serve(listener, router, shutdown, Duration::from_secs(5)));
    Running { address, issuer, stop: Some(stop), task }
}

/// The status of a page that no user is there for.
pub const ELSEWHERE: u16 = StatusCode::SEE_OTHER.as_u16();
