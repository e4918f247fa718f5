//! The core's API once more, with the C functions under it: what the core's runners of vectors and transcripts
//! call here goes through `pk_…` and structures of C, and nowhere else.
//!
//! The plain data (events, steps, rows, configurations) are the core's own types.
#![allow(missing_docs, reason = "the names and their meaning are those of the core")]
#![allow(clippy::new_without_default, clippy::missing_panics_doc, reason = "as in the core")]

pub mod c;
pub mod client_document;
pub mod discovered;
pub mod dpop;
pub mod error;
pub mod flow;
pub mod grant;
pub mod id_token;
pub mod jose;
pub mod metadata;
pub mod resource_call;
pub mod seal;
pub mod session;
pub mod token;
pub mod www_authenticate;

pub use error::Error;
pub use proofkey_core::{challenge, http, secret, step};
