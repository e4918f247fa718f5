//! The end of a browser session (OpenID Connect RP-Initiated Logout): judge the request, ask the user, answer.

use super::{AuthorizationServer, Reply, page};
use http::StatusCode;
use proofkey::grant::client::ClientRecord;
use proofkey::grant::posted::check_form;
use std::sync::Arc;

/// No request is longer, in bytes.
const MAX_QUERY: usize = 8 * 1024;

/// A request that may be shown to the user. `Debug` leaves out where the browser goes, with the client's state.
pub struct SignOut {
    /// The client that asks, where the request says so.
    pub client: Option<Arc<ClientRecord>>,
    /// Where the browser goes afterwards: it is registered.
    pub return_to: Option<String>,
}

impl std::fmt::Debug for SignOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignOut").field("client", &self.client).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Fields {
    id_token_hint: Option<String>,
    client_id: Option<String>,
    post_logout_redirect_uri: Option<String>,
    state: Option<String>,
}

/// Judges the parameters of a request, in the form of a query.
///
/// # Errors
/// The reply to send: a page with status 400. Nothing is redirected then (RP-Initiated Logout §4).
pub async fn judge(server: &AuthorizationServer, query: &str) -> Result<SignOut, Box<Reply>> {
    let refused = |description: &str| {
        server.counters.answered("logout", "refused");
        server.narrator.say("logout", || format!("refused on a page: {description}"));
        Box::new(page::problem(StatusCode::BAD_REQUEST, "invalid_request", description))
    };
    let fields = Fields::read(query).ok_or_else(|| {
        refused("the request is too long, badly encoded, or a parameter stands in it twice")
    })?;
    let now = server.clock.now().map_err(|_| refused("the server has no time"))?;
    let hint = match &fields.id_token_hint {
        None => None,
        Some(token) => {
            Some(server.openid.hint(token, &server.policy.issuer, now).ok_or_else(|| {
                refused("the id_token_hint is no ID token of this server, or its key is gone")
            })?)
        }
    };
    let named = hint.map(|hint| hint.client_id);
    if let (Some(hinted), Some(client_id)) = (&named, &fields.client_id)
        && hinted != client_id
    {
        return Err(refused("the id_token_hint was issued to another client"));
    }
    let client = match named.or(fields.client_id) {
        None => None,
        Some(client_id) => {
            let found = server.clients.find(&client_id).await;
            Some(found.map_err(|unknown| match unknown.answer() {
                (StatusCode::BAD_REQUEST, _) => refused(&unknown.to_string()),
                (status, error) => Box::new(page::problem(status, error, &unknown.to_string())),
            })?)
        }
    };
    let return_to = match fields.post_logout_redirect_uri {
        None => None,
        Some(_) if client.is_none() => {
            return Err(refused("post_logout_redirect_uri needs id_token_hint or client_id"));
        }
        Some(uri) if !server.openid.may_return_to(&uri) => {
            return Err(refused("the post_logout_redirect_uri is not registered"));
        }
        Some(uri) => Some(with_state(&uri, fields.state.as_deref())),
    };
    Ok(SignOut { client, return_to })
}

/// The user wants it: the browser goes back, or sees a page.
#[must_use]
pub fn done(server: &AuthorizationServer, sign_out: &SignOut) -> Reply {
    server.counters.answered("logout", "signed_out");
    server.narrator.say("logout", || "the user has signed out".into());
    match &sign_out.return_to {
        Some(location) => Reply::see_other(location),
        None => {
            let body = "<p>You can close this page.</p>";
            page::html(StatusCode::OK, "You are signed out", body, page::Forms::None)
        }
    }
}

fn with_state(uri: &str, state: Option<&str>) -> String {
    let Some(state) = state else {
        return uri.to_owned();
    };
    let mut form = form_urlencoded::Serializer::new(String::new());
    let pair = form.append_pair("state", state).finish();
    format!("{uri}{}{pair}", if uri.contains('?') { '&' } else { '?' })
}

impl Fields {
    fn read(query: &str) -> Option<Self> {
        if query.len() > MAX_QUERY || check_form(query.as_bytes()).is_err() {
            return None;
        }
        let mut fields = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let field = match &*name {
                "id_token_hint" => &mut fields.id_token_hint,
                "client_id" => &mut fields.client_id,
                "post_logout_redirect_uri" => &mut fields.post_logout_redirect_uri,
                "state" => &mut fields.state,
                _ => continue,
            };
            // An empty value counts as none (RFC 6749 §3.1).
            if !value.is_empty() {
                *field = Some(value.into_owned());
            }
        }
        Some(fields)
    }
}
