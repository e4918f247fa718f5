//! The device grant (RFC 8628): a program without a browser shows a code, and asks until its user has typed it.
//!
//! [`Waiting`] is one such sign-in. It is the server's to keep; what it says to a poll is judged here. Once the
//! user has allowed it, [`DeviceIssue`] makes grant and tokens in one go.

pub use super::device_issue::DeviceIssue;
pub use super::user_code::{read_user_code, user_code};

use super::answer::{Audit, Refusal, TokenAnswer};
use super::client::ClientRecord;
use super::more;
use super::policy::Policy;
use super::request_parameters::{resource, scopes};
use super::token_request::{client_id, form, malformed, refused};
use crate::secret::Secret;

/// The `grant_type` of a poll (RFC 8628 §3.4).
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// So much longer a device must wait after each poll that came too early, in seconds (RFC 8628 §3.5).
const SLOW_DOWN_S: u64 = 5;

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
            Decision::Allowed { subject, auth_time } => {
                let (request, subject) = (self.request.clone(), subject.clone());
                let flow = DeviceIssue::new(request, subject, *auth_time, thumbprint, policy);
                Polled::Issue(Box::new(flow))
            }
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
