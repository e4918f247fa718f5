//! What servers said of the nonce of the next proof (RFC 9449 §8).

use crate::call::call;
use crate::error::pk_error;
use crate::input;
use crate::output::Out;
use crate::status::{Fail, pk_status};
use crate::table::Table;
use core::ffi::c_char;
use proofkey::dpop::DpopNonces;
use std::sync::Arc;

/// The newest `DPoP-Nonce` of each server, authorization servers and resources alike (RFC 9449 §8.2). A program keeps
/// one for all its accesses and requests. A nonce is no secret. The handle belongs to the caller, who frees it with
/// `pk_dpop_nonces_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_dpop_nonces {
    /// Not for the caller.
    pub id: u64,
}

static NONCES: Table<Arc<DpopNonces>> = Table::new(19, "nonces");

/// Those of a handle.
pub(crate) fn find(nonces: pk_dpop_nonces) -> Result<Arc<DpopNonces>, Fail> {
    NONCES.with(nonces.id, |nonces| Ok(Arc::clone(nonces)))
}

/// Those of a handle, or none where there is no handle (an `id` of 0).
pub(crate) fn find_or_none(nonces: pk_dpop_nonces) -> Result<Arc<DpopNonces>, Fail> {
    if nonces.id == 0 { Ok(Arc::default()) } else { find(nonces) }
}

/// Makes a memory of nonces, with none in it yet. `*nonces` is the caller's to free.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_dpop_nonces_new(
    nonces: *mut pk_dpop_nonces,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("nonces", nonces)?;
            out.write(pk_dpop_nonces { id: NONCES.insert(Arc::default())? });
            Ok(())
        })
    }
}

/// Remembers the value of the header field `DPoP-Nonce` of an answer from `url`. Say it of every answer of a resource
/// that has one, before `pk_resource_call_answered`; what authorization servers say the flows hear themselves.
/// `*taken` is whether it is remembered: a text that is no nonce (RFC 9449 §8.1), or longer than 1 KiB, is not, and the
/// one before stays.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_dpop_nonces_heard(
    nonces: pk_dpop_nonces,
    url: *const c_char,
    url_length: usize,
    nonce: *const c_char,
    nonce_length: usize,
    taken: *mut bool,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("taken", taken)?;
            let url = input::text("url", url, url_length)?;
            let nonce = input::text("nonce", nonce, nonce_length)?;
            NONCES.with(nonces.id, |nonces| {
                out.write(nonces.heard(&url, &nonce));
                Ok(())
            })
        })
    }
}

/// Frees the memory. Safe while another thread uses the handle; an access that was made with it keeps it.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_dpop_nonces_free(nonces: pk_dpop_nonces) -> pk_status {
    NONCES.free(nonces.id)
}
