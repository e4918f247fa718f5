//! What every function goes through: a panic ends here, and prints nothing.

use crate::error::{fill, pk_error};
use crate::status::{Fail, PK_OK, PK_PANICKED, pk_status};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

/// Runs a function's body. Whatever it does, a status comes back.
///
/// # Safety
/// `error` is null, or points to a structure that begins with its size and has as many bytes.
pub(crate) unsafe fn call(
    error: *mut pk_error,
    body: impl FnOnce() -> Result<(), Fail>,
) -> pk_status {
    silence();
    INSIDE.set(true);
    let guarded = catch_unwind(AssertUnwindSafe(|| {
        #[cfg(feature = "test-panic")]
        injected::at(injected::ENTRY);
        body()
    }));
    let fail = match guarded {
        Ok(Ok(())) => None,
        Ok(Err(fail)) => Some(fail),
        Err(_) => Some(Fail::Panicked),
    };
    let status = fail.map_or(PK_OK, |fail| {
        // SAFETY: the caller's promise.
        let told = catch_unwind(AssertUnwindSafe(|| unsafe { fill(error, &fail) }));
        if told.is_ok() { fail.status() } else { PK_PANICKED }
    });
    INSIDE.set(false);
    status
}

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// A panic inside a call, or on a thread of the receiver's, prints nothing. Where the program is in Rust
/// too, its own panics are left to its own hook.
fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let receiver = |name: &str| name.starts_with("proofkey-");
            let ours = INSIDE.try_with(Cell::get).unwrap_or_default()
                || std::thread::current().name().is_some_and(receiver);
            if !ours {
                before(info);
            }
        }));
    });
}

/// Panics on demand, for the tests of the above.
#[cfg(feature = "test-panic")]
pub(crate) mod injected {
    use crate::status::{PK_OK, pk_status};
    use std::sync::atomic::{AtomicU32, Ordering};

    /// When a function begins.
    pub(crate) const ENTRY: u32 = 1;
    /// When a function has found the object of its handle.
    pub(crate) const OBJECT: u32 = 2;

    static WHERE: AtomicU32 = AtomicU32::new(0);

    /// Tests only. 1: from now on every function panics as it begins; 2: as it has found its handle's
    /// object; 0: none does.
    #[unsafe(no_mangle)]
    pub extern "C" fn pk_test_panic(place: u32) -> pk_status {
        WHERE.store(place, Ordering::SeqCst);
        PK_OK
    }

    #[expect(clippy::panic, reason = "it is what it is for")]
    pub(crate) fn at(place: u32) {
        if WHERE.load(Ordering::SeqCst) == place {
            panic!("injected, and never to be seen");
        }
    }
}
