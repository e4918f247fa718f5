//! What every export runs in: panics are caught here, print nothing, and end the object they happened in.

use crate::error::{Outcome, ProofKeyError};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::{Mutex, Once};

thread_local! {
    /// How many exports run on this thread, one inside the other.
    static INSIDE: Cell<usize> = const { Cell::new(0) };
}

/// Marks the thread as running an export, until it is dropped.
struct Inside;

impl Inside {
    fn enter() -> Self {
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
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.with(|n| n.set(n.get() - 1));
    }
}

/// Whether the panic is in an export or on a thread of the loopback receiver. A program that links the
/// static library may have panics of its own, which are not ours to silence.
fn is_ours() -> bool {
    let inside = INSIDE.try_with(Cell::get).unwrap_or(0) > 0;
    inside || std::thread::current().name().is_some_and(|name| name.starts_with("proofkey-"))
}

fn caught<R>(f: impl FnOnce() -> R) -> Option<R> {
    let _inside = Inside::enter();
    // What a panic leaves half done is behind a mutex, which is poisoned then, or is never looked at again.
    catch_unwind(AssertUnwindSafe(f)).ok()
}

/// Runs an export that leaves no state half done: a panic is `internal_error`, and what it was called on
/// lives on.
pub(crate) fn call<R>(name: &'static str, f: impl FnOnce() -> Outcome<R>) -> Outcome<R> {
    caught(|| {
        probe(name);
        f()
    })
    .unwrap_or_else(|| Err(ProofKeyError::internal()))
}

/// Makes a text to be shown, which no language lets fail: after a panic it is the type's name alone.
pub(crate) fn shown(name: &'static str, type_name: &str, f: impl FnOnce() -> String) -> String {
    caught(|| {
        probe(name);
        f()
    })
    .unwrap_or_else(|| type_name.to_owned())
}

/// The state of an exported object. After a panic in one of its calls every later call is an error.
pub(crate) struct Guarded<T>(Mutex<T>);

impl<T> Guarded<T> {
    pub(crate) const fn new(state: T) -> Self {
        Self(Mutex::new(state))
    }

    /// Runs an export on the state; calls from several threads come one after the other.
    pub(crate) fn with<R>(
        &self,
        name: &'static str,
        f: impl FnOnce(&mut T) -> Outcome<R>,
    ) -> Outcome<R> {
        caught(|| {
            let mut state = self.0.lock().map_err(|_| ProofKeyError::internal())?;
            probe(name);
            f(&mut state)
        })
        .unwrap_or_else(|| Err(ProofKeyError::internal()))
    }
}

/// Where tests let an export panic.
#[cfg(feature = "test-panic")]
pub(crate) use crate::test_panic::probe;

#[cfg(not(feature = "test-panic"))]
#[inline(always)]
pub(crate) const fn probe(_name: &'static str) {}

/// `Display` and `Debug` for a type that may hold a secret: both show what the expression gives.
macro_rules! shows {
    ($type:ident, |$it:ident| $shown:expr) => {
        impl ::core::fmt::Display for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let $it = self;
                f.write_str(&$crate::guard::shown(
                    concat!(stringify!($type), ".show"),
                    stringify!($type),
                    || -> String { $shown },
                ))
            }
        }

        impl ::core::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self, f)
            }
        }
    };
}
pub(crate) use shows;
