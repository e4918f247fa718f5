//! `Redeem`: the token request, judged against the grant; only then are there tokens.

use super::request::Policy;
use super::step::{StoreEvent, StoreStep};
use crate::error::Outcome;
use crate::guard::{Guarded, call, shows};
use crate::http::{Header, headers_out};
use proofkey::grant::{answer, redeem as core};
use std::sync::Arc;

/// The answer of the token or the revocation endpoint, as a server sends it (RFC 6749 §5, RFC 7009 §2.2).
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct TokenAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The header fields, `Cache-Control: no-store` among them.
    pub headers: Vec<Header>,
    /// The JSON body; it may hold a token and is not shown. Empty after a revocation.
    pub body: Vec<u8>,
    /// What happened, for logs and counters: a stable name without any secret (`issued`, `mismatch`,
    /// `replay_revoked` …).
    pub audit: String,
}

shows!(TokenAnswer, |it| format!("TokenAnswer({}, {}, …)", it.status, it.audit));

impl From<answer::TokenAnswer> for TokenAnswer {
    fn from(answer: answer::TokenAnswer) -> Self {
        Self {
            status: answer.status,
            headers: headers_out(answer.headers),
            body: answer.body.expose().as_bytes().to_vec(),
            audit: answer.audit.name().to_owned(),
        }
    }
}

/// The flow. Its outcome is the whole answer of the token endpoint; errors are for mistakes of the driver
/// and a failing generator only.
#[derive(uniffi::Object)]
pub struct Redeem(Guarded<core::Redeem>);

#[uniffi::export]
impl Redeem {
    /// Makes the flow from a token request: body, `Content-Type` and `Authorization` as they came.
    /// Nothing happens until `Start`. An error means that the policy cannot be used.
    #[uniffi::constructor]
    pub fn new(
        body: Vec<u8>,
        content_type: Option<String>,
        authorization: Option<String>,
        policy: Policy,
    ) -> Outcome<Arc<Self>> {
        call("Redeem.new", || {
            let policy = policy.into_core()?;
            let flow = core::Redeem::new(
                &body,
                content_type.as_deref(),
                authorization.as_deref(),
                &policy,
            );
            Ok(Arc::new(Self(Guarded::new(flow))))
        })
    }

    /// Takes what the store has done and says what it does next. Every error ends the flow, and nothing is
    /// issued.
    pub fn advance(&self, event: StoreEvent) -> Outcome<StoreStep> {
        self.0.with("Redeem.advance", |flow| Ok(flow.advance(event.into_core()?)?.into()))
    }

    /// The answer of the token endpoint, once, after `Done`; else nothing.
    pub fn outcome(&self) -> Outcome<Option<TokenAnswer>> {
        self.0.with("Redeem.outcome", |flow| Ok(flow.outcome().map(TokenAnswer::from)))
    }
}
