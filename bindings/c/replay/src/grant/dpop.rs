//! A proof of a key, checked by the C functions.

use crate::c::{call, present, read, sized, view, view_or_none};
use proofkey_c::dpop_proof::*;

pub use proofkey_core::grant::dpop::{CheckedProof, ProofRequest};

/// Its stable name.
pub struct ProofDefect(String);

impl ProofDefect {
    pub fn code(&self) -> &str {
        &self.0
    }
}

pub fn check_proof(field: &str, asked: &ProofRequest<'_>) -> Result<CheckedProof, ProofDefect> {
    let mut given: pk_dpop_request = sized();
    given.proof = view(field);
    given.method = view(asked.method);
    given.url = view(asked.url);
    given.access_token = view_or_none(asked.access_token);
    given.nonce = view_or_none(asked.nonce);
    given.now = asked.now;
    given.window_s = asked.window_s;
    let (mut proof, mut fields) = (pk_dpop_proof { id: 0 }, sized::<pk_dpop_proof_fields>());
    // SAFETY: everything that is pointed to lives until the end of this function.
    call(|error| unsafe { pk_dpop_proof_check(&given, &mut proof, error) }).expect("checked");
    // SAFETY: the pointer is to a structure of this function.
    call(|error| unsafe { pk_dpop_proof_get(proof, &mut fields, error) }).expect("it is good");
    let checked = match read(fields.defect) {
        Some(defect) => {
            assert!(fields.thumbprint.data.is_null() && fields.jti.data.is_null());
            Err(ProofDefect(defect))
        }
        None => Ok(CheckedProof {
            thumbprint: present(fields.thumbprint),
            jti: present(fields.jti),
            issued_at: fields.issued_at,
            nonce: read(fields.nonce),
        }),
    };
    call(|_| pk_dpop_proof_free(proof)).expect("it is good");
    checked
}
