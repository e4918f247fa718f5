//! From the issuer to the addresses of all that the server has.

use super::SiteError;
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

/// Where a site is, by its issuer.
#[derive(Debug)]
pub(crate) struct Place {
    /// What `Origin` says of a form of ours: scheme, host and port.
    pub(crate) origin: String,
    /// What `Host` must say.
    pub(crate) host: String,
    /// The issuer's path, without a slash at its end. Most have none.
    pub(crate) base: String,
    /// Where the metadata lies: the paths of all its addresses.
    pub(crate) metadata: Vec<String>,
}

impl Place {
    pub(crate) fn of(issuer: &str, discovery: Discovery) -> Result<Self, SiteError> {
        let wrong = |reason| SiteError::Issuer { issuer: issuer.to_owned(), reason };
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
        Ok(Self { origin, host: host.to_owned(), base: base.to_owned(), metadata })
    }

    /// Whether browsers reach it by https.
    pub(crate) fn is_secure(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// The addresses of the metadata.
    #[cfg(feature = "dev-server")]
    pub(crate) fn metadata_urls(&self) -> Vec<String> {
        self.metadata.iter().map(|path| format!("{}{path}", self.origin)).collect()
    }
}
