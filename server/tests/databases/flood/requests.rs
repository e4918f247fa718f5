//! What is sent: to a whole site, in this process, from a new address each.

use super::subjects::Subject;
use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HOST, LOCATION};
use proofkey::challenge::CodeChallenge;
use proofkey::grant::policy::Policy;
use proofkey_server::client::Clients;
use proofkey_server::clock::Clock;
use proofkey_server::counters::Counters;
use proofkey_server::devices::Devices;
use proofkey_server::endpoint::AuthorizationServer;
use proofkey_server::endpoint::authorize::{Asked, SignIn};
use proofkey_server::narrate::Narrator;
use proofkey_server::openid::{Algorithm, OpenId};
use proofkey_server::possession::Possession;
use proofkey_server::pushed::PushedRequests;
use proofkey_server::site::{Consent, Peer, People, Site, User, Visit, Who};
use proofkey_server::testing::fixture::{client, policy};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tower_service::Service as _;

/// So long a code lives, in seconds: within a run they go and others come, again and again.
const CODE_LIFETIME_S: u64 = 20;

/// So long a pushed request waits, and a device.
const PENDING_LIFETIME_S: u64 = 60;

pub struct Flood(Router);

/// What became of the requests.
#[derive(Debug, Default)]
pub struct Answers {
    codes: usize,
    codes_refused: usize,
    pushed: usize,
    pushes_refused: usize,
    devices: usize,
    devices_refused: usize,
}

impl Answers {
    pub fn with(self, other: Self) -> Self {
        Self {
            codes: self.codes + other.codes,
            codes_refused: self.codes_refused + other.codes_refused,
            pushed: self.pushed + other.pushed,
            pushes_refused: self.pushes_refused + other.pushes_refused,
            devices: self.devices + other.devices,
            devices_refused: self.devices_refused + other.devices_refused,
        }
    }

    /// Whether there was no room for some of each.
    pub fn was_full(&self) -> bool {
        self.codes_refused > 0 && self.pushes_refused > 0 && self.devices_refused > 0
    }

    pub fn all(&self) -> usize {
        let Self { codes, codes_refused, pushed, pushes_refused, devices, devices_refused } = self;
        codes + codes_refused + pushed + pushes_refused + devices + devices_refused
    }
}

/// Whoever asks for a code gets one.
struct Willing;

#[async_trait]
impl People for Willing {
    async fn who(&self, _visit: Visit<'_>) -> Who {
        let sign_in = SignIn { auth_time: 0, acr: None };
        Who::User(User { subject: "user".into(), name: "user".into(), sign_in })
    }

    async fn consent(&self, asked: &Asked, _user: &User) -> Consent {
        Consent::Allow { scopes: asked.request.scopes().to_vec() }
    }
}

impl Flood {
    pub fn over(subject: &dyn Subject) -> Self {
        let clock = Clock::system();
        let now = clock.now().unwrap();
        let (store, pending) = (subject.grants(), subject.pending());
        let server = AuthorizationServer {
            store,
            policy: Policy { code_lifetime_s: CODE_LIFETIME_S, ..policy() },
            clients: Arc::new(Clients::new([client()])),
            narrator: Narrator::new(),
            counters: Arc::new(Counters::default()),
            clock,
            pushed: Arc::new(PushedRequests::new(pending.clone(), PENDING_LIFETIME_S)),
            devices: Arc::new(Devices::new(pending.clone(), PENDING_LIFETIME_S, 5)),
            possession: Arc::new(Possession::new(pending)),
            openid: Arc::new(OpenId::new(Algorithm::Es256, None, now).unwrap()),
            introspection: None,
        };
        let site = Site::new(server, Arc::new(Willing)).unwrap();
        // A limit that counts each address and refuses none.
        Self(site.token_requests_per_minute(u32::MAX).router())
    }

    /// Sends the request of this number.
    pub async fn ask(&self, number: usize, answers: &mut Answers) {
        let mut challenge = [7; 32];
        challenge[..8].copy_from_slice(&(number as u64).to_be_bytes());
        let challenge = CodeChallenge::from_bytes(challenge).to_text();
        let asking = format!(
            "response_type=code&client_id=agent&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback\
             &code_challenge={challenge}&code_challenge_method=S256&scope=read&state=state-{number:010}"
        );
        match number % 12 {
            0 => match self.send(number, "/par", Some(asking)).await.status() {
                StatusCode::CREATED => answers.pushed += 1,
                StatusCode::SERVICE_UNAVAILABLE => answers.pushes_refused += 1,
                other => panic!("{other}"),
            },
            1 => {
                let asking = "client_id=agent&scope=read".to_owned();
                match self.send(number, "/device_authorization", Some(asking)).await.status() {
                    StatusCode::OK => answers.devices += 1,
                    StatusCode::SERVICE_UNAVAILABLE => answers.devices_refused += 1,
                    other => panic!("{other}"),
                }
            }
            _ => {
                let answer = self.send(number, &format!("/authorize?{asking}"), None).await;
                assert_eq!(answer.status(), StatusCode::SEE_OTHER);
                let location = answer.headers()[LOCATION].to_str().unwrap();
                if location.contains("&code=") || location.contains("?code=") {
                    answers.codes += 1;
                } else {
                    assert!(location.contains("error=temporarily_unavailable"), "{location}");
                    answers.codes_refused += 1;
                }
            }
        }
    }

    async fn send(
        &self,
        number: usize,
        target: &str,
        form: Option<String>,
    ) -> http::Response<Body> {
        let mut request = Request::builder().uri(target).header(HOST, "as.example");
        if form.is_some() {
            request =
                request.method("POST").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let mut request = request.body(form.map_or_else(Body::empty, Body::from)).unwrap();
        let address = Ipv4Addr::from_bits(number as u32);
        request.extensions_mut().insert(Peer(SocketAddr::from((address, 1))));
        let mut router = self.0.clone();
        router.call(request).await.unwrap()
    }
}
