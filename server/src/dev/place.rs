//! From the issuer to the addresses of all that the server has.

use super::DevError;
use super::handlers::API;
use super::state::{Place, Resource};
use iri_string::types::UriStr;
use proofkey::metadata::well_known;

/// Which of the two kinds of discovery is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Discovery {
    /// Both.
    #[default]
    Both,
    /// That of OAuth (RFC 8414) alone.
    OAuth,
    /// That of OpenID Connect alone. The document is the same.
    OpenId,
}

impl Discovery {
    fn serves(self, path: &str) -> bool {
        let openid = path.contains("/.well-known/openid-configuration");
        match self {
            Self::Both => true,
            Self::OAuth => !openid,
            Self::OpenId => openid,
        }
    }
}

/// Where the server is.
pub(super) fn place(issuer: &str, discovery: Discovery) -> Result<Place, DevError> {
    let wrong = |reason| DevError::Issuer { issuer: issuer.to_owned(), reason };
    let uri = UriStr::new(issuer).map_err(|_| wrong("is not a URL"))?;
    let host = uri.authority_str().ok_or(wrong("has no host"))?;
    let base = uri.path_str();
    // It becomes a pattern of the router.
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~".contains(&b);
    if base.ends_with('/') || base.contains("//") || !base.bytes().all(plain) {
        return Err(wrong(
            "has a path that ends in a slash, or holds an empty segment or other characters than \
             letters, digits and -._~",
        ));
    }
    let origin = format!("{}://{host}", uri.scheme_str());
    let urls = well_known::authorization_server_urls(issuer)?;
    let paths = urls.iter().filter_map(|url| url.strip_prefix(&origin)).map(str::to_owned);
    let metadata = paths.filter(|path| discovery.serves(path)).collect();
    Ok(Place { origin, host: host.to_owned(), base: base.to_owned(), metadata })
}

impl Place {
    /// The resource beside the server.
    pub(super) fn resource(&self, required_scopes: Vec<String>) -> Result<Resource, DevError> {
        let Self { origin, base, .. } = self;
        let uri = format!("{origin}{base}{API}");
        // With the resource's path; the second address, at the root, would be for the whole host.
        let metadata_url = well_known::protected_resource_urls(&uri)?.swap_remove(0);
        let metadata_path = metadata_url[origin.len()..].to_owned();
        Ok(Resource { uri, metadata_url, metadata_path, required_scopes })
    }
}
