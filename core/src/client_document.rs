//! The client ID metadata document: a client that is named by the https URL of a document about it
//! (draft-ietf-oauth-client-id-metadata-document, M4).

use crate::error::Error;
use crate::grammar::is_scope_token;
use crate::http::MAX_BODY;
use crate::json::{self, JsonWriter};
use crate::uri::{self, Reason};

/// How errors call it.
const NAME: &str = "the client's metadata document";

/// What a client says of itself at its own address. The document is served there as `application/json`,
/// and the address is the client's identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientDocument {
    /// The document's own address: https, with a path, without fragment.
    pub client_id: String,
    /// What a user is shown.
    pub client_name: String,
    /// The client's home page.
    pub client_uri: Option<String>,
    /// Where answers may go. For loopback the port does not count (RFC 8252 §7.3).
    pub redirect_uris: Vec<String>,
    /// The scopes that it may ask for; empty leaves it to the server.
    pub scopes: Vec<String>,
}

const MEMBERS: [&str; 7] = [
    "client_id",
    "client_name",
    "client_uri",
    "redirect_uris",
    "scope",
    "token_endpoint_auth_method",
    "client_secret",
];

impl ClientDocument {
    /// The document, ready to be served: a native application, public, for the code grant and for refreshing.
    ///
    /// # Errors
    /// [`Error::InvalidMetadata`] names the member that cannot be used.
    pub fn to_json(&self) -> Result<String, Error> {
        self.check()?;
        let mut json = JsonWriter::new();
        json.text("client_id", &self.client_id);
        json.text("client_name", &self.client_name);
        if let Some(client_uri) = &self.client_uri {
            json.text("client_uri", client_uri);
        }
        json.texts("redirect_uris", &self.redirect_uris);
        json.texts("grant_types", &["authorization_code", "refresh_token"]);
        json.texts("response_types", &["code"]);
        json.text("token_endpoint_auth_method", "none");
        json.text("application_type", "native");
        if !self.scopes.is_empty() {
            json.text("scope", &self.scopes.join(" "));
        }
        Ok(json.into_text())
    }

    /// Reads the document that was fetched from `url`, as a server does it, or whoever wants to know whether
    /// what is served there will do.
    ///
    /// # Errors
    /// [`Error::InvalidMetadata`] names the member that cannot be used; a `client_id` other than `url`, letter
    /// for letter, is one.
    pub fn read(url: &str, body: &[u8]) -> Result<Self, Error> {
        check_client_url(url).map_err(|reason| invalid("client_id", reason))?;
        if body.len() as u64 > MAX_BODY {
            return Err(invalid("the body", "is larger than 64 KiB"));
        }
        let members = json::read(body, MEMBERS).map_err(|reason| invalid("the body", reason))?;
        let text = |member| match members.text(member) {
            Ok(text) => Ok(text.map(|text| text.to_string())),
            Err(_) => Err(invalid(member, "is not a string")),
        };
        let document = Self {
            client_id: text("client_id")?.ok_or_else(|| invalid("client_id", "is missing"))?,
            client_name: text("client_name")?
                .ok_or_else(|| invalid("client_name", "is missing"))?,
            client_uri: text("client_uri")?,
            redirect_uris: members
                .texts("redirect_uris")
                .map_err(|_| invalid("redirect_uris", "is not a list of at most 1024 strings"))?
                .unwrap_or_default(),
            scopes: text("scope")?
                .unwrap_or_default()
                .split_ascii_whitespace()
                .map(str::to_owned)
                .collect(),
        };
        if document.client_id != url {
            return Err(invalid(
                "client_id",
                "is not the address that the document was fetched from",
            ));
        }
        if members.raw("client_secret").is_some() {
            return Err(invalid("client_secret", "is there, where everyone can read it"));
        }
        if text("token_endpoint_auth_method")?.is_some_and(|method| method != "none") {
            return Err(invalid(
                "token_endpoint_auth_method",
                "is not none, which a public client has",
            ));
        }
        document.check()?;
        Ok(document)
    }

    fn check(&self) -> Result<(), Error> {
        check_client_url(&self.client_id).map_err(|reason| invalid("client_id", reason))?;
        check_client_name(&self.client_name).map_err(|reason| invalid("client_name", reason))?;
        if let Some(page) = &self.client_uri {
            let check = |uri| uri::check_web(&uri);
            uri::parts(page).and_then(check).map_err(|reason| invalid("client_uri", reason))?;
        }
        if self.redirect_uris.is_empty() {
            return Err(invalid("redirect_uris", "is missing or empty"));
        }
        for redirect_uri in &self.redirect_uris {
            uri::check_redirect_uri(redirect_uri).map_err(|error| match error {
                Error::InvalidConfiguration { reason, .. } => invalid("redirect_uris", reason),
                other => other,
            })?;
        }
        if !self.scopes.iter().all(|scope| is_scope_token(scope)) {
            return Err(invalid("scope", "has an entry that no request could carry"));
        }
        Ok(())
    }
}

/// The address of a client's document: https (http on loopback, for trying it), a path that HTTP stacks
/// leave alone, and no query, which a cache or a proxy might change.
pub(crate) fn check_client_url(url: &str) -> Result<(), Reason> {
    let uri = uri::parts(url)?;
    uri::check_web(&uri)?;
    if uri.path.is_empty() || uri.path == "/" {
        return Err("has no path; the address of a client's document has one");
    }
    if uri::has_dot_segment(uri.path) {
        return Err("has a segment '.' or '..' in its path, which HTTP stacks remove");
    }
    if uri.query.is_some() {
        return Err("has a query, which the address of a client's document has not");
    }
    Ok(())
}

/// What a user is shown as the client's name.
pub(crate) fn check_client_name(name: &str) -> Result<(), Reason> {
    match name.chars().count() {
        0 => Err("is empty; expected what a user is shown as the client's name"),
        1..=200 if !name.chars().any(char::is_control) => Ok(()),
        1..=200 => Err("has a control character"),
        _ => Err("is longer than 200 characters"),
    }
}

const fn invalid(member: &'static str, reason: Reason) -> Error {
    Error::InvalidMetadata { document: NAME, member, reason }
}
