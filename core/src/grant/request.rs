//! The authorization request, judged (P20, P26, P28).
//!
//! Until client and redirect URI are known to belong together nothing is redirected anywhere: such an
//! error is shown on a page of the server. Every later error goes back to the client.

use super::answer::TokenAnswer;
use super::client::ClientRecord;
use super::more::More;
use super::policy::Policy;
use super::request_parameters::{
    challenge, check_parameters, redirect_uri, resource, scopes, state,
};
use super::token_request;
use crate::challenge::CodeChallenge;
use crate::form::{Form, FormWriter};

/// No authorization request is longer, in bytes.
const MAX_QUERY: usize = 8 * 1024;

/// An authorization request that may be shown to the user. `Debug` leaves out the client's state.
pub struct GrantRequest {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) redirect_uri_was_sent: bool,
    pub(super) state: Option<String>,
    pub(super) scopes: Vec<String>,
    pub(super) resource: Option<String>,
    pub(super) code_challenge: CodeChallenge,
    pub(super) may_refresh: bool,
    pub(super) more: More,
}

/// Why a request that may be shown to the user comes to nothing: what the server found, or what the user said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decline {
    /// The user, or the server, does not allow it (RFC 6749 §4.1.2.1).
    Denied,
    /// Nobody is signed in, and nobody may be asked to (`prompt=none`, OpenID Connect Core §3.1.2.6).
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

impl Decline {
    /// The OAuth error code: `access_denied`, `login_required` and so on.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.error().0
    }

    /// The OAuth error code, and what it says.
    const fn error(self) -> Refused {
        match self {
            Self::Denied => ("access_denied", "the user did not allow it"),
            Self::LoginRequired => ("login_required", "nobody is signed in"),
            Self::ConsentRequired => ("consent_required", "the user has not consented"),
            Self::AccountSelectionRequired => {
                ("account_selection_required", "the user has not chosen an account")
            }
            Self::InteractionRequired => ("interaction_required", "the user has to be asked"),
            Self::UnmetAuthentication => (
                "unmet_authentication_requirements",
                "the user cannot sign in as the request demands",
            ),
            Self::TemporarilyUnavailable => {
                ("temporarily_unavailable", "the server is busy; try later")
            }
            Self::ServerError => ("server_error", "the server has failed"),
        }
    }
}

/// An authorization request that is refused. `Debug` leaves out the location, which holds the client's
/// state.
#[derive(Clone, PartialEq, Eq)]
pub enum RequestRefusal {
    /// To be shown to the user on a page with status 400. Never a redirect.
    Page {
        /// The OAuth error code.
        error: &'static str,
        /// What was wrong, for the page. Nothing of the request stands in it.
        description: &'static str,
    },
    /// To be sent to the client: a 303 to this location.
    Redirect {
        /// The redirect URI with `error`, `error_description`, `state` and `iss`.
        location: String,
        /// The OAuth error code.
        error: &'static str,
    },
}

impl core::fmt::Debug for GrantRequest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("GrantRequest")
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .field("scopes", &self.scopes)
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}

impl core::fmt::Debug for RequestRefusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Page { error, description } => write!(f, "Page({error}: {description})"),
            Self::Redirect { error, .. } => write!(f, "Redirect({error})"),
        }
    }
}

pub(super) const fn page(description: &'static str) -> RequestRefusal {
    RequestRefusal::Page { error: "invalid_request", description }
}

/// An error code, and what was wrong.
pub(super) type Refused = (&'static str, &'static str);

/// A refusal, before it is known which kind of answer it becomes.
enum Defect {
    /// Client and redirect URI do not belong together.
    NotRedirected(RequestRefusal),
    /// They do.
    Redirected { redirect_uri: String, state: Option<String>, refused: Refused },
}

impl From<RequestRefusal> for Defect {
    fn from(refusal: RequestRefusal) -> Self {
        Self::NotRedirected(refusal)
    }
}

impl GrantRequest {
    /// The client that a request names, so that its record can be looked up.
    ///
    /// # Errors
    /// [`RequestRefusal::Page`] when the query is too long or names no client, or several.
    pub fn client_id_of(query: &str) -> Result<String, RequestRefusal> {
        if query.len() > MAX_QUERY {
            return Err(page("the request is longer than 8 KiB"));
        }
        let form = Form::parse(query);
        let mut all = form.all("client_id");
        match (all.next(), all.next()) {
            (Some(id), None) if !id.is_empty() => Ok(id.to_owned()),
            (Some(_), Some(_)) => Err(page("client_id stands in the request twice")),
            _ => Err(page("the request has no client_id")),
        }
    }

    /// Judges the query of a request (RFC 6749 §4.1.1) from this client.
    ///
    /// # Errors
    /// [`RequestRefusal`] says where the refusal goes.
    pub fn judge(
        query: &str,
        client: &ClientRecord,
        policy: &Policy,
    ) -> Result<Self, RequestRefusal> {
        Self::read(query, client, policy).map_err(|defect| match defect {
            Defect::NotRedirected(refusal) => refusal,
            Defect::Redirected { redirect_uri, state, refused: (error, description) } => {
                let state = state.as_deref();
                let location = error_location(&redirect_uri, error, description, state, policy);
                RequestRefusal::Redirect { location, error }
            }
        })
    }

    /// Judges a request that the client pushes (RFC 9126 §2.1): body, `Content-Type` and `Authorization` of its
    /// POST as they came.
    ///
    /// # Errors
    /// The whole answer: the same errors as at the authorization endpoint, as JSON (RFC 9126 §2.3).
    pub fn judge_pushed(
        body: &[u8],
        content_type: Option<&str>,
        authorization: Option<&str>,
        client: &ClientRecord,
        policy: &Policy,
    ) -> Result<Self, TokenAnswer> {
        let answer = |(error, description)| token_request::refused(error, description).answer();
        let form = token_request::form(body, content_type, authorization)
            .map_err(|refusal| refusal.answer())?;
        if form.get("request_uri").is_some() {
            return Err(answer(("invalid_request", "a pushed request holds no request_uri")));
        }
        let query = core::str::from_utf8(body).unwrap_or_default();
        Self::read(query, client, policy).map_err(|defect| match defect {
            Defect::NotRedirected(RequestRefusal::Page { error, description }) => {
                answer((error, description))
            }
            // Made by `judge` alone.
            Defect::NotRedirected(RequestRefusal::Redirect { error, .. }) => {
                answer((error, "the request is refused"))
            }
            Defect::Redirected { refused, .. } => answer(refused),
        })
    }

    /// The reference to a pushed request that stands in a query (RFC 9126 §4), if one does: the server puts what
    /// was pushed in the query's place. Of the query's other parameters only `client_id` counts (RFC 9101 §5).
    #[must_use]
    pub fn request_uri_of(query: &str) -> Option<String> {
        if query.len() > MAX_QUERY {
            return None;
        }
        let form = Form::parse(query);
        let mut all = form.all("request_uri");
        match (all.next(), all.next()) {
            (Some(uri), None) if !uri.is_empty() => Some(uri.to_owned()),
            _ => None,
        }
    }

    fn read(query: &str, client: &ClientRecord, policy: &Policy) -> Result<Self, Defect> {
        if Self::client_id_of(query)? != client.client_id {
            return Err(page("the request is from another client").into());
        }
        let form = Form::parse(query);
        let (redirect_uri, redirect_uri_was_sent) = redirect_uri(&form, client)?;
        let state = state(&form);
        let refuse = |refused| Defect::Redirected {
            redirect_uri: redirect_uri.clone(),
            state: state.clone().unwrap_or_default(),
            refused,
        };
        check_parameters(&form).map_err(refuse)?;
        let code_challenge = challenge(&form).map_err(refuse)?;
        let scopes = scopes(&form, client, policy).map_err(refuse)?;
        let resource = resource(&form).map_err(refuse)?;
        let more = More::read(&form, policy).map_err(refuse)?;
        let state = state.clone().map_err(refuse)?;
        Ok(Self {
            client_id: client.client_id.clone(),
            redirect_uri,
            redirect_uri_was_sent,
            state,
            scopes,
            resource,
            code_challenge,
            may_refresh: client.may_refresh,
            more,
        })
    }

    /// The client that asks.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Where the answer goes. Show its host on the consent page (P28).
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// The scopes that are asked for.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// The resource that is asked for (RFC 8707).
    #[must_use]
    pub fn resource(&self) -> Option<&str> {
        self.resource.as_deref()
    }

    /// The key that the code will be bound to, by its thumbprint (`dpop_jkt`, RFC 9449 §10).
    #[must_use]
    pub fn dpop_jkt(&self) -> Option<&str> {
        self.more.dpop_jkt.as_deref()
    }

    /// How the user should sign in: authentication context classes, the preferred one first (`acr_values`, OpenID
    /// Connect Core §3.1.2.1, RFC 9470 §4).
    #[must_use]
    pub fn acr_values(&self) -> &[String] {
        &self.more.acr_values
    }

    /// How long ago the user may have signed in at most, in seconds (`max_age`, OpenID Connect Core §3.1.2.1).
    #[must_use]
    pub const fn max_age(&self) -> Option<u64> {
        self.more.max_age
    }

    /// What a client of OpenID Connect wants the user to be asked (`prompt`, OpenID Connect Core §3.1.2.1): `none`
    /// alone, or any of `login`, `consent`, `select_account` and what a server adds. Empty: the server's choice.
    #[must_use]
    pub fn prompt(&self) -> &[String] {
        &self.more.prompt
    }

    /// Who the client thinks will sign in (`login_hint`, OpenID Connect Core §3.1.2.1). Anybody may have written it:
    /// escape it, and believe nothing of it.
    #[must_use]
    pub fn login_hint(&self) -> Option<&str> {
        self.more.login_hint.as_deref()
    }

    /// The languages that the user prefers, as BCP 47 tags, the preferred one first (`ui_locales`, OpenID Connect Core
    /// §3.1.2.1).
    #[must_use]
    pub fn ui_locales(&self) -> &[String] {
        &self.more.ui_locales
    }

    /// What the ID token will say again (OpenID Connect Core §3.1.2.1).
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.more.nonce.as_deref()
    }

    /// What else is asked for: an array, as JSON text (RFC 9396 §2). Show it on the consent page.
    #[must_use]
    pub fn authorization_details(&self) -> Option<&str> {
        self.more.authorization_details.as_deref()
    }

    /// Whether the user must not be asked anything (`prompt=none`, OpenID Connect Core §3.1.2.1): a server that would
    /// have to [declines](Self::decline).
    #[must_use]
    pub fn is_unattended(&self) -> bool {
        self.more.prompt == ["none"]
    }

    /// The challenge that the grant will be bound to.
    #[must_use]
    pub const fn code_challenge(&self) -> &CodeChallenge {
        &self.code_challenge
    }

    /// The user said no: where to send the browser (303), with `access_denied`.
    #[must_use]
    pub fn deny(&self, policy: &Policy) -> String {
        self.decline(Decline::Denied, policy)
    }

    /// It comes to nothing: where to send the browser (303), with the error.
    #[must_use]
    pub fn decline(&self, why: Decline, policy: &Policy) -> String {
        let (error, description) = why.error();
        self.error_location(error, description, policy)
    }

    pub(super) fn error_location(&self, error: &str, description: &str, policy: &Policy) -> String {
        let state = self.state.as_deref();
        error_location(&self.redirect_uri, error, description, state, policy)
    }
}

/// RFC 6749 §4.1.2.1 with RFC 9207: `iss` stands in errors too.
fn error_location(
    redirect_uri: &str,
    error: &str,
    description: &str,
    state: Option<&str>,
    policy: &Policy,
) -> String {
    let mut location = FormWriter::query(redirect_uri);
    location
        .pair("error", error)
        .pair("error_description", description)
        .pair_if("state", state)
        .pair("iss", &policy.issuer);
    location.into_public()
}
