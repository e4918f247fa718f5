//! `DeviceIssue`: the user of a device has allowed it; write the grant, with its tokens.

use super::answer::{Audit, Refusal, TokenAnswer, tokens};
use super::device::DeviceRequest;
use super::opaque;
use super::policy::Policy;
use super::record::{Grant, Hash, NewGrant, NewToken, Terms};
use super::step::{StoreEvent, StoreStep};
use super::tokens::{Issued, mint};
use crate::error::Error;

/// The flow: puts a grant and claims it at once, with its tokens.
#[derive(Debug)]
pub struct DeviceIssue {
    request: DeviceRequest,
    subject: String,
    auth_time: u64,
    thumbprint: Option<String>,
    policy: Policy,
    state: State,
}

#[derive(Debug)]
enum State {
    Ready,
    Putting { code_hash: Hash, rows: Vec<NewToken>, issued: Issued },
    Claiming(Issued),
    Done(Option<TokenAnswer>),
    Ended,
}

impl DeviceIssue {
    pub(super) fn new(
        request: DeviceRequest,
        subject: String,
        auth_time: u64,
        thumbprint: Option<String>,
        policy: &Policy,
    ) -> Self {
        let (policy, state) = (policy.clone(), State::Ready);
        Self { request, subject, auth_time, thumbprint, policy, state }
    }

    /// Takes what the store has done and says what it does next.
    ///
    /// # Errors
    /// [`Error::RandomUnavailable`], and [`Error::UnexpectedEvent`] and [`Error::FlowEnded`] for a driver's
    /// mistake. Each ends the flow, and nothing is issued.
    pub fn advance(&mut self, event: StoreEvent) -> Result<StoreStep, Error> {
        // An event too many must not lose an outcome that nobody has fetched yet.
        if let State::Done(_) = self.state {
            return Err(Error::FlowEnded);
        }
        match (core::mem::replace(&mut self.state, State::Ended), event) {
            (State::Done(_) | State::Ended, _) => Err(Error::FlowEnded),
            (State::Ready, StoreEvent::Start) => self.put(),
            (State::Putting { code_hash, rows, issued }, StoreEvent::Stored(true)) => {
                let grant_id = issued.grant.grant_id.clone();
                self.state = State::Claiming(issued);
                let max_mismatches = self.policy.max_mismatches.max(1);
                Ok(StoreStep::Claim { grant_id, code_hash, max_mismatches, tokens: rows })
            }
            (State::Claiming(issued), StoreEvent::Claimed(true)) => {
                Ok(self.done(tokens(issued, Audit::Issued)))
            }
            // P29: full, failed, or gone already: nothing is issued.
            (State::Putting { .. }, StoreEvent::Stored(false) | StoreEvent::Failed)
            | (State::Claiming(_), StoreEvent::Claimed(false) | StoreEvent::Failed) => {
                Ok(self.done(Refusal::STORE_FAILED.answer()))
            }
            (State::Ready, event) => {
                Err(Error::UnexpectedEvent { event: event.name(), step: "(none yet)" })
            }
            (State::Putting { .. }, event) => {
                Err(Error::UnexpectedEvent { event: event.name(), step: "Put" })
            }
            (State::Claiming(_), event) => {
                Err(Error::UnexpectedEvent { event: event.name(), step: "Claim" })
            }
        }
    }

    /// The answer of the token endpoint, once, after [`StoreStep::Done`].
    pub fn outcome(&mut self) -> Option<TokenAnswer> {
        match &mut self.state {
            State::Done(answer) => answer.take(),
            _ => None,
        }
    }

    /// The code of this grant is seen by nobody: it is claimed in the next step.
    fn put(&mut self) -> Result<StoreStep, Error> {
        let (grant_id, code) = opaque::mint_code()?;
        let request = &self.request;
        let grant = Grant {
            grant_id,
            client_id: request.client_id.clone(),
            subject: self.subject.clone(),
            redirect_uri: String::new(),
            redirect_uri_was_sent: false,
            code_challenge: None,
            scope: request.scopes.join(" "),
            resource: request.resource.clone(),
            refreshable: request.may_refresh,
            terms: Box::new(Terms {
                auth_time: Some(self.auth_time),
                authorization_details: request.authorization_details.clone(),
                ..Terms::default()
            }),
        };
        let (rows, issued) = mint(grant.clone(), None, self.thumbprint.as_deref(), &self.policy)?;
        let code_hash = code.hash;
        self.state = State::Putting { code_hash, rows, issued };
        let lifetime_s = self.policy.code_lifetime_s().max(1);
        Ok(StoreStep::Put { grant: NewGrant { grant, code_hash, lifetime_s } })
    }

    fn done(&mut self, answer: TokenAnswer) -> StoreStep {
        self.state = State::Done(Some(answer));
        StoreStep::Done
    }
}
