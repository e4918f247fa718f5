//! DPoP proofs (RFC 9449), the server's half, and signatures in their two spellings.

use crate::call::call;
use crate::error::pk_error;
use crate::input::{self, Structure};
use crate::output::{Kept, Out};
use crate::status::{Fail, pk_status};
use crate::table::Table;
use crate::text::pk_text;
use core::ffi::c_char;
use core::mem::size_of;
use proofkey::grant::dpop::{CheckedProof, ProofDefect, ProofRequest, check_proof};
use proofkey::jose::raw_signature;
use zeroize::Zeroizing;

/// A proof that was checked. It never changes. The handle belongs to the caller, who frees it with
/// `pk_dpop_proof_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_dpop_proof {
    /// Not for the caller.
    pub id: u64,
}

/// The request that came with a proof. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_dpop_request {
    /// `sizeof(pk_dpop_request)`: `pk_dpop_request request = PK_DPOP_REQUEST_INIT;`.
    pub size: usize,
    /// The value of the header field `DPoP`, of which a request has exactly one.
    pub proof: pk_text,
    /// The request's method.
    pub method: pk_text,
    /// Its URL as the client sees it; query and fragment are not compared.
    pub url: pk_text,
    /// The access token that came with it, at a resource: the proof has to hold its hash. May be absent.
    pub access_token: pk_text,
    /// The nonce that the server demands, if it does (RFC 9449 §8). May be absent.
    pub nonce: pk_text,
    /// The time, in seconds since the epoch.
    pub now: u64,
    /// By how many seconds the proof may be older or younger.
    pub window_s: u64,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_dpop_request {}

/// What came of the check of a proof. All pointers belong to the library and are good until the handle is freed.
///
/// What a proof alone cannot tell is the caller's: that `thumbprint` is the key that the token is bound to (RFC 9449
/// §6), and that `jti` did not come before (§11.1).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_dpop_proof_fields {
    /// `sizeof(pk_dpop_proof_fields)`, set by the caller:
    /// `pk_dpop_proof_fields fields = PK_DPOP_PROOF_FIELDS_INIT;`.
    pub size: usize,
    /// Why it is not taken; absent where it is, and else nothing but it is there. `nonce_missing` and `nonce` are
    /// `use_dpop_nonce` to the client (RFC 9449 §8), all others `invalid_dpop_proof` (§5): `not_a_proof`, `alg`, `key`,
    /// `signature`, `htm`, `htu`, `iat`, `ath`, `jti`.
    pub defect: pk_text,
    /// The SHA-256 thumbprint of its key, in base64url (RFC 7638): `jkt` (§6.1), `dpop_jkt` (§10).
    pub thumbprint: pk_text,
    /// Its identifier, 1 to 256 bytes, which is to be taken once while `window_s` runs.
    pub jti: pk_text,
    /// Its nonce, whether or not one was demanded; may be absent.
    pub nonce: pk_text,
    /// When it was made, in seconds since the epoch.
    pub issued_at: u64,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_dpop_proof_fields {}

struct Checked {
    fields: pk_dpop_proof_fields,
    /// What they point to.
    _kept: Kept,
}

// SAFETY: the pointers point into `_kept`, which goes wherever they go, and only the caller of the library reads
// through them.
unsafe impl Send for Checked {}

// SAFETY: as above; nothing is written through a shared reference.
unsafe impl Sync for Checked {}

static PROOFS: Table<Checked> = Table::new(22, "dpop_proof");

const ABSENT: pk_dpop_proof_fields = pk_dpop_proof_fields {
    size: size_of::<pk_dpop_proof_fields>(),
    defect: pk_text::ABSENT,
    thumbprint: pk_text::ABSENT,
    jti: pk_text::ABSENT,
    nonce: pk_text::ABSENT,
    issued_at: 0,
};

fn keep(checked: Result<CheckedProof, ProofDefect>) -> Checked {
    let mut kept = Kept::default();
    let fields = match checked {
        Err(defect) => pk_dpop_proof_fields { defect: kept.text(defect.code()), ..ABSENT },
        Ok(proof) => pk_dpop_proof_fields {
            thumbprint: kept.text(&proof.thumbprint),
            jti: kept.text(&proof.jti),
            nonce: kept.optional(proof.nonce.as_deref()),
            issued_at: proof.issued_at,
            ..ABSENT
        },
    };
    Checked { fields, _kept: kept }
}

/// Checks a proof as a server does (RFC 9449 §4.3), good or not; `pk_dpop_proof_get` says which. `*dpop_proof` is the
/// caller's to free.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_dpop_proof_check(
    request: *const pk_dpop_request,
    dpop_proof: *mut pk_dpop_proof,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise, for the structure and all that it points to.
    unsafe {
        call(error, || {
            let out = Out::new("dpop_proof", dpop_proof)?;
            let given = input::structure("request", request)?;
            let field = input::required("proof", given.proof)?;
            let method = input::required("method", given.method)?;
            let url = input::required("url", given.url)?;
            let bound = input::optional("access_token", given.access_token)?.map(Zeroizing::new);
            let nonce = input::optional("nonce", given.nonce)?;
            let asked = ProofRequest {
                method: &method,
                url: &url,
                access_token: bound.as_ref().map(|text| text.as_str()),
                nonce: nonce.as_deref(),
                now: given.now,
                window_s: given.window_s,
            };
            let checked = keep(check_proof(&field, &asked));
            out.write(pk_dpop_proof { id: PROOFS.insert(checked)? });
            Ok(())
        })
    }
}

/// Says what came of the check. What `*fields` points to is good until the handle is freed.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_dpop_proof_get(
    dpop_proof: pk_dpop_proof,
    fields: *mut pk_dpop_proof_fields,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::structure("fields", fields)?;
            PROOFS.with(dpop_proof.id, |checked| {
                out.write(checked.fields);
                Ok(())
            })
        })
    }
}

/// Frees what was checked. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_dpop_proof_free(dpop_proof: pk_dpop_proof) -> pk_status {
    PROOFS.free(dpop_proof.id)
}

/// Turns an ES256 signature, as a platform's key gave it, into the 64 bytes that stand in a JWS (RFC 7518 §3.4): from
/// DER (RFC 3279 §2.2.3), or from these themselves. `raw` points to 64 bytes. Flows and `pk_authorized_sign` do so
/// themselves.
///
/// Returns `PK_OK`; `PK_NOTHING` where the bytes are no such signature; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_raw_signature(
    signature: *const c_char,
    signature_length: usize,
    raw: *mut u8,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise; an array of bytes is where its first byte is.
    unsafe {
        call(error, || {
            let out = Out::new("raw", raw.cast::<[u8; 64]>())?;
            let signature = input::bytes("signature", signature, signature_length)?;
            let none = Fail::Nothing("the bytes are no ECDSA signature of P-256");
            out.write(raw_signature(&signature).ok_or(none)?);
            Ok(())
        })
    }
}
