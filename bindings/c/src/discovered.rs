//! What discovery found, or what was read from a document.

use crate::call::call;
use crate::capability::{self, pk_capability};
use crate::error::pk_error;
use crate::input;
use crate::known::Known;
use crate::output::{Buffer, Kept, Out};
use crate::sign_in::pk_sign_in_config;
use crate::status::{Fail, pk_status};
use crate::table::Table;
use crate::text::pk_text;
use core::ffi::c_char;
use core::mem::size_of;
use proofkey::flow::discovery::Discovered;
use proofkey::flow::sign_in::{RedirectTarget, SignInConfig};

/// What discovery found, or what was read from one document. It never changes. The handle belongs to the caller,
/// who frees it with `pk_discovered_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_discovered {
    /// Not for the caller.
    pub id: u64,
}

struct Found {
    known: Known,
    /// What the caller is given pointers to.
    sign_in: Option<pk_sign_in_config>,
    report: Vec<pk_capability>,
    /// What those point to.
    _kept: Kept,
}

// SAFETY: the pointers point into `_kept`, which goes wherever they go, and only the caller of the library reads
// through them.
unsafe impl Send for Found {}

// SAFETY: as above; nothing is written through a shared reference.
unsafe impl Sync for Found {}

static FOUND: Table<Found> = Table::new(11, "discovered");

/// Takes in what was found.
pub(crate) fn insert(known: Known) -> Result<pk_discovered, Fail> {
    let mut kept = Kept::default();
    let (mut sign_in, mut report) = (None, Vec::new());
    if let Some(found) = known.discovered() {
        let config = found.sign_in(String::new(), RedirectTarget::Fixed(String::new()));
        sign_in = Some(lend(&config, &mut kept));
        report = capability::keep(&found.provider.report(), &mut kept);
    }
    Ok(pk_discovered { id: FOUND.insert(Found { known, sign_in, report, _kept: kept })? })
}

/// What was found, for a flow that goes on from there.
pub(crate) fn find(discovered: pk_discovered) -> Result<Discovered, Fail> {
    FOUND.with(discovered.id, |found| {
        let missing = Fail::Nothing("no authorization server's document was read");
        found.known.discovered().ok_or(missing)
    })
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
        extra_parameters: core::ptr::null(),
        extra_parameter_count: 0,
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
                Buffer::new("buffer", buffer, capacity, length).write(found.known.text(field)?)
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
                out.write(found.known.list(list)?.len());
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
                let items = found.known.list(list)?;
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
                let line = found.report.iter().find(|line| line.feature == feature);
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
                out.write(found.known.fetched_at(document)?);
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
                out.write(found.known.is_fresh(now, max_age_s));
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
                let known = found.sign_in.ok_or(missing)?;
                out.write(pk_sign_in_config {
                    client_id: given.client_id,
                    redirect_uri: given.redirect_uri,
                    loopback_path: given.loopback_path,
                    loopback_host: given.loopback_host,
                    loopback_port: given.loopback_port,
                    extra_parameters: given.extra_parameters,
                    extra_parameter_count: given.extra_parameter_count,
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
