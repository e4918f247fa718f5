//! The client's flows, one file each. A flow is `advance(event, now) -> step`.

pub mod sign_in;
