//! The authorization request: what a sign-in asks for, checked once and pinned.

use crate::authorization_details as details;
use crate::error::Error;
use crate::grammar::{is_scope_character, is_vschar};
use crate::uri;

/// What a sign-in asks for, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The authorization server's identifier (RFC 8414 §2), compared as a string.
    pub issuer: String,
    /// Where the user is sent (RFC 6749 §3.1).
    pub authorization_endpoint: String,
    /// Where the code is redeemed (RFC 6749 §3.2).
    pub token_endpoint: String,
    /// Whether the server promises `iss` in its answers
    /// (`authorization_response_iss_parameter_supported`, RFC 9207 §3).
    pub iss_promised: bool,
    /// The public client's identifier.
    pub client_id: String,
    /// Where the answer arrives (RFC 8252 §7).
    pub redirect_uri: String,
    /// The scopes, each a scope-token of RFC 6749 §3.3; may be empty.
    pub scopes: Vec<String>,
    /// The resource that the tokens are for (RFC 8707): an absolute URI without fragment.
    pub resource: Option<String>,
    /// More parameters of the authorization request: `prompt`, `login_hint`, `max_age`, `acr_values`,
    /// `ui_locales`, `authorization_details` and the like. None may stand in for one that ProofKey sets.
    pub extra_parameters: Vec<Parameter>,
}

/// A parameter of the authorization request, both parts before encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Parameter {
    /// A parameter.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// The one record: what was pinned at the beginning is what the end is checked against.
pub(crate) type Pinned = AuthorizationRequest;

impl AuthorizationRequest {
    pub(crate) fn check(&self) -> Result<(), Error> {
        uri::check_issuer(&self.issuer)?;
        uri::check_authorization_endpoint(&self.authorization_endpoint)?;
        uri::check_endpoint("token_endpoint", &self.token_endpoint)?;
        uri::check_redirect_uri(&self.redirect_uri)?;
        check_client_id(&self.client_id)?;
        check_scopes(&self.scopes)?;
        check_extra(&self.extra_parameters)?;
        self.resource.as_deref().map_or(Ok(()), uri::check_resource)
    }

    /// Whether an ID token is asked for (OpenID Connect Core §3.1.2.1).
    pub(crate) fn wants_identity(&self) -> bool {
        self.scopes.iter().any(|scope| scope == "openid")
    }

    /// The types of the authorization details that are asked for (RFC 9396 §2).
    pub(crate) fn detail_types(&self) -> Vec<String> {
        let asked = self.extra_parameters.iter().find(|extra| extra.name == details::NAME);
        asked.and_then(|extra| details::types(&extra.value)).unwrap_or_default()
    }

    /// The scopes as one parameter; none where none are asked for.
    pub(crate) fn scope(&self) -> Option<String> {
        (!self.scopes.is_empty()).then(|| self.scopes.join(" "))
    }
}

/// RFC 6749 Appendix A.1.
pub(crate) fn check_client_id(client_id: &str) -> Result<(), Error> {
    let reason = match client_id.len() {
        0 => "is empty; expected the identifier that the server gave to this client",
        1..=2048 if client_id.bytes().all(is_vschar) => return Ok(()),
        1..=2048 => "has a character outside printable ASCII",
        _ => "is longer than 2048 bytes",
    };
    Err(Error::InvalidConfiguration { field: "client_id", reason })
}

/// RFC 6749 §3.3: each entry is one scope-token.
pub(crate) fn check_scopes(scopes: &[String]) -> Result<(), Error> {
    let reason = if scopes.len() > 256 || scopes.iter().any(|scope| scope.len() > 1024) {
        "has more than 256 entries, or one longer than 1024 bytes"
    } else if scopes.iter().any(|scope| scope.is_empty() || !scope.bytes().all(is_scope_character))
    {
        "has an entry that is empty or has a space, quote, backslash or non-ASCII character; give one scope an entry"
    } else {
        return Ok(());
    };
    Err(Error::InvalidConfiguration { field: "scopes", reason })
}

/// What would change how the request is answered, or carry it past what is checked here: a request object
/// (RFC 9101) replaces all parameters, and another response mode takes the answer elsewhere.
const RESERVED: [&str; 7] = [
    "request",
    "request_uri",
    "response_mode",
    "client_secret",
    "code_verifier",
    "dpop_jkt",
    "registration",
];

/// RFC 6749 §8.2 and Appendix A: no parameter twice, and none of those that stand for the protection.
pub(crate) fn check_extra(extra: &[Parameter]) -> Result<(), Error> {
    let refuse = |reason| Err(Error::InvalidConfiguration { field: "extra_parameters", reason });
    if extra.len() > 32 {
        return refuse("has more than 32 entries");
    }
    for (at, Parameter { name, value }) in extra.iter().enumerate() {
        let character = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
        if name.is_empty() || name.len() > 100 || !name.bytes().all(character) {
            return refuse("has a name that is not 1 to 100 of A-Z a-z 0-9 - . _ (RFC 6749 §8.2)");
        }
        if value.len() > 16 * 1024 || value.contains('\0') {
            return refuse("has a value with a NUL, or longer than 16 KiB");
        }
        let ours = uri::REQUEST_PARAMETERS.iter().chain(&RESERVED);
        if ours.into_iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return refuse(
                "has a parameter that ProofKey sets or rules out; it cannot be overridden",
            );
        }
        if name == details::NAME && details::types(value).is_none() {
            return refuse(
                "has authorization_details that are no list of objects with a type each (RFC 9396 §2)",
            );
        }
        if extra[..at].iter().any(|before| before.name == *name) {
            return refuse("has a parameter twice (RFC 6749 §3.1)");
        }
    }
    Ok(())
}
