//! What a client says of itself (RFC 7591 §2), judged: in a registration request, or in a client ID metadata
//! document (draft-ietf-oauth-client-id-metadata-document).

use super::client::ClientRecord;
use super::device;
use crate::grammar::is_scope_token;
use crate::http::MAX_BODY;
use crate::json::{self, Members};
use crate::uri;
use crate::{Error, check_redirect_uri};

/// So many redirect URIs a client may register.
const MAX_REDIRECT_URIS: usize = 16;

/// So many characters its name may have.
const MAX_NAME: usize = 100;

const MEMBERS: [&str; 8] = [
    "client_id",
    "client_name",
    "client_secret",
    "grant_types",
    "redirect_uris",
    "response_types",
    "scope",
    "token_endpoint_auth_method",
];

/// A public client, as it describes itself. Members that are not here are not looked at (RFC 7591 §2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientMetadata {
    /// Its redirect URIs, of which each may be registered (P26); one at least, but where it is a client of devices
    /// alone (RFC 8628).
    pub redirect_uris: Vec<String>,
    /// Its name, if it says one: a line of text for people. It is only what the client says.
    pub client_name: Option<String>,
    /// The scopes that it wants to ask for; none: it does not say.
    pub scopes: Option<Vec<String>>,
    /// Whether `refresh_token` is among its `grant_types`.
    pub may_refresh: bool,
}

/// Why a client cannot be taken: the members of the answer (RFC 7591 §3.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetadataRefusal {
    /// `invalid_redirect_uri` or `invalid_client_metadata`.
    pub error: &'static str,
    /// What was wrong. Nothing of the metadata stands in it.
    pub description: &'static str,
}

const fn invalid(description: &'static str) -> MetadataRefusal {
    MetadataRefusal { error: "invalid_client_metadata", description }
}

const fn redirect(description: &'static str) -> MetadataRefusal {
    MetadataRefusal { error: "invalid_redirect_uri", description }
}

impl ClientMetadata {
    /// Reads the JSON of a registration request (RFC 7591 §3.1).
    ///
    /// # Errors
    /// [`MetadataRefusal`], to be sent with status 400.
    pub fn read(body: &[u8]) -> Result<Self, MetadataRefusal> {
        Self::of(&members(body)?)
    }

    /// Reads the document that was fetched from `client_id`. It must be of this client: the member
    /// `client_id` is the same string.
    ///
    /// # Errors
    /// [`MetadataRefusal`]: the client is none.
    pub fn read_document(client_id: &str, body: &[u8]) -> Result<Self, MetadataRefusal> {
        let members = members(body)?;
        let named = members.text("client_id").map_err(|_| invalid("client_id is not a string"))?;
        if named.as_ref().is_none_or(|named| **named != client_id) {
            return Err(invalid("the document's client_id is not the address that it lies at"));
        }
        if members.raw("client_secret").is_some() {
            return Err(invalid("the document holds a client_secret, which everybody can read"));
        }
        Self::of(&members)
    }

    /// The record of this client, with those of the `offered` scopes that it wants; all of them if it
    /// does not say. `fallback_name` is its name if it says none.
    #[must_use]
    pub fn record(&self, client_id: &str, fallback_name: &str, offered: &[String]) -> ClientRecord {
        let wanted = |scope: &&String| self.scopes.as_ref().is_none_or(|all| all.contains(*scope));
        ClientRecord {
            client_id: client_id.to_owned(),
            name: self.client_name.as_deref().unwrap_or(fallback_name).to_owned(),
            redirect_uris: self.redirect_uris.clone(),
            scopes: offered.iter().filter(wanted).cloned().collect(),
            may_refresh: self.may_refresh,
        }
    }

    fn of(members: &Members<'_, 8>) -> Result<Self, MetadataRefusal> {
        let texts = |name, description| members.texts(name).map_err(|_| invalid(description));
        let text = |name, description| {
            let text = members.text(name).map_err(|_| invalid(description))?;
            Ok(text.map(|mut text| core::mem::take(&mut *text)))
        };
        // A client that says nothing would have a secret (RFC 7591 §2). Here it has none: a server may choose
        // another value than the one that was asked for (§3.2.1).
        match text("token_endpoint_auth_method", NOT_PUBLIC)?.as_deref() {
            None | Some("none") => {}
            Some(_) => return Err(invalid(NOT_PUBLIC)),
        }
        let grant_types = texts("grant_types", "grant_types is not a list of strings")?;
        let grants = |name: &str| grant_types.as_ref().map(|all| all.iter().any(|one| one == name));
        // RFC 7591 §2: what says nothing is redirected, and what is not has neither redirect URI nor response type.
        let redirected = grants("authorization_code").unwrap_or(true);
        if !redirected && grants(device::GRANT_TYPE) != Some(true) {
            return Err(invalid(
                "grant_types is without authorization_code and the grant of devices",
            ));
        }
        let response_types = texts("response_types", "response_types is not a list of strings")?;
        if redirected && response_types.is_some_and(|all| !all.iter().any(|one| one == "code")) {
            return Err(invalid("response_types is without code"));
        }
        let scope = text("scope", "scope is not a string")?;
        let client_name = text("client_name", "client_name is not a string")?;
        if client_name.as_deref().is_some_and(|name| !is_a_line(name)) {
            return Err(invalid("client_name is not a line of at most 100 printable characters"));
        }
        Ok(Self {
            redirect_uris: redirect_uris(members, redirected)?,
            client_name,
            scopes: scope.as_deref().map(scopes).transpose()?,
            may_refresh: grants("refresh_token").unwrap_or(false),
        })
    }
}

const NOT_PUBLIC: &str =
    "only public clients are served: token_endpoint_auth_method must be none, or absent";

fn members(body: &[u8]) -> Result<Members<'_, 8>, MetadataRefusal> {
    if body.len() as u64 > MAX_BODY {
        return Err(invalid("the metadata are larger than 64 KiB"));
    }
    json::read(body, MEMBERS)
        .map_err(|_| invalid("the metadata are not one JSON object whose members each stand once"))
}

/// P26, CVE-2026-22752: what could not be redirected to is not registered either.
fn redirect_uris(
    members: &Members<'_, 8>,
    redirected: bool,
) -> Result<Vec<String>, MetadataRefusal> {
    let uris = members
        .texts("redirect_uris")
        .map_err(|_| redirect("redirect_uris is not a list of strings"))?
        .unwrap_or_default();
    if (redirected && uris.is_empty()) || uris.len() > MAX_REDIRECT_URIS {
        return Err(redirect("redirect_uris must hold 1 to 16 URIs"));
    }
    if uris.iter().any(|uri| check_redirect_uri(uri).is_err()) {
        return Err(redirect(
            "a redirect URI is neither https, nor http on loopback, nor of a private-use scheme that is a \
             reversed domain (RFC 8252 §7)",
        ));
    }
    Ok(uris)
}

fn scopes(scope: &str) -> Result<Vec<String>, MetadataRefusal> {
    let scopes: Vec<&str> = scope.split(' ').filter(|scope| !scope.is_empty()).collect();
    if !scopes.iter().all(|scope| is_scope_token(scope)) {
        return Err(invalid("scope holds something that is no scope (RFC 6749 §3.3)"));
    }
    Ok(scopes.into_iter().map(str::to_owned).collect())
}

/// Text that people can be shown: no control characters, nothing that turns the direction of what
/// stands beside it (Unicode UAX #9).
fn is_a_line(text: &str) -> bool {
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !text.trim().is_empty()
        && text.chars().count() <= MAX_NAME
        && !text.chars().any(|c| c.is_control() || turns(c))
}

/// Whether a client identifier is the address of a client ID metadata document: an https URL with a path, and
/// without fragment, user name and dot segments. With `on_loopback` http to a loopback host is one too.
///
/// # Errors
/// [`Error::InvalidConfiguration`] that names `client_id`.
pub fn check_document_url(client_id: &str, on_loopback: bool) -> Result<(), Error> {
    let check = |uri: uri::Parts<'_>| {
        uri::check_web(&uri)?;
        if uri.scheme != "https" && !on_loopback {
            return Err("is http; the address of a client's document is https");
        }
        if uri.path.is_empty() || uri.path == "/" {
            return Err("has no path, which the address of a client's document has");
        }
        if uri::has_dot_segment(uri.path) {
            return Err("has a segment '.' or '..' in its path, which HTTP stacks remove");
        }
        Ok(())
    };
    uri::named("client_id", uri::parts(client_id).and_then(check))
}

#[cfg(test)]
#[path = "registration_tests.rs"]
mod tests;
