//! `Issue`: the user has allowed it; write the grant, then give out the code.

use super::opaque;
use super::policy::Policy;
use super::record::{Grant, NewGrant};
use super::request::GrantRequest;
use super::step::{StoreEvent, StoreStep};
use crate::error::Error;
use crate::form::FormWriter;
use crate::secret::Secret;

/// What the user allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Who allowed it, as the server names its users.
    pub subject: String,
    /// What was allowed: some or all of the scopes that were asked for.
    pub scopes: Vec<String>,
}

/// Where to send the browser.
#[derive(Debug)]
pub struct IssueOutcome {
    /// The location of a 303: with the code, or with an error where the store did not take the grant.
    /// It holds the code, so it is secret.
    pub location: Secret,
    /// The grant's id, for an audit log.
    pub grant_id: String,
    /// Whether a code was issued.
    pub issued: bool,
}

/// The flow. It puts one row; the code goes out only after the store has it.
#[derive(Debug)]
pub struct Issue {
    request: GrantRequest,
    approval: Approval,
    auth_time: Option<u64>,
    acr: Option<String>,
    policy: Policy,
    state: State,
}

#[derive(Debug)]
enum State {
    Ready,
    Putting { grant_id: String, code: Secret },
    Done(Option<IssueOutcome>),
    Ended,
}

impl Issue {
    /// Makes the flow; nothing happens until [`StoreEvent::Start`].
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] when more was approved than was asked for.
    pub fn new(request: GrantRequest, approval: Approval, policy: &Policy) -> Result<Self, Error> {
        if approval.scopes.iter().any(|scope| !request.scopes.contains(scope)) {
            return Err(Error::InvalidConfiguration {
                field: "scopes",
                reason: "of the approval hold one that was not asked for",
            });
        }
        let (policy, state) = (policy.clone(), State::Ready);
        Ok(Self { request, approval, auth_time: None, acr: None, policy, state })
    }

    /// When the user signed in, in seconds since the epoch, and how: the authentication context class, if the
    /// server can say. Tokens of this grant know it (RFC 9470 §4), and its ID tokens tell it.
    #[must_use]
    pub fn signed_in(mut self, auth_time: u64, acr: Option<String>) -> Self {
        (self.auth_time, self.acr) = (Some(auth_time), acr);
        self
    }

    /// As [`Self::signed_in`], for a flow that is kept where it is.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] where the flow has begun.
    pub fn sign_in(&mut self, auth_time: u64, acr: Option<String>) -> Result<(), Error> {
        let State::Ready = self.state else {
            let (field, reason) = ("auth_time", "comes before the first event");
            return Err(Error::InvalidConfiguration { field, reason });
        };
        (self.auth_time, self.acr) = (Some(auth_time), acr);
        Ok(())
    }

    /// Takes what the store has done and says what it does next.
    ///
    /// # Errors
    /// [`Error::RandomUnavailable`], and [`Error::UnexpectedEvent`] and [`Error::FlowEnded`] for a driver's
    /// mistake. Each ends the flow.
    pub fn advance(&mut self, event: StoreEvent) -> Result<StoreStep, Error> {
        // An event too many must not lose an outcome that nobody has fetched yet.
        if let State::Done(_) = self.state {
            return Err(Error::FlowEnded);
        }
        match (core::mem::replace(&mut self.state, State::Ended), event) {
            (State::Ready, StoreEvent::Start) => self.put(),
            (State::Putting { grant_id, code }, StoreEvent::Stored(true)) => {
                let location = self.location(&code);
                Ok(self.done(IssueOutcome { location, grant_id, issued: true }))
            }
            (State::Putting { grant_id, .. }, StoreEvent::Stored(false)) => Ok(self.refuse(
                grant_id,
                "temporarily_unavailable",
                "the server is full; try later",
            )),
            (State::Putting { grant_id, .. }, StoreEvent::Failed) => {
                Ok(self.refuse(grant_id, "server_error", "the grant could not be stored"))
            }
            (State::Done(_) | State::Ended, _) => Err(Error::FlowEnded),
            (State::Ready, event) => {
                Err(Error::UnexpectedEvent { event: event.name(), step: "(none yet)" })
            }
            (State::Putting { .. }, event) => {
                Err(Error::UnexpectedEvent { event: event.name(), step: "Put" })
            }
        }
    }

    /// Where to send the browser, once, after [`StoreStep::Done`].
    pub fn outcome(&mut self) -> Option<IssueOutcome> {
        match &mut self.state {
            State::Done(outcome) => outcome.take(),
            _ => None,
        }
    }

    fn put(&mut self) -> Result<StoreStep, Error> {
        let (grant_id, code) = opaque::mint_code()?;
        let request = &self.request;
        let grant = Grant {
            grant_id: grant_id.clone(),
            client_id: request.client_id.clone(),
            subject: self.approval.subject.clone(),
            redirect_uri: request.redirect_uri.clone(),
            redirect_uri_was_sent: request.redirect_uri_was_sent,
            code_challenge: Some(request.code_challenge),
            scope: self.approval.scopes.join(" "),
            resource: request.resource.clone(),
            refreshable: request.may_refresh,
            terms: Box::new(request.more.terms(self.auth_time, self.acr.clone())),
        };
        self.state = State::Putting { grant_id, code: code.text };
        let lifetime_s = self.policy.code_lifetime_s();
        Ok(StoreStep::Put { grant: NewGrant { grant, code_hash: code.hash, lifetime_s } })
    }

    /// RFC 6749 §4.1.2 with RFC 9207.
    fn location(&self, code: &Secret) -> Secret {
        let mut location = FormWriter::query(&self.request.redirect_uri);
        location
            .pair("code", code.expose())
            .pair_if("state", self.request.state.as_deref())
            .pair("iss", &self.policy.issuer);
        location.finish()
    }

    fn refuse(&mut self, grant_id: String, error: &str, description: &str) -> StoreStep {
        let location = self.request.error_location(error, description, &self.policy);
        self.done(IssueOutcome { location: Secret::new(location), grant_id, issued: false })
    }

    fn done(&mut self, outcome: IssueOutcome) -> StoreStep {
        self.state = State::Done(Some(outcome));
        StoreStep::Done
    }
}
