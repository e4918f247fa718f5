//! The jobs that are measured: ProofKey's in [`ours`] and [`server`], the peers' in [`peer`] and [`oidc`], with
//! the inputs of [`inputs`] for both. `bench.rs` measures them; `tests/bench` writes the table.

pub mod inputs;
pub mod oidc;
pub mod ours;
pub mod peer;
pub mod server;

/// What a job fails with. A benchmark whose job fails stops the run.
pub type Failure = Box<dyn std::error::Error>;
