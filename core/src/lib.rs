//! ProofKey's core: PKCE (RFC 7636) for programs that cannot keep a secret.
//!
//! Everything here is without I/O and without a clock: a flow says what to do ([`step::Step`]) and is
//! told what happened ([`step::Event`]), and the program around it does it with its own means. Two
//! features stand aside: `loopback` opens the RFC 8252 listener, `file-store` keeps records in files.
//!
//! - [`session`]: one pending sign-in, for those who bring their own loop.
//! - [`flow::access`]: from an address to a token that stays fresh.
//! - [`resource_call`]: what a resource's answer means for the token that it was sent.
//! - [`flow::sign_in`]: a sign-in whose tokens nobody keeps.
//! - [`flow::discovery`], [`metadata`]: what servers say about themselves.
//! - [`id_token`], [`jose`]: who has signed in, and the keys that prove it.
//! - [`dpop`]: tokens that only the holder of a key can use.
//! - [`grant`]: the authorization server's half, over any database.
//! - [`verifier`], [`challenge`]: the pair of RFC 7636, and its constant-time verification.

mod authorization;
mod authorization_details;
pub mod callback;
pub mod challenge;
pub mod client_document;
pub mod device;
pub mod dpop;
pub mod error;
#[cfg(feature = "file-store")]
pub mod file_store;
pub mod flow;
mod form;
mod grammar;
pub mod grant;
pub mod http;
pub mod id_token;
pub mod jose;
mod json;
mod keep;
mod listen;
#[cfg(feature = "loopback")]
pub mod loopback;
pub mod metadata;
mod possession;
mod pushed;
mod random;
mod registration;
pub mod resource_call;
pub mod seal;
pub mod secret;
pub mod session;
pub mod step;
pub mod token;
mod uri;
pub mod verifier;
pub mod www_authenticate;

pub use error::{Error, Family};
pub use uri::check_redirect_uri;
pub use verifier::verify;
