//! `Step` and `Event`: the contract between a flow and the driver that serves it. They mirror the core's,
//! variant by variant; `docs/decisions/steps.md` shows every planned flow in them.

use crate::guard::shows;
use crate::http::{HttpRequest, HttpResponse};
use proofkey::secret::SecretBytes;
use proofkey::step as core;

/// What the driver does next.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Step {
    /// Bind the loopback receiver; answered by `Listening`, `Failed` or `Cancel`.
    Listen {
        /// Where.
        host: LoopbackHost,
        /// The port; 0 leaves the choice to the system.
        port: u16,
        /// The path, with its leading slash.
        path: String,
    },
    /// Make one HTTP exchange, at most once: no redirects followed, nothing sent again, the body
    /// capped while it streams. Answered by `Response`, `Unreachable` or `Cancel`.
    Send {
        /// What is sent.
        request: HttpRequest,
        /// Once begun it is run to its end, also when the caller cancels meanwhile: the server may
        /// have used up a code or rotated a token, and the answer must not be lost.
        finish: bool,
    },
    /// Let the caller's list or hook see who is about to be trusted, because a resource named it and
    /// nobody typed it. Where the caller has neither, it is allowed. Answered by `Allowed`, `Refused` or
    /// `Cancel`.
    Confirm {
        /// Host and port of the issuer, as they stand in it.
        issuer_host: String,
        /// Host and port of the resource that named it.
        resource_host: String,
    },
    /// Open the user's browser and wait for the redirect. Answered by `Redirect`, `Elapsed`,
    /// `Dismissed`, `Failed` or `Cancel`.
    Browse {
        /// The authorization request (RFC 6749 §4.1.1). Given to the browser as one argument,
        /// never to a shell.
        url: String,
        /// Where the redirect will arrive, for platforms that must be told.
        redirect_uri: String,
        /// How long to wait in all, in milliseconds.
        deadline_ms: u64,
    },
    /// Wait for the redirect without opening anything. The same events answer it as `Browse`.
    Await {
        /// The deadline of the `Browse` before, still counted from there; where there was none (a sign-in
        /// that is taken up again), it is counted from here. In milliseconds.
        deadline_ms: u64,
        /// Why the redirect before was refused: the stable code; empty where there was no redirect yet.
        code: String,
        /// Why the redirect before was refused, for a log. Nothing of the redirect stands in it.
        text: String,
    },
    /// Show the user where to go and what to enter there (RFC 8628 §3.3), and wait; what is shown stays
    /// until the flow ends. Answered by `Elapsed`, `Dismissed` or `Cancel`.
    ShowCode {
        /// What is shown.
        code: DeviceCode,
        /// How long to wait, in milliseconds.
        poll_ms: u64,
    },
    /// Wait. Answered by `Elapsed`, `Dismissed` or `Cancel`.
    Wait {
        /// How long, in milliseconds.
        millis: u64,
    },
    /// Make the key of this name if there is none, and give its public half. Answered by `PublicKey`,
    /// `Failed` or `Cancel`.
    Key {
        /// The name that the program gave it.
        key_id: String,
        /// The algorithm (RFC 7518 §3.1): always `ES256`.
        alg: String,
    },
    /// Sign with that key, which the platform keeps. The text is given whole and not hashed: Secure Enclave
    /// and Keystore hash for themselves. Answered by `Signed`, `Failed` or `Cancel`.
    Sign {
        /// The name that the program gave it.
        key_id: String,
        /// The algorithm (RFC 7518 §3.1): always `ES256`.
        alg: String,
        /// What is signed: the ASCII bytes of this text.
        input: String,
    },
    /// Take the store's lock of this key: it keeps others who ask for it away, in this process and in
    /// others, and is free when its holder dies. Answered by `Locked`, `Busy` at the deadline, `Failed` or
    /// `Cancel`.
    Lock {
        /// The key: `a-z 0-9 -`, at most 64.
        key: String,
        /// How long to wait for it, in milliseconds.
        deadline_ms: u64,
    },
    /// Read what the store has under this key. Answered by `Loaded`, `Failed` or `Cancel`.
    Load {
        /// The key.
        key: String,
    },
    /// Write, if the revision is still that one, or whatever it is. Answered by `Swapped` or `Failed`. It is done also when the
    /// caller has cancelled: it may hold the only copy of a token.
    Swap {
        /// The key.
        key: String,
        /// The revision that `Loaded` gave, 0 where there was nothing; none writes over whatever is there.
        revision: Option<u64>,
        /// What is written; none deletes.
        value: Option<Vec<u8>>,
    },
    /// Give the lock back. Answered by `Ok`. A driver gives back what it holds at the end of its loop in any
    /// case.
    Unlock {
        /// The key.
        key: String,
    },
    /// The flow has ended well; its outcome gives the result once.
    Done,
}

shows!(Step, |it| match it {
    Step::Listen { .. } => "Listen",
    Step::Send { .. } => "Send",
    Step::Browse { .. } => "Browse",
    Step::Confirm { .. } => "Confirm",
    Step::Await { .. } => "Await",
    Step::ShowCode { .. } => "ShowCode",
    Step::Wait { .. } => "Wait",
    Step::Key { .. } => "Key",
    Step::Sign { .. } => "Sign",
    Step::Lock { .. } => "Lock",
    Step::Load { .. } => "Load",
    Step::Swap { .. } => "Swap",
    Step::Unlock { .. } => "Unlock",
    Step::Done => "Done",
}
.to_owned());

impl From<core::Step> for Step {
    fn from(step: core::Step) -> Self {
        match step {
            core::Step::Listen(core::Listen { host, port, path }) => {
                Self::Listen { host: host.into(), port, path }
            }
            core::Step::Send { request, finish } => Self::Send { request: request.into(), finish },
            core::Step::Browse { url, redirect_uri, deadline_ms } => {
                Self::Browse { url, redirect_uri, deadline_ms }
            }
            core::Step::Await { deadline_ms, refused } => Self::Await {
                deadline_ms,
                code: refused.map_or("", |refused| refused.code()).to_owned(),
                text: refused.map_or_else(String::new, |refused| refused.to_string()),
            },
            core::Step::Confirm { issuer_host, resource_host } => {
                Self::Confirm { issuer_host, resource_host }
            }
            core::Step::ShowCode { code, poll_ms } => Self::ShowCode { code: code.into(), poll_ms },
            core::Step::Wait { millis } => Self::Wait { millis },
            core::Step::Key { key_id, alg } => Self::Key { key_id, alg: alg.to_owned() },
            core::Step::Sign { key_id, alg, input } => {
                Self::Sign { key_id, alg: alg.to_owned(), input }
            }
            core::Step::Lock { key, deadline_ms } => Self::Lock { key, deadline_ms },
            core::Step::Load { key } => Self::Load { key },
            core::Step::Swap { key, revision, value } => {
                let value = value.map(|value| value.expose().to_vec());
                Self::Swap { key, revision, value }
            }
            core::Step::Unlock { key } => Self::Unlock { key },
            core::Step::Done => Self::Done,
        }
    }
}

/// What has happened. Only its name is shown: a redirect holds a code, an answer tokens.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Event {
    /// The first event of every flow.
    Start,
    /// The receiver listens on this port.
    Listening {
        /// The port, never 0.
        port: u16,
    },
    /// The server's whole answer.
    Response {
        /// The answer.
        response: HttpResponse,
    },
    /// No whole answer came.
    Unreachable {
        /// How far it went.
        reason: Lost,
        /// The platform's words, for the message.
        detail: String,
    },
    /// A redirect arrived: the whole URI, undecoded, as the browser or the system gave it.
    Redirect {
        /// The URI.
        uri: String,
    },
    /// The wait is over.
    Elapsed,
    /// The user closed the browser.
    Dismissed,
    /// The caller trusts the issuer.
    Allowed,
    /// The caller does not.
    Refused,
    /// The public half of a key.
    PublicKey {
        /// The point on P-256 (SEC 1 §2.3.3), compressed or not.
        sec1: Vec<u8>,
    },
    /// What was signed.
    Signed {
        /// The ECDSA signature: 64 bytes (RFC 7518 §3.4), or DER as platforms give it (RFC 3279 §2.2.3).
        signature: Vec<u8>,
    },
    /// The lock is held.
    Locked,
    /// Somebody else held the lock until the deadline.
    Busy,
    /// What the store has.
    Loaded {
        /// The revision; 0 where there is nothing. Two different values never have the same.
        revision: u64,
        /// The bytes as they were written; none where there is nothing.
        value: Option<Vec<u8>>,
    },
    /// Whether it was written: not, where the revision was another by then.
    Swapped {
        /// The answer.
        swapped: bool,
    },
    /// It is done.
    Ok,
    /// The platform could not do what the step asked.
    Failed {
        /// A stable code where there is one (`port_in_use`, `store_full`), else empty.
        code: String,
        /// The platform's words, for the message.
        detail: String,
    },
    /// The caller cancelled.
    Cancel,
}

shows!(Event, |it| match it {
    Event::Start => "Start",
    Event::Listening { .. } => "Listening",
    Event::Response { .. } => "Response",
    Event::Unreachable { .. } => "Unreachable",
    Event::Redirect { .. } => "Redirect",
    Event::Elapsed => "Elapsed",
    Event::Dismissed => "Dismissed",
    Event::Allowed => "Allowed",
    Event::Refused => "Refused",
    Event::PublicKey { .. } => "PublicKey",
    Event::Signed { .. } => "Signed",
    Event::Locked => "Locked",
    Event::Busy => "Busy",
    Event::Loaded { .. } => "Loaded",
    Event::Swapped { .. } => "Swapped",
    Event::Ok => "Ok",
    Event::Failed { .. } => "Failed",
    Event::Cancel => "Cancel",
}
.to_owned());

impl From<Event> for core::Event {
    fn from(event: Event) -> Self {
        match event {
            Event::Start => Self::Start,
            Event::Listening { port } => Self::Listening { port },
            Event::Response { response } => Self::Response(response.into()),
            Event::Unreachable { reason, detail } => {
                Self::Unreachable { reason: reason.into(), detail }
            }
            Event::Redirect { uri } => Self::Redirect { uri },
            Event::Elapsed => Self::Elapsed,
            Event::Dismissed => Self::Dismissed,
            Event::Allowed => Self::Allowed,
            Event::Refused => Self::Refused,
            Event::PublicKey { sec1 } => Self::PublicKey { sec1 },
            Event::Signed { signature } => Self::Signed { signature },
            Event::Locked => Self::Locked,
            Event::Busy => Self::Busy,
            Event::Loaded { revision, value } => {
                Self::Loaded { revision, value: value.map(SecretBytes::new) }
            }
            Event::Swapped { swapped } => Self::Swapped { swapped },
            Event::Ok => Self::Ok,
            Event::Failed { code, detail } => Self::Failed { code, detail },
            Event::Cancel => Self::Cancel,
        }
    }
}

/// What the user is shown to sign in on another device (RFC 8628 §3.3). It is for the person in front of
/// this device alone.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DeviceCode {
    /// What to enter.
    pub user_code: String,
    /// Where to enter it.
    pub verification_uri: String,
    /// The same with the code in it, for a QR code; the user compares the code all the same (RFC 8628
    /// §3.3.1).
    pub verification_uri_complete: Option<String>,
    /// How long the code is good for, in seconds.
    pub expires_in_s: u64,
    /// What to tell the user against phishing, in one sentence (RFC 8628 §5.4).
    pub advice: String,
}

impl From<core::DeviceCode> for DeviceCode {
    fn from(code: core::DeviceCode) -> Self {
        Self {
            user_code: code.user_code,
            verification_uri: code.verification_uri,
            verification_uri_complete: code.verification_uri_complete,
            expires_in_s: code.expires_in_s,
            advice: code.advice.to_owned(),
        }
    }
}

/// How far a request went that got no whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
#[allow(clippy::enum_variant_names)] // the core's names
pub enum Lost {
    /// Nothing was sent: the name, the connection or TLS failed.
    NotConnected,
    /// It may have arrived; the connection ended before the answer did.
    Lost,
    /// It may have arrived; the answer did not come in time.
    TimedOut,
    /// The answer was larger than `max_body`.
    TooLarge,
}

impl From<Lost> for core::Lost {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::NotConnected => Self::NotConnected,
            Lost::Lost => Self::Lost,
            Lost::TimedOut => Self::TimedOut,
            Lost::TooLarge => Self::TooLarge,
        }
    }
}

/// The host of a loopback redirect URI (RFC 8252 §7.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum LoopbackHost {
    /// `127.0.0.1`
    V4,
    /// `[::1]`
    V6,
    /// `localhost`, on both families and one port. Only where a server accepts nothing else
    /// (RFC 8252 §8.3).
    Localhost,
}

impl From<LoopbackHost> for core::LoopbackHost {
    fn from(host: LoopbackHost) -> Self {
        match host {
            LoopbackHost::V4 => Self::V4,
            LoopbackHost::V6 => Self::V6,
            LoopbackHost::Localhost => Self::Localhost,
        }
    }
}

impl From<core::LoopbackHost> for LoopbackHost {
    fn from(host: core::LoopbackHost) -> Self {
        match host {
            core::LoopbackHost::V4 => Self::V4,
            core::LoopbackHost::V6 => Self::V6,
            core::LoopbackHost::Localhost => Self::Localhost,
        }
    }
}
