//! The loop: does what a step says and answers with the event that the step names.

use crate::browser::Browser;
use crate::cancel::{CancelHandle, Wakes};
use crate::http;
use proofkey::error::Error;
use proofkey::flow::discovery::{Discovered, Discovery};
use proofkey::flow::sign_in::SignIn;
use proofkey::loopback::{LoopbackReceiver, Received};
use proofkey::step::{Event, Listen, Step};
use proofkey::token::TokenSet;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A flow of the core, as the loop sees it.
pub(crate) trait Flow {
    /// What it ends with.
    type Outcome;
    fn advance(&mut self, event: Event, now: u64) -> Result<Step, Error>;
    fn outcome(&mut self) -> Option<Self::Outcome>;
}

/// Each flow has both functions by these names.
macro_rules! flow {
    ($flow:ty, $outcome:ty) => {
        impl Flow for $flow {
            type Outcome = $outcome;
            fn advance(&mut self, event: Event, now: u64) -> Result<Step, Error> {
                Self::advance(self, event, now)
            }
            fn outcome(&mut self) -> Option<$outcome> {
                Self::outcome(self)
            }
        }
    };
}

flow!(SignIn, TokenSet);
flow!(Discovery, Discovered);

/// Runs the flow to its end.
///
/// A cancel is looked at before each step and wakes the wait for the user. A `Send` with `finish` is
/// never interrupted, and its answer is given to the flow.
pub(crate) fn run<F: Flow>(
    mut flow: F,
    browser: &Browser,
    cancel: &CancelHandle,
) -> Result<F::Outcome, Error> {
    let mut waiting = Waiting { cancel, receiver: None, end: None };
    let mut event = if cancel.is_cancelled() { Event::Cancel } else { Event::Start };
    loop {
        event = match flow.advance(event, now())? {
            Step::Listen(listen) => waiting.listen(&listen),
            // Once begun it is run to its end, and what came is given to the flow.
            Step::Send { request: _, finish: true } if cancel.is_cancelled() => Event::Cancel,
            Step::Send { request, finish: true } => http::send(&request),
            Step::Send { request, finish: false } => {
                waiting.unless_cancelled(|| http::send(&request))
            }
            Step::Browse { url, redirect_uri: _, deadline_ms } => {
                waiting.end = Instant::now().checked_add(Duration::from_millis(deadline_ms));
                // Cancelled in the meantime: no window opens for a sign-in that is over.
                let opened = waiting.unless_cancelled(|| match browser.open(&url) {
                    Ok(()) => Event::Start,
                    Err(e) => Event::Failed { code: String::new(), detail: e.to_string() },
                });
                match opened {
                    Event::Start => waiting.redirect(),
                    ended => ended,
                }
            }
            Step::Await { deadline_ms: _, refused: _ } => waiting.redirect(),
            // `Done` comes with an outcome; without one the flow is not what this loop was made for.
            Step::Done => return flow.outcome().ok_or(Error::FlowEnded),
        };
    }
}

/// The receiver, and until when it is waited for.
struct Waiting<'a> {
    cancel: &'a CancelHandle,
    receiver: Option<(LoopbackReceiver, Wakes<'a>)>,
    end: Option<Instant>,
}

impl Waiting<'_> {
    fn unless_cancelled(&self, act: impl FnOnce() -> Event) -> Event {
        if self.cancel.is_cancelled() {
            return Event::Cancel;
        }
        let event = act();
        if self.cancel.is_cancelled() { Event::Cancel } else { event }
    }

    fn listen(&mut self, listen: &Listen) -> Event {
        match LoopbackReceiver::bind(listen) {
            Ok(receiver) => {
                let port = receiver.port();
                let wakes = self.cancel.wakes(receiver.canceller());
                self.receiver = Some((receiver, wakes));
                Event::Listening { port }
            }
            Err(e) => failed(&e),
        }
    }

    fn redirect(&self) -> Event {
        let Some((receiver, _)) = &self.receiver else {
            // A redirect URI that the platform watches: this driver has no such platform.
            let detail = "only a loopback redirect can be received here".to_owned();
            return Event::Failed { code: String::new(), detail };
        };
        let left =
            self.end.map_or(Duration::ZERO, |end| end.saturating_duration_since(Instant::now()));
        match receiver.wait(left) {
            Ok(Received::Redirect(uri)) => Event::Redirect { uri },
            Ok(Received::Elapsed) => Event::Elapsed,
            Ok(Received::Cancelled) => Event::Cancel,
            Err(e) => failed(&e),
        }
    }
}

/// The receiver's error as the event that the flow turns into the same error.
fn failed(e: &Error) -> Event {
    let detail = match e {
        Error::ListenFailed { detail } => detail.clone(),
        other => other.to_string(),
    };
    Event::Failed { code: e.code().to_owned(), detail }
}

/// Seconds since the epoch; for expiry only, never for a wait.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
