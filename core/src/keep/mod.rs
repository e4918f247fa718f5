//! What is kept between two runs: tokens, the client's registration, a pending sign-in, and which of them
//! belong to an address.
//!
//! Each is one record under a key of its own, sealed for that key. The store behind it knows bytes only.

pub(crate) mod codec;
pub(crate) mod grant;
pub(crate) mod key;
pub(crate) mod pending;
pub(crate) mod registration;
pub(crate) mod signed_in;
pub(crate) mod summary;
