//! Ends a sign-in from another thread.

use proofkey::loopback::Canceller;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Ends the sign-ins that it was given to, from any thread. It stays cancelled.
///
/// A sign-in that waits for the user ends at once with
/// [`Error::Cancelled`](crate::Error::Cancelled). One that already redeems its code runs to its end,
/// at most 30 s later, and gives the tokens: the server may have used up the code and the answer must
/// not be lost. What the caller does with tokens that it no longer wants is its own decision.
#[derive(Debug, Clone, Default)]
pub struct CancelHandle(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    cancelled: bool,
    /// The receivers that wait now, each under the number of its wait.
    waiting: Vec<(u64, Canceller)>,
    next: u64,
}

impl CancelHandle {
    /// A handle that has not been used.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels. A sign-in that has not begun yet will not.
    pub fn cancel(&self) {
        let mut state = self.lock();
        state.cancelled = true;
        state.waiting.iter().for_each(|(_, canceller)| canceller.cancel());
    }

    /// Whether it was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.lock().cancelled
    }

    /// No code panics while it holds the lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on a cancel wakes this receiver too, until the guard is dropped.
    pub(crate) fn wakes(&self, canceller: Canceller) -> Wakes<'_> {
        let mut state = self.lock();
        if state.cancelled {
            canceller.cancel();
        }
        let number = state.next;
        state.next += 1;
        state.waiting.push((number, canceller));
        Wakes { handle: self, number }
    }
}

/// As long as it lives a cancel wakes the receiver.
#[derive(Debug)]
pub(crate) struct Wakes<'a> {
    handle: &'a CancelHandle,
    number: u64,
}

impl Drop for Wakes<'_> {
    fn drop(&mut self) {
        self.handle.lock().waiting.retain(|(number, _)| *number != self.number);
    }
}
