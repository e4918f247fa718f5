//! The authorization endpoint (RFC 6749 §3.1): judge the request, ask the user, answer.
//!
//! Asking is the server's own: it shows what [`judge`] gives, and calls [`allow`] or [`deny`]. What
//! comes back from a form is a new request and is judged anew.

use super::{AuthorizationServer, Reply, page};
use crate::drive::run_issue;
use crate::narrate::short;
use http::StatusCode;
use proofkey::grant::client::ClientRecord;
use proofkey::grant::issue::{Approval, Issue};
use proofkey::grant::request::{GrantRequest, RequestRefusal};
use std::sync::Arc;

/// A request that may be shown to the user, and whose it is.
#[derive(Debug)]
pub struct Asked {
    /// The request.
    pub request: GrantRequest,
    /// The client's record.
    pub client: Arc<ClientRecord>,
}

/// Judges the query of an authorization request (P20, P26).
///
/// # Errors
/// The reply to send: a page with status 400 where nothing may be redirected, else a 303 to the
/// client with the error.
pub async fn judge(server: &AuthorizationServer, query: &str) -> Result<Asked, Box<Reply>> {
    let refused = |refusal| Box::new(refused(server, refusal));
    let client_id = GrantRequest::client_id_of(query).map_err(refused)?;
    let client = server.clients.find(&client_id).await.map_err(|unknown| {
        server.narrator.say("authorize", || format!("refused on a page: {unknown}"));
        let error = "invalid_client";
        Box::new(page::problem(StatusCode::BAD_REQUEST, error, &unknown.to_string()))
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
    Ok(Asked { request, client })
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
) -> Reply {
    let outcome = match Issue::new(request, approval, &server.policy) {
        Ok(flow) => run_issue(&*server.store, flow, &server.narrator).await,
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

/// The user denies it: `access_denied` goes to the client.
#[must_use]
pub fn deny(server: &AuthorizationServer, request: &GrantRequest) -> Reply {
    server
        .narrator
        .say("authorize", || "denied by the user: access_denied goes to the client".into());
    Reply::see_other(&request.deny(&server.policy))
}
