//! Documents that the caller has already, and where documents are.

use crate::call::call;
use crate::discovered::{insert, pk_discovered};
use crate::error::pk_error;
use crate::input::{self, Structure};
use crate::known::Known;
use crate::output::{Buffer, Out};
use crate::status::{Fail, Misuse, pk_status};
use crate::text::pk_text;
use core::ffi::c_char;
use proofkey::metadata::{ProtectedResource, Provider, well_known};

/// The authorization server's metadata (RFC 8414 §2, OpenID Connect Discovery 1.0 §3).
pub const PK_DOCUMENT_PROVIDER: u32 = 1;
/// The protected resource's metadata (RFC 9728 §2).
pub const PK_DOCUMENT_RESOURCE: u32 = 2;

/// A document that was fetched before, from a cache of the caller's. Everything in it belongs to the caller and
/// is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_document {
    /// `sizeof(pk_document)`: `pk_document document = PK_DOCUMENT_INIT;`.
    pub size: usize,
    /// `pk_provider_read`: the issuer that was asked for. `pk_resource_read`: the configured issuer; may be
    /// absent.
    pub issuer: pk_text,
    /// `pk_resource_read`: the resource that was asked for.
    pub resource: pk_text,
    /// The document, as it came.
    pub body: pk_text,
    /// Where it was.
    pub metadata_url: pk_text,
    /// When it was fetched, in seconds since the epoch.
    pub fetched_at: u64,
    /// `pk_provider_read`: whether this issuer may leave S256 out (see `pk_discovery_config`): 0, or anything else
    /// for yes.
    pub allow_missing_s256: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_document {}

/// Reads an authorization server's metadata, as strictly as the flow does. `*discovered` is the caller's to free;
/// it has no resource, and no scopes to ask for.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, `metadata_issuer_mismatch`, `invalid_metadata` or
/// `pkce_unsupported`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_provider_read(
    document: *const pk_document,
    discovered: *mut pk_discovered,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("discovered", discovered)?;
            let given = input::structure("document", document)?;
            let issuer = input::required("issuer", given.issuer)?;
            let body = input::bytes("body", given.body.data, given.body.length)?;
            let url = input::required("metadata_url", given.metadata_url)?;
            let (excepted, now) = (given.allow_missing_s256 != 0, given.fetched_at);
            let provider = Provider::read(&issuer, &body, excepted, &url, now)?;
            out.write(insert(Known {
                issuer,
                provider: Some(provider),
                resource: None,
                scopes: Vec::new(),
            })?);
            Ok(())
        })
    }
}

/// Reads a protected resource's metadata, as strictly as the flow does, and chooses the issuer to go on with: the
/// configured one, or the first that the resource lists. `*discovered` is the caller's to free; it has no
/// authorization server yet.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, `metadata_resource_mismatch`, `invalid_metadata` or
/// `issuer_not_listed`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_resource_read(
    document: *const pk_document,
    discovered: *mut pk_discovered,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("discovered", discovered)?;
            let given = input::structure("document", document)?;
            let configured = input::optional("issuer", given.issuer)?;
            let resource = input::required("resource", given.resource)?;
            let body = input::bytes("body", given.body.data, given.body.length)?;
            let url = input::required("metadata_url", given.metadata_url)?;
            let found = ProtectedResource::read(&resource, &body, &url, given.fetched_at)?;
            let issuer = found.issuer(configured.as_deref())?;
            let scopes = found.scopes_to_ask_for();
            out.write(insert(Known { issuer, provider: None, resource: Some(found), scopes })?);
            Ok(())
        })
    }
}

/// Writes one of the addresses of a document, in the order in which they are asked (RFC 8414 §3.1, OpenID Connect
/// Discovery 1.0 §4, RFC 9728 §3.1): for a server that publishes its own. `document` is `PK_DOCUMENT_PROVIDER` with
/// an issuer as the `identifier`, or `PK_DOCUMENT_RESOURCE` with a resource; `index` begins with 0.
///
/// Returns `PK_OK`; `PK_NOTHING` after the last; `PK_ERROR` with `invalid_configuration`; `PK_BUFFER_TOO_SMALL` or a
/// status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_well_known_url(
    document: u32,
    identifier: *const c_char,
    identifier_length: usize,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let identifier = input::text("identifier", identifier, identifier_length)?;
            let urls = match document {
                PK_DOCUMENT_PROVIDER => well_known::authorization_server_urls(&identifier)?,
                PK_DOCUMENT_RESOURCE => well_known::protected_resource_urls(&identifier)?,
                _ => return Err(Fail::Misuse(Misuse::Value, "document")),
            };
            let url = urls.get(index).ok_or(Fail::Nothing("there are no more addresses"))?;
            Buffer::new("buffer", buffer, capacity, length).write(url)
        })
    }
}
