//! The authorization server's half. The flows judge; the database is the server's own and answers the few
//! calls of `StoreStep`.

mod check;
mod issue;
mod possession;
mod redeem;
mod request;
mod revoke;
mod rows;
mod step;
