//! What the client's flows share: a table of them, and what their functions do. A file of a flow holds what
//! differs: how it is made, and what its outcome is in C.

use crate::call::call;
use crate::error::pk_error;
use crate::event::{self, pk_event};
use crate::output::{Kept, Out};
use crate::status::{Fail, pk_status};
use crate::step::{self, pk_step};
use crate::table::Table;
use proofkey::Error;
use proofkey::step::{Event, Step};
use std::sync::Mutex;

/// The flows of one kind that run.
pub(crate) struct Flows<F>(Table<Mutex<Running<F>>>);

struct Running<F> {
    flow: F,
    /// What the last step points to.
    kept: Kept,
}

impl<F> Flows<F> {
    /// `kind` and `name` as [`Table::new`] wants them.
    pub(crate) const fn new(kind: u8, name: &'static str) -> Self {
        Self(Table::new(kind, name))
    }

    /// Takes a flow in and gives its handle.
    pub(crate) fn insert(&self, flow: F) -> Result<u64, Fail> {
        self.0.insert(Mutex::new(Running { flow, kept: Kept::default() }))
    }

    /// Gives the flow an event and writes its step.
    ///
    /// # Safety
    /// As [`call`], [`event::read`] and [`Out::structure`].
    pub(crate) unsafe fn advance(
        &self,
        handle: u64,
        event: *const pk_event,
        step: *mut pk_step,
        error: *mut pk_error,
        advance: impl FnOnce(&mut F, Event) -> Result<Step, Error>,
    ) -> pk_status {
        // SAFETY: the caller's promise.
        unsafe {
            call(error, || {
                let out = Out::structure("step", step)?;
                self.0.locked(handle, |running| {
                    // Read first: it may point into what is wiped next.
                    let event = event::read(event)?;
                    running.kept = Kept::default();
                    let next = advance(&mut running.flow, event)?;
                    out.write(step::keep(&next, &mut running.kept));
                    Ok(())
                })
            })
        }
    }

    /// Takes the flow's outcome out and writes the handle that `keep` makes of it.
    ///
    /// # Safety
    /// As [`call`] and [`Out::new`].
    pub(crate) unsafe fn take<O, H>(
        &self,
        handle: u64,
        (name, place): (&'static str, *mut H),
        error: *mut pk_error,
        take: impl FnOnce(&mut F) -> Option<O>,
        keep: impl FnOnce(O) -> Result<H, Fail>,
    ) -> pk_status {
        // SAFETY: the caller's promise.
        unsafe {
            call(error, || {
                let out = Out::new(name, place)?;
                out.write(keep(self.outcome(handle, take)?)?);
                Ok(())
            })
        }
    }

    /// Takes the flow's outcome out.
    pub(crate) fn outcome<O>(
        &self,
        handle: u64,
        take: impl FnOnce(&mut F) -> Option<O>,
    ) -> Result<O, Fail> {
        self.0.locked(handle, |running| {
            running.kept = Kept::default();
            take(&mut running.flow).ok_or(Fail::Nothing("there is no outcome, or it was taken"))
        })
    }

    /// Does something with the flow; what its last step points to stays.
    pub(crate) fn with<R>(
        &self,
        handle: u64,
        act: impl FnOnce(&F) -> Result<R, Fail>,
    ) -> Result<R, Fail> {
        self.0.locked(handle, |running| act(&running.flow))
    }

    pub(crate) fn free(&self, handle: u64) -> pk_status {
        self.0.free(handle)
    }
}
