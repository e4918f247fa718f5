//! `CheckToken`: a resource server's question, whether this request may pass (RFC 6750).

use super::possession::RequestProof;
use super::rows::TokenRow;
use super::step::{StoreEvent, StoreStep};
use crate::error::Outcome;
use crate::guard::{Guarded, call, shows};
use crate::http::{Header, headers_out};
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
        /// What the answer to it has to hold beside its own: a nonce to be used from now on (RFC 9449 §8.2), if there
        /// is one.
        headers: Vec<Header>,
    },
    /// It may not.
    Refused {
        /// The HTTP status: 400, 401 or 403; 503 where the store failed.
        status: u16,
        /// The value of `WWW-Authenticate` (RFC 6750 §3), if one is due.
        www_authenticate: Option<String>,
        /// The header fields of the answer: `WWW-Authenticate`, and `DPoP-Nonce` (RFC 9449 §9) where they are due.
        headers: Vec<Header>,
    },
}

/// How recently and how a user must have signed in (RFC 9470 §3).
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Authentication {
    /// The authentication context classes of which one will do, the preferred one first; none here: any will.
    #[uniffi(default = [])]
    pub acr_values: Vec<String>,
    /// How long ago it may have been, in seconds; none: any time.
    #[uniffi(default = None)]
    pub max_age_s: Option<u64>,
}

/// What a resource asks of a request beside a token for it. All of it may be absent.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct CheckDemands {
    /// How the user must have signed in.
    #[uniffi(default = None)]
    pub authentication: Option<Authentication>,
    /// Where the resource's metadata are (RFC 9728 §5.1). A challenge then says so, and with status 401 also which
    /// scopes are needed (RFC 6750 §3).
    #[uniffi(default = None)]
    pub metadata_url: Option<String>,
    /// The request's proofs of possession, and what is asked of them (RFC 9449 §7.1). The flow judges them before all
    /// else and has the store remember them. None: it knows of no proofs, and no token that is bound to a key passes.
    #[uniffi(default = None)]
    pub proof: Option<RequestProof>,
}

shows!(CheckDemands, |_it| "CheckDemands(…)".to_owned());

/// The flow: looks the token up, then checks expiry, revocation, audience and scope.
#[derive(uniffi::Object)]
pub struct CheckToken(Guarded<core::CheckToken>);

#[uniffi::export]
impl CheckToken {
    /// Makes the flow. `authorization` is the header as it came, `audience` the resource's own URI. A
    /// token that was asked for without a resource (RFC 8707) is for every resource of its server.
    /// `invalid_configuration` for rules that cannot be used.
    #[uniffi::constructor(default(demands = None))]
    pub fn new(
        authorization: Option<String>,
        audience: String,
        required_scopes: Vec<String>,
        demands: Option<CheckDemands>,
    ) -> Outcome<Arc<Self>> {
        call("CheckToken.new", || {
            let mut flow =
                core::CheckToken::new(authorization.as_deref(), &audience, &required_scopes);
            if let Some(CheckDemands { authentication, metadata_url, proof }) = demands {
                flow = flow.metadata_url(metadata_url);
                if let Some(Authentication { acr_values, max_age_s }) = authentication {
                    flow = flow.authentication(core::Authentication { acr_values, max_age_s });
                }
                if let Some(proof) = proof {
                    proof.present(|rules, request| flow.present(rules, request))?;
                }
            }
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
            let headers = headers_out(flow.fields().to_vec());
            Ok(flow.outcome().map(|access| match access {
                core::Access::Granted(token) => {
                    TokenAccess::Granted { token: (*token).into(), headers }
                }
                core::Access::Refused { status, www_authenticate } => {
                    TokenAccess::Refused { status, www_authenticate, headers }
                }
            }))
        })
    }
}
