//! Where a fault happens: the endpoint, what was asked of it, and what the server is.

use crate::openid::OpenId;

/// The query of an address that a redirect of ours leads to, where nothing is done wrong.
pub(crate) const MOVED: &str = "moved";

/// The endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Metadata,
    /// The authorization endpoint, or the form that it shows.
    Authorize,
    /// The token endpoint, with a code.
    Code,
    /// With a refresh token.
    Refresh,
    /// With a device code.
    Poll,
    DeviceAuthorization,
    Push,
    Keys,
    ResourceMetadata,
    Resource,
}

/// What a fault can know.
pub(crate) struct Scene<'a> {
    pub(crate) at: At,
    /// The path that was asked for, and whether with `?moved`: a redirect of ours was followed.
    pub(crate) path: &'a str,
    pub(crate) moved: bool,
    /// The issuer's identifier.
    pub(crate) issuer: &'a str,
    pub(crate) openid: &'a OpenId,
    /// Whether this very code or token was brought before.
    pub(crate) again: bool,
    /// Seconds since the epoch.
    pub(crate) now: u64,
}

impl Scene<'_> {
    /// The same address once more, where a redirect leads that nobody should follow.
    pub(crate) fn elsewhere(&self) -> String {
        format!("{}?{MOVED}", self.path)
    }

    /// Whether it is the token endpoint.
    pub(crate) const fn is_token(&self) -> bool {
        matches!(self.at, At::Code | At::Refresh | At::Poll)
    }
}
