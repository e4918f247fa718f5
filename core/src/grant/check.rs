//! `CheckToken`: a resource server's question, whether this request may pass (RFC 6750).

use super::opaque;
use super::record::{FoundToken, Hash, TokenKind};
use super::step::{StoreEvent, StoreStep};
use crate::error::Error;

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// The request may pass, as this subject and client.
    Granted(Box<FoundToken>),
    /// It may not.
    Refused {
        /// The HTTP status: 400, 401 or 403; 503 where the store failed.
        status: u16,
        /// The value of `WWW-Authenticate` (RFC 6750 §3), if one is due.
        www_authenticate: Option<String>,
    },
}

/// The flow: looks the token up, then checks expiry, revocation, audience and scope.
#[derive(Debug)]
pub struct CheckToken {
    audience: String,
    required_scopes: Vec<String>,
    state: State,
}

#[derive(Debug)]
enum State {
    Ready(Result<(String, Hash), Access>),
    Finding,
    Done(Option<Access>),
    Ended,
}

impl CheckToken {
    /// Makes the flow. `authorization` is the header as it came, `audience` the resource's own URI. A
    /// token that was asked for without a resource (RFC 8707) is for every resource of its server.
    #[must_use]
    pub fn new(authorization: Option<&str>, audience: &str, required_scopes: &[String]) -> Self {
        Self {
            audience: audience.to_owned(),
            required_scopes: required_scopes.to_vec(),
            state: State::Ready(read(authorization)),
        }
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
            (State::Ready(Err(refused)), StoreEvent::Start) => Ok(self.done(refused)),
            (State::Ready(Ok((grant_id, token_hash))), StoreEvent::Start) => {
                self.state = State::Finding;
                Ok(StoreStep::FindToken { grant_id, token_hash })
            }
            (State::Finding, StoreEvent::Failed) => {
                Ok(self.done(Access::Refused { status: 503, www_authenticate: None }))
            }
            (State::Finding, StoreEvent::FoundToken { token, now }) => {
                let access = self.judge(token, now);
                Ok(self.done(access))
            }
            (State::Ready(_), event) => {
                Err(Error::UnexpectedEvent { event: event.name(), step: "(none yet)" })
            }
            (State::Finding, event) => {
                Err(Error::UnexpectedEvent { event: event.name(), step: "FindToken" })
            }
        }
    }

    /// The answer, once, after [`StoreStep::Done`].
    pub fn outcome(&mut self) -> Option<Access> {
        match &mut self.state {
            State::Done(access) => access.take(),
            _ => None,
        }
    }

    fn judge(&self, token: Option<FoundToken>, now: u64) -> Access {
        let Some(token) = token else {
            return invalid_token();
        };
        let elsewhere = token.grant.resource.as_ref().is_some_and(|r| *r != self.audience);
        // A refresh token is for the token endpoint alone (RFC 6749 §1.5).
        let refresh = token.kind != TokenKind::Access;
        if refresh || token.revoked || now >= token.expires_at || elsewhere {
            return invalid_token();
        }
        let granted = |scope: &String| token.scope().split(' ').any(|known| known == scope);
        if !self.required_scopes.iter().all(granted) {
            let scope = self.required_scopes.join(" ");
            return challenge(403, &format!("error=\"insufficient_scope\", scope=\"{scope}\""));
        }
        Access::Granted(Box::new(token))
    }

    fn done(&mut self, access: Access) -> StoreStep {
        self.state = State::Done(Some(access));
        StoreStep::Done
    }
}

/// RFC 6750 §2.1: `Bearer` and a token of ours.
fn read(authorization: Option<&str>) -> Result<(String, Hash), Access> {
    // RFC 6750 §3.1: no error code where no token was sent.
    let Some(header) = authorization else {
        return Err(challenge(401, ""));
    };
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(challenge(401, ""));
    }
    if token.is_empty() {
        return Err(challenge(400, "error=\"invalid_request\""));
    }
    opaque::read(token).ok_or_else(invalid_token)
}

fn invalid_token() -> Access {
    challenge(
        401,
        "error=\"invalid_token\", error_description=\"the token is unknown, expired, revoked, or for another resource\"",
    )
}

fn challenge(status: u16, parameters: &str) -> Access {
    let separator = if parameters.is_empty() { "" } else { " " };
    Access::Refused { status, www_authenticate: Some(format!("Bearer{separator}{parameters}")) }
}
