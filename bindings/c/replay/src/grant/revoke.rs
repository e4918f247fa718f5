//! A token, given back by the C functions.

use super::answer::{TokenAnswer, answer};
use super::{StoreEvent, StoreStep, call, sized, step, taken, view_or_none, with_event};
use crate::error::Error;
use proofkey_c::grant::revoke::*;
use proofkey_c::grant::store::pk_store_step;

flow!(RevokeToken, pk_revoke, pk_revoke_advance, pk_revoke_free);

impl RevokeToken {
    pub fn new(body: &[u8], content_type: Option<&str>, authorization: Option<&str>) -> Self {
        let (content_type, authorization) =
            (view_or_none(content_type), view_or_none(authorization));
        let mut revoke = pk_revoke { id: 0 };
        // SAFETY: everything that is pointed to lives until the end of this function.
        call(|error| unsafe {
            pk_revoke_new(
                body.as_ptr().cast(),
                body.len(),
                content_type,
                authorization,
                &mut revoke,
                error,
            )
        })
        .expect("texts");
        Self(revoke)
    }

    pub fn outcome(&mut self) -> Option<TokenAnswer> {
        // SAFETY: the pointer is to a structure of `taken`; an error may be null.
        let take = |out| unsafe { pk_revoke_take_answer(self.0, out, std::ptr::null_mut()) };
        taken(take).as_ref().map(answer)
    }
}
