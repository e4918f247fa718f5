//! An authorization server with users of its own: a page that signs them in, sessions in memory, grants in a
//! SQLite file.
//!
//! ```sh
//! cargo run -p proofkey-server --example own_users -- grants.db 8080
//! cargo run -p proofkey-cli -- login --issuer http://127.0.0.1:8080 --client-id notes
//! ```
//!
//! Sign in as `ada` with the password `lovelace`. Passwords of a real server are hashes by Argon2 in a table, and
//! its sign-in counts failures.
#![allow(clippy::print_stdout, reason = "a program says where it listens")]

use async_trait::async_trait;
use axum::extract::{Form, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use http::HeaderMap;
use http::header::{COOKIE, SET_COOKIE};
use proofkey::grant::client::ClientRecord;
use proofkey::grant::policy::Policy;
use proofkey::verifier::CodeVerifier;
use proofkey_server::client::Clients;
use proofkey_server::clock::Clock;
use proofkey_server::counters::Counters;
use proofkey_server::devices::Devices;
use proofkey_server::endpoint::authorize::SignIn;
use proofkey_server::endpoint::page::escape;
use proofkey_server::endpoint::{AuthorizationServer, Reply};
use proofkey_server::narrate::Narrator;
use proofkey_server::openid::{Algorithm, OpenId};
use proofkey_server::pending::MemoryPending;
use proofkey_server::possession::Possession;
use proofkey_server::pushed::PushedRequests;
use proofkey_server::serve::serve;
use proofkey_server::site::{People, Site, User, Visit, Who, operations};
use proofkey_server::store::SqliteStore;
use serde::Deserialize;
use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

/// Who is signed in, by the value of the session's cookie.
struct Sessions {
    users: Mutex<HashMap<String, User>>,
    clock: Clock,
}

impl Sessions {
    /// The session's cookie, if the password is right.
    fn begin(&self, name: &str, password: &str) -> Option<String> {
        if (name, password) != ("ada", "lovelace") {
            return None;
        }
        let sign_in = SignIn { auth_time: self.clock.now().ok()?, acr: None };
        let user = User { subject: "user-1".into(), name: name.to_owned(), sign_in };
        // 256 random bits, as a verifier has them.
        let session = CodeVerifier::generate().ok()?.expose_verifier().to_owned();
        self.users.lock().ok()?.insert(session.clone(), user);
        Some(format!("session={session}; Path=/; HttpOnly; SameSite=Lax"))
    }

    fn of(&self, headers: &HeaderMap) -> Option<(String, User)> {
        let cookies = headers.get(COOKIE)?.to_str().ok()?;
        let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        let (_, session) = pairs.find(|(name, _)| *name == "session")?;
        let user = self.users.lock().ok()?.get(session)?.clone();
        Some((session.to_owned(), user))
    }
}

#[async_trait]
impl People for Sessions {
    async fn who(&self, visit: Visit<'_>) -> Who {
        match self.of(visit.headers) {
            Some((_, user)) => Who::User(user),
            None => {
                let back = form_urlencoded::byte_serialize(visit.return_to.as_bytes());
                let back: String = back.collect();
                Who::Elsewhere(Reply::see_other(&format!("/sign-in?return_to={back}")))
            }
        }
    }

    async fn signed_out(&self, headers: &HeaderMap, reply: &mut Reply) {
        if let (Some((session, _)), Ok(mut users)) = (self.of(headers), self.users.lock()) {
            users.remove(&session);
        }
        reply.set_cookie("session=; Path=/; Max-Age=0");
    }
}

#[derive(Deserialize)]
struct Back {
    return_to: String,
}

#[derive(Deserialize)]
struct Credentials {
    name: String,
    password: String,
}

async fn ask(Query(back): Query<Back>) -> Html<String> {
    Html(format!(
        "<!doctype html><title>Sign in</title><form method=\"post\" action=\"?return_to={}\">\
         <input name=\"name\" aria-label=\"Name\" autofocus> \
         <input name=\"password\" type=\"password\" aria-label=\"Password\"> <button>Sign in</button></form>",
        escape(&form_urlencoded::byte_serialize(back.return_to.as_bytes()).collect::<String>())
    ))
}

async fn sign_in(
    State(sessions): State<Arc<Sessions>>,
    Query(back): Query<Back>,
    Form(said): Form<Credentials>,
) -> Response {
    // Only to ourselves: an open redirect would serve a phisher. Browsers read a backslash as a slash, and leave tabs
    // and the ends of lines out.
    let ours = back.return_to.starts_with('/')
        && !back.return_to.starts_with("//")
        && back.return_to.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    match sessions.begin(&said.name, &said.password) {
        Some(cookie) if ours => {
            ([(SET_COOKIE, cookie)], Redirect::to(&back.return_to)).into_response()
        }
        _ => (http::StatusCode::FORBIDDEN, "name or password is wrong\n").into_response(),
    }
}

fn server(store: SqliteStore, issuer: &str) -> Result<AuthorizationServer, Box<dyn Error>> {
    let clock = Clock::system();
    let client = ClientRecord {
        client_id: "notes".into(),
        name: "Notes".into(),
        redirect_uris: vec!["http://127.0.0.1/callback".into()],
        scopes: vec!["read".into(), "write".into()],
        may_refresh: true,
    };
    let pending = Arc::new(MemoryPending::new(clock.clone()));
    Ok(AuthorizationServer {
        store: Arc::new(store),
        policy: Policy::new(issuer)?,
        clients: Arc::new(Clients::new([client])),
        narrator: Narrator::new(),
        counters: Arc::new(Counters::default()),
        pushed: Arc::new(PushedRequests::new(pending.clone(), 60)),
        devices: Arc::new(Devices::new(pending.clone(), 600, 5)),
        possession: Arc::new(Possession::new(pending)),
        introspection: None,
        openid: Arc::new(OpenId::new(Algorithm::Es256, Some(86_400), clock.now()?)?),
        clock,
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which file are the grants in?")?;
    let port = arguments.next().map_or(Ok(0), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let issuer = format!("http://{}", listener.local_addr()?);
    let server = server(SqliteStore::open(file)?, &issuer)?;
    let sessions = Arc::new(Sessions { users: Mutex::default(), clock: Clock::system() });
    let site = Site::new(server.clone(), sessions.clone())?.token_requests_per_minute(120);
    let ours = axum::Router::new().route("/sign-in", get(ask).post(sign_in)).with_state(sessions);
    let private = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("issuer      {issuer}\noperations  http://{}", private.local_addr()?);
    let deadline = Duration::from_secs(5);
    tokio::join!(
        serve(listener, site.router().merge(ours), interrupted(), deadline),
        serve(private, operations(server), interrupted(), deadline),
    );
    Ok(())
}

/// Ctrl-C, or never where that cannot be heard.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
