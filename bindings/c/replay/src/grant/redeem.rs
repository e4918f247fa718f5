//! A code or a refresh token, redeemed by the C functions.

use super::answer::{TokenAnswer, answer};
use super::{
    Policy, StoreEvent, StoreStep, call, possession, sized, step, taken, view_or_none, with_event,
    with_policy,
};
use crate::error::Error;
use proofkey_c::grant::redeem::*;
use proofkey_c::grant::store::pk_store_step;

flow!(Redeem, pk_redeem, pk_redeem_advance, pk_redeem_free);

impl Redeem {
    pub fn new(
        body: &[u8],
        content_type: Option<&str>,
        authorization: Option<&str>,
        policy: &Policy,
    ) -> Self {
        let (content_type, authorization) =
            (view_or_none(content_type), view_or_none(authorization));
        let mut redeem = pk_redeem { id: 0 };
        with_policy(policy, |policy| {
            // SAFETY: everything that is pointed to lives until the end of this function.
            call(|error| unsafe {
                pk_redeem_new(
                    body.as_ptr().cast(),
                    body.len(),
                    content_type,
                    authorization,
                    policy,
                    &mut redeem,
                    error,
                )
            })
        })
        .expect("a policy");
        Self(redeem)
    }

    pub fn present(
        &mut self,
        rules: &possession::ProofRules,
        request: &possession::RequestProof<'_>,
    ) -> Result<(), Error> {
        possession::present(rules, request, |rules, proof, error| {
            // SAFETY: everything that is pointed to lives until the end of this function.
            unsafe { pk_redeem_present(self.0, rules, proof, error) }
        })
    }

    pub fn outcome(&mut self) -> Option<TokenAnswer> {
        // SAFETY: the pointer is to a structure of `taken`; an error may be null.
        let take = |out| unsafe { pk_redeem_take_answer(self.0, out, std::ptr::null_mut()) };
        taken(take).as_ref().map(answer)
    }
}
