//! The authorization server's half of ProofKey: stores for grants, endpoints over them, and a
//! development server.
//!
//! The judgment is not here: it is in the grant flows of the crate `proofkey`. This crate does what
//! they ask of a database, and speaks HTTP around them.
//!
//! - [`store`]: one trait, [`GrantStore`](store::GrantStore), with stores in memory, in
//!   SQLite, and for many nodes in PostgreSQL (feature `postgres`) or Redis (feature `redis`).
//! - [`drive`]: the loop between a flow and a store.
//! - [`client`]: who may ask: configured clients and such as registered themselves.
//! - [`pending`]: what a server keeps for minutes, shared by its nodes.
//! - [`pushed`], [`devices`], [`possession`], [`openid`]: what waits for a browser or a user, proofs of keys, and
//!   who signed in.
//! - [`endpoint`]: the endpoints as plain functions, for any web framework.
//! - [`site`] (feature `router`): a whole authorization server as an axum router; [`serve`] serves it.
//! - [`dev`] (feature `dev-server`): a whole authorization server for development and tests.
//! - [`fault`] (feature `dev-server`): what that server may do wrong on purpose.
//! - `testing` (feature `testing`): the behaviour suite that every store must pass.

pub mod client;
pub mod clock;
pub mod counters;
#[cfg(feature = "dev-server")]
pub mod dev;
pub mod devices;
pub mod drive;
pub mod endpoint;
mod expiring;
#[cfg(feature = "dev-server")]
pub mod fault;
pub mod narrate;
pub mod openid;
pub mod pending;
pub mod possession;
pub mod pushed;
mod random;
#[cfg(feature = "router")]
pub mod serve;
#[cfg(feature = "router")]
pub mod site;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
