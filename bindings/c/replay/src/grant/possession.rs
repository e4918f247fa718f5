//! What the C functions are given; the core's own types do not show the key of their nonces.

use super::{call, sized, view, views};
use crate::error::Error;
use proofkey_c::error::pk_error;
use proofkey_c::grant::possession::{pk_proof_rules, pk_request_proof};
use proofkey_c::status::pk_status;

pub use proofkey_core::grant::possession::RequestProof;

pub struct ProofRules {
    pub required: bool,
    pub window_s: u64,
    pub nonces: Option<ProofNonces>,
}

pub struct ProofNonces {
    key: Vec<u8>,
    lifetime_s: u64,
}

impl ProofNonces {
    pub fn new(key: Vec<u8>, lifetime_s: u64) -> Result<Self, Error> {
        assert_eq!(key.len(), 32, "a key of 32 bytes");
        Ok(Self { key, lifetime_s })
    }
}

pub(super) fn present(
    rules: &ProofRules,
    request: &RequestProof<'_>,
    to: impl FnOnce(*const pk_proof_rules, *const pk_request_proof, *mut pk_error) -> pk_status,
) -> Result<(), Error> {
    let mut given: pk_proof_rules = sized();
    given.required = u32::from(rules.required);
    given.window_s = rules.window_s;
    if let Some(nonces) = &rules.nonces {
        given.nonce_key = nonces.key.as_ptr();
        given.nonce_lifetime_s = nonces.lifetime_s;
    }
    let fields = views(request.fields);
    let mut proof: pk_request_proof = sized();
    proof.fields = fields.as_ptr();
    proof.field_count = fields.len();
    proof.method = view(request.method);
    proof.url = view(request.url);
    proof.now = request.now;
    call(|error| to(&given, &proof, error))
}
