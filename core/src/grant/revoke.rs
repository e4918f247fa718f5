//! `RevokeToken`: a client gives a token back (RFC 7009).

use super::answer::{Audit, Refusal, TokenAnswer, empty};
use super::opaque;
use super::record::{FoundToken, Hash};
use super::step::{StoreEvent, StoreStep};
use super::token_request::{client_id, form, malformed};
use crate::error::Error;

/// The flow. With a token its grant ends, and with that every token of the grant. Its outcome is the whole
/// answer of the revocation endpoint.
#[derive(Debug)]
pub struct RevokeToken {
    state: State,
}

#[derive(Debug)]
enum State {
    Ready(Result<Request, Refusal>),
    Finding { client_id: String },
    Revoking,
    Done(Option<TokenAnswer>),
    Ended,
}

impl State {
    const fn step(&self) -> &'static str {
        match self {
            Self::Ready(_) => "(none yet)",
            Self::Finding { .. } => "FindToken",
            Self::Revoking => "Revoke",
            Self::Done(_) => "Done",
            Self::Ended => "(ended)",
        }
    }
}

#[derive(Debug)]
struct Request {
    client_id: String,
    /// None where the token is none of ours: such a one needs no revocation (§2.2).
    token: Option<(String, Hash)>,
}

/// §2.2.1: the client must take the token for a good one and may try again.
const STORE_FAILED: Refusal = Refusal {
    status: 503,
    error: "server_error",
    description: "the store failed; the token may still be valid",
    audit: Audit::StoreFailed,
};

/// §2.1: the request is refused, and the client is told.
const WRONG_CLIENT: Refusal = Refusal {
    status: 400,
    error: "invalid_grant",
    description: "the token was issued to another client",
    audit: Audit::WrongClient,
};

impl RevokeToken {
    /// Makes the flow from a revocation request: body, `Content-Type` and `Authorization` as they came.
    /// Nothing happens until [`StoreEvent::Start`]. `token_type_hint` is not needed and not looked at.
    #[must_use]
    pub fn new(body: &[u8], content_type: Option<&str>, authorization: Option<&str>) -> Self {
        Self { state: State::Ready(Request::read(body, content_type, authorization)) }
    }

    /// Takes what the store has done and says what it does next.
    ///
    /// # Errors
    /// [`Error::UnexpectedEvent`] and [`Error::FlowEnded`] for a driver's mistake; each ends the flow.
    pub fn advance(&mut self, event: StoreEvent) -> Result<StoreStep, Error> {
        // An event too many must not lose an outcome that nobody has fetched yet.
        if let State::Done(_) = self.state {
            return Err(Error::FlowEnded);
        }
        match (core::mem::replace(&mut self.state, State::Ended), event) {
            (State::Done(_) | State::Ended, _) => Err(Error::FlowEnded),
            (State::Ready(Err(refusal)), StoreEvent::Start) => Ok(self.done(refusal.answer())),
            (State::Ready(Ok(Request { token: None, .. })), StoreEvent::Start) => {
                Ok(self.done(empty(Audit::UnknownToken)))
            }
            (
                State::Ready(Ok(Request { client_id, token: Some((grant_id, token_hash)) })),
                StoreEvent::Start,
            ) => {
                self.state = State::Finding { client_id };
                Ok(StoreStep::FindToken { grant_id, token_hash })
            }
            (State::Finding { .. } | State::Revoking, StoreEvent::Failed) => {
                Ok(self.done(STORE_FAILED.answer()))
            }
            (State::Finding { client_id }, StoreEvent::FoundToken { token, .. }) => {
                Ok(self.judged(&client_id, token))
            }
            (State::Revoking, StoreEvent::Ok) => Ok(self.done(empty(Audit::TokenRevoked))),
            (state, event) => {
                Err(Error::UnexpectedEvent { event: event.name(), step: state.step() })
            }
        }
    }

    /// The answer of the revocation endpoint, once, after [`StoreStep::Done`]. Where it succeeds its body is
    /// empty.
    pub fn outcome(&mut self) -> Option<TokenAnswer> {
        match &mut self.state {
            State::Done(answer) => answer.take(),
            _ => None,
        }
    }

    /// An expired token ends its grant too: the grant may have others that are not.
    fn judged(&mut self, client_id: &str, token: Option<FoundToken>) -> StoreStep {
        match token {
            None => self.done(empty(Audit::UnknownToken)),
            Some(found) if found.grant.client_id != client_id => self.done(WRONG_CLIENT.answer()),
            Some(found) if found.revoked => self.done(empty(Audit::Revoked)),
            Some(found) => {
                self.state = State::Revoking;
                StoreStep::Revoke { grant_id: found.grant.grant_id }
            }
        }
    }

    fn done(&mut self, answer: TokenAnswer) -> StoreStep {
        self.state = State::Done(Some(answer));
        StoreStep::Done
    }
}

impl Request {
    fn read(
        body: &[u8],
        content_type: Option<&str>,
        authorization: Option<&str>,
    ) -> Result<Self, Refusal> {
        let form = form(body, content_type, authorization)?;
        let client_id = client_id(&form)?;
        let token = form.non_empty("token").ok_or(malformed("token is missing"))?;
        Ok(Self { client_id, token: opaque::read(token) })
    }
}
