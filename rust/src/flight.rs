//! Single flight: however many threads want the same token, one flow gets it for all of them.
//!
//! The flow runs in a thread of its own, so that it belongs to none of those that wait. Who cancels leaves the
//! others waiting. Only when nobody is left is the flow cancelled as well, and then the last one waits for its
//! end: it may be exchanging a token that must not be lost with the program.

use crate::cancel::CancelHandle;
use proofkey::error::Error;
use proofkey::token::TokenSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// What a flight ends with.
pub(crate) type Landed = Result<Arc<TokenSet>, Error>;

#[derive(Default)]
pub(crate) struct Flight {
    /// Ends the flow.
    pub(crate) cancel: CancelHandle,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    landed: Option<Landed>,
    waiting: usize,
    /// Everybody has left: who comes now takes another.
    abandoned: bool,
}

impl Flight {
    /// No code panics while it holds the lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place among those that wait; there is none where everybody has left.
    pub(crate) fn board(&self) -> bool {
        let mut state = self.lock();
        if !state.abandoned {
            state.waiting += 1;
        }
        !state.abandoned
    }

    /// Ends the wait of all.
    pub(crate) fn land(&self, landed: Landed) {
        self.lock().landed.get_or_insert(landed);
        self.changed.notify_all();
    }

    /// Waits until it has landed, or until `cancel` is used; for one that has boarded.
    pub(crate) fn wait(self: &Arc<Self>, cancel: &CancelHandle) -> Landed {
        let cancelled = Arc::new(AtomicBool::new(false));
        let (flight, flag) = (Arc::clone(self), Arc::clone(&cancelled));
        // Under the lock, so that no wait begins between the look at the flag and the call.
        let _wakes = cancel.wakes(move || {
            let _state = flight.lock();
            flag.store(true, Ordering::SeqCst);
            flight.changed.notify_all();
        });
        let mut state = self.lock();
        let mut left = false;
        loop {
            if let Some(landed) = &state.landed {
                return landed.clone();
            }
            if !left && cancelled.load(Ordering::SeqCst) {
                left = true;
                state.waiting -= 1;
                if state.waiting > 0 {
                    return Err(Error::Cancelled);
                }
                state.abandoned = true;
                // Not under the lock: it wakes what waits in the flow.
                drop(state);
                self.cancel.cancel();
                state = self.lock();
                continue;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Lands the flight even where the flow broke off: nobody shall wait for ever.
pub(crate) struct Landing(pub(crate) Arc<Flight>);

impl Drop for Landing {
    fn drop(&mut self) {
        self.0.land(Err(Error::FlowEnded));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    impl Flight {
        fn until(&self, waiting: usize) {
            while self.lock().waiting != waiting {
                std::thread::yield_now();
            }
        }
    }

    const LANDED: Error = Error::NothingPending;

    #[test]
    fn who_cancels_leaves_the_others_waiting() {
        let flight = Arc::new(Flight::default());
        let (leaves, stays) = (CancelHandle::new(), CancelHandle::new());
        assert!(flight.board() && flight.board());
        std::thread::scope(|scope| {
            let leaving = scope.spawn(|| flight.wait(&leaves));
            let staying = scope.spawn(|| flight.wait(&stays));
            leaves.cancel();
            assert_eq!(leaving.join().unwrap().unwrap_err(), Error::Cancelled);
            flight.until(1);
            assert!(!flight.cancel.is_cancelled());
            assert!(flight.board(), "who comes now still finds it");
            flight.land(Err(LANDED));
            assert_eq!(staying.join().unwrap().unwrap_err(), LANDED);
        });
        assert_eq!(flight.wait(&stays).unwrap_err(), LANDED);
    }

    #[test]
    fn the_last_one_to_cancel_cancels_the_flight_and_waits_for_its_end() {
        let flight = Arc::new(Flight::default());
        let cancel = CancelHandle::new();
        assert!(flight.board());
        cancel.cancel();
        std::thread::scope(|scope| {
            let last = scope.spawn(|| flight.wait(&cancel));
            flight.until(0);
            while !flight.cancel.is_cancelled() {
                std::thread::yield_now();
            }
            assert!(!flight.board(), "who comes now takes another");
            flight.land(Err(LANDED));
            assert_eq!(last.join().unwrap().unwrap_err(), LANDED);
        });
    }

    #[test]
    fn a_flight_that_breaks_off_lands_all_the_same_and_lands_once() {
        let flight = Arc::new(Flight::default());
        assert!(flight.board());
        drop(Landing(Arc::clone(&flight)));
        flight.land(Err(LANDED));
        assert_eq!(flight.wait(&CancelHandle::new()).unwrap_err(), Error::FlowEnded);
    }
}
