//! What the development server's handlers share.

use super::csrf::Csrf;
use crate::endpoint::AuthorizationServer;

/// The development server's state.
pub(super) struct Dev {
    pub(super) server: AuthorizationServer,
    pub(super) csrf: Csrf,
    pub(super) place: Place,
    pub(super) resource: Resource,
    pub(super) auto_approve: bool,
    pub(super) user_name: String,
}

/// Where the server is, by its issuer.
pub(super) struct Place {
    /// What `Origin` says of a form of ours: scheme, host and port.
    pub(super) origin: String,
    /// What `Host` must say.
    pub(super) host: String,
    /// The issuer's path, without a slash at its end. Most have none.
    pub(super) base: String,
    /// Where the metadata lies: the paths of all its addresses.
    pub(super) metadata: Vec<String>,
}

/// The resource that is served beside.
pub(super) struct Resource {
    /// Its URI: the audience that its tokens need.
    pub(super) uri: String,
    /// The address of its metadata (RFC 9728 §3), and the path of that.
    pub(super) metadata_url: String,
    pub(super) metadata_path: String,
    /// The scopes that its tokens need.
    pub(super) required_scopes: Vec<String>,
}
