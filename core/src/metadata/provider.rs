//! The authorization server's metadata (RFC 8414 §2, OpenID Connect Discovery 1.0 §3), read strictly.

use super::capability::contains;
use super::reach::{self, Reach};
use super::{Document, difference};
use crate::error::Error;
use crate::flow::sign_in::{RedirectTarget, SignInConfig};
use crate::uri;

/// How errors call the document.
pub(crate) const NAME: &str = "the authorization server's metadata";

/// How long a user may take where nobody says otherwise: five minutes.
const BROWSE_TIMEOUT_MS: u64 = 300_000;

/// An authorization server, as its metadata describes it. Plain data; what is not named here was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// The issuer, byte for byte the one that was asked for.
    pub issuer: String,
    /// Where the user is sent.
    pub authorization_endpoint: String,
    /// Where codes and refresh tokens are redeemed.
    pub token_endpoint: String,
    /// Where tokens are revoked (RFC 7009).
    pub revocation_endpoint: Option<String>,
    /// Where clients register (RFC 7591).
    pub registration_endpoint: Option<String>,
    /// Where authorization requests are pushed (RFC 9126).
    pub pushed_authorization_request_endpoint: Option<String>,
    /// Where device codes come from (RFC 8628).
    pub device_authorization_endpoint: Option<String>,
    /// Where the user signs out (OpenID Connect RP-Initiated Logout).
    pub end_session_endpoint: Option<String>,
    /// Where the signing keys are (RFC 8414 §2).
    pub jwks_uri: Option<String>,
    /// Whether every authorization response carries `iss` (RFC 9207 §3).
    pub iss_promised: bool,
    /// Whether authorization requests must be pushed (RFC 9126 §5).
    pub require_pushed_authorization_requests: bool,
    /// Whether a client may be named by the URL of its document.
    pub client_id_metadata_document_supported: bool,
    /// `code_challenge_methods_supported`; none where it is absent.
    pub code_challenge_methods: Option<Vec<String>>,
    /// `grant_types_supported`; none where it is absent.
    pub grant_types: Option<Vec<String>>,
    /// `scopes_supported`; none where it is absent. A server need not list all (RFC 8414 §2).
    pub scopes: Option<Vec<String>>,
    /// `token_endpoint_auth_methods_supported`; none where it is absent. Servers leave `none` out and
    /// serve public clients all the same, so nothing is decided by it.
    pub token_endpoint_auth_methods: Option<Vec<String>>,
    /// `dpop_signing_alg_values_supported`; none where it is absent.
    pub dpop_signing_algs: Option<Vec<String>>,
    /// Where the document was.
    pub metadata_url: String,
    /// When it was fetched, in seconds since the epoch by the clock that was given.
    pub fetched_at: u64,
}

const MEMBERS: [&str; 17] = [
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "revocation_endpoint",
    "registration_endpoint",
    "pushed_authorization_request_endpoint",
    "device_authorization_endpoint",
    "end_session_endpoint",
    "jwks_uri",
    "authorization_response_iss_parameter_supported",
    "require_pushed_authorization_requests",
    "client_id_metadata_document_supported",
    "code_challenge_methods_supported",
    "grant_types_supported",
    "scopes_supported",
    "token_endpoint_auth_methods_supported",
    "dpop_signing_alg_values_supported",
];

impl Provider {
    /// Reads a document that was fetched from `metadata_url` because `issuer` was asked for. `now` is in
    /// seconds since the epoch; `allow_missing_s256` is the configuration's exception for this issuer.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] names `issuer`; [`Error::MetadataIssuerMismatch`] where the document is
    /// another issuer's (RFC 8414 §3.3); [`Error::InvalidMetadata`] names the member that cannot be used;
    /// [`Error::PkceUnsupported`] where S256 is not promised and no exception is made.
    pub fn read(
        issuer: &str,
        body: &[u8],
        allow_missing_s256: bool,
        metadata_url: &str,
        now: u64,
    ) -> Result<Self, Error> {
        uri::check_issuer(issuer)?;
        let document = Document::read(NAME, body, MEMBERS)?;
        // Before anything else is believed: whose document this is.
        let found = document.required("issuer")?;
        if found != issuer {
            return Err(Error::MetadataIssuerMismatch {
                difference: difference::difference(issuer, &found),
                asked: issuer.to_owned(),
                found: difference::shown(&found),
            });
        }
        let from = reach::of(issuer);
        let provider = Self {
            issuer: found,
            authorization_endpoint: authorization_endpoint(&document, from)?,
            token_endpoint: document
                .endpoint("token_endpoint", from)?
                .ok_or_else(|| document.invalid("token_endpoint", "is missing"))?,
            revocation_endpoint: document.endpoint("revocation_endpoint", from)?,
            registration_endpoint: document.endpoint("registration_endpoint", from)?,
            pushed_authorization_request_endpoint: document
                .endpoint("pushed_authorization_request_endpoint", from)?,
            device_authorization_endpoint: document
                .endpoint("device_authorization_endpoint", from)?,
            end_session_endpoint: document.endpoint("end_session_endpoint", from)?,
            jwks_uri: document.endpoint("jwks_uri", from)?,
            iss_promised: document.truth("authorization_response_iss_parameter_supported")?,
            require_pushed_authorization_requests: document
                .truth("require_pushed_authorization_requests")?,
            client_id_metadata_document_supported: document
                .truth("client_id_metadata_document_supported")?,
            code_challenge_methods: document.texts("code_challenge_methods_supported")?,
            grant_types: document.texts("grant_types_supported")?,
            scopes: document.texts("scopes_supported")?,
            token_endpoint_auth_methods: document.texts("token_endpoint_auth_methods_supported")?,
            dpop_signing_algs: document.texts("dpop_signing_alg_values_supported")?,
            metadata_url: metadata_url.to_owned(),
            fetched_at: now,
        };
        if provider.require_pushed_authorization_requests
            && provider.pushed_authorization_request_endpoint.is_none()
        {
            let reason = "is missing, although pushed requests are required (RFC 9126 §5)";
            return Err(document.invalid("pushed_authorization_request_endpoint", reason));
        }
        if !allow_missing_s256 && !provider.offers_s256() {
            let absent = provider.code_challenge_methods.is_none();
            let reason = if absent { "is absent" } else { "is without it" };
            return Err(Error::PkceUnsupported { issuer: provider.issuer, reason });
        }
        Ok(provider)
    }

    /// Whether S256 is promised (RFC 8414 §2: absent means that PKCE is not supported).
    #[must_use]
    pub fn offers_s256(&self) -> bool {
        contains(self.code_challenge_methods.as_deref(), "S256")
    }

    /// Whether the server lists this scope. `offline_access` is asked for only where it does (M7).
    #[must_use]
    pub fn lists_scope(&self, scope: &str) -> bool {
        contains(self.scopes.as_deref(), scope)
    }

    /// Whether the document is younger than `max_age_s` seconds at `now`. Where the clock was set back
    /// behind the fetching it is not.
    #[must_use]
    pub fn is_fresh(&self, now: u64, max_age_s: u64) -> bool {
        super::is_fresh(self.fetched_at, now, max_age_s)
    }

    /// The issuer's host and port, as they stand in the issuer: what a user is shown before the browser opens.
    #[must_use]
    pub fn issuer_host(&self) -> &str {
        uri::parts(&self.issuer).ok().and_then(|uri| uri.authority).unwrap_or_default()
    }

    /// A sign-in at this server: no scopes, no resource, five minutes; all fields can be changed.
    #[must_use]
    pub fn sign_in(&self, client_id: impl Into<String>, redirect: RedirectTarget) -> SignInConfig {
        SignInConfig {
            issuer: self.issuer.clone(),
            authorization_endpoint: self.authorization_endpoint.clone(),
            token_endpoint: self.token_endpoint.clone(),
            iss_promised: self.iss_promised,
            client_id: client_id.into(),
            redirect,
            scopes: Vec::new(),
            resource: None,
            browse_timeout_ms: BROWSE_TIMEOUT_MS,
            extra_parameters: Vec::new(),
        }
    }
}

/// The authorization endpoint: its query must leave room for the request's parameters (RFC 6749 §3.1).
fn authorization_endpoint<const N: usize>(
    document: &Document<'_, N>,
    from: Reach,
) -> Result<String, Error> {
    const MEMBER: &str = "authorization_endpoint";
    let url = document.required(MEMBER)?;
    uri::parts(&url)
        .and_then(|uri| {
            reach::check_parts(&uri, from).and_then(|()| uri::check_request_query(&uri))
        })
        .map_err(|reason| document.invalid(MEMBER, reason))?;
    Ok(url)
}
