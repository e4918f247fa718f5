//! The store in Redis or Valkey, each test with a server of its own.

mod crash;
mod failing;
mod fitness;
mod keys;
mod leak;
mod private;
mod races;
mod suite;
