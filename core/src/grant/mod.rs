//! The authorization server's half: what a grant is, how it is issued, redeemed, refreshed, used and
//! revoked.
//!
//! The flows judge; the database is the server's own. It answers the few calls of [`StoreStep`], each
//! one conditional statement, and a flow never issues anything unless the store said that this
//! request, and no other, claimed the code.

pub mod answer;
mod challenges;
pub mod check;
pub mod client;
pub mod device;
mod device_issue;
pub mod dpop;
pub mod issue;
mod more;
mod opaque;
pub mod policy;
pub mod possession;
pub mod posted;
mod record;
pub mod redeem;
mod refresh;
pub mod registration;
pub mod request;
mod request_parameters;
pub mod revoke;
mod step;
mod token_request;
mod tokens;
mod user_code;

pub use record::{
    FoundGrant, FoundToken, Grant, Hash, NewGrant, NewToken, Rotation, Terms, TokenKind,
};
pub use step::{StoreEvent, StoreStep};
