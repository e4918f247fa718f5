//! The signal, as the story sees it.

use super::Stop;
use proofkey::loopback::Canceller;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Says whether the story is to stop, and ends what waits.
#[derive(Debug, Default)]
pub struct Interrupt {
    triggered: AtomicBool,
    waiting: Mutex<Option<Canceller>>,
}

impl Interrupt {
    /// Stops the story: at once where it waits for the redirect, else before its next step.
    pub fn trigger(&self) {
        self.triggered.store(true, Ordering::SeqCst);
        if let Ok(waiting) = self.waiting.lock()
            && let Some(canceller) = &*waiting
        {
            canceller.cancel();
        }
    }

    /// The wait that a signal ends.
    pub fn ends(&self, canceller: Canceller) {
        if let Ok(mut waiting) = self.waiting.lock() {
            *waiting = Some(canceller);
        }
        // The signal may have come between.
        if self.triggered.load(Ordering::SeqCst) {
            self.trigger();
        }
    }

    /// An error once the signal has come.
    pub fn check(&self) -> Result<(), Stop> {
        if self.triggered.load(Ordering::SeqCst) { Err(Stop::Interrupted) } else { Ok(()) }
    }
}
