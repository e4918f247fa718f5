//! What the user means by an address: a resource, or an issuer.

use crate::args::Address;
use proofkey::Error;
use proofkey_client::{CancelHandle, ClientBuilder, Discovered, DiscoveryConfig};
use proofkey_client::{challenge, discover_until};

/// One thing that an address can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    resource: Option<String>,
    issuer: Option<String>,
}

impl Place {
    pub fn resource(resource: &str) -> Self {
        Self { resource: Some(resource.to_owned()), issuer: None }
    }

    fn issuer(issuer: &str) -> Self {
        Self { resource: None, issuer: Some(issuer.to_owned()) }
    }

    /// All that the address can be, the likeliest first. Nothing is asked: sign-ins are found in the store
    /// by the one or the other.
    pub fn all(address: &Address) -> Vec<Self> {
        let Address { url, resource, issuer } = address;
        match (url.as_deref().or(resource.as_deref()), issuer.as_deref()) {
            (Some(resource), Some(issuer)) => {
                vec![Self { issuer: Some(issuer.to_owned()), ..Self::resource(resource) }]
            }
            (Some(url), None) if resource.is_none() => vec![Self::resource(url), Self::issuer(url)],
            (Some(resource), None) => vec![Self::resource(resource)],
            // The parser has seen to it that there is one.
            (None, issuer) => vec![Self::issuer(issuer.unwrap_or_default())],
        }
    }

    /// The address, as the user wrote it.
    pub fn url(&self) -> &str {
        self.resource.as_deref().or(self.issuer.as_deref()).unwrap_or_default()
    }

    /// A client for it.
    pub fn client(&self, mut builder: ClientBuilder) -> ClientBuilder {
        if let Some(resource) = &self.resource {
            builder = builder.resource(resource);
        }
        if let Some(issuer) = &self.issuer {
            builder = builder.issuer(issuer);
        }
        builder
    }

    fn discover(&self, allowed: &[String], cancel: &CancelHandle) -> Result<Discovered, Error> {
        let www_authenticate = match &self.resource {
            // Its answer to a request without a token may say more than its metadata (RFC 9728 §5.1).
            Some(resource) => challenge(resource)?,
            None => Vec::new(),
        };
        let config = DiscoveryConfig {
            issuer: self.issuer.clone(),
            resource: self.resource.clone(),
            www_authenticate,
            allow_missing_s256: allowed.to_vec(),
        };
        discover_until(config, cancel)
    }

    /// Judges what it is by what is found: a resource where it says so, else an issuer.
    pub fn judge(
        address: &Address,
        allowed: &[String],
        cancel: &CancelHandle,
    ) -> Result<(Self, Discovered), Error> {
        let mut first = None;
        for place in Self::all(address) {
            match place.discover(allowed, cancel) {
                Ok(found) => return Ok((place, found)),
                Err(error) if first.is_none() && may_be_an_issuer(&error) => first = Some(error),
                // It is neither. What it said of itself as a resource says more than that it is no issuer.
                Err(Error::MetadataNotFound { tried, .. }) => {
                    return Err(match first {
                        Some(Error::MetadataNotFound { tried: before, .. }) => {
                            neither(&before, &tried)
                        }
                        Some(said) => said,
                        None => neither("", &tried),
                    });
                }
                Err(error) => return Err(error),
            }
        }
        Err(first.unwrap_or(Error::FlowEnded))
    }
}

/// Whether this address may be one of an issuer: it has no document of a resource, or that of another one, as
/// the root of a host may have.
fn may_be_an_issuer(error: &Error) -> bool {
    matches!(error, Error::MetadataNotFound { .. } | Error::MetadataResourceMismatch { .. })
}

fn neither(resource: &str, issuer: &str) -> Error {
    let between = if resource.is_empty() { "" } else { ", " };
    Error::MetadataNotFound {
        document: if resource.is_empty() {
            "its metadata"
        } else {
            "metadata of a resource or of an issuer"
        },
        tried: format!("{resource}{between}{issuer}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(url: Option<&str>, resource: Option<&str>, issuer: Option<&str>) -> Address {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Address { url: owned(url), resource: owned(resource), issuer: owned(issuer) }
    }

    #[test]
    fn an_address_alone_may_be_either_and_an_option_says_which() {
        let (resource, issuer) = (Place::resource("u"), Place::issuer("u"));
        let both = Place { resource: Some("u".into()), issuer: Some("i".into()) };
        assert_eq!(Place::all(&address(Some("u"), None, None)), [resource.clone(), issuer.clone()]);
        assert_eq!(Place::all(&address(None, Some("u"), None)), [resource]);
        assert_eq!(Place::all(&address(None, None, Some("u"))), [issuer]);
        assert_eq!(Place::all(&address(Some("u"), None, Some("i"))), std::slice::from_ref(&both));
        assert_eq!(Place::all(&address(None, Some("u"), Some("i"))), std::slice::from_ref(&both));
        assert_eq!(both.url(), "u");
    }
}
