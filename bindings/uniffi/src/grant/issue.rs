//! `Issue`: the user has allowed it; write the grant, then give out the code.

use super::request::{GrantRequest, Policy};
use super::step::{StoreEvent, StoreStep};
use crate::error::Outcome;
use crate::guard::{Guarded, call, shows};
use proofkey::grant::issue as core;
use std::sync::Arc;

/// What the user allowed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Approval {
    /// Who allowed it, as the server names its users.
    pub subject: String,
    /// What was allowed: some or all of the scopes that were asked for.
    pub scopes: Vec<String>,
    /// When the user signed in, in seconds since the epoch. Tokens of the grant know it (RFC 9470 §4), and its ID
    /// tokens tell it (OpenID Connect Core §2). None: the server cannot say, and no demand for a recent sign-in is
    /// met.
    #[uniffi(default = None)]
    pub auth_time: Option<u64>,
    /// How the user signed in: the authentication context class, where the server can say. It counts where
    /// `auth_time` is known.
    #[uniffi(default = None)]
    pub acr: Option<String>,
}

/// Where to send the browser.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct IssueOutcome {
    /// The location of a 303: with the code, or with an error where the store did not take the grant.
    /// It holds the code, so it is secret and not shown.
    pub location: String,
    /// The grant's id, for an audit log.
    pub grant_id: String,
    /// Whether a code was issued.
    pub issued: bool,
}

shows!(IssueOutcome, |it| format!("IssueOutcome(issued: {}, …)", it.issued));

/// The flow. It puts one row; the code goes out only after the store has it.
#[derive(uniffi::Object)]
pub struct Issue(Guarded<core::Issue>);

#[uniffi::export]
impl Issue {
    /// Makes the flow and uses the request up; nothing happens until `Start`. `invalid_configuration` when
    /// more was approved than was asked for.
    #[uniffi::constructor]
    pub fn new(
        request: Arc<GrantRequest>,
        approval: Approval,
        policy: Policy,
    ) -> Outcome<Arc<Self>> {
        call("Issue.new", || {
            let policy = policy.into_core()?;
            let Approval { subject, scopes, auth_time, acr } = approval;
            let approval = core::Approval { subject, scopes };
            let flow = core::Issue::new(request.take()?, approval, &policy)?;
            let flow = match auth_time {
                Some(auth_time) => flow.signed_in(auth_time, acr),
                None => flow,
            };
            Ok(Arc::new(Self(Guarded::new(flow))))
        })
    }

    /// Takes what the store has done and says what it does next. Every error ends the flow.
    pub fn advance(&self, event: StoreEvent) -> Outcome<StoreStep> {
        self.0.with("Issue.advance", |flow| Ok(flow.advance(event.into_core()?)?.into()))
    }

    /// Where to send the browser, once, after `Done`; else nothing.
    pub fn outcome(&self) -> Outcome<Option<IssueOutcome>> {
        self.0.with("Issue.outcome", |flow| {
            Ok(flow.outcome().map(|outcome| IssueOutcome {
                location: outcome.location.expose().to_owned(),
                grant_id: outcome.grant_id,
                issued: outcome.issued,
            }))
        })
    }
}
