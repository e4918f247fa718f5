//! What a server asks of proofs of possession (RFC 9449), and the proofs that came with a request, as structures.

use crate::input::{self, Structure};
use crate::status::Fail;
use crate::text::pk_text;
use proofkey::grant::possession::{ProofNonces, ProofRules, RequestProof};

/// What a server asks of proofs of possession. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_proof_rules {
    /// `sizeof(pk_proof_rules)`: `pk_proof_rules rules = PK_PROOF_RULES_INIT;`.
    pub size: usize,
    /// How far a proof's time may be from the server's, in seconds, forward or back (RFC 9449 §11.1); 60 is usual,
    /// and 0 means it.
    pub window_s: u64,
    /// The 32 bytes that the server's nonces are made with (RFC 9449 §8), of a good generator and the same on every
    /// node of the server; null: proofs need no nonce. It is a secret.
    pub nonce_key: *const u8,
    /// With `nonce_key`: after so many seconds there is a new nonce, and the one before it is good for as long again.
    pub nonce_lifetime_s: u64,
    /// Whether tokens are issued and taken with a proof only (RFC 9449 §5.2, RFC 9728 §2): 0, or anything else for
    /// yes.
    pub required: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_proof_rules {}

/// A request, and the proofs that came with it. Everything in it belongs to the caller and is copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_request_proof {
    /// `sizeof(pk_request_proof)`: `pk_request_proof proof = PK_REQUEST_PROOF_INIT;`.
    pub size: usize,
    /// The values of the request's header fields `DPoP`, each as it came: none proves nothing, and more than one is
    /// refused (RFC 9449 §4.3).
    pub fields: *const pk_text,
    /// How many.
    pub field_count: usize,
    /// The request's method.
    pub method: pk_text,
    /// Its URL as clients know it, not as a proxy has rewritten it; query and fragment are not compared.
    pub url: pk_text,
    /// The time, in seconds since the epoch.
    pub now: u64,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_request_proof {}

/// Reads both and lends them.
///
/// # Safety
/// As [`input::structure`], and everything they point to is as [`input::bytes`] and [`input::hash`] want it.
pub(super) unsafe fn read<R>(
    rules: *const pk_proof_rules,
    proof: *const pk_request_proof,
    lend: impl FnOnce(&ProofRules, &RequestProof<'_>) -> R,
) -> Result<R, Fail> {
    // SAFETY: the caller's promise, for the structures and all that they point to.
    let (given, proof, fields, method, url, key) = unsafe {
        let given = input::structure("rules", rules)?;
        let proof = input::structure("proof", proof)?;
        let key = if given.nonce_key.is_null() {
            None
        } else {
            Some(input::hash("nonce_key", given.nonce_key)?.to_vec())
        };
        let fields = input::fields("fields", proof.fields, proof.field_count)?;
        let (method, url) =
            (input::required("method", proof.method)?, input::required("url", proof.url)?);
        (given, proof, fields, method, url, key)
    };
    let nonces = key.map(|key| ProofNonces::new(key, given.nonce_lifetime_s)).transpose()?;
    let rules = ProofRules { required: given.required != 0, window_s: given.window_s, nonces };
    let request = RequestProof { fields: &fields, method: &method, url: &url, now: proof.now };
    Ok(lend(&rules, &request))
}
