//! For tests: lets the export that is named panic. A package is never built with it.

use std::sync::{Mutex, PoisonError};

static WHERE: Mutex<Option<String>> = Mutex::new(None);

/// Lets every call of this export panic, from now on (`SignIn.advance`); an empty name ends it.
#[uniffi::export]
pub fn test_panic_in(name: String) {
    *WHERE.lock().unwrap_or_else(PoisonError::into_inner) = Some(name).filter(|n| !n.is_empty());
}

/// Panics if this export was named.
#[allow(clippy::panic)] // that is what it is for
pub(crate) fn probe(name: &'static str) {
    let named = WHERE.lock().unwrap_or_else(PoisonError::into_inner).as_deref() == Some(name);
    if named {
        // The test looks for this text, which must appear nowhere.
        panic!("injected-panic-text");
    }
}
