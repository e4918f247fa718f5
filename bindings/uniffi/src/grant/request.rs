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
    /// Scopes that every client may ask for, beside those of its own record: `openid`, for example.
    #[uniffi(default = [])]
    pub open_scopes: Vec<String>,
    /// The types of authorization details that are granted (RFC 9396 §2); none here: every type.
    #[uniffi(default = [])]
    pub details_types: Vec<String>,
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
            open_scopes: self.open_scopes,
            details_types: self.details_types,
            issuer: checked.issuer,
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

/// What the pages for signing in and for consent have to know of the request. Whoever wrote the address chose it:
/// escape what is shown.
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
    /// The key that the code will be bound to, by its thumbprint (`dpop_jkt`, RFC 9449 §10).
    pub dpop_jkt: Option<String>,
    /// What else is asked for: an array, as JSON text (RFC 9396 §2). Show it on the consent page.
    pub authorization_details: Option<String>,
    /// How the user should sign in: authentication context classes, the preferred one first (`acr_values`, OpenID
    /// Connect Core §3.1.2.1, RFC 9470 §4).
    pub acr_values: Vec<String>,
    /// How long ago the user may have signed in at most, in seconds (OpenID Connect Core §3.1.2.1). After a longer
    /// time the user has to sign in anew.
    pub max_age: Option<u64>,
    /// What the user is to be asked (OpenID Connect Core §3.1.2.1): `none` alone, or any of `login`, `consent`,
    /// `select_account` and what a server adds. Empty: the server's choice.
    pub prompt: Vec<String>,
    /// Who the client thinks will sign in (OpenID Connect Core §3.1.2.1). Believe nothing of it.
    pub login_hint: Option<String>,
    /// The languages that the user prefers, as BCP 47 tags, the preferred one first (OpenID Connect Core §3.1.2.1).
    pub ui_locales: Vec<String>,
    /// What the ID token will say again (OpenID Connect Core §3.1.2.1).
    pub nonce: Option<String>,
}

/// Why a request that may be shown to the user comes to nothing: what the server found, or what the user said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Decline {
    /// The user, or the server, does not allow it (RFC 6749 §4.1.2.1).
    Denied,
    /// Nobody is signed in, and nobody may be asked to (OpenID Connect Core §3.1.2.6).
    LoginRequired,
    /// Somebody would have to consent, and nobody may be asked to (OpenID Connect Core §3.1.2.6).
    ConsentRequired,
    /// Somebody would have to choose an account, and nobody may be asked to (OpenID Connect Core §3.1.2.6).
    AccountSelectionRequired,
    /// Something else would have to be asked, and nothing may be (OpenID Connect Core §3.1.2.6).
    InteractionRequired,
    /// The user cannot sign in as the request demands (RFC 9470 §5).
    UnmetAuthentication,
    /// The server cannot serve it now; later it may (RFC 6749 §4.1.2.1).
    TemporarilyUnavailable,
    /// The server has failed (RFC 6749 §4.1.2.1).
    ServerError,
}

impl From<Decline> for core::Decline {
    fn from(why: Decline) -> Self {
        match why {
            Decline::Denied => Self::Denied,
            Decline::LoginRequired => Self::LoginRequired,
            Decline::ConsentRequired => Self::ConsentRequired,
            Decline::AccountSelectionRequired => Self::AccountSelectionRequired,
            Decline::InteractionRequired => Self::InteractionRequired,
            Decline::UnmetAuthentication => Self::UnmetAuthentication,
            Decline::TemporarilyUnavailable => Self::TemporarilyUnavailable,
            Decline::ServerError => Self::ServerError,
        }
    }
}

#[uniffi::export]
impl GrantRequest {
    /// What the pages for signing in and for consent have to know.
    pub fn details(&self) -> Outcome<RequestDetails> {
        self.0.with("GrantRequest.details", |request| {
            let request = request.as_ref().ok_or(Error::FlowEnded)?;
            Ok(RequestDetails {
                client_id: request.client_id().to_owned(),
                redirect_uri: request.redirect_uri().to_owned(),
                scopes: request.scopes().to_vec(),
                resource: request.resource().map(str::to_owned),
                code_challenge: request.code_challenge().to_text(),
                dpop_jkt: request.dpop_jkt().map(str::to_owned),
                authorization_details: request.authorization_details().map(str::to_owned),
                acr_values: request.acr_values().to_vec(),
                max_age: request.max_age(),
                prompt: request.prompt().to_vec(),
                login_hint: request.login_hint().map(str::to_owned),
                ui_locales: request.ui_locales().to_vec(),
                nonce: request.nonce().map(str::to_owned),
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

    /// It comes to nothing: where to send the browser (303), with the error. It holds the client's state. The
    /// request is used up.
    pub fn decline(&self, why: Decline, policy: Policy) -> Outcome<String> {
        self.0.with("GrantRequest.decline", |held| {
            let policy = policy.into_core()?;
            let request = held.take().ok_or(Error::FlowEnded)?;
            Ok(request.decline(why.into(), &policy))
        })
    }
}

impl GrantRequest {
    /// Takes it out, for the one flow that may use it, if that flow can be made.
    pub(super) fn take(&self) -> Outcome<core::GrantRequest> {
        self.0.with("GrantRequest.take", |held| Ok(held.take().ok_or(Error::FlowEnded)?))
    }
}
