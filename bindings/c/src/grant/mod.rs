//! The authorization server's half: the request, and the flows over the caller's database.

// In the order in which the header shows them.
pub mod rows;
pub mod store;

pub mod request;

pub mod issue;
pub mod possession;

pub mod redeem;

pub mod revoke;

pub mod check;

mod flow;
