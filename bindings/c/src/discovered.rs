//! What discovery found, or what was read from a document.

use crate::call::call;
use crate::capability::{self, pk_capability};
use crate::document::{PK_DOCUMENT_PROVIDER, PK_DOCUMENT_RESOURCE};
use crate::error::pk_error;
use crate::input;
use crate::output::{Buffer, Kept, Out};
use crate::sign_in::pk_sign_in_config;
use crate::status::{Fail, Misuse, pk_status};
use crate::table::Table;
use crate::text::pk_text;
use core::ffi::c_char;
use core::mem::size_of;
use proofkey::flow::discovery::Discovered;
use proofkey::flow::sign_in::{RedirectTarget, SignInConfig};
use proofkey::metadata::{ProtectedResource, Provider};

/// What discovery found, or what was read from one document. It never changes. The handle belongs to the caller,
/// who frees it with `pk_discovered_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_discovered {
    /// Not for the caller.
    pub id: u64,
}

/// The issuer, byte for byte the one that was asked for.
pub const PK_FIELD_ISSUER: u32 = 1;
/// The issuer's host and port: what a user is shown before the browser opens.
pub const PK_FIELD_ISSUER_HOST: u32 = 2;
/// Where the user is sent.
pub const PK_FIELD_AUTHORIZATION_ENDPOINT: u32 = 3;
/// Where codes and refresh tokens are redeemed.
pub const PK_FIELD_TOKEN_ENDPOINT: u32 = 4;
/// Where tokens are revoked (RFC 7009).
pub const PK_FIELD_REVOCATION_ENDPOINT: u32 = 5;
/// Where clients register (RFC 7591).
pub const PK_FIELD_REGISTRATION_ENDPOINT: u32 = 6;
/// Where authorization requests are pushed (RFC 9126).
pub const PK_FIELD_PUSHED_AUTHORIZATION_REQUEST_ENDPOINT: u32 = 7;
/// Where device codes come from (RFC 8628).
pub const PK_FIELD_DEVICE_AUTHORIZATION_ENDPOINT: u32 = 8;
/// Where the user signs out (OpenID Connect RP-Initiated Logout).
pub const PK_FIELD_END_SESSION_ENDPOINT: u32 = 9;
/// Where the signing keys are (RFC 8414 §2).
pub const PK_FIELD_JWKS_URI: u32 = 10;
/// Where the authorization server's document was.
pub const PK_FIELD_METADATA_URL: u32 = 11;
/// The protected resource, byte for byte the one that was asked for.
pub const PK_FIELD_RESOURCE: u32 = 12;
/// Where the protected resource's document was.
pub const PK_FIELD_RESOURCE_METADATA_URL: u32 = 13;

/// The scopes to ask for: those of the 401, else those that the resource lists, else none. Never absent.
pub const PK_LIST_SCOPES: u32 = 101;
/// `scopes_supported` of the authorization server. A server need not list all (RFC 8414 §2).
pub const PK_LIST_PROVIDER_SCOPES: u32 = 102;
/// `grant_types_supported` of the authorization server.
pub const PK_LIST_GRANT_TYPES: u32 = 103;
/// `token_endpoint_auth_methods_supported` of the authorization server. Nothing is decided by it: servers leave
/// `none` out and serve public clients all the same.
pub const PK_LIST_AUTH_METHODS: u32 = 104;
/// `code_challenge_methods_supported` of the authorization server.
pub const PK_LIST_CODE_CHALLENGE_METHODS: u32 = 105;
/// `dpop_signing_alg_values_supported` of the authorization server.
pub const PK_LIST_DPOP_SIGNING_ALGS: u32 = 106;
/// `authorization_servers` of the protected resource: none of them is checked but the chosen one.
pub const PK_LIST_AUTHORIZATION_SERVERS: u32 = 107;
/// `scopes_supported` of the protected resource.
pub const PK_LIST_RESOURCE_SCOPES: u32 = 108;
/// `bearer_methods_supported` of the protected resource.
pub const PK_LIST_BEARER_METHODS: u32 = 109;

struct Found {
    issuer: String,
    provider: Option<Provider>,
    resource: Option<ProtectedResource>,
    scopes: Vec<String>,
    lent: Lent,
}

/// What the caller is given pointers to.
struct Lent {
    sign_in: Option<pk_sign_in_config>,
    report: Vec<pk_capability>,
    /// What both point to.
    _kept: Kept,
}

// SAFETY: the pointers point into `_kept`, which goes wherever they go, and only the caller of the library reads
// through them.
unsafe impl Send for Lent {}

// SAFETY: as above; nothing is written through a shared reference.
unsafe impl Sync for Lent {}

static FOUND: Table<Found> = Table::new(11, "discovered");

/// Takes in what was found.
pub(crate) fn insert(
    issuer: String,
    provider: Option<Provider>,
    resource: Option<ProtectedResource>,
    scopes: Vec<String>,
) -> Result<pk_discovered, Fail> {
    let mut kept = Kept::default();
    let (mut sign_in, mut report) = (None, Vec::new());
    if let Some(provider) = &provider {
        let found = Discovered {
            provider: provider.clone(),
            resource: resource.clone(),
            scopes: scopes.clone(),
        };
        let config = found.sign_in(String::new(), RedirectTarget::Fixed(String::new()));
        sign_in = Some(lend(&config, &mut kept));
        report = capability::keep(&provider.report(), &mut kept);
    }
    let lent = Lent { sign_in, report, _kept: kept };
    let id = FOUND.insert(Found { issuer, provider, resource, scopes, lent })?;
    Ok(pk_discovered { id })
}

/// The members that discovery knows; the others are zero.
fn lend(config: &SignInConfig, kept: &mut Kept) -> pk_sign_in_config {
    let (scopes, scope_count) = kept.texts(&config.scopes);
    pk_sign_in_config {
        size: size_of::<pk_sign_in_config>(),
        issuer: kept.text(&config.issuer),
        authorization_endpoint: kept.text(&config.authorization_endpoint),
        token_endpoint: kept.text(&config.token_endpoint),
        client_id: pk_text::ABSENT,
        redirect_uri: pk_text::ABSENT,
        loopback_path: pk_text::ABSENT,
        scopes,
        scope_count,
        resource: kept.optional(config.resource.as_deref()),
        browse_timeout_ms: config.browse_timeout_ms,
        iss_promised: u32::from(config.iss_promised),
        loopback_host: 0,
        loopback_port: 0,
    }
}

impl Found {
    fn text(&self, field: u32) -> Result<&str, Fail> {
        let provider = self.provider.as_ref();
        let resource = self.resource.as_ref();
        let text = match field {
            PK_FIELD_ISSUER => Some(&*self.issuer),
            PK_FIELD_ISSUER_HOST => provider.map(Provider::issuer_host),
            PK_FIELD_AUTHORIZATION_ENDPOINT => provider.map(|known| &*known.authorization_endpoint),
            PK_FIELD_TOKEN_ENDPOINT => provider.map(|known| &*known.token_endpoint),
            PK_FIELD_REVOCATION_ENDPOINT => {
                provider.and_then(|known| known.revocation_endpoint.as_deref())
            }
            PK_FIELD_REGISTRATION_ENDPOINT => {
                provider.and_then(|known| known.registration_endpoint.as_deref())
            }
            PK_FIELD_PUSHED_AUTHORIZATION_REQUEST_ENDPOINT => {
                provider.and_then(|known| known.pushed_authorization_request_endpoint.as_deref())
            }
            PK_FIELD_DEVICE_AUTHORIZATION_ENDPOINT => {
                provider.and_then(|known| known.device_authorization_endpoint.as_deref())
            }
            PK_FIELD_END_SESSION_ENDPOINT => {
                provider.and_then(|known| known.end_session_endpoint.as_deref())
            }
            PK_FIELD_JWKS_URI => provider.and_then(|known| known.jwks_uri.as_deref()),
            PK_FIELD_METADATA_URL => provider.map(|known| &*known.metadata_url),
            PK_FIELD_RESOURCE => resource.map(|known| &*known.resource),
            PK_FIELD_RESOURCE_METADATA_URL => resource.map(|known| &*known.metadata_url),
            _ => return Err(Fail::Misuse(Misuse::Value, "field")),
        };
        text.ok_or(Fail::Nothing("the documents do not say it"))
    }

    fn list(&self, list: u32) -> Result<&[String], Fail> {
        let provider = self.provider.as_ref();
        let resource = self.resource.as_ref();
        let list = match list {
            PK_LIST_SCOPES => Some(&*self.scopes),
            PK_LIST_PROVIDER_SCOPES => provider.and_then(|known| known.scopes.as_deref()),
            PK_LIST_GRANT_TYPES => provider.and_then(|known| known.grant_types.as_deref()),
            PK_LIST_AUTH_METHODS => {
                provider.and_then(|known| known.token_endpoint_auth_methods.as_deref())
            }
            PK_LIST_CODE_CHALLENGE_METHODS => {
                provider.and_then(|known| known.code_challenge_methods.as_deref())
            }
            PK_LIST_DPOP_SIGNING_ALGS => {
                provider.and_then(|known| known.dpop_signing_algs.as_deref())
            }
            PK_LIST_AUTHORIZATION_SERVERS => resource.map(|known| &*known.authorization_servers),
            PK_LIST_RESOURCE_SCOPES => resource.and_then(|known| known.scopes.as_deref()),
            PK_LIST_BEARER_METHODS => resource.and_then(|known| known.bearer_methods.as_deref()),
            _ => return Err(Fail::Misuse(Misuse::Value, "list")),
        };
        list.ok_or(Fail::Nothing("the documents have no such list"))
    }

    fn fetched_at(&self, document: u32) -> Result<u64, Fail> {
        let at = match document {
            PK_DOCUMENT_PROVIDER => self.provider.as_ref().map(|known| known.fetched_at),
            PK_DOCUMENT_RESOURCE => self.resource.as_ref().map(|known| known.fetched_at),
            _ => return Err(Fail::Misuse(Misuse::Value, "document")),
        };
        at.ok_or(Fail::Nothing("this document was not read"))
    }

    fn is_fresh(&self, now: u64, max_age_s: u64) -> bool {
        self.provider.iter().all(|known| known.is_fresh(now, max_age_s))
            && self.resource.iter().all(|known| known.is_fresh(now, max_age_s))
    }
}

/// Writes a text of what was found: `field` is `PK_FIELD_ISSUER` and the like.
///
/// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length. To learn the
/// length call with a capacity of 0.
///
/// Returns `PK_OK`; `PK_NOTHING` where the documents do not say it; `PK_BUFFER_TOO_SMALL` or a status of misuse. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_discovered_text(
    discovered: pk_discovered,
    field: u32,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            FOUND.with(discovered.id, |found| {
                Buffer::new("buffer", buffer, capacity, length).write(found.text(field)?)
            })
        })
    }
}

/// How many items a list has: `list` is `PK_LIST_SCOPES` and the like. An empty list has 0.
///
/// Returns `PK_OK`; `PK_NOTHING` where the documents have no such list; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_discovered_count(
    discovered: pk_discovered,
    list: u32,
    count: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("count", count)?;
            FOUND.with(discovered.id, |found| {
                out.write(found.list(list)?.len());
                Ok(())
            })
        })
    }
}

/// Writes an item of a list, as the document has it; `index` begins with 0. Treat it as a stranger's word.
///
/// Returns `PK_OK`; `PK_NOTHING` after the last, and where there is no such list; `PK_BUFFER_TOO_SMALL` or a status of
/// misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_discovered_item(
    discovered: pk_discovered,
    list: u32,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            FOUND.with(discovered.id, |found| {
                let items = found.list(list)?;
                let item = items.get(index).ok_or(Fail::Nothing("the list has no more items"))?;
                Buffer::new("buffer", buffer, capacity, length).write(item)
            })
        })
    }
}

/// Says what the metadata means for a feature: `feature` is `PK_FEATURE_S256` and the like. What `*capability` points
/// to is good until the handle is freed.
///
/// Returns `PK_OK`; `PK_NOTHING` where no authorization server's document was read; or a status of misuse. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_discovered_capability(
    discovered: pk_discovered,
    feature: u32,
    capability: *mut pk_capability,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::structure("capability", capability)?;
            FOUND.with(discovered.id, |found| {
                capability::check(feature)?;
                let line = found.lent.report.iter().find(|line| line.feature == feature);
                let missing = Fail::Nothing("no authorization server's document was read");
                out.write(*line.ok_or(missing)?);
                Ok(())
            })
        })
    }
}

/// When a document was fetched, in seconds since the epoch: `document` is `PK_DOCUMENT_PROVIDER` or
/// `PK_DOCUMENT_RESOURCE`.
///
/// Returns `PK_OK`; `PK_NOTHING` where this document was not read; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_discovered_fetched_at(
    discovered: pk_discovered,
    document: u32,
    fetched_at: *mut u64,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("fetched_at", fetched_at)?;
            FOUND.with(discovered.id, |found| {
                out.write(found.fetched_at(document)?);
                Ok(())
            })
        })
    }
}

/// Whether every document that was read is younger than `max_age_s` seconds at `now`. One that is from the future,
/// because the clock was set back, is not.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_discovered_is_fresh(
    discovered: pk_discovered,
    now: u64,
    max_age_s: u64,
    fresh: *mut bool,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("fresh", fresh)?;
            FOUND.with(discovered.id, |found| {
                out.write(found.is_fresh(now, max_age_s));
                Ok(())
            })
        })
    }
}

/// Fills in what `pk_sign_in_new` needs to know of the server: `issuer`, `authorization_endpoint`, `token_endpoint`,
/// `iss_promised`, `scopes`, `resource`, and `browse_timeout_ms`, where it is 0, with five minutes. The other members
/// stay as they are, and all may be changed afterwards. What is pointed to is good until the handle is freed, so
/// free it after `pk_sign_in_new`.
///
/// Returns `PK_OK`; `PK_NOTHING` where no authorization server's document was read; or a status of misuse. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_discovered_sign_in(
    discovered: pk_discovered,
    config: *mut pk_sign_in_config,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::structure("config", config)?;
            let given = input::structure("config", config.cast_const())?;
            FOUND.with(discovered.id, |found| {
                let missing = Fail::Nothing("no authorization server's document was read");
                let known = found.lent.sign_in.ok_or(missing)?;
                out.write(pk_sign_in_config {
                    client_id: given.client_id,
                    redirect_uri: given.redirect_uri,
                    loopback_path: given.loopback_path,
                    loopback_host: given.loopback_host,
                    loopback_port: given.loopback_port,
                    browse_timeout_ms: match given.browse_timeout_ms {
                        0 => known.browse_timeout_ms,
                        chosen => chosen,
                    },
                    ..known
                });
                Ok(())
            })
        })
    }
}

/// Frees what was found. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_discovered_free(discovered: pk_discovered) -> pk_status {
    FOUND.free(discovered.id)
}
