//! The protected resource's metadata (RFC 9728 §2), read strictly.

use super::{Document, difference, reach};
use crate::error::Error;
use crate::grammar::is_scope_token;
use crate::metadata::well_known;
use crate::uri;

/// How errors call the document.
pub(crate) const NAME: &str = "the protected resource's metadata";

/// A protected resource, as its metadata describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtectedResource {
    /// The resource, byte for byte the one that was asked for: the resource indicator (RFC 8707) of every
    /// request for its tokens.
    pub resource: String,
    /// The issuers of tokens that it takes; may be empty. Not checked until one is chosen.
    pub authorization_servers: Vec<String>,
    /// `scopes_supported`; none where it is absent.
    pub scopes: Option<Vec<String>>,
    /// `bearer_methods_supported`; none where it is absent.
    pub bearer_methods: Option<Vec<String>>,
    /// Where the document was.
    pub metadata_url: String,
    /// When it was fetched, in seconds since the epoch by the clock that was given.
    pub fetched_at: u64,
}

const MEMBERS: [&str; 4] =
    ["resource", "authorization_servers", "scopes_supported", "bearer_methods_supported"];

impl ProtectedResource {
    /// Reads a document that was fetched from `metadata_url` because `resource` was asked for. `now` is in
    /// seconds since the epoch.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] names `resource`; [`Error::MetadataResourceMismatch`] where the document
    /// is another resource's (RFC 9728 §3.3); [`Error::InvalidMetadata`] names the member that cannot be
    /// used.
    pub fn read(resource: &str, body: &[u8], metadata_url: &str, now: u64) -> Result<Self, Error> {
        well_known::protected_resource_urls(resource)?;
        let document = Document::read(NAME, body, MEMBERS)?;
        let found = document.required("resource")?;
        if found != resource {
            return Err(Error::MetadataResourceMismatch {
                difference: difference::difference(resource, &found),
                asked: resource.to_owned(),
                found: difference::shown(&found),
            });
        }
        let bearer_methods = document.texts("bearer_methods_supported")?;
        if bearer_methods.as_ref().is_some_and(|list| !list.iter().any(|m| m == "header")) {
            // M8: the token goes into the header and nowhere else.
            let reason = "leaves out header, the only place where a token is ever put";
            return Err(document.invalid("bearer_methods_supported", reason));
        }
        Ok(Self {
            resource: found,
            authorization_servers: document.texts("authorization_servers")?.unwrap_or_default(),
            scopes: document.texts("scopes_supported")?,
            bearer_methods,
            metadata_url: metadata_url.to_owned(),
            fetched_at: now,
        })
    }

    /// Whether the document is younger than `max_age_s` seconds at `now`. Where the clock was set back
    /// behind the fetching it is not.
    #[must_use]
    pub fn is_fresh(&self, now: u64, max_age_s: u64) -> bool {
        super::is_fresh(self.fetched_at, now, max_age_s)
    }

    /// The scopes that the resource lists, without those that no request could carry (RFC 6749 §3.3).
    #[must_use]
    pub fn scopes_to_ask_for(&self) -> Vec<String> {
        let listed = self.scopes.iter().flatten();
        listed.filter(|scope| is_scope_token(scope)).cloned().collect()
    }

    /// The issuer to go on with: the one that the configuration names, or the first of the list.
    ///
    /// # Errors
    /// [`Error::IssuerNotListed`] where there is a list and the configured issuer is not on it;
    /// [`Error::InvalidMetadata`] where there is neither a list nor a configured issuer, or the first of the
    /// list is no issuer.
    pub fn issuer(&self, configured: Option<&str>) -> Result<String, Error> {
        match (configured, self.authorization_servers.first()) {
            // What the user typed may lie anywhere; it was checked when the flow was made.
            (Some(issuer), None) => Ok(issuer.to_owned()),
            (Some(issuer), _) if self.authorization_servers.iter().any(|one| one == issuer) => {
                Ok(issuer.to_owned())
            }
            (Some(issuer), Some(first)) => Err(Error::IssuerNotListed {
                issuer: issuer.to_owned(),
                first: difference::shown(first),
            }),
            (None, Some(first)) => {
                let check = |uri: uri::Parts<'_>| {
                    reach::check_parts(&uri, reach::of(&self.resource))?;
                    if uri.query.is_some() {
                        return Err("has a query, which an issuer has not");
                    }
                    well_known::issuer_urls(&uri).map(drop)
                };
                uri::parts(first).and_then(check).map_err(no_issuer)?;
                Ok(first.clone())
            }
            (None, None) => Err(no_issuer("names no authorization server")),
        }
    }
}

/// The list of issuers cannot be used.
const fn no_issuer(reason: &'static str) -> Error {
    Error::InvalidMetadata { document: NAME, member: "authorization_servers", reason }
}
