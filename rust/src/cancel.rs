//! Ends a sign-in from another thread.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Ends what it was given to, from any thread. It stays cancelled.
///
/// A sign-in that waits for the user ends at once with
/// [`Error::Cancelled`](crate::Error::Cancelled), and so does one that waits for the store's lock
/// or for the user of another device. One that
/// already redeems its code or refreshes runs to its end, at most 30 s later, keeps the tokens and gives
/// them: the server may have used up the code and the answer must not be lost. What the caller does with
/// tokens that it no longer wants is its own decision.
///
/// Where several threads wait for one and the same token, who cancels leaves at once and the others wait on.
#[derive(Clone, Default)]
pub struct CancelHandle(Arc<Mutex<State>>);

/// Wakes what waits.
type Wake = Box<dyn Fn() + Send>;

#[derive(Default)]
struct State {
    cancelled: bool,
    /// How to wake those that wait now, each under the number of its wait.
    waiting: Vec<(u64, Wake)>,
    next: u64,
}

impl core::fmt::Debug for CancelHandle {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("CancelHandle").field("cancelled", &self.is_cancelled()).finish()
    }
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
        state.waiting.iter().for_each(|(_, wake)| wake());
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

    /// Waits for so long, or until it is used. Whether the time has passed.
    pub(crate) fn pause(&self, time: Duration) -> bool {
        let (cancels, cancelled) = channel();
        let _wakes = self.wakes(move || {
            let _ = cancels.send(());
        });
        cancelled.recv_timeout(time) == Err(RecvTimeoutError::Timeout)
    }

    /// From now on a cancel calls this, until the guard is dropped; it must be quick and must not come back
    /// here. Where it was cancelled before it is called at once.
    pub(crate) fn wakes(&self, wake: impl Fn() + Send + 'static) -> Wakes<'_> {
        let mut state = self.lock();
        if state.cancelled {
            wake();
        }
        let number = state.next;
        state.next += 1;
        state.waiting.push((number, Box::new(wake)));
        Wakes { handle: self, number }
    }
}

/// As long as it lives a cancel wakes what waits.
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
