//! Documents and where they are.

use crate::discovered::{Handle, read};
use crate::error::Error;
use proofkey_c::document::{pk_provider_read, pk_resource_read};
use proofkey_c::known::{PK_FIELD_ISSUER, PK_FIELD_RESOURCE, PK_LIST_SCOPES};
use std::cell::OnceCell;

pub use crate::discovered::{Capability, Provider};

impl Provider {
    pub fn read(
        issuer: &str,
        body: &[u8],
        allow_missing_s256: bool,
        metadata_url: &str,
        now: u64,
    ) -> Result<Self, Error> {
        let asked = (Some(issuer), "");
        read(asked, body, allow_missing_s256, metadata_url, now, pk_provider_read).map(Self::take)
    }
}

/// A document on its way: in C one call reads it and chooses the issuer.
pub struct ProtectedResource {
    pub resource: String,
    body: Vec<u8>,
    metadata_url: String,
    now: u64,
    found: OnceCell<Handle>,
}

impl ProtectedResource {
    pub fn read(resource: &str, body: &[u8], metadata_url: &str, now: u64) -> Result<Self, Error> {
        let (resource, metadata_url) = (resource.to_owned(), metadata_url.to_owned());
        Ok(Self { resource, body: body.to_vec(), metadata_url, now, found: OnceCell::new() })
    }

    pub fn issuer(&self, configured: Option<&str>) -> Result<String, Error> {
        let asked = (configured, &*self.resource);
        let found = read(asked, &self.body, false, &self.metadata_url, self.now, pk_resource_read)?;
        assert_eq!(found.text(PK_FIELD_RESOURCE).as_ref(), Some(&self.resource));
        Ok(self.found.get_or_init(|| found).text(PK_FIELD_ISSUER).expect("an issuer"))
    }

    pub fn scopes_to_ask_for(&self) -> Vec<String> {
        self.found.get().and_then(|found| found.list(PK_LIST_SCOPES)).expect("it was read")
    }
}

pub mod well_known {
    use crate::c::{text, view};
    use crate::error::Error;
    use proofkey_c::document::{PK_DOCUMENT_PROVIDER, PK_DOCUMENT_RESOURCE, pk_well_known_url};

    pub fn authorization_server_urls(issuer: &str) -> Result<Vec<String>, Error> {
        urls(PK_DOCUMENT_PROVIDER, issuer)
    }

    pub fn protected_resource_urls(resource: &str) -> Result<Vec<String>, Error> {
        urls(PK_DOCUMENT_RESOURCE, resource)
    }

    fn urls(document: u32, identifier: &str) -> Result<Vec<String>, Error> {
        let given = view(identifier);
        let url = |index| {
            // SAFETY: the identifier lives until the end of this function, the other pointers are `text`'s.
            text(|b, n, l, e| unsafe {
                pk_well_known_url(document, given.data, given.length, index, b, n, l, e)
            })
            .transpose()
        };
        (0..).map_while(url).collect()
    }
}
