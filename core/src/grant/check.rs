//! `CheckToken`: a resource server's question, whether this request may pass (RFC 6750).

use super::opaque;
use super::record::{FoundToken, Hash, Terms, TokenKind};
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

/// How recently and how a user must have signed in (RFC 9470 §3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authentication {
    /// The classes of which one will do, the preferred one first; none here: any will.
    pub acr_values: Vec<String>,
    /// How long ago it may have been, in seconds; none: any time.
    pub max_age_s: Option<u64>,
}

/// How a token came (RFC 6750 §2.1, RFC 9449 §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Bearer,
    Dpop,
}

/// The flow: looks the token up, then checks expiry, revocation, audience, key, scope and sign-in.
#[derive(Debug)]
pub struct CheckToken {
    audience: String,
    required_scopes: Vec<String>,
    thumbprint: Option<String>,
    bound_only: bool,
    /// Whether the resource itself judges the key (RFC 9449 §6.2).
    introspected: bool,
    authentication: Authentication,
    scheme: Scheme,
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
        let (scheme, read) = read(authorization);
        Self {
            audience: audience.to_owned(),
            required_scopes: required_scopes.to_vec(),
            thumbprint: None,
            bound_only: false,
            introspected: false,
            authentication: Authentication::default(),
            scheme,
            state: State::Ready(read),
        }
    }

    /// Makes the flow that answers a resource which asks about a token that somebody has sent to it (RFC 7662). What
    /// scope and which key it needs the resource judges itself, by what it is told of it. Ask who it is before: the
    /// answer is for the resource alone that `audience` names.
    #[must_use]
    pub fn introspecting(token: &str, audience: &str) -> Self {
        let read = opaque::read(token).ok_or_else(|| invalid_token(Scheme::Bearer));
        Self {
            audience: audience.to_owned(),
            required_scopes: Vec::new(),
            thumbprint: None,
            bound_only: false,
            introspected: true,
            authentication: Authentication::default(),
            scheme: Scheme::Bearer,
            state: State::Ready(read),
        }
    }

    /// The request came with a good proof of the key that has this thumbprint, made for this token (RFC 9449 §7.1).
    #[must_use]
    pub fn proven(mut self, thumbprint: Option<String>) -> Self {
        self.thumbprint = thumbprint;
        self
    }

    /// No bearer token passes (RFC 9728 §2, `dpop_bound_access_tokens_required`).
    #[must_use]
    pub fn bound_only(mut self, bound_only: bool) -> Self {
        self.bound_only = bound_only;
        if let (true, State::Ready(Err(_)), Scheme::Bearer) = (bound_only, &self.state, self.scheme)
        {
            self.state = State::Ready(Err(challenge(Scheme::Dpop, 401, "")));
        }
        self
    }

    /// The user must have signed in like this (RFC 9470).
    #[must_use]
    pub fn authentication(mut self, authentication: Authentication) -> Self {
        self.authentication = authentication;
        self
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
            return invalid_token(self.scheme);
        };
        let elsewhere = token.grant.resource.as_ref().is_some_and(|r| *r != self.audience);
        // A refresh token is for the token endpoint alone (RFC 6749 §1.5).
        let refresh = token.kind != TokenKind::Access;
        if refresh || token.revoked || now >= token.expires_at || elsewhere {
            return invalid_token(self.scheme);
        }
        if let Some(refused) = self.judge_key(token.dpop_jkt.as_deref()) {
            return refused;
        }
        let granted = |scope: &String| token.scope().split(' ').any(|known| known == scope);
        if !self.required_scopes.iter().all(granted) {
            let scope = self.required_scopes.join(" ");
            let parameters = format!("error=\"insufficient_scope\", scope=\"{scope}\"");
            return challenge(self.scheme, 403, &parameters);
        }
        if !self.authentication.accepts(&token.grant.terms, now) {
            return challenge(self.scheme, 401, &self.authentication.parameters());
        }
        Access::Granted(Box::new(token))
    }

    /// RFC 9449 §7.1, §7.2: a token that is bound to a key is no bearer token, and one that is not cannot be proven.
    fn judge_key(&self, bound: Option<&str>) -> Option<Access> {
        let wrong = |description: &str| {
            let parameters =
                format!("error=\"invalid_token\", error_description=\"{description}\"");
            Some(challenge(Scheme::Dpop, 401, &parameters))
        };
        if self.introspected {
            return None;
        }
        match (self.scheme, bound, self.thumbprint.as_deref()) {
            (Scheme::Bearer, None, _) if self.bound_only => {
                wrong("the token is bound to no key, and must be")
            }
            (Scheme::Bearer, None, _) => None,
            (Scheme::Bearer, Some(_), _) => {
                wrong("the token is bound to a key: it is no bearer token")
            }
            (Scheme::Dpop, None, _) => wrong("the token is bound to no key: it is a bearer token"),
            (Scheme::Dpop, Some(_), None) => Some(challenge(
                Scheme::Dpop,
                401,
                "error=\"invalid_dpop_proof\", error_description=\"the request has no proof of the key\"",
            )),
            (Scheme::Dpop, Some(bound), Some(proven)) if bound == proven => None,
            (Scheme::Dpop, Some(_), Some(_)) => wrong("the token is bound to another key"),
        }
    }

    fn done(&mut self, access: Access) -> StoreStep {
        self.state = State::Done(Some(access));
        StoreStep::Done
    }
}

impl Authentication {
    fn accepts(&self, terms: &Terms, now: u64) -> bool {
        let class = self.acr_values.is_empty()
            || terms.acr.as_ref().is_some_and(|acr| self.acr_values.contains(acr));
        let recent = self.max_age_s.is_none_or(|max_age| {
            terms.auth_time.is_some_and(|at| now.saturating_sub(at) <= max_age)
        });
        class && recent
    }

    /// The parameters of the challenge that demands it (RFC 9470 §3).
    #[must_use]
    pub fn parameters(&self) -> String {
        let mut parameters = String::from(
            "error=\"insufficient_user_authentication\", \
             error_description=\"another or a newer sign-in is needed\"",
        );
        if !self.acr_values.is_empty() {
            parameters.push_str(&format!(", acr_values=\"{}\"", self.acr_values.join(" ")));
        }
        if let Some(max_age) = self.max_age_s {
            parameters.push_str(&format!(", max_age=\"{max_age}\""));
        }
        parameters
    }
}

/// RFC 6750 §2.1, RFC 9449 §7.1: `Bearer` or `DPoP`, and a token of ours.
fn read(authorization: Option<&str>) -> (Scheme, Result<(String, Hash), Access>) {
    // RFC 6750 §3.1: no error code where no token was sent.
    let none = (Scheme::Bearer, Err(challenge(Scheme::Bearer, 401, "")));
    let Some(header) = authorization else {
        return none;
    };
    let (name, token) = header.split_once(' ').unwrap_or((header, ""));
    let scheme = if name.eq_ignore_ascii_case("Bearer") {
        Scheme::Bearer
    } else if name.eq_ignore_ascii_case("DPoP") {
        Scheme::Dpop
    } else {
        return none;
    };
    if token.is_empty() {
        return (scheme, Err(challenge(scheme, 400, "error=\"invalid_request\"")));
    }
    (scheme, opaque::read(token).ok_or_else(|| invalid_token(scheme)))
}

fn invalid_token(scheme: Scheme) -> Access {
    challenge(
        scheme,
        401,
        "error=\"invalid_token\", error_description=\"the token is unknown, expired, revoked, or for another resource\"",
    )
}

/// RFC 9449 §7.1: a challenge for proofs says which algorithms they may be signed with.
fn challenge(scheme: Scheme, status: u16, parameters: &str) -> Access {
    let www_authenticate = match (scheme, parameters) {
        (Scheme::Bearer, "") => "Bearer".to_owned(),
        (Scheme::Bearer, parameters) => format!("Bearer {parameters}"),
        (Scheme::Dpop, "") => "DPoP algs=\"ES256\"".to_owned(),
        (Scheme::Dpop, parameters) => format!("DPoP {parameters}, algs=\"ES256\""),
    };
    Access::Refused { status, www_authenticate: Some(www_authenticate) }
}
