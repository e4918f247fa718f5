//! ProofKey's jobs of what is signed, and what all jobs are given. `bench.rs` measures them.

pub mod dpop;
pub mod id_token;
#[path = "../../src/inputs.rs"]
pub mod inputs;

/// What a job fails with. A benchmark whose job fails stops the run.
pub type Failure = Box<dyn std::error::Error>;
