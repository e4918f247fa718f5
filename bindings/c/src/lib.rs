//! ProofKey's C ABI. `include/proofkey.h` is made from this crate and holds the reference; this page is
//! for those who change it.
//!
//! - `call`: what every function goes through; a panic ends there.
//! - `client`: what the client's flows share.
//! - `table`: handles, which are numbers and never pointers.
//! - `input`, `output`: the only places that read and write the caller's memory.
//! - `status`, `error`: how a failure is said.
//!
//! The rest are the functions, a file a subject. Every pointer that comes in is looked at by `input` and
//! `output` alone, which refuse null, lengths beyond a cap and structures of an unknown size. What they
//! cannot see is whether a pointer points to as much memory as the caller says: that is the caller's
//! half of the contract, and it is the meaning of every "the caller's promise" below.
#![allow(
    non_camel_case_types,
    reason = "these are the names of C, in a header and in the symbols of a library"
)]
#![allow(
    clippy::missing_safety_doc,
    reason = "one contract holds for all functions; it stands at the top of the header"
)]

// In the order in which the header shows them.
pub mod status;

pub mod error;
pub mod text;
pub mod version;

pub mod pair;

pub mod http;
pub mod parameter;
pub mod session;

pub mod identity;

pub mod tokens;

pub mod granted;

pub mod dpop_nonces;

pub mod authorized;

pub mod data_key;
pub mod sealed;

pub mod event;
pub mod step;

pub mod sign_in;

pub mod discovery;

pub mod capability;
pub mod discovered;
pub mod known;

pub mod document;

pub mod www_authenticate;

pub mod client_document;

pub mod resource_call;

pub mod access;

#[cfg(feature = "file-store")]
pub mod file_store;

pub mod receiver;

pub mod id_token;

pub mod grant;

pub mod dpop_proof;

mod call;
mod client;
mod input;
mod output;
mod table;

#[cfg(feature = "test-panic")]
pub use call::injected::pk_test_panic;

/// The copies that a call makes in this library's heap are wiped when they are freed.
#[global_allocator]
static ALLOCATOR: proofkey_wipe::Wiping = proofkey_wipe::Wiping::SYSTEM;
