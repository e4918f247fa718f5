//! The client ID metadata document: a client that is named by the address of a document about it.

use crate::call::call;
use crate::error::pk_error;
use crate::input::{self, Structure};
use crate::output::{Buffer, Kept, Out};
use crate::status::pk_status;
use crate::table::Table;
use crate::text::pk_text;
use core::ffi::c_char;
use core::mem::size_of;
use proofkey::client_document::ClientDocument;

/// A client's metadata document that was read. It never changes. The handle belongs to the caller, who frees it with
/// `pk_client_document_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_client_document {
    /// Not for the caller.
    pub id: u64,
}

/// What a client says of itself at its own address, which is its identifier.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_client_document_fields {
    /// `sizeof(pk_client_document_fields)`:
    /// `pk_client_document_fields fields = PK_CLIENT_DOCUMENT_FIELDS_INIT;`.
    pub size: usize,
    /// The document's own address: https, with a path, without query and fragment.
    pub client_id: pk_text,
    /// What a user is shown.
    pub client_name: pk_text,
    /// The client's home page; may be absent.
    pub client_uri: pk_text,
    /// Where answers may go. For loopback the port does not count (RFC 8252 §7.3).
    pub redirect_uris: *const pk_text,
    /// How many.
    pub redirect_uri_count: usize,
    /// The scopes that it may ask for, each by itself; none leaves it to the server.
    pub scopes: *const pk_text,
    /// How many.
    pub scope_count: usize,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_client_document_fields {}

struct Read {
    fields: pk_client_document_fields,
    /// What they point to.
    _kept: Kept,
}

// SAFETY: the pointers point into `_kept`, which goes wherever they go, and only the caller of the library reads
// through them.
unsafe impl Send for Read {}

// SAFETY: as above; nothing is written through a shared reference.
unsafe impl Sync for Read {}

static DOCUMENTS: Table<Read> = Table::new(14, "client_document");

/// Writes the document, ready to be served as `application/json`: a native application, public, for the code grant and
/// for refreshing. `fields` belongs to the caller.
///
/// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_metadata`, whose message names what cannot be used; `PK_BUFFER_TOO_SMALL`
/// or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_client_document_write(
    fields: *const pk_client_document_fields,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        call(error, || {
            let given = input::structure("fields", fields)?;
            let redirects = "redirect_uris";
            let document = ClientDocument {
                client_id: input::required("client_id", given.client_id)?,
                client_name: input::required("client_name", given.client_name)?,
                client_uri: input::optional("client_uri", given.client_uri)?,
                redirect_uris: input::texts(
                    redirects,
                    given.redirect_uris,
                    given.redirect_uri_count,
                )?,
                scopes: input::texts("scopes", given.scopes, given.scope_count)?,
            };
            Buffer::new("buffer", buffer, capacity, length).write(&document.to_json()?)
        })
    }
}

/// Reads the document that was fetched from `url`, as a server does it, or whoever wants to know whether what is served
/// there will do. `*client_document` is the caller's to free.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_metadata`, whose message names what cannot be used; a `client_id` other
/// than `url`, letter for letter, is such; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_client_document_read(
    url: *const c_char,
    url_length: usize,
    body: *const c_char,
    body_length: usize,
    client_document: *mut pk_client_document,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("client_document", client_document)?;
            let url = input::text("url", url, url_length)?;
            let body = input::bytes("body", body, body_length)?;
            let read = keep(&ClientDocument::read(&url, &body)?);
            out.write(pk_client_document { id: DOCUMENTS.insert(read)? });
            Ok(())
        })
    }
}

fn keep(document: &ClientDocument) -> Read {
    let mut kept = Kept::default();
    let (redirect_uris, redirect_uri_count) = kept.texts(&document.redirect_uris);
    let (scopes, scope_count) = kept.texts(&document.scopes);
    let fields = pk_client_document_fields {
        size: size_of::<pk_client_document_fields>(),
        client_id: kept.text(&document.client_id),
        client_name: kept.text(&document.client_name),
        client_uri: kept.optional(document.client_uri.as_deref()),
        redirect_uris,
        redirect_uri_count,
        scopes,
        scope_count,
    };
    Read { fields, _kept: kept }
}

/// Says what the document says. What `*fields` points to is good until the handle is freed.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_client_document_get(
    client_document: pk_client_document,
    fields: *mut pk_client_document_fields,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::structure("fields", fields)?;
            DOCUMENTS.with(client_document.id, |read| {
                out.write(read.fields);
                Ok(())
            })
        })
    }
}

/// Frees what was read. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_client_document_free(client_document: pk_client_document) -> pk_status {
    DOCUMENTS.free(client_document.id)
}
