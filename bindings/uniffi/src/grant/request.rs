//! The authorization request, judged, and what the judgment rests on.

use crate::error::Outcome;
use crate::guard::{Guarded, call, shows};
use proofkey::Error;
use proofkey::grant::{client, policy, request as core};
use std::sync::Arc;

/// Which text rules where RFC 6749 and OAuth 2.1 differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Profile {
    /// RFC 6749: a redirect URI that was sent with the authorization request must come with the token
    /// request too (§4.1.3).
    Oauth20,
    /// OAuth 2.1 (draft 16): it may be absent there; where it comes it must be equal.
    Oauth21,
}

/// What an authorization server chooses where the texts leave a choice.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Policy {
    /// The server's issuer identifier (RFC 8414 §2), sent as `iss` (RFC 9207).
    pub issuer: String,
    /// Which text rules.
    pub profile: Profile,
    /// How long a code lives, in seconds. More than 600 counts as 600.
    #[uniffi(default = 60)]
    pub code_lifetime_s: u64,
    /// How long an access token lives, in seconds.
    #[uniffi(default = 3600)]
    pub access_token_lifetime_s: u64,
    /// How long a refresh token lives unused, in seconds. 0: none is issued and none is taken.
    #[uniffi(default = 1209600)]
    pub refresh_token_lifetime_s: u64,
    /// How long the immediate predecessor of a refresh token may still be exchanged while its successor
    /// is unused, in seconds; more than 30 counts as 30. 0: never.
    #[uniffi(default = 0)]
    pub reuse_window_s: u64,
    /// After so many wrong verifiers a grant is burnt.
    #[uniffi(default = 5)]
    pub max_mismatches: u32,
}

impl Policy {
    pub(super) fn into_core(self) -> Outcome<policy::Policy> {
        // Checks the issuer.
        let checked = policy::Policy::new(self.issuer)?;
        Ok(policy::Policy {
            profile: match self.profile {
                Profile::Oauth20 => policy::Profile::OAuth20,
                Profile::Oauth21 => policy::Profile::OAuth21,
            },
            code_lifetime_s: self.code_lifetime_s,
            access_token_lifetime_s: self.access_token_lifetime_s,
            refresh_token_lifetime_s: self.refresh_token_lifetime_s,
            reuse_window_s: self.reuse_window_s,
            max_mismatches: self.max_mismatches,
            ..checked
        })
    }
}

/// What a server knows of a public client. There is no secret in it: none could be kept.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ClientRecord {
    /// Its identifier.
    pub client_id: String,
    /// Its name, for the consent page.
    pub name: String,
    /// The redirect URIs that it registered.
    pub redirect_uris: Vec<String>,
    /// The scopes that it may ask for.
    pub scopes: Vec<String>,
    /// Whether it may have refresh tokens: `refresh_token` is among its `grant_types` (RFC 7591 §2).
    #[uniffi(default = false)]
    pub may_refresh: bool,
}

impl From<ClientRecord> for client::ClientRecord {
    fn from(record: ClientRecord) -> Self {
        Self {
            client_id: record.client_id,
            name: record.name,
            redirect_uris: record.redirect_uris,
            scopes: record.scopes,
            may_refresh: record.may_refresh,
        }
    }
}

/// The client that a request names.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum NamedClient {
    /// Look its record up, then judge the request.
    Named {
        /// The client's identifier, unjudged.
        client_id: String,
    },
    /// To be shown to the user on a page with status 400. Never a redirect.
    Page {
        /// The OAuth error code.
        error: String,
        /// What was wrong, for the page. Nothing of the request stands in it.
        description: String,
    },
}

/// The judgment of an authorization request.
#[derive(uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Judged {
    /// It may be shown to the user.
    Accepted {
        /// The request.
        request: Arc<GrantRequest>,
    },
    /// To be shown to the user on a page with status 400. Never a redirect.
    Page {
        /// The OAuth error code.
        error: String,
        /// What was wrong, for the page. Nothing of the request stands in it.
        description: String,
    },
    /// To be sent to the client: a 303 to this location.
    Redirect {
        /// The redirect URI with `error`, `error_description`, `state` and `iss`. It holds the client's
        /// state and is not shown.
        location: String,
        /// The OAuth error code.
        error: String,
    },
}

shows!(Judged, |it| match it {
    Judged::Accepted { .. } => "Accepted(…)".to_owned(),
    Judged::Page { error, .. } => format!("Page({error})"),
    Judged::Redirect { error, .. } => format!("Redirect({error})"),
});

/// The client that a request names, so that its record can be looked up.
#[uniffi::export]
pub fn client_of(query: String) -> Outcome<NamedClient> {
    call("client_of", || {
        Ok(match core::GrantRequest::client_id_of(&query) {
            Ok(client_id) => NamedClient::Named { client_id },
            Err(core::RequestRefusal::Page { error, description }) => {
                NamedClient::Page { error: error.to_owned(), description: description.to_owned() }
            }
            // Nobody is known yet who could be redirected to, and the core asks for none.
            Err(core::RequestRefusal::Redirect { error, location: _ }) => NamedClient::Page {
                error: error.to_owned(),
                description: "the request cannot be served".to_owned(),
            },
        })
    })
}

/// Judges the query of an authorization request (RFC 6749 §4.1.1) from this client. An error means that the
/// policy cannot be used.
#[uniffi::export]
pub fn judge_request(query: String, client: ClientRecord, policy: Policy) -> Outcome<Judged> {
    call("judge_request", || {
        let policy = policy.into_core()?;
        Ok(match core::GrantRequest::judge(&query, &client.into(), &policy) {
            Ok(request) => {
                Judged::Accepted { request: Arc::new(GrantRequest(Guarded::new(Some(request)))) }
            }
            Err(core::RequestRefusal::Page { error, description }) => {
                Judged::Page { error: error.to_owned(), description: description.to_owned() }
            }
            Err(core::RequestRefusal::Redirect { location, error }) => {
                Judged::Redirect { location, error: error.to_owned() }
            }
        })
    })
}

/// An authorization request that may be shown to the user. `Issue` uses it up.
#[derive(uniffi::Object)]
pub struct GrantRequest(Guarded<Option<core::GrantRequest>>);

/// What the consent page shows.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RequestDetails {
    /// The client that asks.
    pub client_id: String,
    /// Where the answer goes. Show its host on the consent page.
    pub redirect_uri: String,
    /// The scopes that are asked for.
    pub scopes: Vec<String>,
    /// The resource that is asked for (RFC 8707).
    pub resource: Option<String>,
    /// The challenge that the grant will be bound to.
    pub code_challenge: String,
}

#[uniffi::export]
impl GrantRequest {
    /// What the consent page shows.
    pub fn details(&self) -> Outcome<RequestDetails> {
        self.0.with("GrantRequest.details", |request| {
            let request = request.as_ref().ok_or(Error::FlowEnded)?;
            Ok(RequestDetails {
                client_id: request.client_id().to_owned(),
                redirect_uri: request.redirect_uri().to_owned(),
                scopes: request.scopes().to_vec(),
                resource: request.resource().map(str::to_owned),
                code_challenge: request.code_challenge().to_text(),
            })
        })
    }

    /// The user said no: where to send the browser (303), with `access_denied`. It holds the client's
    /// state. The request is used up.
    pub fn deny(&self, policy: Policy) -> Outcome<String> {
        self.0.with("GrantRequest.deny", |held| {
            let policy = policy.into_core()?;
            let request = held.take().ok_or(Error::FlowEnded)?;
            Ok(request.deny(&policy))
        })
    }
}

impl GrantRequest {
    /// Takes it out, for the one flow that may use it, if that flow can be made.
    pub(super) fn take(&self) -> Outcome<core::GrantRequest> {
        self.0.with("GrantRequest.take", |held| Ok(held.take().ok_or(Error::FlowEnded)?))
    }
}
