//! What was found or read: plain data with the core's names, as C says it.

use crate::c::{call, present, sized, text, view, view_or_none};
use crate::error::Error;
use proofkey_c::capability::*;
use proofkey_c::discovered::*;
use proofkey_c::document::{PK_DOCUMENT_PROVIDER, PK_DOCUMENT_RESOURCE, pk_document};
use proofkey_c::known::*;
use proofkey_c::sign_in::pk_sign_in_config;
use proofkey_c::status::{PK_NOTHING, PK_OK};
use proofkey_core::metadata::{Feature, Support};

/// A handle that frees itself.
pub struct Handle(pk_discovered);

impl Drop for Handle {
    fn drop(&mut self) {
        pk_discovered_free(self.0);
    }
}

/// Reads a document by `read`, which is `pk_provider_read` or `pk_resource_read`.
pub fn read(
    (issuer, resource): (Option<&str>, &str),
    body: &[u8],
    allow_missing_s256: bool,
    metadata_url: &str,
    now: u64,
    read: unsafe extern "C" fn(
        *const pk_document,
        *mut pk_discovered,
        *mut proofkey_c::error::pk_error,
    ) -> proofkey_c::status::pk_status,
) -> Result<Handle, Error> {
    let mut given: pk_document = sized();
    given.issuer = view_or_none(issuer);
    given.resource = view(resource);
    given.body.data = body.as_ptr().cast();
    given.body.length = body.len();
    given.metadata_url = view(metadata_url);
    given.fetched_at = now;
    given.allow_missing_s256 = u32::from(allow_missing_s256);
    let mut found = pk_discovered { id: 0 };
    // SAFETY: everything that is pointed to lives until the end of this function.
    call(|error| unsafe { read(&given, &mut found, error) })?;
    Ok(Handle(found))
}

pub struct Capability {
    pub feature: Feature,
    pub support: Support,
    pub why: String,
}

pub struct Provider {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub revocation_endpoint: Option<String>,
    pub registration_endpoint: Option<String>,
    pub pushed_authorization_request_endpoint: Option<String>,
    pub device_authorization_endpoint: Option<String>,
    pub end_session_endpoint: Option<String>,
    pub jwks_uri: Option<String>,
    pub iss_promised: bool,
    pub grant_types: Option<Vec<String>>,
    pub scopes: Option<Vec<String>>,
    pub token_endpoint_auth_methods: Option<Vec<String>>,
    pub metadata_url: String,
    pub fetched_at: u64,
    issuer_host: String,
    found: Handle,
}

impl Provider {
    pub fn take(found: Handle) -> Self {
        let present = |field| found.text(field).expect("an authorization server was read");
        let provider = Self {
            issuer: present(PK_FIELD_ISSUER),
            authorization_endpoint: present(PK_FIELD_AUTHORIZATION_ENDPOINT),
            token_endpoint: present(PK_FIELD_TOKEN_ENDPOINT),
            revocation_endpoint: found.text(PK_FIELD_REVOCATION_ENDPOINT),
            registration_endpoint: found.text(PK_FIELD_REGISTRATION_ENDPOINT),
            pushed_authorization_request_endpoint: found
                .text(PK_FIELD_PUSHED_AUTHORIZATION_REQUEST_ENDPOINT),
            device_authorization_endpoint: found.text(PK_FIELD_DEVICE_AUTHORIZATION_ENDPOINT),
            end_session_endpoint: found.text(PK_FIELD_END_SESSION_ENDPOINT),
            jwks_uri: found.text(PK_FIELD_JWKS_URI),
            iss_promised: found.sign_in().iss_promised != 0,
            grant_types: found.list(PK_LIST_GRANT_TYPES),
            scopes: found.list(PK_LIST_PROVIDER_SCOPES),
            token_endpoint_auth_methods: found.list(PK_LIST_AUTH_METHODS),
            metadata_url: present(PK_FIELD_METADATA_URL),
            fetched_at: found.fetched_at(PK_DOCUMENT_PROVIDER),
            issuer_host: present(PK_FIELD_ISSUER_HOST),
            found,
        };
        provider.found.fills_in_a_sign_in(&provider);
        provider
    }

    pub fn issuer_host(&self) -> &str {
        &self.issuer_host
    }

    pub fn report(&self) -> Vec<Capability> {
        (1..).map_while(|feature| self.found.capability(feature)).collect()
    }
}

pub struct ProtectedResource {
    pub resource: String,
    pub metadata_url: String,
    pub fetched_at: u64,
}

impl ProtectedResource {
    pub fn take(found: &Handle) -> Option<Self> {
        Some(Self {
            resource: found.text(PK_FIELD_RESOURCE)?,
            metadata_url: found.text(PK_FIELD_RESOURCE_METADATA_URL)?,
            fetched_at: found.fetched_at(PK_DOCUMENT_RESOURCE),
        })
    }
}

impl Handle {
    pub const fn new(found: pk_discovered) -> Self {
        Self(found)
    }

    pub fn text(&self, field: u32) -> Option<String> {
        // SAFETY: the pointers are `text`'s.
        let text = text(|b, n, l, e| unsafe { pk_discovered_text(self.0, field, b, n, l, e) });
        text.expect("the handle and the field are good")
    }

    pub fn list(&self, list: u32) -> Option<Vec<String>> {
        let mut count = 0;
        // SAFETY: the pointer is to a number of this function; an error may be null.
        match unsafe { pk_discovered_count(self.0, list, &mut count, std::ptr::null_mut()) } {
            PK_OK => {}
            PK_NOTHING => return None,
            status => panic!("{status}"),
        }
        let item = |index| {
            // SAFETY: the pointers are `text`'s.
            text(|b, n, l, e| unsafe { pk_discovered_item(self.0, list, index, b, n, l, e) })
                .expect("the handle and the list are good")
        };
        assert_eq!(item(count), None, "nothing comes after the last");
        Some((0..count).map(|index| item(index).expect("an item")).collect())
    }

    fn fetched_at(&self, document: u32) -> u64 {
        let (mut at, mut fresh) = (0, false);
        // SAFETY: the pointers are to values of this function.
        call(|error| unsafe { pk_discovered_fetched_at(self.0, document, &mut at, error) })
            .expect("it was read");
        // SAFETY: as above.
        call(|error| unsafe { pk_discovered_is_fresh(self.0, at, 0, &mut fresh, error) })
            .expect("it is good");
        assert!(!fresh, "nothing is younger than no time");
        at
    }

    fn capability(&self, feature: u32) -> Option<Capability> {
        let mut line: pk_capability = sized();
        let null = std::ptr::null_mut();
        // SAFETY: the pointer is to a structure of this function; an error may be null.
        if unsafe { pk_discovered_capability(self.0, feature, &mut line, null) } != PK_OK {
            return None;
        }
        assert_eq!(line.feature, feature);
        let (name, said) = (present(line.feature_name), present(line.support_name));
        let feature = Feature::ALL.into_iter().find(|one| one.as_str() == name);
        let all = [
            (PK_SUPPORT_SUPPORTED, Support::Supported),
            (PK_SUPPORT_REQUIRED, Support::Required),
            (PK_SUPPORT_ABSENT, Support::Absent),
            (PK_SUPPORT_FORBIDDEN, Support::Forbidden),
        ];
        let support = all
            .into_iter()
            .find(|(number, one)| *number == line.support && one.as_str() == said)
            .map(|(_, one)| one);
        Some(Capability {
            feature: feature.expect("a known feature"),
            support: support.expect("number and name agree"),
            why: present(line.why),
        })
    }

    /// What it fills into a configuration that is empty.
    fn sign_in(&self) -> pk_sign_in_config {
        let mut config: pk_sign_in_config = sized();
        // SAFETY: the pointer is to a structure of this function.
        call(|error| unsafe { pk_discovered_sign_in(self.0, &mut config, error) })
            .expect("an authorization server was read");
        config
    }

    /// A sign-in is made of what was found: the texts are those of the getters.
    fn fills_in_a_sign_in(&self, provider: &Provider) {
        let config = self.sign_in();
        assert_eq!(present(config.issuer), provider.issuer);
        assert_eq!(present(config.authorization_endpoint), provider.authorization_endpoint);
        assert_eq!(present(config.token_endpoint), provider.token_endpoint);
        assert_eq!(crate::c::read(config.resource), self.text(PK_FIELD_RESOURCE));
        let scopes = crate::c::read_list(config.scopes, config.scope_count);
        assert_eq!(Some(scopes), self.list(PK_LIST_SCOPES));
    }
}
