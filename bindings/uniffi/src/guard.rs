//! What stands in every export: the place where tests let it panic, and the state of the object that it is called on.

use crate::error::{Outcome, ProofKeyError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

/// Runs an export that leaves no state half done: after a panic, which `rust_call` catches, what it was called on
/// lives on.
pub(crate) fn call<R>(name: &'static str, f: impl FnOnce() -> Outcome<R>) -> Outcome<R> {
    probe(name);
    f()
}

/// Makes a text to be shown, which no language lets fail: after a panic it is the type's name alone.
#[inline(never)]
pub(crate) fn shown(name: &'static str, type_name: &str, f: &dyn Fn() -> String) -> String {
    let text = catch_unwind(AssertUnwindSafe(|| {
        probe(name);
        f()
    }));
    text.unwrap_or_else(|_| type_name.to_owned())
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
        let mut state = self.0.lock().map_err(|_| ProofKeyError::internal())?;
        probe(name);
        f(&mut state)
    }
}

/// Where tests let an export panic.
#[cfg(feature = "test-panic")]
pub(crate) use crate::test_panic::probe;

#[cfg(not(feature = "test-panic"))]
#[inline(always)]
pub(crate) const fn probe(_name: &'static str) {}

/// `Display` and `Debug` for a type that may hold a secret: both show what the expression gives. The two are the same
/// to the byte, so that linkers keep one of them and of all that calls them.
macro_rules! shows {
    ($type:ident, |$it:ident| $shown:expr) => {
        impl $type {
            fn show(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let $it = self;
                f.write_str(&$crate::guard::shown(
                    concat!(stringify!($type), ".show"),
                    stringify!($type),
                    &|| -> String { $shown },
                ))
            }
        }

        impl ::core::fmt::Display for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                self.show(f)
            }
        }

        impl ::core::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                self.show(f)
            }
        }
    };
}
pub(crate) use shows;
