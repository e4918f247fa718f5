//! Dynamic client registration (RFC 7591): how a client that nobody registered comes to an identifier.

use crate::authorization::check_client_id;
use crate::device;
use crate::error::{Error, cleaned};
use crate::http::{HttpRequest, HttpResponse, MAX_BODY};
use crate::json::{self, JsonWriter, Members};
use crate::secret::Secret;
use crate::uri;

/// How errors call the endpoint.
pub(crate) const ENDPOINT: &str = "the registration endpoint";

/// How long a registration may take, in milliseconds. It is run to its end, so it must have one.
const TIMEOUT_MS: u64 = 30_000;

/// What a client says of itself (RFC 7591 §2): a native application without a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Registration<'a> {
    pub(crate) client_name: &'a str,
    /// None where the user signs in on another device.
    pub(crate) redirect_uri: Option<&'a str>,
    /// Some servers let a client ask only for what it was registered with.
    pub(crate) scopes: &'a [String],
}

/// A client that was registered.
#[derive(Debug)]
pub(crate) struct Registered {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Vec<String>,
    /// Where and with what the registration is managed (RFC 7592). Kept, so that it can be ended.
    pub(crate) management_uri: Option<String>,
    pub(crate) management_token: Option<Secret>,
}

impl Registration<'_> {
    /// The registration request (RFC 7591 §3.1).
    pub(crate) fn request(&self, endpoint: &str) -> HttpRequest {
        let mut body = JsonWriter::new();
        body.text("client_name", self.client_name);
        match self.redirect_uri {
            Some(uri) => {
                body.texts("redirect_uris", &[uri]);
                body.texts("grant_types", &["authorization_code", "refresh_token"]);
                body.texts("response_types", &["code"]);
            }
            // RFC 7591 §2: redirect URIs belong to the flows that redirect.
            None => {
                body.texts("grant_types", &[device::GRANT_TYPE, "refresh_token"]);
                let none: [&str; 0] = [];
                body.texts("response_types", &none);
            }
        }
        body.text("token_endpoint_auth_method", "none");
        // OpenID Connect Registration 1.0 §2: without it a server may refuse loopback redirects (M4).
        body.text("application_type", "native");
        if !self.scopes.is_empty() {
            body.text("scope", &self.scopes.join(" "));
        }
        HttpRequest::json_post(endpoint, body.finish(), TIMEOUT_MS)
    }

    /// Reads the answer (RFC 7591 §3.2).
    pub(crate) fn registered(&self, response: &HttpResponse) -> Result<Registered, Error> {
        let status = response.status;
        let malformed = |reason| Error::MalformedResponse { endpoint: ENDPOINT, status, reason };
        if (300..400).contains(&status) {
            return Err(Error::RedirectRefused { endpoint: ENDPOINT, status });
        }
        if response.body.len() as u64 > MAX_BODY {
            return Err(malformed("is larger than 64 KiB"));
        }
        if matches!(status, 429 | 500..=599) {
            let what = format!("HTTP {status}");
            return Err(Error::ServerUnavailable { what, description: None });
        }
        let members = json::read(&response.body, NAMES).map_err(malformed);
        if !matches!(status, 200 | 201) {
            return Err(refused(members.as_ref().ok(), status));
        }
        if !response.is_json() {
            return Err(malformed("is not of the type application/json"));
        }
        let members = members?;
        let text = |name| members.text(name).map_err(|_| malformed("has a member that is no text"));
        let client_id = text("client_id")?.ok_or_else(|| malformed("has no client_id"))?;
        check_client_id(&client_id)
            .map_err(|_| malformed("has a client_id that cannot be used"))?;
        // A method other than none needs a secret, and a public client has none to keep.
        if text("token_endpoint_auth_method")?.is_some_and(|method| *method != "none") {
            return Err(malformed(
                "wants the client to keep a secret (token_endpoint_auth_method)",
            ));
        }
        let list = members.texts("redirect_uris");
        let list = list.map_err(|_| malformed("has redirect_uris that are no list of texts"))?;
        let left_out = |uri| list.is_some_and(|list| !list.iter().any(|listed| listed == uri));
        if self.redirect_uri.is_some_and(left_out) {
            return Err(malformed("leaves out the redirect URI that was to be registered"));
        }
        let management_uri = text("registration_client_uri")?.map(|uri| uri.to_string());
        if let Some(uri) = &management_uri {
            uri::check_endpoint("registration_client_uri", uri)
                .map_err(|_| malformed("has a registration_client_uri that cannot be used"))?;
        }
        Ok(Registered {
            client_id: client_id.to_string(),
            redirect_uri: self.redirect_uri.unwrap_or_default().to_owned(),
            scopes: self.scopes.to_vec(),
            management_uri,
            management_token: text("registration_access_token")?
                .map(|mut token| Secret::new(core::mem::take(&mut *token))),
        })
    }
}

const NAMES: [&str; 7] = [
    "client_id",
    "token_endpoint_auth_method",
    "redirect_uris",
    "registration_client_uri",
    "registration_access_token",
    "error",
    "error_description",
];

fn refused(members: Option<&Members<'_, 7>>, status: u16) -> Error {
    let text = |name| members.and_then(|members| members.text(name).ok().flatten());
    Error::RegistrationRefused {
        error: text("error").map_or_else(|| format!("HTTP {status}"), |error| cleaned(&error)),
        description: text("error_description").map(|words| cleaned(&words)),
    }
}
