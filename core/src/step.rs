//! `Step` and `Event`: the contract between a flow and the driver that serves it, on one page.
//!
//! These types belong to the drivers and are outside semantic versioning; `docs/decisions/steps.md`
//! shows every planned flow in them. A driver is one loop: it does what the step says, and answers
//! with one of the events that the step names.

use crate::callback::Refusal;
use crate::http::{HttpRequest, HttpResponse};
use crate::secret::SecretBytes;

pub use crate::device::DeviceCode;
pub use crate::http::Lost;
pub use crate::listen::{Listen, LoopbackHost};

/// What the driver does next.
#[derive(Debug)]
pub enum Step {
    /// Bind the loopback receiver; answered by [`Event::Listening`], [`Event::Failed`] or
    /// [`Event::Cancel`].
    Listen(Listen),
    /// Make one HTTP exchange, at most once: no redirects followed, nothing sent again, the body
    /// capped while it streams. Answered by [`Event::Response`], [`Event::Unreachable`] or
    /// [`Event::Cancel`].
    Send {
        /// What is sent.
        request: HttpRequest,
        /// Once begun it is run to its end, also when the caller cancels meanwhile: the server may
        /// have used up a code or rotated a token, and the answer must not be lost.
        finish: bool,
    },
    /// Let the caller's list or hook see who is about to be trusted, because a resource named it and
    /// nobody typed it. Where the caller has neither, it is allowed: the browser shows the host too.
    /// Answered by [`Event::Allowed`], [`Event::Refused`] or [`Event::Cancel`].
    Confirm {
        /// Host and port of the issuer, as they stand in it.
        issuer_host: String,
        /// Host and port of the resource that named it.
        resource_host: String,
    },
    /// Open the user's browser and wait for the redirect. Answered by [`Event::Redirect`],
    /// [`Event::Elapsed`], [`Event::Dismissed`], [`Event::Failed`] or [`Event::Cancel`].
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
        /// Why the redirect before was refused, for a log; none where there was no redirect yet.
        refused: Option<Refusal>,
    },
    /// Show the user where to go and what to enter there (RFC 8628 §3.3), and wait; what is shown stays
    /// until the flow ends. Answered by [`Event::Elapsed`], [`Event::Dismissed`] or [`Event::Cancel`].
    ShowCode {
        /// What is shown.
        code: DeviceCode,
        /// How long to wait, in milliseconds.
        poll_ms: u64,
    },
    /// Wait. Answered by [`Event::Elapsed`], [`Event::Dismissed`] or [`Event::Cancel`].
    Wait {
        /// How long, in milliseconds.
        millis: u64,
    },
    /// Make the key of this name if there is none, and give its public half. Answered by
    /// [`Event::PublicKey`], [`Event::Failed`] or [`Event::Cancel`].
    Key {
        /// The name that the program gave it.
        key_id: String,
        /// The algorithm (RFC 7518 §3.1): always `ES256`.
        alg: &'static str,
    },
    /// Sign with that key, which the platform keeps. The bytes are given whole and not hashed: Secure
    /// Enclave and Keystore hash for themselves. Answered by [`Event::Signed`], [`Event::Failed`] or
    /// [`Event::Cancel`].
    Sign {
        /// The name that the program gave it.
        key_id: String,
        /// The algorithm (RFC 7518 §3.1): always `ES256`.
        alg: &'static str,
        /// What is signed, ASCII.
        input: String,
    },
    /// Take the store's lock of this key: it keeps others who ask for it away, in this process and in
    /// others, and is free when its holder dies. Answered by [`Event::Locked`], [`Event::Busy`] at the
    /// deadline, [`Event::Failed`] or [`Event::Cancel`].
    Lock {
        /// The key: `a-z 0-9 -`, at most 64.
        key: String,
        /// How long to wait for it, in milliseconds.
        deadline_ms: u64,
    },
    /// Read what the store has under this key. Answered by [`Event::Loaded`], [`Event::Failed`] or
    /// [`Event::Cancel`].
    Load {
        /// The key.
        key: String,
    },
    /// Write, if the revision is still that one, or whatever it is. Answered by [`Event::Swapped`] or [`Event::Failed`].
    /// It is done also when the caller has cancelled: it may hold the only copy of a token.
    Swap {
        /// The key.
        key: String,
        /// The revision that [`Event::Loaded`] gave, 0 where there was nothing; none writes over whatever
        /// is there.
        revision: Option<u64>,
        /// What is written; none deletes.
        value: Option<SecretBytes>,
    },
    /// Give the lock back. Answered by [`Event::Ok`]. A driver gives back what it holds at the end of its
    /// loop in any case.
    Unlock {
        /// The key.
        key: String,
    },
    /// The flow has ended well; its `outcome()` gives the result once.
    Done,
}

impl Step {
    /// The step's name, for messages and transcripts.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Listen(_) => "Listen",
            Self::Send { .. } => "Send",
            Self::Confirm { .. } => "Confirm",
            Self::Browse { .. } => "Browse",
            Self::Await { .. } => "Await",
            Self::ShowCode { .. } => "ShowCode",
            Self::Wait { .. } => "Wait",
            Self::Key { .. } => "Key",
            Self::Sign { .. } => "Sign",
            Self::Lock { .. } => "Lock",
            Self::Load { .. } => "Load",
            Self::Swap { .. } => "Swap",
            Self::Unlock { .. } => "Unlock",
            Self::Done => "Done",
        }
    }
}

/// What has happened. `Debug` shows the name alone: a redirect holds a code, an answer tokens.
pub enum Event {
    /// The first event of every flow.
    Start,
    /// The receiver listens on this port.
    Listening {
        /// The port, never 0.
        port: u16,
    },
    /// The server's whole answer.
    Response(HttpResponse),
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
        value: Option<SecretBytes>,
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

impl core::fmt::Debug for Event {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

impl Event {
    /// The event's name, for messages and transcripts.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Listening { .. } => "Listening",
            Self::Response(_) => "Response",
            Self::Unreachable { .. } => "Unreachable",
            Self::Redirect { .. } => "Redirect",
            Self::Elapsed => "Elapsed",
            Self::Dismissed => "Dismissed",
            Self::Allowed => "Allowed",
            Self::Refused => "Refused",
            Self::PublicKey { .. } => "PublicKey",
            Self::Signed { .. } => "Signed",
            Self::Locked => "Locked",
            Self::Busy => "Busy",
            Self::Loaded { .. } => "Loaded",
            Self::Swapped { .. } => "Swapped",
            Self::Ok => "Ok",
            Self::Failed { .. } => "Failed",
            Self::Cancel => "Cancel",
        }
    }
}
