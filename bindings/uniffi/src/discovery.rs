//! Discovery: from an issuer, or from a resource and its 401, to both documents, as a state machine that a
//! driver serves.

use crate::error::Outcome;
use crate::guard::{self, Guarded};
use crate::provider::Provider;
use crate::resource::ProtectedResource;
use crate::sign_in::{RedirectTarget, SignInConfig};
use crate::step::{Event, Step};
use proofkey::flow::discovery as core;
use std::sync::Arc;

/// What discovery starts from: an issuer, a resource, or both.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DiscoveryConfig {
    /// The issuer, where it is known. With a resource that names its issuers, it must be one of them.
    pub issuer: Option<String>,
    /// The protected resource, where there is one.
    pub resource: Option<String>,
    /// The `WWW-Authenticate` fields of the resource's 401, where there was one (RFC 9728 §5).
    pub www_authenticate: Vec<String>,
    /// The issuers that may leave S256 out of their metadata: an exception that is made by name. Compared as
    /// strings.
    pub allow_missing_s256: Vec<String>,
}

crate::mirror::mirrors!(
    DiscoveryConfig,
    core::DiscoveryConfig { issuer, resource, www_authenticate, allow_missing_s256 }
);

/// What discovery found. Plain data without secrets.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Discovered {
    /// The authorization server.
    pub provider: Provider,
    /// The protected resource, where discovery started from one.
    pub resource: Option<ProtectedResource>,
    /// The scopes to ask for: those of the 401, else those that the resource lists, else none.
    pub scopes: Vec<String>,
}

impl From<core::Discovered> for Discovered {
    fn from(found: core::Discovered) -> Self {
        let core::Discovered { provider, resource, scopes } = found;
        Self { provider: provider.into(), resource: resource.map(Into::into), scopes }
    }
}

impl From<Discovered> for core::Discovered {
    fn from(found: Discovered) -> Self {
        let Discovered { provider, resource, scopes } = found;
        Self { provider: provider.into(), resource: resource.map(Into::into), scopes }
    }
}

/// A sign-in for what was found: with its scopes and for its resource; all fields can be changed.
#[uniffi::export]
pub fn discovered_sign_in(
    found: Discovered,
    client_id: String,
    redirect: RedirectTarget,
) -> Outcome<SignInConfig> {
    guard::call("discovered_sign_in", || {
        Ok(core::Discovered::from(found).sign_in(client_id, redirect.into()).into())
    })
}

/// The discovery flow. The first event is `Start`, its only steps are `Send` and `Done`, and an error ends it.
/// No one is trusted by it: show the issuer's host before a sign-in begins.
#[derive(uniffi::Object)]
pub struct Discovery(Guarded<core::Discovery>);

#[uniffi::export]
impl Discovery {
    /// Makes the flow; nothing happens until `Start`. `invalid_configuration` names the field that cannot
    /// be used.
    #[uniffi::constructor]
    pub fn new(config: DiscoveryConfig) -> Outcome<Arc<Self>> {
        guard::call("Discovery.new", || {
            Ok(Arc::new(Self(Guarded::new(core::Discovery::new(config.into())?))))
        })
    }

    /// Takes what has happened and says what to do next. `now` is in seconds since the epoch. Every error
    /// ends the flow; every later event is answered by `flow_ended`.
    pub fn advance(&self, event: Event, now: u64) -> Outcome<Step> {
        self.0.with("Discovery.advance", |flow| Ok(flow.advance(event.into(), now)?.into()))
    }

    /// What was found, once, after `Done`; else nothing.
    pub fn outcome(&self) -> Outcome<Option<Discovered>> {
        self.0.with("Discovery.outcome", |flow| Ok(flow.outcome().map(Into::into)))
    }
}
