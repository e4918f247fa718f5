//! `RevokeToken`: a client gives a token back (RFC 7009).

use super::redeem::TokenAnswer;
use super::step::{StoreEvent, StoreStep};
use crate::error::Outcome;
use crate::guard::{Guarded, call};
use proofkey::grant::revoke as core;
use std::sync::Arc;

/// The flow. With a token its grant ends, and with that every token of the grant. Its outcome is the whole
/// answer of the revocation endpoint.
#[derive(uniffi::Object)]
pub struct RevokeToken(Guarded<core::RevokeToken>);

#[uniffi::export]
impl RevokeToken {
    /// Makes the flow from a revocation request: body, `Content-Type` and `Authorization` as they came.
    /// Nothing happens until `Start`.
    #[uniffi::constructor]
    pub fn new(
        body: Vec<u8>,
        content_type: Option<String>,
        authorization: Option<String>,
    ) -> Outcome<Arc<Self>> {
        call("RevokeToken.new", || {
            let (content_type, authorization) = (content_type.as_deref(), authorization.as_deref());
            let flow = core::RevokeToken::new(&body, content_type, authorization);
            Ok(Arc::new(Self(Guarded::new(flow))))
        })
    }

    /// Takes what the store has done and says what it does next. Every error ends the flow.
    pub fn advance(&self, event: StoreEvent) -> Outcome<StoreStep> {
        self.0.with("RevokeToken.advance", |flow| Ok(flow.advance(event.into_core()?)?.into()))
    }

    /// The answer of the revocation endpoint, once, after `Done`; else nothing.
    pub fn outcome(&self) -> Outcome<Option<TokenAnswer>> {
        self.0.with("RevokeToken.outcome", |flow| Ok(flow.outcome().map(TokenAnswer::from)))
    }
}
