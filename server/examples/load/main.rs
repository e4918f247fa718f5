//! Signs in again and again over connections that stay open, and says how fast the server answered.
//!
//! ```text
//! load AUTHORIZATION_ENDPOINT TOKEN_ENDPOINT CLIENT_ID REDIRECT_URI SCOPE CONNECTIONS SECONDS
//! ```
//!
//! One sign-in is one authorization request (GET) and the redemption of its code (POST), with a
//! verifier of its own (RFC 7636, S256); what comes back is checked. Each connection is a browser
//! with its own cookies: before the clock runs it signs in once, over as many redirects as the
//! server wants. It writes one line of JSON; a wrong answer ends it with a message.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program says its figures")]

mod connection;

use connection::{Connection, Failed};
use proofkey::verifier::CodeVerifier;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// So many redirects to itself a server may need for the first sign-in.
const MAX_REDIRECTS: usize = 10;

/// Where to sign in, and as whom.
struct Server {
    authority: String,
    authorization: String,
    token: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
}

impl Server {
    /// One sign-in; the number of requests that it took.
    async fn sign_in(&self, connection: &mut Connection) -> Result<usize, Failed> {
        let verifier = CodeVerifier::generate().map_err(|error| error.to_string())?;
        let state = CodeVerifier::generate().map_err(|error| error.to_string())?;
        let state = state.expose_verifier();
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &self.scope)
            .append_pair("state", state)
            .append_pair("code_challenge", &verifier.challenge().to_text())
            .append_pair("code_challenge_method", "S256")
            .finish();
        let mut target = format!("{}?{query}", self.authorization);
        let mut requests = 0;
        let location = loop {
            let answer = connection.get(&target).await?;
            requests += 1;
            let location = match (answer.status, answer.location) {
                (302 | 303, Some(location)) if requests <= MAX_REDIRECTS => location,
                (status, _) => return Err(format!("{target} was answered by {status}").into()),
            };
            if location.starts_with(&self.redirect_uri) {
                break location;
            }
            target = path(&location, &self.authority)?;
        };
        let (_, answer) = location.split_once('?').ok_or("a redirect without a query")?;
        let of = |name: &str| {
            let found = form_urlencoded::parse(answer.as_bytes()).find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned())
        };
        if of("state").as_deref() != Some(state) {
            return Err("the state is another one".into());
        }
        let code = of("code").ok_or_else(|| format!("no code in {location}"))?;
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("code", &code)
            .append_pair("code_verifier", verifier.expose_verifier())
            .finish();
        let answer = connection.post(&self.token, &body).await?;
        let tokens: serde_json::Value = serde_json::from_slice(&answer.body)?;
        if answer.status != 200 || !tokens["access_token"].is_string() {
            return Err(format!("the code was answered by {}: {tokens}", answer.status).into());
        }
        if !tokens["refresh_token"].is_string() {
            return Err("there is no refresh token".into());
        }
        Ok(requests + 1)
    }

    /// Signs in until the time is over; how long each took, and the most requests that one took.
    async fn keep_on(
        &self,
        mut connection: Connection,
        until: Instant,
    ) -> Result<(Vec<Duration>, usize), Failed> {
        let (mut took, mut requests) = (Vec::new(), 0);
        while Instant::now() < until {
            let begun = Instant::now();
            requests = requests.max(self.sign_in(&mut connection).await?);
            took.push(begun.elapsed());
        }
        Ok((took, requests))
    }
}

/// The path and query of an address of this server.
fn path(address: &str, authority: &str) -> Result<String, Failed> {
    if address.starts_with('/') {
        return Ok(address.to_owned());
    }
    let rest = address.strip_prefix("http://").and_then(|rest| rest.strip_prefix(authority));
    match rest {
        Some("") => Ok("/".into()),
        Some(path) if path.starts_with(['/', '?']) => Ok(path.to_owned()),
        _ => Err(format!("{address} is no address of {authority}").into()),
    }
}

async fn run(arguments: &[String]) -> Result<String, Failed> {
    let [authorization, token, client_id, redirect_uri, scope, connections, seconds] = arguments
    else {
        return Err("wrong usage: see the top of this program".into());
    };
    let authority = authorization
        .strip_prefix("http://")
        .and_then(|rest| rest.split('/').next())
        .ok_or("the authorization endpoint has no http address")?
        .to_owned();
    let server: &'static Server = Box::leak(Box::new(Server {
        authorization: path(authorization, &authority)?,
        token: path(token, &authority)?,
        authority,
        client_id: client_id.clone(),
        redirect_uri: redirect_uri.clone(),
        scope: scope.clone(),
    }));
    let mut ready = Vec::new();
    let mut first = 0;
    for _ in 0..connections.parse::<usize>()? {
        let mut connection = Connection::open(&server.authority).await?;
        first = server.sign_in(&mut connection).await?;
        ready.push(connection);
    }
    let begun = Instant::now();
    let until = begun + Duration::from_secs_f64(seconds.parse()?);
    let tasks: Vec<_> = ready
        .into_iter()
        .map(|connection| tokio::spawn(server.keep_on(connection, until)))
        .collect();
    let (mut took, mut requests) = (Vec::new(), 0);
    for task in tasks {
        let (of_task, most) = task.await??;
        took.extend(of_task);
        requests = requests.max(most);
    }
    let seconds = begun.elapsed().as_secs_f64();
    took.sort_unstable();
    let quantile = |of: f64| {
        let at = (took.len() as f64 * of) as usize;
        took.get(at.min(took.len() - 1)).map(Duration::as_secs_f64)
    };
    if took.is_empty() {
        return Err("no sign-in ended in time".into());
    }
    Ok(serde_json::json!({
        "sign_ins": took.len(),
        "seconds": seconds,
        "p50_s": quantile(0.5),
        "p99_s": quantile(0.99),
        "requests_first": first,
        "requests_each": requests,
    })
    .to_string())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments).await {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}
