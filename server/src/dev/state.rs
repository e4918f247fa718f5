//! What the development server's handlers share.

use super::Addresses;
use super::handlers::{API, COUNTERS};
use crate::endpoint::metadata;
use crate::fault::Fault;
use crate::site::{Place, Site};
use proofkey::grant::check::Authentication;
use proofkey::metadata::well_known;
use std::sync::Arc;

/// The development server's state.
pub(super) struct Dev {
    pub(super) site: Arc<Site>,
    pub(super) resource: Resource,
    /// What `/api/fresh` wants of a sign-in.
    pub(super) fresh: Authentication,
    /// Whether a POST makes a new key.
    pub(super) may_rotate: bool,
    /// What it does wrong, to every client.
    pub(super) faults: Vec<&'static Fault>,
    /// Whether a client's identifier may name what is done wrong to it.
    pub(super) fault_clients: bool,
    /// As whom a device that meets a fault is signed in, where nobody is to be asked.
    pub(super) allows_devices: Option<String>,
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

impl Resource {
    /// The one beside a server.
    pub(super) fn of(place: &Place, required_scopes: Vec<String>) -> Result<Self, proofkey::Error> {
        let Place { origin, base, .. } = place;
        let uri = format!("{origin}{base}{API}");
        // With the resource's path; the second address, at the root, would be for the whole host.
        let metadata_url = well_known::protected_resource_urls(&uri)?.swap_remove(0);
        let metadata_path = metadata_url[origin.len()..].to_owned();
        Ok(Self { uri, metadata_url, metadata_path, required_scopes })
    }
}

impl Dev {
    /// Where all of it is.
    pub(super) fn addresses(&self) -> Addresses {
        let server = &self.site.server;
        let at = |path: &str| server.address_of(path);
        let registers = server.clients.registrations().is_some();
        Addresses {
            issuer: server.policy.issuer.clone(),
            metadata: self.site.place.metadata_urls(),
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
            introspection_endpoint: server
                .introspection
                .is_some()
                .then(|| at(metadata::INTROSPECT)),
            counters: at(COUNTERS),
        }
    }
}
