//! A site one of whose stores' calls fails, the n-th of a request.

use crate::common::*;
use crate::owner::{NOW, Owner, server};
use http::{HeaderMap, Method};
use proofkey::grant::check::Authentication;
use proofkey::secret::Secret;
use proofkey_server::clock::Clock;
use proofkey_server::devices::Devices;
use proofkey_server::endpoint::introspect::Introspection;
use proofkey_server::endpoint::resource::{Protected, check};
use proofkey_server::endpoint::{AuthorizationServer, Reply};
use proofkey_server::pending::MemoryPending;
use proofkey_server::possession::Possession;
use proofkey_server::pushed::PushedRequests;
use proofkey_server::serve::serve;
use proofkey_server::site::Site;
use proofkey_server::store::MemoryStore;
use proofkey_server::testing::faulty::{Failing, Fault, Faulty, FaultyPending};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// None of these is in an answer that says that the server failed.
const SECRETS: [&str; 8] = [
    "code=",
    "access_token",
    "refresh_token",
    "id_token",
    "request_uri",
    "device_code",
    "user_code",
    "\"active\"",
];

pub struct Scene {
    pub server: Running,
    /// What the site answers with.
    pub whole: AuthorizationServer,
    failing: Arc<Failing>,
    failed: Mutex<BTreeSet<&'static str>>,
}

impl Scene {
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let issuer = format!("http://{address}");
        let failing = Arc::new(Failing::default());
        let grants = Arc::new(MemoryStore::new(1_000));
        let mut whole = server(Arc::new(Faulty::sharing(grants, failing.clone())), &issuer);
        let pending = Arc::new(MemoryPending::new(Clock::manual(NOW)));
        let pending = Arc::new(FaultyPending::sharing(pending, failing.clone()));
        whole.pushed = Arc::new(PushedRequests::new(pending.clone(), 60));
        whole.devices = Arc::new(Devices::new(pending.clone(), 600, 5));
        whole.possession = Arc::new(Possession::new(pending));
        let (secret, audience) = (Secret::new("of the resource".into()), issuer.clone());
        whole.introspection = Some(Arc::new(Introspection { secret, audience }));
        let router = Site::new(whole.clone(), Arc::new(Owner::default())).unwrap().router();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move { drop(stopped.await) };
        let task = tokio::spawn(serve(listener, router, shutdown, Duration::from_secs(5)));
        let server = Running { address, issuer, stop: Some(stop), task };
        Self { server, whole, failing, failed: Mutex::default() }
    }

    /// Ada allows the client once and for all.
    pub async fn remember(&self) {
        let target = authorize(&request(&"A".repeat(43)));
        let shown =
            consent(&send(&self.server, "GET", &target, &[("Cookie", "session=ada")], "").await);
        let cookie = format!("session=ada; {}", shown.cookie);
        let answer = decide(&self.server, &Consent { cookie, ..shown }, "allow", &[]).await;
        assert!(answer.sent("code").is_some(), "{answer:?}");
    }

    /// A request makes so many calls to the stores. Each of them fails, in a request of its own, and nothing comes of
    /// it; without a failure the request is answered. Those that are `harmless` fail and change no answer.
    pub async fn each_fails<P>(
        &self,
        calls: u32,
        harmless: &[&str],
        prepare: impl AsyncFn() -> P,
        ask: impl AsyncFn(&P) -> Answer,
    ) {
        for fault in [Fault::BeforeTheCall, Fault::AfterTheCall] {
            for call in 0..=calls {
                let prepared = prepare().await;
                self.failing.arm(fault, call);
                let answer = ask(&prepared).await;
                let failed = self.failing.disarm();
                assert_eq!(failed.is_some(), call < calls, "{call} of {calls}: {answer:?}");
                self.failed.lock().unwrap().extend(failed);
                let harmed = failed.filter(|method| !harmless.contains(method));
                assert_eq!(
                    is_closed(&answer),
                    harmed.is_some(),
                    "{fault:?} {call} {failed:?}: {answer:?}"
                );
            }
        }
    }

    /// These methods were made to fail, and no others.
    pub fn have_failed(&self, methods: &[&'static str]) {
        assert_eq!(*self.failed.lock().unwrap(), methods.iter().copied().collect());
    }

    /// A request to a resource.
    pub async fn check(&self, scheme: &str, token: &str, proof: Option<&String>) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", format!("{scheme} {token}").parse().unwrap());
        if let Some(proof) = proof {
            headers.insert("dpop", proof.parse().unwrap());
        }
        let protected = Protected {
            audience: &self.server.issuer,
            required_scopes: &[],
            metadata_url: "https://api.example/metadata",
            url: &format!("{}/api", self.server.issuer),
            authentication: &Authentication::default(),
        };
        match check(&self.whole, &Method::GET, &headers, protected).await {
            Ok(_) => Answer { status: 200, headers: Vec::new(), body: String::new() },
            Err(reply) => answer(&reply),
        }
    }
}

fn answer(reply: &Reply) -> Answer {
    let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
    let headers = reply.headers.iter().map(|(name, value)| (name.to_string(), text(value)));
    let body = String::from_utf8(reply.body.as_bytes().to_vec()).unwrap();
    Answer { status: reply.status.as_u16(), headers: headers.collect(), body }
}

/// Whether an answer says that the server has failed, to the client or on a page; nothing else may be in it then.
fn is_closed(answer: &Answer) -> bool {
    let location = answer.header("location").unwrap_or_default();
    let error = answer.header("location").and_then(|_| answer.sent("error"));
    let to_client = matches!(error.as_deref(), Some("server_error" | "temporarily_unavailable"));
    let closed = to_client || matches!(answer.status, 500 | 503);
    for secret in SECRETS.iter().filter(|_| closed) {
        assert!(!location.contains(secret) && !answer.body.contains(secret), "{answer:?}");
    }
    closed
}
