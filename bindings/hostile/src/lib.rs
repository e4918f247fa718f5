//! Nothing to use: `tests/` puts ProofKey's core into surroundings that need unsafe code to make. It stands
//! under `bindings/` because unsafe code stands nowhere else.
