//! `CheckToken`: a resource server's question, whether this request may pass (RFC 6750).

use super::rows::TokenRow;
use super::step::{StoreEvent, StoreStep};
use crate::error::Outcome;
use crate::guard::{Guarded, call};
use proofkey::grant::check as core;
use std::sync::Arc;

/// Whether the request may pass.
#[allow(clippy::large_enum_variant, reason = "what crosses the boundary is copied, not boxed")]
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum TokenAccess {
    /// It may, as this subject and client.
    Granted {
        /// The token's row and its grant.
        token: TokenRow,
    },
    /// It may not.
    Refused {
        /// The HTTP status: 400, 401 or 403; 503 where the store failed.
        status: u16,
        /// The value of `WWW-Authenticate` (RFC 6750 §3), if one is due.
        www_authenticate: Option<String>,
    },
}

/// The flow: looks the token up, then checks expiry, revocation, audience and scope.
#[derive(uniffi::Object)]
pub struct CheckToken(Guarded<core::CheckToken>);

#[uniffi::export]
impl CheckToken {
    /// Makes the flow. `authorization` is the header as it came, `audience` the resource's own URI. A
    /// token that was asked for without a resource (RFC 8707) is for every resource of its server.
    #[uniffi::constructor]
    pub fn new(
        authorization: Option<String>,
        audience: String,
        required_scopes: Vec<String>,
    ) -> Outcome<Arc<Self>> {
        call("CheckToken.new", || {
            let flow = core::CheckToken::new(authorization.as_deref(), &audience, &required_scopes);
            Ok(Arc::new(Self(Guarded::new(flow))))
        })
    }

    /// Takes what the store has done and says what it does next. Every error ends the flow.
    pub fn advance(&self, event: StoreEvent) -> Outcome<StoreStep> {
        self.0.with("CheckToken.advance", |flow| Ok(flow.advance(event.into_core()?)?.into()))
    }

    /// The answer, once, after `Done`; else nothing.
    pub fn outcome(&self) -> Outcome<Option<TokenAccess>> {
        self.0.with("CheckToken.outcome", |flow| {
            Ok(flow.outcome().map(|access| match access {
                core::Access::Granted(token) => TokenAccess::Granted { token: (*token).into() },
                core::Access::Refused { status, www_authenticate } => {
                    TokenAccess::Refused { status, www_authenticate }
                }
            }))
        })
    }
}
