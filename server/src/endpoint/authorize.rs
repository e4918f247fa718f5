//! The authorization endpoint (RFC 6749 §3.1): judge the request, ask the user, answer.
//!
//! Asking is the server's own: it shows what [`judge`] gives, and calls [`allow`] or [`decline`]. What
//! comes back from a form is a new request and is judged anew.

use super::{AuthorizationServer, Reply, page};
use crate::drive::run_issue;
use crate::narrate::short;
use http::StatusCode;
use proofkey::grant::client::ClientRecord;
use proofkey::grant::issue::{Approval, Issue};
use proofkey::grant::request::{Decline, GrantRequest, RequestRefusal};
use std::sync::Arc;

/// The authentication context classes that a sign-in may have, if its request asks for one.
pub const ACR_VALUES: [&str; 2] = ["urn:proofkey:strong", "urn:proofkey:basic"];

/// How a user has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// When, in seconds since the epoch.
    pub auth_time: u64,
    /// The authentication context class, if one can be told.
    pub acr: Option<String>,
}

impl SignIn {
    /// At this moment, and in the class that the request prefers of those that there are.
    #[must_use]
    pub fn as_asked(request: &GrantRequest, now: u64) -> Self {
        let acr = request.acr_values().iter().find(|acr| ACR_VALUES.contains(&acr.as_str()));
        Self { auth_time: now, acr: acr.cloned() }
    }
}

/// A request that may be shown to the user, and whose it is. `Debug` leaves out the query, which holds the client's
/// state.
pub struct Asked {
    /// Its parameters as a query: that of the address, or what was pushed in its place (RFC 9126). They can be
    /// judged again.
    pub query: String,
    /// The request.
    pub request: GrantRequest,
    /// The client's record.
    pub client: Arc<ClientRecord>,
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asked").field("request", &self.request).finish_non_exhaustive()
    }
}

/// Takes the query of an authorization request as it arrived: a pushed request takes its place (RFC 9126 §4), and
/// is then forgotten. Then it is judged.
///
/// # Errors
/// Those of [`judge`]; a page as well where nothing was pushed, and it had to be.
pub async fn arrive(server: &AuthorizationServer, query: &str) -> Result<Asked, Box<Reply>> {
    let page = |description: &str| {
        server.counters.answered("authorize", "refused");
        server.narrator.say("authorize", || format!("refused on a page: {description}"));
        Box::new(page::problem(StatusCode::BAD_REQUEST, "invalid_request", description))
    };
    let Some(uri) = GrantRequest::request_uri_of(query) else {
        if server.pushed.is_required() {
            server.counters.arrived("authorize", "plain");
            return Err(page("this server takes pushed requests only (RFC 9126)"));
        }
        server.counters.arrived("authorize", "plain");
        return judge(server, query).await;
    };
    server.counters.arrived("authorize", "pushed");
    let refused = |refusal| Box::new(refused(server, refusal));
    let client_id = GrantRequest::client_id_of(query).map_err(refused)?;
    let taken = server.pushed.take(&uri, &client_id).await.map_err(|error| {
        tracing::error!(target: crate::narrate::TARGET, %error, "the store of pushed requests failed");
        unavailable("the server cannot look up what was pushed: try again")
    })?;
    let Some(pushed) = taken else {
        return Err(page(
            "the request_uri is unknown, expired, was used, or is another client's (RFC 9126)",
        ));
    };
    judge(server, &pushed).await
}

/// The user is sent elsewhere first, to sign in, and comes back with the query that [`arrive`] took: what was
/// pushed is kept for that time (RFC 9126 §4: a reference is used once, and reloading a page is no second use).
///
/// # Errors
/// A page with status 503 where it cannot be kept: the user would sign in for nothing.
pub async fn come_again(
    server: &AuthorizationServer,
    query: &str,
    asked: &Asked,
) -> Result<(), Box<Reply>> {
    let Some(uri) = GrantRequest::request_uri_of(query) else {
        return Ok(());
    };
    server.pushed.put_back(&uri, &asked.client.client_id, &asked.query).await.map_err(|error| {
        tracing::error!(target: crate::narrate::TARGET, %error, "the store of pushed requests failed");
        unavailable("the server cannot keep what was pushed: begin anew")
    })
}

/// It is the server that failed, and the user may try again.
fn unavailable(description: &str) -> Box<Reply> {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    Box::new(page::problem(status, "temporarily_unavailable", description))
}

/// Judges the query of an authorization request (P20, P26).
///
/// # Errors
/// The reply to send: a page with status 400 where nothing may be redirected, or 503 where it cannot be found out
/// who asks; else a 303 to the client with the error.
pub async fn judge(server: &AuthorizationServer, query: &str) -> Result<Asked, Box<Reply>> {
    let refused = |refusal| Box::new(refused(server, refusal));
    let client_id = GrantRequest::client_id_of(query).map_err(refused)?;
    let client = server.clients.find(&client_id).await.map_err(|unknown| {
        server.narrator.say("authorize", || format!("refused on a page: {unknown}"));
        let (status, error) = unknown.answer();
        Box::new(page::problem(status, error, &unknown.to_string()))
    })?;
    let request = GrantRequest::judge(query, &client, &server.policy).map_err(refused)?;
    server.narrator.say("authorize", || {
        format!(
            "client {:?} asks for {} with the S256 challenge {}",
            client.client_id,
            match request.scopes() {
                [] => "no scope".to_owned(),
                scopes => format!("{scopes:?}"),
            },
            short(&request.code_challenge().to_text())
        )
    });
    Ok(Asked { query: query.to_owned(), request, client })
}

fn refused(server: &AuthorizationServer, refusal: RequestRefusal) -> Reply {
    match refusal {
        RequestRefusal::Page { error, description } => {
            server.narrator.say("authorize", || {
                format!("refused with {error} on a page, nothing is redirected: {description}")
            });
            page::problem(StatusCode::BAD_REQUEST, error, description)
        }
        RequestRefusal::Redirect { location, error } => {
            server.narrator.say("authorize", || format!("refused: {error} goes to the client"));
            Reply::see_other(&location)
        }
    }
}

/// The user allows it: puts the grant and sends the code to the client.
///
/// A store that fails or is full sends an error there instead (P29). Where not even a redirect can be
/// made (a failing generator, more approved than asked for), the reply is a page with status 500.
pub async fn allow(
    server: &AuthorizationServer,
    request: GrantRequest,
    approval: Approval,
    sign_in: SignIn,
) -> Reply {
    if let Err(reply) = keep(server, &request).await {
        return *reply;
    }
    let SignIn { auth_time, acr } = sign_in;
    let outcome = match Issue::new(request, approval, &server.policy) {
        Ok(flow) => {
            let flow = flow.signed_in(auth_time, acr);
            run_issue(&*server.store, flow, &server.narrator).await
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(outcome) => {
            server.narrator.say("authorize", || {
                let grant_id = short(&outcome.grant_id);
                if outcome.issued {
                    format!("the code of grant {grant_id} goes to the client by redirect")
                } else {
                    format!("no code: grant {grant_id} could not be stored")
                }
            });
            Reply::see_other(outcome.location.expose())
        }
        Err(error) => {
            server.narrator.say("authorize", || format!("no code was issued: {error}"));
            let description = "no code could be issued";
            page::problem(StatusCode::INTERNAL_SERVER_ERROR, "server_error", description)
        }
    }
}

/// A client that registered itself must be there when the code comes back.
async fn keep(server: &AuthorizationServer, request: &GrantRequest) -> Result<(), Box<Reply>> {
    let (clients, client_id) = (&server.clients, request.client_id());
    let kept = match clients.standing(client_id).await {
        Ok(standing) => clients.keep(client_id, standing, &server.policy).await,
        Err(unknown) => Err(unknown),
    };
    match kept {
        Ok(true) => Ok(()),
        Ok(false) => {
            server.narrator.say("authorize", || "no code: the client is registered no more".into());
            let description = "the client that asks is registered no more";
            Err(Box::new(page::problem(StatusCode::BAD_REQUEST, "invalid_client", description)))
        }
        Err(_) => Err(Box::new(decline(server, request, Decline::TemporarilyUnavailable))),
    }
}

/// It comes to nothing: the user denies it, or nobody may be asked (`prompt=none`, OpenID Connect Core §3.1.2.6), or
/// the user has not signed in as the request demands. The client is told which.
#[must_use]
pub fn decline(server: &AuthorizationServer, request: &GrantRequest, why: Decline) -> Reply {
    let error = why.as_str();
    server.counters.answered("authorize", error);
    server.narrator.say("authorize", || format!("no code: {error} goes to the client"));
    Reply::see_other(&request.decline(why, &server.policy))
}
