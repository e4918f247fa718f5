//! What an endpoint answers, copied out of what the C functions lend.

use super::{Grant, present, read_grant};
use crate::c::headers;
use proofkey_c::grant::redeem::pk_token_answer;
use proofkey_core::http::Header;
use proofkey_core::secret::Secret;

pub struct TokenAnswer {
    pub status: u16,
    pub headers: Vec<Header>,
    pub body: Secret,
    pub audit: Audit,
    pub issued: Option<Issuance>,
}

pub struct Issuance {
    pub grant: Grant,
    pub scope: String,
    pub access_token_hash: [u8; 32],
}

pub struct Audit(String);

impl Audit {
    pub fn name(&self) -> &str {
        &self.0
    }
}

pub(super) fn answer(answer: &pk_token_answer) -> TokenAnswer {
    TokenAnswer {
        status: answer.status,
        headers: headers(answer.headers, answer.header_count),
        body: Secret::new(present(answer.body)),
        audit: Audit(present(answer.audit)),
        issued: (!answer.grant.is_null()).then(|| Issuance {
            // SAFETY: it was handed out by the call before, and the handle was not used since.
            grant: read_grant(unsafe { &*answer.grant }),
            scope: present(answer.scope),
            access_token_hash: answer.access_token_hash,
        }),
    }
}
