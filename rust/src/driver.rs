//! The loop: does what a step says and answers with the event that the step names.

use crate::ask::{self, Ask};
use crate::cancel::CancelHandle;
use crate::http;
use crate::signer::{Signer, SignerError};
use crate::store::{Store, StoreLock};
use crate::waiting::Waiting;
use proofkey::device::DeviceCode;
use proofkey::error::Error;
use proofkey::flow::access::{Access, AccessOutcome};
use proofkey::flow::discovery::{Discovered, Discovery};
use proofkey::step::{Event, Step};
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

flow!(Access, AccessOutcome);
flow!(Discovery, Discovered);

/// Whether a caller trusts an issuer that a resource names: the issuer's host, the resource's host.
pub(crate) type Confirm = dyn Fn(&str, &str) -> bool + Send + Sync;

/// Hears of what went wrong without ending anything.
pub(crate) type Warned = dyn Fn(&Error) + Send + Sync;

/// Shows the user where to go and what to enter there (RFC 8628 §3.3).
pub(crate) type ShowCode = dyn Fn(&DeviceCode) + Send + Sync;

/// What a flow may use of this program and machine.
pub(crate) struct Host<'a> {
    pub(crate) ask: &'a Ask,
    pub(crate) store: &'a dyn Store,
    pub(crate) confirm: Option<&'a Confirm>,
    pub(crate) show_code: Option<&'a ShowCode>,
    pub(crate) signer: Option<&'a dyn Signer>,
    pub(crate) cancel: &'a CancelHandle,
}

/// Runs the flow to its end.
///
/// A cancel is looked at before each step and wakes the waits for the user and for the store's lock. A `Send`
/// with `finish` is never interrupted, its answer is given to the flow, and what the flow then writes is
/// written. What is held and listened to is given back at the end, however it comes.
pub(crate) fn run<F: Flow>(mut flow: F, host: &Host<'_>) -> Result<F::Outcome, Error> {
    let cancel = host.cancel;
    let mut waiting = Waiting::new(host.ask, cancel);
    let mut locks = Locks(Vec::new());
    let mut event = if cancel.is_cancelled() { Event::Cancel } else { Event::Start };
    loop {
        event = match flow.advance(event, now())? {
            Step::Listen(listen) => waiting.listen(&listen),
            // Once begun it is run to its end, and what came is given to the flow.
            Step::Send { request: _, finish: true } if cancel.is_cancelled() => Event::Cancel,
            Step::Send { request, finish: true } => http::send(&request),
            Step::Send { request, finish: false } => {
                unless_cancelled(cancel, || http::send(&request))
            }
            Step::Confirm { issuer_host, resource_host } => unless_cancelled(cancel, || {
                let allowed = host.confirm.is_none_or(|ask| ask(&issuer_host, &resource_host));
                if allowed { Event::Allowed } else { Event::Refused }
            }),
            Step::Browse { url, redirect_uri: _, deadline_ms } => {
                waiting.begin(deadline_ms);
                // Cancelled in the meantime: no window opens for a sign-in that is over.
                match unless_cancelled(cancel, || host.ask.show(&url)) {
                    Event::Start => waiting.redirect(Some(url), None),
                    ended => ended,
                }
            }
            Step::Await { deadline_ms, refused } => {
                waiting.begin(deadline_ms);
                waiting.redirect(None, refused.map(|refused| refused.to_string()))
            }
            Step::ShowCode { code, poll_ms } => unless_cancelled(cancel, || {
                // The time that the showing takes is of the wait.
                let end = after(poll_ms);
                host.show_code.map_or_else(|| ask::show_code(&code), |show| show(&code));
                wait(cancel, end)
            }),
            Step::Wait { millis } => wait(cancel, after(millis)),
            Step::Key { key_id, alg: _ } => unless_cancelled(cancel, || {
                match signed(host.signer, |signer| signer.public_key(&key_id)) {
                    Ok(sec1) => Event::PublicKey { sec1 },
                    Err(failed) => failed,
                }
            }),
            Step::Sign { key_id, alg: _, input } => unless_cancelled(cancel, || {
                match signed(host.signer, |signer| signer.sign(&key_id, input.as_bytes())) {
                    Ok(signature) => Event::Signed { signature },
                    Err(failed) => failed,
                }
            }),
            Step::Lock { key, deadline_ms } => locks.take(host, key, deadline_ms),
            Step::Load { key } => unless_cancelled(cancel, || match host.store.load(&key) {
                Ok(Some(stored)) => {
                    Event::Loaded { revision: stored.revision, value: Some(stored.value) }
                }
                Ok(None) => Event::Loaded { revision: 0, value: None },
                Err(error) => failed(&error),
            }),
            // Done also after a cancel: it may hold the only copy of a token.
            Step::Swap { key, revision, value } => {
                match host.store.swap(&key, revision, value.as_ref().map(|value| value.expose())) {
                    Ok(swapped) => Event::Swapped { swapped },
                    Err(error) => failed(&error),
                }
            }
            Step::Unlock { key } => locks.free(&key),
            // `Done` comes with an outcome; without one the flow is not what this loop was made for.
            Step::Done => return flow.outcome().ok_or(Error::FlowEnded),
        };
    }
}

fn unless_cancelled(cancel: &CancelHandle, act: impl FnOnce() -> Event) -> Event {
    if cancel.is_cancelled() {
        return Event::Cancel;
    }
    let event = act();
    if cancel.is_cancelled() { Event::Cancel } else { event }
}

fn after(millis: u64) -> Option<Instant> {
    Instant::now().checked_add(Duration::from_millis(millis))
}

/// Waits; a cancel ends it at once.
fn wait(cancel: &CancelHandle, end: Option<Instant>) -> Event {
    let left = end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
    if cancel.pause(left) { Event::Elapsed } else { Event::Cancel }
}

/// What the signer gives, or the event that says why it gives nothing.
fn signed(
    signer: Option<&dyn Signer>,
    ask: impl FnOnce(&dyn Signer) -> Result<Vec<u8>, SignerError>,
) -> Result<Vec<u8>, Event> {
    let given = signer.ok_or_else(|| NO_SIGNER.into()).and_then(ask);
    given.map_err(|error| Event::Failed { code: String::new(), detail: error.to_string() })
}

/// The tokens are bound to a key that another program of the user has put into their store.
pub(crate) const NO_SIGNER: &str = "this client has no signer";

/// The locks that the flow holds; free when the loop ends.
struct Locks(Vec<(String, StoreLock)>);

/// How long a lock is waited for between two looks at the cancel.
const SLICE: Duration = Duration::from_millis(100);

impl Locks {
    fn take(&mut self, host: &Host<'_>, key: String, deadline_ms: u64) -> Event {
        let end = Instant::now().checked_add(Duration::from_millis(deadline_ms));
        loop {
            if host.cancel.is_cancelled() {
                return Event::Cancel;
            }
            let left =
                end.map_or(SLICE, |end| end.saturating_duration_since(Instant::now()).min(SLICE));
            match host.store.lock(&key, left) {
                Ok(Some(lock)) => {
                    self.0.push((key, lock));
                    return Event::Locked;
                }
                Ok(None) if left.is_zero() => return Event::Busy,
                Ok(None) => {}
                Err(error) => return failed(&error),
            }
        }
    }

    fn free(&mut self, key: &str) -> Event {
        self.0.retain(|(held, _)| held != key);
        Event::Ok
    }
}

/// An error of the receiver or of the store as the event that the flow turns into the same error.
pub(crate) fn failed(error: &Error) -> Event {
    let detail = match error {
        Error::ListenFailed { detail }
        | Error::StoreFailed { detail }
        | Error::StoreFull { detail }
        | Error::StoreDenied { detail }
        | Error::StoreInsecure { detail }
        | Error::StoreNewer { detail }
        | Error::StoreUnreadable { detail }
        | Error::KeyringUnavailable { detail } => detail.clone(),
        other => other.to_string(),
    };
    Event::Failed { code: error.code().to_owned(), detail }
}

/// Seconds since the epoch; for expiry only, never for a wait.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
