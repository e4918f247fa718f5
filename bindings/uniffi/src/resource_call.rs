//! One request to a resource, with all its tries: what each answer means for the token.

use crate::error::Outcome;
use crate::guard::{Guarded, call};
use proofkey::resource_call as core;
use std::sync::Arc;

/// What the next sign-in must ask for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StepUp {
    /// The scopes: those of the last sign-in, and what is demanded now; none where nobody named any.
    pub scopes: Vec<String>,
    /// The authentication context class references that will do, the preferred ones first (RFC 9470 §4).
    pub acr_values: Vec<String>,
    /// How old the user's authentication may be, in seconds (RFC 9470 §4).
    pub max_age: Option<u64>,
    /// Where the resource's metadata is, if the answer says so (RFC 9728 §5.1).
    pub resource_metadata: Option<String>,
    /// The `WWW-Authenticate` fields of the answer, for the run of the flow that signs in.
    pub www_authenticate: Vec<String>,
}

crate::mirror::mirrors!(
    StepUp,
    core::StepUp { scopes, acr_values, max_age, resource_metadata, www_authenticate }
);

/// What to do about an answer of a resource.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Reaction {
    /// It is the program's: it says nothing of the token, or nothing that a better token would change.
    Accept,
    /// The same request once more, with a new proof: the nonce of the answer was heard before.
    Retry,
    /// The token is not taken: refresh it (`rejected`) and send the request again.
    Refresh,
    /// Sign in again with what is demanded, and send the request again.
    SignIn {
        /// What is demanded.
        step_up: StepUp,
    },
}

/// One request of the program. It remembers what was tried: one repetition for a nonce with each token, one
/// refresh, two sign-ins.
#[derive(uniffi::Object)]
pub struct ResourceCall(Guarded<core::ResourceCall>);

#[uniffi::export]
impl ResourceCall {
    /// A request that was not answered yet. `ceiling` is the scopes that may be asked for without the caller's
    /// word; none: whatever the resource demands.
    #[uniffi::constructor]
    pub fn new(ceiling: Option<Vec<String>>) -> Outcome<Arc<Self>> {
        call("ResourceCall.new", || {
            Ok(Arc::new(Self(Guarded::new(core::ResourceCall::new(ceiling)))))
        })
    }

    /// What an answer means: its status, its `WWW-Authenticate` fields, and the scopes that the token's last
    /// sign-in asked for and was granted. Where nothing more is tried: `scope_ceiling`, `step_up_refused`.
    pub fn answered(
        &self,
        status: u16,
        www_authenticate: Vec<String>,
        requested_scopes: Vec<String>,
        granted_scopes: Vec<String>,
    ) -> Outcome<Reaction> {
        self.0.with("ResourceCall.answered", |call| {
            let reaction =
                call.answered(status, &www_authenticate, &requested_scopes, &granted_scopes);
            Ok(match reaction {
                core::Reaction::Accept => Reaction::Accept,
                core::Reaction::Retry => Reaction::Retry,
                core::Reaction::Refresh => Reaction::Refresh,
                core::Reaction::SignIn(step_up) => Reaction::SignIn { step_up: step_up.into() },
                core::Reaction::GiveUp(error) => return Err(error.into()),
            })
        })
    }
}
