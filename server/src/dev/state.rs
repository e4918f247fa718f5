//! What the development server's handlers share.

use super::csrf::Csrf;
use crate::endpoint::AuthorizationServer;

/// The development server's state.
pub(super) struct Dev {
    pub(super) server: AuthorizationServer,
    pub(super) csrf: Csrf,
    /// What `Host` must say.
    pub(super) host: String,
    pub(super) auto_approve: bool,
    pub(super) user_name: String,
}
