//! What the flows over a grant store share: a table of them, and what their functions do. A file of a flow
//! holds what differs: how it is made, and what its outcome looks like in C.

use super::store::{self, KeptRows, pk_store_event, pk_store_step};
use crate::call::call;
use crate::error::pk_error;
use crate::input::Structure;
use crate::output::Out;
use crate::status::{Fail, pk_status};
use crate::table::Table;
use proofkey::Error;
use proofkey::grant::{StoreEvent, StoreStep};
use std::sync::Mutex;

/// The flows of one kind that run.
pub(super) struct Flows<F>(Table<Mutex<Running<F>>>);

struct Running<F> {
    flow: F,
    /// What the last step or outcome points to.
    kept: KeptRows,
}

impl<F> Flows<F> {
    /// `kind` and `name` as [`Table::new`] wants them.
    pub(super) const fn new(kind: u8, name: &'static str) -> Self {
        Self(Table::new(kind, name))
    }

    /// Takes a flow in and gives its handle.
    pub(super) fn insert(&self, flow: F) -> Result<u64, Fail> {
        self.0.insert(Mutex::new(Running { flow, kept: KeptRows::default() }))
    }

    /// Gives the flow an event and writes its step.
    ///
    /// # Safety
    /// As [`call`], [`store::event`] and [`Out::structure`].
    pub(super) unsafe fn advance(
        &self,
        handle: u64,
        event: *const pk_store_event,
        step: *mut pk_store_step,
        error: *mut pk_error,
        advance: impl FnOnce(&mut F, StoreEvent) -> Result<StoreStep, Error>,
    ) -> pk_status {
        // SAFETY: the caller's promise.
        unsafe {
            call(error, || {
                let out = Out::structure("step", step)?;
                self.0.locked(handle, |running| {
                    // Read first: it may point into what is wiped next.
                    let event = store::event(event)?;
                    running.kept = KeptRows::default();
                    let next = advance(&mut running.flow, event)?;
                    out.write(store::keep(&next, &mut running.kept));
                    Ok(())
                })
            })
        }
    }

    /// Takes the flow's outcome out and writes it.
    ///
    /// # Safety
    /// As [`call`] and [`Out::structure`].
    pub(super) unsafe fn take<O, S: Structure>(
        &self,
        handle: u64,
        (name, place): (&'static str, *mut S),
        error: *mut pk_error,
        take: impl FnOnce(&mut F) -> Option<O>,
        keep: impl FnOnce(&O, &mut KeptRows) -> S,
    ) -> pk_status {
        // SAFETY: the caller's promise.
        unsafe {
            call(error, || {
                let out = Out::structure(name, place)?;
                self.0.locked(handle, |running| {
                    running.kept = KeptRows::default();
                    let outcome = take(&mut running.flow)
                        .ok_or(Fail::Nothing("there is no outcome, or it was taken"))?;
                    out.write(keep(&outcome, &mut running.kept));
                    Ok(())
                })
            })
        }
    }

    /// Changes a flow that has not begun.
    ///
    /// # Safety
    /// As [`call`], and for what `change` reads.
    pub(super) unsafe fn change(
        &self,
        handle: u64,
        error: *mut pk_error,
        change: impl FnOnce(&mut F) -> Result<(), Fail>,
    ) -> pk_status {
        // SAFETY: the caller's promise.
        unsafe { call(error, || self.0.locked(handle, |running| change(&mut running.flow))) }
    }

    pub(super) fn free(&self, handle: u64) -> pk_status {
        self.0.free(handle)
    }
}
