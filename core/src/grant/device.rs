//! The device grant (RFC 8628): a program without a browser shows a code, and asks until its user has typed it.
//!
//! [`Waiting`] is one such sign-in. It is the server's to keep; what it says to a poll is judged here. Once the
//! user has allowed it, [`DeviceIssue`] makes grant and tokens in one go.

use super::answer::{Audit, Refusal, TokenAnswer, tokens};
use super::client::ClientRecord;
use super::more;
use super::opaque;
use super::policy::Policy;
use super::record::{Grant, Hash, NewGrant, NewToken, Terms};
use super::request::{resource, scopes};
use super::step::{StoreEvent, StoreStep};
use super::token_request::{client_id, form, malformed, refused};
use super::tokens::{Issued, mint};
use crate::error::Error;
use crate::random;
use crate::secret::Secret;

/// The `grant_type` of a poll (RFC 8628 §3.4).
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// So much longer a device must wait after each poll that came too early, in seconds (RFC 8628 §3.5).
const SLOW_DOWN_S: u64 = 5;

/// Letters that are no vowels and look like no others, so that a code spells no word (RFC 8628 §6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

const CODE_LETTERS: usize = 8;

/// A new user code, as it is shown: `WDJB-MJHT`. 20 letters, eight times: 34 bits, which a limit on guesses has to
/// protect (RFC 8628 §5.1, §6.1).
///
/// # Errors
/// [`Error::RandomUnavailable`].
pub fn user_code() -> Result<String, Error> {
    let mut letters = String::with_capacity(CODE_LETTERS + 1);
    while letters.len() < CODE_LETTERS {
        for byte in random::bytes::<16>()?.iter() {
            // 240 is a multiple of 20: no letter comes more often than another.
            if *byte < 240 && letters.len() < CODE_LETTERS {
                letters.push(char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
            }
        }
    }
    letters.insert(CODE_LETTERS / 2, '-');
    Ok(letters)
}

/// The user code that a person has typed, as it was shown: case, hyphens and spaces do not count (RFC 8628 §6.1).
/// `None` if it can be none.
#[must_use]
pub fn read_user_code(typed: &str) -> Option<String> {
    if typed.len() > 4 * CODE_LETTERS {
        return None;
    }
    let mut letters = String::with_capacity(CODE_LETTERS + 1);
    for c in typed.chars().filter(|c| !matches!(c, '-' | ' ')) {
        let letter = u8::try_from(c).ok()?.to_ascii_uppercase();
        LETTERS.contains(&letter).then(|| letters.push(char::from(letter)))?;
    }
    (letters.len() == CODE_LETTERS).then(|| {
        letters.insert(CODE_LETTERS / 2, '-');
        letters
    })
}

/// What a device asks for (RFC 8628 §3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRequest {
    /// The client that asks.
    pub client_id: String,
    /// The scopes that it asks for.
    pub scopes: Vec<String>,
    /// The resource that the tokens are for (RFC 8707).
    pub resource: Option<String>,
    /// What else it asks for: an array, as JSON text (RFC 9396 §2).
    pub authorization_details: Option<String>,
    /// Whether its client may have refresh tokens.
    pub may_refresh: bool,
}

impl DeviceRequest {
    /// Judges a request: body, `Content-Type` and `Authorization` of its POST as they came.
    ///
    /// # Errors
    /// The whole answer, a refusal (RFC 8628 §3.2, RFC 6749 §5.2).
    pub fn judge(
        body: &[u8],
        content_type: Option<&str>,
        authorization: Option<&str>,
        client: &ClientRecord,
        policy: &Policy,
    ) -> Result<Self, TokenAnswer> {
        let read = || {
            let form = form(body, content_type, authorization)?;
            if client_id(&form)? != client.client_id {
                return Err(malformed("the request is from another client"));
            }
            let refuse = |(error, description)| refused(error, description);
            Ok(Self {
                client_id: client.client_id.clone(),
                scopes: scopes(&form, client, policy).map_err(refuse)?,
                resource: resource(&form).map_err(refuse)?,
                authorization_details: more::details(&form, policy).map_err(refuse)?,
                may_refresh: client.may_refresh,
            })
        };
        read().map_err(|refusal: Refusal| refusal.answer())
    }
}

/// A poll of the token endpoint (RFC 8628 §3.4).
#[derive(Debug)]
pub struct DevicePoll {
    /// The client that asks.
    pub client_id: String,
    /// The device code as it came.
    pub device_code: Secret,
}

impl DevicePoll {
    /// Reads a poll: body, `Content-Type` and `Authorization` of its POST as they came. Its `grant_type` has been
    /// looked at.
    ///
    /// # Errors
    /// The whole answer, a refusal.
    pub fn read(
        body: &[u8],
        content_type: Option<&str>,
        authorization: Option<&str>,
    ) -> Result<Self, TokenAnswer> {
        let read = || {
            let form = form(body, content_type, authorization)?;
            let client_id = client_id(&form)?;
            let code = form.non_empty("device_code").ok_or(malformed("device_code is missing"))?;
            Ok(Self { client_id, device_code: Secret::new(code.to_owned()) })
        };
        read().map_err(|refusal: Refusal| refusal.answer())
    }
}

/// What the user has decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Nothing yet.
    None,
    /// To allow it.
    Allowed {
        /// Who allowed it, as the server names its users.
        subject: String,
        /// When the user signed in, in seconds since the epoch.
        auth_time: u64,
    },
    /// To deny it.
    Denied,
}

/// A device's sign-in that waits for its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What was asked for.
    pub request: DeviceRequest,
    /// When both codes expire, in seconds since the epoch.
    pub expires_at: u64,
    /// How long the device waits between two polls, in seconds.
    pub interval_s: u64,
    /// When the last poll came.
    pub polled_at: Option<u64>,
    /// What the user has decided.
    pub decision: Decision,
}

/// What a poll is answered.
#[derive(Debug)]
pub enum Polled {
    /// This; the sign-in goes on waiting.
    Wait(TokenAnswer),
    /// This; the sign-in is over and to be forgotten.
    Over(TokenAnswer),
    /// Tokens, which this flow makes. The sign-in is to be forgotten before the flow begins: a device code is
    /// redeemed once.
    Issue(Box<DeviceIssue>),
}

impl Waiting {
    /// Judges a poll of this client at this moment (RFC 8628 §3.5). `thumbprint` is that of the key that the poll
    /// has proven, if it has (RFC 9449 §5).
    #[must_use]
    pub fn poll(
        &mut self,
        client_id: &str,
        thumbprint: Option<String>,
        now: u64,
        policy: &Policy,
    ) -> Polled {
        // Another client's try changes nothing: it has seen the code and has no part in it.
        if client_id != self.request.client_id {
            return Polled::Wait(UNKNOWN.answer());
        }
        if now >= self.expires_at {
            return Polled::Over(EXPIRED.answer());
        }
        let early = self.polled_at.is_some_and(|at| now.saturating_sub(at) < self.interval_s);
        self.polled_at = Some(now);
        if early {
            self.interval_s = self.interval_s.saturating_add(SLOW_DOWN_S);
            return Polled::Wait(SLOW_DOWN.answer());
        }
        match &self.decision {
            Decision::None => Polled::Wait(PENDING.answer()),
            Decision::Denied => Polled::Over(DENIED.answer()),
            Decision::Allowed { subject, auth_time } => Polled::Issue(Box::new(DeviceIssue {
                request: self.request.clone(),
                subject: subject.clone(),
                auth_time: *auth_time,
                thumbprint,
                policy: policy.clone(),
                state: State::Ready,
            })),
        }
    }
}

/// The answer to a poll with a device code that nobody has.
#[must_use]
pub fn unknown() -> TokenAnswer {
    UNKNOWN.answer()
}

const UNKNOWN: Refusal = Refusal {
    error: "invalid_grant",
    description: "the device code is unknown, was redeemed, or was issued to another client",
    audit: Audit::UnknownCode,
    ..malformed("")
};

const EXPIRED: Refusal = Refusal {
    error: "expired_token",
    description: "the device code has expired: begin again",
    audit: Audit::Expired,
    ..malformed("")
};

const PENDING: Refusal = Refusal {
    error: "authorization_pending",
    description: "the user has not decided yet",
    audit: Audit::AuthorizationPending,
    ..malformed("")
};

const SLOW_DOWN: Refusal = Refusal {
    error: "slow_down",
    description: "the device asks too often: wait five seconds longer from now on",
    audit: Audit::SlowDown,
    ..malformed("")
};

const DENIED: Refusal = Refusal {
    error: "access_denied",
    description: "the user did not allow it",
    audit: Audit::Denied,
    ..malformed("")
};

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

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8628 §6.1: what is shown is read again, however it is typed; nothing else is a code.
    #[test]
    fn user_codes_are_read_as_people_type_them() {
        let code = user_code().unwrap_or_default();
        assert_eq!(read_user_code(&code), Some(code.clone()));
        assert_eq!(code.len(), 9);
        assert!(code.bytes().all(|b| b == b'-' || LETTERS.contains(&b)), "{code}");
        let typed = code.to_lowercase().replace('-', "  ");
        assert_eq!(read_user_code(&typed), Some(code));
        for wrong in
            ["", "BCDF-GHJ", "BCDF-GHJKL", "ACDF-GHJK", "BCDF-GHJ1", "BCDF-GHJÜ", &"-".repeat(99)]
        {
            assert_eq!(read_user_code(wrong), None, "{wrong}");
        }
    }
}
