//! What the development server's handlers share.

use super::Addresses;
use super::csrf::Csrf;
use super::handlers::COUNTERS;
use crate::endpoint::{AuthorizationServer, metadata};
use crate::fault::Fault;
use proofkey::grant::check::Authentication;

/// The development server's state.
pub(super) struct Dev {
    pub(super) server: AuthorizationServer,
    /// Of the consent form, the device form, and the form that signs out.
    pub(super) csrf: Csrf,
    pub(super) device_csrf: Csrf,
    pub(super) logout_csrf: Csrf,
    pub(super) place: Place,
    pub(super) resource: Resource,
    pub(super) auto_approve: bool,
    pub(super) user_name: String,
    /// What `/api/fresh` wants of a sign-in.
    pub(super) fresh: Authentication,
    /// Whether a POST makes a new key.
    pub(super) may_rotate: bool,
    /// What it does wrong, to every client.
    pub(super) fault: Option<&'static Fault>,
    /// Whether a client's identifier may name what is done wrong to it.
    pub(super) fault_clients: bool,
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

impl Place {
    fn metadata_urls(&self) -> Vec<String> {
        self.metadata.iter().map(|path| format!("{}{path}", self.origin)).collect()
    }
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

impl Dev {
    /// Where all of it is.
    pub(super) fn addresses(&self) -> Addresses {
        let at = |path: &str| self.server.address_of(path);
        let registers = self.server.clients.registrations().is_some();
        Addresses {
            issuer: self.server.policy.issuer.clone(),
            metadata: self.place.metadata_urls(),
            authorization_endpoint: at(metadata::AUTHORIZE),
            token_endpoint: at(metadata::TOKEN),
            revocation_endpoint: at(metadata::REVOKE),
            registration_endpoint: registers.then(|| at(metadata::REGISTER)),
            pushed_authorization_request_endpoint: at(metadata::PAR),
            device_authorization_endpoint: at(metadata::DEVICE_AUTHORIZATION),
            device_page: at(metadata::DEVICE),
            jwks_uri: at(metadata::JWKS),
            end_session_endpoint: at(metadata::END_SESSION),
            resource: self.resource.uri.clone(),
            resource_metadata: self.resource.metadata_url.clone(),
            counters: at(COUNTERS),
        }
    }
}
