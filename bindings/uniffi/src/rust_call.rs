//! What every export runs in: panics are caught here, print nothing, and become `internal_error`.
//!
//! uniffi has a function of this name, which generated code calls as `::uniffi::rust_call`; `lib.rs` puts this one in
//! its place. That one is generic to its last line, so that each of 180 exports carries its own copy of what follows
//! a panic, and repeats the panic's words. Here only the call itself is generic. What is around it has C's ABI, out of
//! which nothing unwinds: so no export has to look after that, out of which nothing may unwind either.

#![allow(improper_ctypes_definitions, reason = "all of it is called from Rust alone")]

use crate::error::ProofKeyError;
use crate::{FfiDefault, Lower, LowerError, RustCallError, RustCallStatus, RustCallStatusCode};
use std::any::Any;
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::panic::{PanicHookInfo, UnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// How many exports run on this thread, one inside the other.
    static INSIDE: Cell<usize> = const { Cell::new(0) };
}

/// Runs an export. What it left half done by a panic is behind a mutex, which is poisoned then, or is never looked at
/// again.
pub fn rust_call<F, R>(status: &mut RustCallStatus, export: F) -> R
where
    F: UnwindSafe + FnOnce() -> Result<R, RustCallError>,
    R: FfiDefault,
{
    enter();
    let done = catch_unwind(export);
    leave();
    match done {
        Ok(Ok(value)) => return value,
        Ok(Err(error)) => failed(status, error),
        Err(panic) => panicked(status, panic),
    }
    R::ffi_default()
}

#[inline(never)] // it would stand in every export
extern "C" fn enter() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            if !is_ours() {
                before(info);
            }
        }));
    });
    INSIDE.with(|n| n.set(n.get() + 1));
}

#[inline(never)]
extern "C" fn leave() {
    INSIDE.with(|n| n.set(n.get() - 1));
}

/// Whether the panic is in an export or on a thread of the loopback receiver. A program that links the
/// static library may have panics of its own, which are not ours to silence.
fn is_ours() -> bool {
    let inside = INSIDE.try_with(Cell::get).unwrap_or(0) > 0;
    inside || std::thread::current().name().is_some_and(|name| name.starts_with("proofkey-"))
}

/// The export's own error, or what uniffi says of arguments that cannot be read.
#[cold]
#[inline(never)]
extern "C" fn failed(status: &mut RustCallStatus, error: RustCallError) {
    let (code, buffer) = match error {
        RustCallError::Error(buffer) => (RustCallStatusCode::Error, buffer),
        RustCallError::InternalError(text) => {
            let buffer = <String as Lower<crate::UniFfiTag>>::lower(text);
            (RustCallStatusCode::UnexpectedError, buffer)
        }
    };
    status.code = code;
    status.error_buf = ManuallyDrop::new(buffer);
}

/// A panic's words go nowhere: they may quote what it was working on.
#[cold]
#[inline(never)]
extern "C" fn panicked(status: &mut RustCallStatus, panic: Box<dyn Any + Send>) {
    drop(panic);
    let buffer =
        <ProofKeyError as LowerError<crate::UniFfiTag>>::lower_error(ProofKeyError::internal());
    failed(status, RustCallError::Error(buffer));
}
