//! What the threads of one receiver share: the redirects that came, the connections that are open,
//! and whether it is over. One mutex, one condition; nobody polls.

use super::{Limits, Received};
use crate::error::Error;
use std::collections::VecDeque;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// After so many refusals in a row, 50 ms apart, the system is believed.
const REFUSALS: u32 = 100;
const AFTER_REFUSAL: Duration = Duration::from_millis(50);

/// No wait is longer than a day.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    pub(super) limits: Limits,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    cancelled: bool,
    failed: Option<String>,
    redirects: VecDeque<Redirect>,
    open: Vec<Open>,
    next: u64,
}

/// A redirect that waits for its reader; it may hold a code.
struct Redirect(String);

impl core::fmt::Debug for Redirect {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Redirect(…)")
    }
}

#[derive(Debug)]
struct Open {
    id: u64,
    stream: Arc<TcpStream>,
    /// When it last said something, at first when it came.
    heard: Instant,
    phase: Phase,
}

/// How far a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Its request is awaited.
    Reading,
    /// It is being answered: not to be disturbed.
    Answering,
    /// It has its answer; only its end is awaited.
    Draining,
}

impl State {
    /// Closes one connection to make room: one that has its answer, else the one that has been quiet
    /// for longest, a browser's spare one, or a visitor that keeps it for nothing. Its thread sees
    /// the end and leaves. None is taken that was heard within `grace`: its request may have arrived
    /// while its thread was not yet at it. `Err` says when to ask again, if that is known.
    fn evict(&mut self, grace: Duration) -> Result<(), Option<Instant>> {
        let eldest = |phase| {
            let open = self.open.iter().enumerate().filter(move |(_, open)| open.phase == phase);
            open.min_by_key(|(_, open)| open.heard).map(|(at, open)| (at, open.heard + grace))
        };
        let at = match (eldest(Phase::Draining), eldest(Phase::Reading)) {
            (Some((at, _)), _) => at,
            (None, Some((at, due))) if due <= Instant::now() => at,
            (None, Some((_, due))) => return Err(Some(due)),
            (None, None) => return Err(None),
        };
        let evicted = self.open.swap_remove(at);
        let _ = evicted.stream.shutdown(Shutdown::Both); // it may have gone by itself
        Ok(())
    }
}

impl Shared {
    pub(super) fn new(limits: Limits) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), limits }
    }

    /// No thread panics while it holds the lock; and if one did, the state would still be whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a change until `end` at the latest.
    fn change<'a>(&self, state: MutexGuard<'a, State>, end: Instant) -> MutexGuard<'a, State> {
        let left = end.saturating_duration_since(Instant::now());
        self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
    }

    pub(super) fn wait(&self, deadline: Duration) -> Result<Received, Error> {
        let end = Instant::now() + deadline.min(LONGEST);
        let mut state = self.lock();
        loop {
            if state.cancelled {
                return Ok(Received::Cancelled);
            }
            if let Some(Redirect(uri)) = state.redirects.pop_front() {
                self.changed.notify_all(); // there is room for another
                return Ok(Received::Redirect(uri));
            }
            if let Some(detail) = &state.failed {
                return Err(Error::ListenFailed { detail: detail.clone() });
            }
            if Instant::now() >= end {
                return Ok(Received::Elapsed);
            }
            state = self.change(state, end);
        }
    }

    pub(super) fn cancel(&self) {
        self.lock().cancelled = true;
        self.changed.notify_all();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Ends everything but the answers that are being written.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        while state.evict(Duration::ZERO).is_ok() {}
        self.changed.notify_all();
    }

    /// Takes a connection in; at the cap another has to go for it. `None` when it is over.
    pub(super) fn admit(&self, stream: &Arc<TcpStream>) -> Option<u64> {
        let mut state = self.lock();
        while !state.closed && state.open.len() >= self.limits.connections {
            if let Err(due) = state.evict(self.limits.grace) {
                // None can go now: one will be quiet for long enough then, or will have its answer.
                let end = due.unwrap_or_else(|| Instant::now() + self.limits.head);
                state = self.change(state, end);
            }
        }
        if state.closed {
            return None;
        }
        let id = state.next;
        state.next += 1;
        let (stream, heard) = (Arc::clone(stream), Instant::now());
        state.open.push(Open { id, stream, heard, phase: Phase::Reading });
        self.changed.notify_all();
        Some(id)
    }

    /// The connection has said something or has come further. `false` when it was evicted.
    pub(super) fn heard(&self, id: u64, phase: Phase) -> bool {
        let mut state = self.lock();
        let Some(open) = state.open.iter_mut().find(|open| open.id == id) else {
            return false;
        };
        (open.heard, open.phase) = (Instant::now(), phase);
        self.changed.notify_all();
        true
    }

    /// The connection has ended.
    pub(super) fn left(&self, id: u64) {
        self.lock().open.retain(|open| open.id != id);
        self.changed.notify_all();
    }

    /// Hands a redirect to the reader. While too many are unread it waits for room, until `end`.
    pub(super) fn deliver(&self, uri: String, end: Instant) {
        let mut state = self.lock();
        while state.redirects.len() >= self.limits.redirects && !state.closed {
            if Instant::now() >= end {
                return;
            }
            state = self.change(state, end);
        }
        if !state.closed {
            state.redirects.push_back(Redirect(uri));
            self.changed.notify_all();
        }
    }

    /// The system took no connection, for the n-th time in a row: gives one of ours back, and lets a
    /// moment pass. `false` when there is no use in trying again.
    pub(super) fn after_refusal(&self, refused: u32, e: &io::Error) -> bool {
        let mut state = self.lock();
        if refused >= REFUSALS {
            state.failed = Some(e.to_string());
            self.changed.notify_all();
            return false;
        }
        let _ = state.evict(Duration::ZERO); // there may be none
        let end = Instant::now() + AFTER_REFUSAL;
        while !state.closed {
            if Instant::now() >= end {
                return true;
            }
            state = self.change(state, end);
        }
        false
    }
}

#[cfg(test)]
impl Shared {
    /// For tests: waits until what was last heard of the open connections, in the order of their
    /// coming, is so.
    pub(super) fn until(
        &self,
        deadline: Duration,
        holds: impl Fn(&[Instant]) -> bool,
    ) -> Option<()> {
        let end = Instant::now() + deadline;
        let mut state = self.lock();
        loop {
            let mut open: Vec<_> = state.open.iter().map(|open| (open.id, open.heard)).collect();
            open.sort();
            let heard: Vec<_> = open.into_iter().map(|(_, heard)| heard).collect();
            if holds(&heard) {
                return Some(());
            }
            if Instant::now() >= end {
                return None;
            }
            state = self.change(state, end);
        }
    }
}
