//! The client's flows.

pub mod discovery;
pub mod sign_in;
mod step;
