//! The jobs that are measured: ProofKey's in [`ours`] and [`server`], the peers' in [`peer`] and [`oidc`], with
//! the inputs of [`inputs`] for both; the peers' of what is signed in [`id_token`] and [`dpop`], beside ProofKey's
//! in a program of its own. `bench.rs` measures them; `tests/bench` writes the table.

pub mod dpop;
pub mod id_token;
pub mod oidc;
pub mod ours;
pub mod peer;
pub mod server;

pub use proofkey_bench_alone::{Failure, inputs};
