//! The client's flows.

pub mod access;
pub mod discovery;
pub mod sign_in;
mod step;
