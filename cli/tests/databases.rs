//! `proofkey serve` over databases that are servers of their own; the suite `stores` runs it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;
#[path = "../../server/tests/databases/server.rs"]
mod database;

use common::server::{Server, agent};
use common::{code, proofkey, run, stderr};
