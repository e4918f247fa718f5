//! The discovery flow.

use crate::call::call;
use crate::client::Flows;
use crate::discovered::{insert, pk_discovered};
use crate::error::pk_error;
use crate::event::pk_event;
use crate::input::{self, Structure};
use crate::output::Out;
use crate::status::{Fail, pk_status};
use crate::step::pk_step;
use crate::text::pk_text;
use proofkey::flow::discovery::{Discovered, Discovery, DiscoveryConfig};

/// A discovery that runs: from an issuer, or from a resource and its 401, to both documents (RFC 8414, OpenID
/// Connect Discovery 1.0, RFC 9728). The handle belongs to the caller, who frees it with `pk_discovery_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_discovery {
    /// Not for the caller.
    pub id: u64,
}

/// What discovery starts from: an issuer, a resource, or both. Everything in it belongs to the caller and is
/// copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_discovery_config {
    /// `sizeof(pk_discovery_config)`: `pk_discovery_config config = PK_DISCOVERY_CONFIG_INIT;`.
    pub size: usize,
    /// The issuer, where it is known; may be absent. A resource that lists its issuers must list this one.
    pub issuer: pk_text,
    /// The protected resource; may be absent.
    pub resource: pk_text,
    /// The values of the `WWW-Authenticate` fields of the resource's 401 (RFC 9728 §5), if there was one.
    pub www_authenticate: *const pk_text,
    /// How many.
    pub www_authenticate_count: usize,
    /// The issuers that may leave S256 out of their metadata: an exception that is made by name, for servers
    /// whose metadata is known to be wrong.
    pub allow_missing_s256: *const pk_text,
    /// How many.
    pub allow_missing_s256_count: usize,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_discovery_config {}

static DISCOVERIES: Flows<Discovery> = Flows::new(10, "discovery");

/// # Safety
/// As [`input::structure`], and everything it points to is as [`input::bytes`] wants it.
unsafe fn config(data: *const pk_discovery_config) -> Result<DiscoveryConfig, Fail> {
    const FIELDS: &str = "www_authenticate";
    const EXCEPTIONS: &str = "allow_missing_s256";
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        let given = input::structure("config", data)?;
        let (fields, exceptions) = (given.www_authenticate_count, given.allow_missing_s256_count);
        Ok(DiscoveryConfig {
            issuer: input::optional("issuer", given.issuer)?,
            resource: input::optional("resource", given.resource)?,
            www_authenticate: input::fields(FIELDS, given.www_authenticate, fields)?,
            allow_missing_s256: input::texts(EXCEPTIONS, given.allow_missing_s256, exceptions)?,
        })
    }
}

/// Makes a discovery. Nothing happens until it is advanced with `PK_EVENT_START`. `*discovery` is the caller's to
/// free.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_configuration`, whose `field` names what cannot be used; or a status
/// of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_discovery_new(
    config: *const pk_discovery_config,
    discovery: *mut pk_discovery,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("discovery", discovery)?;
            let flow = Discovery::new(self::config(config)?)?;
            out.write(pk_discovery { id: DISCOVERIES.insert(flow)? });
            Ok(())
        })
    }
}

/// Says what has happened and gets what to do next, as `pk_sign_in_advance` does; the only steps are
/// `PK_STEP_SEND` and `PK_STEP_DONE`. `now` is in seconds since the epoch; it is kept with the documents.
///
/// What `*step` points to is good until the next `pk_discovery_advance` or `pk_discovery_outcome` with this handle.
///
/// Returns `PK_OK`; `PK_ERROR`, which ends the flow; or a status of misuse, upon which nothing has happened and
/// the event may be given again. Any thread, one at a time: others wait, and take the step away from the one
/// before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_discovery_advance(
    discovery: pk_discovery,
    event: *const pk_event,
    now: u64,
    step: *mut pk_step,
    error: *mut pk_error,
) -> pk_status {
    let give = |flow: &mut Discovery, event| flow.advance(event, now);
    // SAFETY: the caller's promise.
    unsafe { DISCOVERIES.advance(discovery.id, event, step, error, give) }
}

/// Takes out what was found, once, after `PK_STEP_DONE`. `*discovered` is the caller's to free. Nothing has been
/// opened and no one trusted: show `PK_FIELD_ISSUER_HOST` to the user before a browser opens.
///
/// Returns `PK_OK`; `PK_NOTHING` before `PK_STEP_DONE` and from the second time on; or a status of misuse. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_discovery_outcome(
    discovery: pk_discovery,
    discovered: *mut pk_discovered,
    error: *mut pk_error,
) -> pk_status {
    let place = ("discovered", discovered);
    let keep = |found: Discovered| insert(found.into());
    // SAFETY: the caller's promise.
    unsafe { DISCOVERIES.take(discovery.id, place, error, Discovery::outcome, keep) }
}

/// Frees the discovery, wherever it is; what it found lives on. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_discovery_free(discovery: pk_discovery) -> pk_status {
    DISCOVERIES.free(discovery.id)
}
