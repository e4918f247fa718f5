//! The end of what is kept: revoked at the server (RFC 7009), and forgotten here in any case.

use super::exchange::answer;
use super::{AccessOutcome, Context};
use crate::error::{Error, cleaned};
use crate::form::FormWriter;
use crate::http::{HttpRequest, HttpResponse, MAX_BODY};
use crate::json;
use crate::keep::grant::Grant;
use crate::keep::key;
use crate::secret::Secret;
use crate::step::{Event, Step};

/// How errors call the endpoint.
const ENDPOINT: &str = "the revocation endpoint";

/// How long a revocation may take, in milliseconds.
const TIMEOUT_MS: u64 = 15_000;

impl Context {
    pub(super) async fn sign_out(&self) -> Result<AccessOutcome, Error> {
        let who = self.signed_in().await?;
        let (outcome, registered_as) = match &who {
            Some(who) => {
                let place = self.place_of(who);
                self.vault.locked(&place, self.forget(&place)).await?
            }
            None => (signed_out(None, None), None),
        };
        let config = &self.config;
        let target = config.target();
        let client_id = config.client_id.as_deref();
        self.vault.put(&key::signed_in(&target, client_id), None).await?;
        // A sign-in at a resource has left a second pointer, for those who name the client as well.
        if let (None, Some(who), Some(_)) = (client_id, &who, &config.resource) {
            self.vault.put(&key::signed_in(&target, Some(&who.client_id)), None).await?;
        }
        self.vault.put(&key::pending(&target, client_id), None).await?;
        // Also where no sign-in ever came to its end: a server that has forgotten the client may be why.
        let issuer = who.as_ref().map(|who| &who.issuer).or(config.issuer.as_ref());
        let named = config.client_name.as_ref().filter(|_| client_id.is_none());
        if let (Some(issuer), Some(name)) = (issuer, registered_as.as_ref().or(named)) {
            self.vault.put(&key::client(issuer, name), None).await?;
        }
        Ok(outcome)
    }

    /// What came of it, and the name that the client was registered by.
    async fn forget(&self, place: &str) -> Result<(AccessOutcome, Option<String>), Error> {
        // What cannot be read cannot be revoked, and is forgotten all the same.
        let (_, bytes) = self.vault.load_bytes(place).await?;
        let out = match bytes.map(|bytes| Grant::open(self.vault.key(), place, bytes.expose())) {
            None => (signed_out(None, None), None),
            Some(Err(unreadable)) => (signed_out(Some(false), Some(unreadable)), None),
            Some(Ok(grant)) => {
                let outcome = match self.revoke(&grant).await {
                    Ok(()) => signed_out(Some(true), None),
                    Err(mistake @ (Error::UnexpectedEvent { .. } | Error::Cancelled)) => {
                        return Err(mistake);
                    }
                    Err(error) => signed_out(Some(false), Some(error)),
                };
                let end_session_url = end_session_url(&grant);
                (AccessOutcome { end_session_url, ..outcome }, grant.registered_as)
            }
        };
        self.vault.put(place, None).await?;
        Ok(out)
    }

    /// Revokes the refresh token, and with it the grant; where there is none, the access token.
    pub(super) async fn revoke(&self, grant: &Grant) -> Result<(), Error> {
        let Some(endpoint) = &grant.revocation_endpoint else {
            let description = None;
            let error = "the server has no revocation endpoint".to_owned();
            return Err(Error::RequestRefused { error, description });
        };
        let tokens = &grant.tokens;
        let (token, hint) = match tokens.expose_refresh_token() {
            Some(token) => (token, "refresh_token"),
            None => (tokens.expose_access_token(), "access_token"),
        };
        let mut body = FormWriter::body();
        body.pair("token", token)
            .pair("token_type_hint", hint)
            .pair("client_id", &tokens.client_id);
        let request = HttpRequest::form_post(endpoint, body.finish(), TIMEOUT_MS);
        match self.io.perform(Step::Send { request, finish: false }).await {
            // RFC 7009 §2.2: 200 whatever the token was. The body is of no interest.
            Event::Response(response) if response.status == 200 => Ok(()),
            Event::Response(response) if matches!(response.status, 429 | 500..=599) => {
                let what = format!("HTTP {}", response.status);
                Err(Error::ServerUnavailable { what, description: None })
            }
            event => Err(refused(&answer(event, ENDPOINT)?, token)),
        }
    }
}

/// Where the browser ends its session (OpenID Connect RP-Initiated Logout §2): only who signed in with an ID
/// token has one to name.
fn end_session_url(grant: &Grant) -> Option<Secret> {
    let endpoint = grant.end_session_endpoint.as_deref()?;
    let id_token = grant.tokens.id_token.as_ref()?;
    let mut url = FormWriter::query(endpoint);
    url.pair("id_token_hint", id_token.expose()).pair("client_id", &grant.tokens.client_id);
    Some(url.finish())
}

/// A refusal (RFC 7009 §2.2.1): an error of RFC 6749 §5.2, else an answer that says nothing. Words that repeat
/// the token are not shown.
fn refused(response: &HttpResponse, token: &str) -> Error {
    let (endpoint, status) = (ENDPOINT, response.status);
    let reason = "is not the 200 that says that the token is revoked (RFC 7009 §2.2)";
    let malformed = Error::MalformedResponse { endpoint, status, reason };
    if !(400..500).contains(&status) || response.body.len() as u64 > MAX_BODY || !response.is_json()
    {
        return malformed;
    }
    let Ok(members) = json::read(&response.body, ["error", "error_description"]) else {
        return malformed;
    };
    let shown = |name| members.text(name).ok().flatten().filter(|text| !text.contains(token));
    let Some(error) = shown("error").map(|error| cleaned(&error)) else {
        return malformed;
    };
    let description = shown("error_description").map(|text| cleaned(&text));
    match &*error {
        "invalid_client" | "unauthorized_client" => Error::ClientRefused { error, description },
        _ => Error::RequestRefused { error, description },
    }
}

const fn signed_out(revoked: Option<bool>, warning: Option<Error>) -> AccessOutcome {
    AccessOutcome {
        tokens: None,
        source: None,
        stored: true,
        revoked,
        warning,
        end_session_url: None,
        discovered: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Header;

    fn told(status: u16, body: &str) -> Error {
        let headers = vec![Header::new("Content-Type", "application/json")];
        refused(&HttpResponse::new(status, headers, body.as_bytes().to_vec()), "rt-1")
    }

    #[test]
    fn a_refusal_is_told_in_the_servers_words_and_never_with_the_token() {
        let words = |text: &str| Some(text.to_owned());
        assert_eq!(
            told(
                400,
                r#"{"error":"unsupported_token_type","error_description":"not\u001b[2J here"}"#
            ),
            Error::RequestRefused {
                error: "unsupported_token_type".to_owned(),
                description: words("not [2J here"),
            }
        );
        assert_eq!(
            told(401, r#"{"error":"invalid_client","error_description":"who?"}"#),
            Error::ClientRefused { error: "invalid_client".to_owned(), description: words("who?") }
        );
        assert_eq!(
            told(403, r#"{"error":"invalid_request","error_description":"no rt-1 here"}"#),
            Error::RequestRefused { error: "invalid_request".to_owned(), description: None }
        );
        for (status, body) in [
            (400, r#"{"error":"rt-1"}"#),
            (400, r#"{"error":7}"#),
            (400, "<html>"),
            (204, ""),
            (302, r#"{"error":"invalid_request"}"#),
        ] {
            assert_eq!(told(status, body).code(), "malformed_response", "{status} {body}");
        }
    }
}
