//! The discovery flow.

use super::step::give;
use crate::c::{call, sized, view_or_none, views};
use crate::discovered::{Handle, ProtectedResource, Provider};
use crate::error::Error;
use proofkey_c::discovered::pk_discovered;
use proofkey_c::discovery::{
    pk_discovery, pk_discovery_advance, pk_discovery_config, pk_discovery_free, pk_discovery_new,
    pk_discovery_outcome,
};
use proofkey_c::known::PK_LIST_SCOPES;
use proofkey_c::status::{PK_NOTHING, PK_OK};
use proofkey_core::step::{Event, Step};

pub use proofkey_core::flow::discovery::DiscoveryConfig;

pub struct Discovery(pk_discovery);

pub struct Discovered {
    pub provider: Provider,
    pub resource: Option<ProtectedResource>,
    pub scopes: Vec<String>,
}

impl Discovery {
    pub fn new(config: DiscoveryConfig) -> Result<Self, Error> {
        let fields = views(&config.www_authenticate);
        let exceptions = views(&config.allow_missing_s256);
        let mut given: pk_discovery_config = sized();
        given.issuer = view_or_none(config.issuer.as_deref());
        given.resource = view_or_none(config.resource.as_deref());
        given.www_authenticate = fields.as_ptr();
        given.www_authenticate_count = fields.len();
        given.allow_missing_s256 = exceptions.as_ptr();
        given.allow_missing_s256_count = exceptions.len();
        let mut discovery = pk_discovery { id: 0 };
        // SAFETY: everything that is pointed to lives until the end of this function.
        call(|error| unsafe { pk_discovery_new(&given, &mut discovery, error) })?;
        Ok(Self(discovery))
    }

    pub fn advance(&mut self, event: Event, now: u64) -> Result<Step, Error> {
        // SAFETY: the pointers are those of `give`, good until the end of the call.
        give(&event, |event, step, error| unsafe {
            pk_discovery_advance(self.0, event, now, step, error)
        })
    }

    pub fn outcome(&mut self) -> Option<Discovered> {
        let mut found = pk_discovered { id: 0 };
        // SAFETY: the pointer is to a structure of this function; an error may be null.
        match unsafe { pk_discovery_outcome(self.0, &mut found, std::ptr::null_mut()) } {
            PK_OK => {}
            PK_NOTHING => return None,
            status => panic!("{status}"),
        }
        let found = Handle::new(found);
        let resource = ProtectedResource::take(&found);
        let scopes = found.list(PK_LIST_SCOPES).expect("never absent");
        Some(Discovered { provider: Provider::take(found), resource, scopes })
    }
}

impl Drop for Discovery {
    fn drop(&mut self) {
        pk_discovery_free(self.0);
    }
}
