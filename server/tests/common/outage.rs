//! The endpoints over a store that is in a bad way: full, or not to be written to.

use http::{HeaderMap, StatusCode};
use proofkey::grant::issue::Approval;
use proofkey::secret::Secret;
use proofkey::verifier::CodeVerifier;
use proofkey_server::client::Clients;
use proofkey_server::clock::Clock;
use proofkey_server::counters::Counters;
use proofkey_server::devices::Devices;
use proofkey_server::endpoint::authorize::{SignIn, allow, arrive};
use proofkey_server::endpoint::introspect::Introspection;
use proofkey_server::endpoint::{
    AuthorizationServer, Reply, device, introspect, par, revoke, token,
};
use proofkey_server::narrate::Narrator;
use proofkey_server::openid::{Algorithm, OpenId};
use proofkey_server::pending::PendingStore;
use proofkey_server::possession::Possession;
use proofkey_server::pushed::PushedRequests;
use proofkey_server::store::GrantStore;
use proofkey_server::testing::fixture::{REDIRECT_URI, RESOURCE, client, code_in, policy};
use std::sync::Arc;

const FORM: &str = "application/x-www-form-urlencoded";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const SECRET: &str = "of-the-resource";

/// What a store in a bad way does all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Still {
    pub reads: bool,
    pub revokes: bool,
}

/// What was begun before.
pub struct Begun {
    code: String,
    verifier: CodeVerifier,
    tokens: Tokens,
    others: Tokens,
    /// A device that its user has allowed.
    device_code: String,
    request_uri: String,
}

struct Tokens {
    access: String,
    refresh: String,
}

pub struct Endpoints(AuthorizationServer);

impl Endpoints {
    pub fn over<S: GrantStore + PendingStore + 'static>(store: &Arc<S>) -> Self {
        let clock = Clock::system();
        let now = clock.now().unwrap();
        let (secret, audience) = (Secret::new(SECRET.into()), RESOURCE.into());
        Self(AuthorizationServer {
            store: store.clone(),
            policy: policy(),
            clients: Arc::new(Clients::new([client()])),
            narrator: Narrator::new(),
            counters: Arc::new(Counters::default()),
            clock,
            pushed: Arc::new(PushedRequests::new(store.clone(), 60)),
            devices: Arc::new(Devices::new(store.clone(), 600, 0)),
            possession: Arc::new(Possession::new(store.clone())),
            openid: Arc::new(OpenId::new(Algorithm::Es256, None, now).unwrap()),
            introspection: Some(Arc::new(Introspection { secret, audience })),
        })
    }

    async fn token(&self, pairs: &[(&str, &str)]) -> Reply {
        token::reply(&self.0, &headers(), &form(pairs)).await
    }

    async fn redeem(&self, code: &str, verifier: &CodeVerifier) -> Reply {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", verifier.expose_verifier()),
        ])
        .await
    }

    async fn refresh(&self, token: &str) -> Reply {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    async fn poll(&self, device_code: &str) -> Reply {
        self.token(&[("grant_type", DEVICE), ("device_code", device_code)]).await
    }

    async fn push(&self, verifier: &CodeVerifier) -> Reply {
        par::reply(&self.0, &headers(), &form(&asking(&verifier.challenge().to_text()))).await
    }

    async fn begin(&self) -> Reply {
        device::reply(&self.0, &headers(), &form(&[("scope", "read"), ("resource", RESOURCE)]))
            .await
    }

    async fn give_back(&self, token: &str) -> Reply {
        revoke::reply(&self.0, &headers(), &form(&[("token", token)])).await
    }

    async fn introspect(&self, token: &str) -> Reply {
        let mut headers = headers();
        headers.insert("authorization", format!("Bearer {SECRET}").parse().unwrap());
        let asking = self.0.introspection.as_deref().unwrap();
        introspect::reply(&self.0, asking, &headers, &form(&[("token", token)])).await
    }

    /// The user comes with this request and allows it.
    async fn authorize(&self, pairs: &[(&str, &str)]) -> Reply {
        let query = String::from_utf8(form(pairs)).unwrap();
        match arrive(&self.0, &query).await {
            Err(reply) => *reply,
            Ok(asked) => {
                let scopes = asked.request.scopes().to_vec();
                let approval = Approval { subject: "user".into(), scopes };
                let sign_in = SignIn { auth_time: self.0.clock.now().unwrap(), acr: None };
                allow(&self.0, asked.request, approval, sign_in).await
            }
        }
    }

    async fn code(&self, verifier: &CodeVerifier) -> String {
        let challenge = verifier.challenge().to_text();
        code_in(location(&self.authorize(&asking(&challenge)).await)).unwrap()
    }

    async fn signed_in(&self) -> Tokens {
        let verifier = CodeVerifier::generate().unwrap();
        let reply = self.redeem(&self.code(&verifier).await, &verifier).await;
        Tokens { access: member(&reply, "access_token"), refresh: member(&reply, "refresh_token") }
    }

    async fn allowed(&self) -> String {
        let begun = self.begin().await;
        let now = self.0.clock.now().unwrap();
        let user_code = member(&begun, "user_code");
        assert!(device::decide(&self.0, &user_code, Some(("user", now))).await.unwrap());
        member(&begun, "device_code")
    }

    /// Begins one of everything, while all is well.
    pub async fn begun(&self) -> Begun {
        let verifier = CodeVerifier::generate().unwrap();
        Begun {
            code: self.code(&verifier).await,
            tokens: self.signed_in().await,
            others: self.signed_in().await,
            device_code: self.allowed().await,
            request_uri: member(&self.push(&verifier).await, "request_uri"),
            verifier,
        }
    }

    /// At every endpoint nothing comes of what needs a write, and the answer says whose failure it is.
    pub async fn nothing_is_given(&self, begun: &Begun, still: Still) {
        let verifier = CodeVerifier::generate().unwrap();
        let challenge = verifier.challenge().to_text();
        let refused = self.authorize(&asking(&challenge)).await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER);
        assert!(location(&refused).contains("error=server_error"), "{}", location(&refused));
        assert_eq!(code_in(location(&refused)), None);
        failed(&self.push(&verifier).await, 503, "temporarily_unavailable");
        failed(&self.begin().await, 503, "temporarily_unavailable");
        failed(&self.redeem(&begun.code, &begun.verifier).await, 500, "server_error");
        failed(&self.refresh(&begun.tokens.refresh).await, 500, "server_error");
        failed(&self.poll(&begun.device_code).await, 500, "server_error");
        // It is taken, or it is not; no code comes of it.
        let pushed = [("client_id", "agent"), ("request_uri", begun.request_uri.as_str())];
        let refused = self.authorize(&pushed).await;
        assert!(matches!(refused.status.as_u16(), 303 | 400 | 503), "{refused:?}");
        assert!(refused.status != 303 || code_in(location(&refused)).is_none());
        let asked = self.introspect(&begun.tokens.access).await;
        assert_eq!(asked.status, if still.reads { 200 } else { 503 });
        let given_back = self.give_back(&begun.others.access).await;
        assert_eq!(given_back.status, if still.revokes { 200 } else { 503 });
    }

    /// All is well again, and what was refused has changed nothing.
    pub async fn all_goes_on(&self, begun: Begun) {
        let redeemed = self.redeem(&begun.code, &begun.verifier).await;
        assert_eq!(redeemed.status, 200, "{redeemed:?}");
        let active = self.introspect(&begun.tokens.access).await;
        assert_eq!(member_json(&active)["active"], true);
        assert_eq!(self.refresh(&begun.tokens.refresh).await.status, 200);
        assert_eq!(self.give_back(&begun.others.access).await.status, 200);
        let over = self.introspect(&begun.others.access).await;
        assert_eq!(member_json(&over)["active"], false);
        assert_eq!(self.poll(&self.allowed().await).await.status, 200);
        let verifier = CodeVerifier::generate().unwrap();
        let request_uri = member(&self.push(&verifier).await, "request_uri");
        let pushed = [("client_id", "agent"), ("request_uri", request_uri.as_str())];
        let code = code_in(location(&self.authorize(&pushed).await)).unwrap();
        assert_eq!(self.redeem(&code, &verifier).await.status, 200);
    }
}

fn asking(challenge: &str) -> [(&str, &str); 7] {
    [
        ("response_type", "code"),
        ("redirect_uri", REDIRECT_URI),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
        ("scope", "read"),
        ("state", "state-0123456789"),
        ("resource", RESOURCE),
    ]
}

/// A form of the one client.
fn form(pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    if !pairs.iter().any(|(name, _)| *name == "client_id") {
        form.append_pair("client_id", "agent");
    }
    form.extend_pairs(pairs).finish().into_bytes()
}

fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", FORM.parse().unwrap());
    headers
}

fn location(reply: &Reply) -> &str {
    reply.headers.get("location").map_or("", |location| location.to_str().unwrap())
}

fn member_json(reply: &Reply) -> serde_json::Value {
    serde_json::from_slice(reply.body.as_bytes()).unwrap()
}

fn member(reply: &Reply, name: &str) -> String {
    let json = member_json(reply);
    json[name].as_str().unwrap_or_else(|| panic!("no {name}: {} {json}", reply.status)).to_owned()
}

fn failed(reply: &Reply, status: u16, error: &str) {
    let json = member_json(reply);
    assert_eq!((reply.status.as_u16(), json["error"].as_str()), (status, Some(error)), "{json}");
    assert!(json.get("access_token").is_none() && json.get("device_code").is_none(), "{json}");
}
