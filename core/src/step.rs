//! `Step` and `Event`: the contract between a flow and the driver that serves it, on one page.
//!
//! These types belong to the drivers and are outside semantic versioning; `docs/decisions/steps.md`
//! shows every planned flow in them. A driver is one loop: it does what the step says, and answers
//! with one of the events that the step names.

use crate::callback::Refusal;
use crate::http::{HttpRequest, HttpResponse};

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
    /// The redirect was not ours: wait on, under the deadline of the `Browse` before. The same events
    /// answer it.
    Await {
        /// The deadline of `Browse`, still counted from there.
        deadline_ms: u64,
        /// Why the redirect was refused, for a log.
        refused: Refusal,
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
            Self::Browse { .. } => "Browse",
            Self::Await { .. } => "Await",
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
    /// The platform could not do what the step asked.
    Failed {
        /// A stable code where there is one (`port_in_use`), else empty.
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
            Self::Failed { .. } => "Failed",
            Self::Cancel => "Cancel",
        }
    }
}
