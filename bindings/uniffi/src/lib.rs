//! ProofKey's exports for Kotlin, Swift and Python.
//!
//! Thin on purpose: each export turns what crossed into a type of the core, calls it once, and turns the
//! answer back. What crosses and how is written down in `docs/decisions/boundary.md`. The generated
//! layers are private; the packages of the three languages are hand-written on top of them.

mod access;
mod capability;
mod client_document;
mod discovery;
mod dpop;
mod error;
mod file_store;
#[cfg(feature = "grants")]
mod grant;
mod guard;
mod http;
mod identity;
mod loopback;
mod mirror;
#[cfg(not(feature = "file-store"))]
mod no_file_store;
#[cfg(not(feature = "grants"))]
mod no_grant;
#[cfg(not(feature = "loopback"))]
mod no_loopback;
mod pair;
mod provider;
mod redirect;
mod resource;
mod resource_call;
mod rust_call;
mod seal;
mod session;
mod sign_in;
mod step;
mod token;
mod well_known;
mod www_authenticate;

#[cfg(feature = "test-panic")]
mod test_panic;

// What uniffi generates names `::uniffi`: that is this crate, which has all of uniffi but one function.
extern crate self as uniffi;
#[doc(hidden)]
pub use rust_call::rust_call;
#[doc(hidden)]
pub use upstream::*;

uniffi::setup_scaffolding!("proofkey");

/// The copies of secrets that crossing makes are wiped when they are freed.
#[global_allocator]
static ALLOCATOR: proofkey_wipe::Wiping = proofkey_wipe::Wiping::SYSTEM;

/// The library's version, as `major.minor.patch`.
#[uniffi::export]
pub fn version() -> error::Outcome<String> {
    guard::call("version", || Ok(env!("CARGO_PKG_VERSION").to_owned()))
}
