//! How long clients that registered themselves are kept, and what befalls them where their store fails.

use crate::common::*;
use async_trait::async_trait;
use proofkey::grant::Hash;
use proofkey::verifier::CodeVerifier;
use proofkey_server::client::{
    ClientStore, FoundClient, MemoryClients, NewClient, Registered, Room,
};
use proofkey_server::clock::Clock;
use proofkey_server::dev::{DevServer, More, development_client};
use proofkey_server::store::{Seen, StoreError};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const DAY: u64 = 86_400;

async fn register(server: &Running, redirect_uris: &[&str]) -> Answer {
    let metadata = json!({
        "redirect_uris": redirect_uris,
        "grant_types": ["authorization_code", "refresh_token"],
    });
    let json = [("Content-Type", "application/json")];
    send(server, "POST", "/register", &json, &metadata.to_string()).await
}

async fn registered(server: &Running) -> String {
    let answer = register(server, &["http://127.0.0.1/callback"]).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.member("client_id")
}

fn asking(client_id: &str) -> (CodeVerifier, String) {
    let verifier = CodeVerifier::generate().unwrap();
    let mut parameters = request(&verifier.challenge().to_text());
    parameters[1].1 = client_id.to_owned();
    (verifier, authorize(&parameters))
}

async fn redeem(server: &Running, client_id: &str, code: &str, verifier: &CodeVerifier) -> Answer {
    let mut pairs = redemption(code, verifier.expose_verifier());
    pairs[1].1 = client_id;
    token(server, &pairs).await
}

async fn sign_in(server: &Running, client_id: &str) -> Answer {
    let (verifier, target) = asking(client_id);
    let code = get(server, &target).await.sent("code").expect("no code");
    redeem(server, client_id, &code, &verifier).await
}

async fn refresh(server: &Running, client_id: &str, tokens: &Answer) -> Answer {
    let refresh_token = tokens.member("refresh_token");
    let pairs = [
        ("grant_type", "refresh_token"),
        ("client_id", client_id),
        ("refresh_token", &refresh_token),
    ];
    token(server, &pairs).await
}

/// CVE-2026-67437: a flood fills no more than there is room for, pushes out none that something was issued to, nor one
/// whose user may be just signing in; and when it ends there is room.
#[tokio::test]
async fn a_flood_pushes_out_no_client_that_has_something() {
    let clock = Clock::manual(1_800_000_000);
    let clients = Arc::new(MemoryClients::new(clock.clone()));
    let builder = DevServer::builder().auto_approve(true).max_registrations(3);
    let server = run(builder.registered_clients(clients)).await;
    let honest = registered(&server).await;
    let tokens = sign_in(&server, &honest).await;
    assert!(clock.advance(1));
    let (left_behind, late) = (registered(&server).await, registered(&server).await);
    let flood = async || {
        let mut kept = 0;
        for _ in 0..20 {
            let answer = register(&server, &["http://127.0.0.1/callback"]).await;
            assert!(matches!(answer.status, 201 | 503), "{}", answer.body);
            kept += u32::from(answer.status == 201);
        }
        kept
    };
    assert_eq!(flood().await, 0, "those that have just registered are spared");
    assert!(clock.advance(899));
    assert_eq!(flood().await, 0, "they are still");
    assert_eq!(sign_in(&server, &late).await.status, 200);
    assert!(clock.advance(1));
    assert_eq!(flood().await, 1, "in the place of one that was never used");
    assert_eq!(get(&server, &asking(&left_behind).1).await.status, 400);
    for client_id in [&honest, &late] {
        assert_eq!(sign_in(&server, client_id).await.status, 200);
    }
    let tokens = refresh(&server, &honest, &tokens).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    assert!(clock.advance(DAY));
    assert_eq!(flood().await, 1, "what was not used for a day is gone");
    assert_eq!(refresh(&server, &honest, &tokens).await.status, 200);
}

/// A client is kept as long as what it has is good, however often it was refreshed; then it is gone.
#[tokio::test]
async fn a_client_lives_as_long_as_its_tokens() {
    let clock = Clock::manual(1_800_000_000);
    let clients = Arc::new(MemoryClients::new(clock.clone()));
    let builder = DevServer::builder().auto_approve(true).registered_clients(clients);
    let server = run(builder.refresh_token_lifetime_s(10 * DAY)).await;
    let client_id = registered(&server).await;
    let mut tokens = sign_in(&server, &client_id).await;
    for _ in 0..30 {
        assert!(clock.advance(9 * DAY));
        tokens = refresh(&server, &client_id, &tokens).await;
        assert_eq!(tokens.status, 200, "{}", tokens.body);
    }
    assert_eq!(api(&server, &tokens.member("access_token")).await.status, 200);
    assert!(clock.advance(21 * DAY));
    assert_eq!(api(&server, &tokens.member("access_token")).await.status, 401);
    assert_eq!(refresh(&server, &client_id, &tokens).await.member("error"), "invalid_client");
}

/// What asks nobody for anything keeps no client: looking at the consent page, or a code that is none.
#[tokio::test]
async fn asking_alone_keeps_no_client() {
    let clock = Clock::manual(1_800_000_000);
    let clients = Arc::new(MemoryClients::new(clock.clone()));
    let server = run(DevServer::builder().registered_clients(clients)).await;
    let client_id = registered(&server).await;
    let (verifier, target) = asking(&client_id);
    assert_eq!(get(&server, &target).await.status, 200);
    let code = format!("{}.{}", "A".repeat(22), "A".repeat(43));
    let refused = redeem(&server, &client_id, &code, &verifier).await;
    assert_eq!(refused.member("error"), "invalid_grant");
    assert!(clock.advance(DAY));
    assert_eq!(get(&server, &target).await.status, 400);
}

/// A row has a bounded size.
#[tokio::test]
async fn large_metadata_are_not_kept() {
    let server = approving().await;
    let uri = format!("https://a.example/{}", "x".repeat(2_000));
    for (uris, status) in [(vec![&*uri; 4], 201), (vec![&*uri; 5], 400)] {
        let answer = register(&server, &uris).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        let error = if status == 400 { "invalid_client_metadata" } else { "" };
        assert_eq!(answer.member("error"), error);
    }
}

/// A scope that the server has taken back is nobody's, whenever they registered.
#[tokio::test]
async fn a_client_may_not_ask_for_what_is_offered_no_more() {
    let clients = Arc::new(MemoryClients::new(Clock::system()));
    let start = async |scopes: &[&str]| {
        let mut client = development_client();
        client.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let builder = DevServer::builder().auto_approve(true).client(client);
        run(builder.registered_clients(clients.clone())).await
    };
    let before = start(&["read", "write"]).await;
    let client_id = registered(&before).await;
    assert_eq!(sign_in(&before, &client_id).await.status, 200);
    let after = start(&["write"]).await;
    let answer = get(&after, &asking(&client_id).1).await;
    assert_eq!(answer.sent("error").as_deref(), Some("invalid_scope"));
    let again = start(&["read", "write"]).await;
    assert_eq!(sign_in(&again, &client_id).await.status, 200);
}

/// A store that fails on demand.
struct Failing {
    inner: MemoryClients,
    what: AtomicU8,
}

const NOTHING: u8 = 0;
const EVERYTHING: u8 = 1;
const KEEPING: u8 = 2;

impl Failing {
    fn new(clock: &Clock) -> Arc<Self> {
        let inner = MemoryClients::new(clock.clone());
        Arc::new(Self { inner, what: AtomicU8::new(NOTHING) })
    }

    fn fails(&self, what: u8) {
        self.what.store(what, Ordering::SeqCst);
    }

    fn ask(&self, what: u8) -> Result<&MemoryClients, StoreError> {
        match self.what.load(Ordering::SeqCst) {
            failing if failing == EVERYTHING || failing == what => Err(StoreError::Busy),
            _ => Ok(&self.inner),
        }
    }
}

#[async_trait]
impl ClientStore for Failing {
    async fn register(&self, new: NewClient, room: Room) -> Result<Registered, StoreError> {
        self.ask(EVERYTHING)?.register(new, room).await
    }

    async fn registered(&self, client_id: &str) -> Result<Seen<FoundClient>, StoreError> {
        self.ask(EVERYTHING)?.registered(client_id).await
    }

    async fn keep(&self, client_id: &str, lifetime_s: u64) -> Result<bool, StoreError> {
        self.ask(KEEPING)?.keep(client_id, lifetime_s).await
    }

    async fn unregister(&self, client_id: &str, token_hash: &Hash) -> Result<bool, StoreError> {
        self.ask(EVERYTHING)?.unregister(client_id, token_hash).await
    }
}

/// P29: where it cannot be found out who asks, nothing is issued and nothing taken; the server says that it has failed,
/// and never that the client is unknown, for then it would register anew. Configured clients do not notice.
#[tokio::test]
async fn a_store_of_clients_that_fails_refuses() {
    let clients = Failing::new(&Clock::system());
    let more = More { introspection: true, ..More::default() };
    let builder = DevServer::builder().auto_approve(true).more(more);
    let server = builder.registered_clients(clients.clone()).bind().await.unwrap();
    let secret = format!("Bearer {}", server.introspection_secret().unwrap().expose());
    let server = start(server);
    let answer = register(&server, &["http://127.0.0.1/callback"]).await;
    let client_id = answer.member("client_id");
    let management = format!("Bearer {}", answer.member("registration_access_token"));
    let tokens = sign_in(&server, &client_id).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    let access_token = tokens.member("access_token");
    let resource = format!("{}/api", server.issuer);
    let introspect = async || {
        let headers = [FORM, ("Authorization", secret.as_str())];
        send(&server, "POST", "/introspect", &headers, &form(&[("token", &access_token)])).await
    };
    let leave = async || {
        let headers = [("Authorization", management.as_str())];
        send(&server, "DELETE", &format!("/register/{client_id}"), &headers, "").await
    };
    let (_, target) = asking(&client_id);
    let pushed = target.split_once('?').unwrap().1;
    let device = form(&[("client_id", &client_id), ("scope", "read"), ("resource", &resource)]);

    clients.fails(EVERYTHING);
    for target in [&target, &format!("/end_session?client_id={client_id}")] {
        let page = get(&server, target).await;
        assert_eq!((page.status, page.header("location")), (503, None), "{target}");
    }
    for answer in [
        register(&server, &["http://127.0.0.1/callback"]).await,
        send(&server, "POST", "/par", &[FORM], pushed).await,
        send(&server, "POST", "/device_authorization", &[FORM], &device).await,
        refresh(&server, &client_id, &tokens).await,
        leave().await,
    ] {
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert_eq!(answer.member("error"), "temporarily_unavailable");
    }
    assert_eq!(api(&server, &access_token).await.status, 503);
    assert_eq!(introspect().await.status, 503);
    assert_eq!(sign_in(&server, "proofkey-dev").await.status, 200);

    clients.fails(NOTHING);
    assert_eq!(api(&server, &access_token).await.status, 200);
    assert_eq!(introspect().await.json()["active"], true);
    let tokens = refresh(&server, &client_id, &tokens).await;
    assert_eq!(tokens.status, 200, "the refresh token was not used up: {}", tokens.body);
    assert_eq!(leave().await.status, 204);
    assert_eq!(introspect().await.json()["active"], false);
}

/// P29: no code goes to a client that cannot be kept. Where tokens are written already, the answer has them, and the
/// next refresh keeps their client.
#[tokio::test]
async fn a_client_that_cannot_be_kept_gets_no_code() {
    let clock = Clock::manual(1_800_000_000);
    let clients = Failing::new(&clock);
    let builder = DevServer::builder().auto_approve(true).registered_clients(clients.clone());
    let server = run(builder).await;
    let client_id = registered(&server).await;
    let (verifier, target) = asking(&client_id);
    clients.fails(KEEPING);
    let answer = get(&server, &target).await;
    assert_eq!(answer.sent("error").as_deref(), Some("temporarily_unavailable"));
    assert_eq!(answer.sent("code"), None);
    clients.fails(NOTHING);
    let code = get(&server, &target).await.sent("code").unwrap();
    let tokens = redeem(&server, &client_id, &code, &verifier).await;
    assert!(clock.advance(15 * DAY));
    clients.fails(KEEPING);
    let tokens = refresh(&server, &client_id, &tokens).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    clients.fails(NOTHING);
    let tokens = refresh(&server, &client_id, &tokens).await;
    assert!(clock.advance(27 * DAY));
    assert_eq!(api(&server, &tokens.member("access_token")).await.status, 200);
}
