//! The client's flows, one file each. A flow is `advance(event, now) -> step`.

pub mod access;
mod coroutine;
pub mod discovery;
mod fetch;
pub mod sign_in;
