//! The stores of what is kept for minutes, against the suite that each must pass.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test ends with its first wrong step")]

use proofkey_server::clock::Clock;
use proofkey_server::pending::{MemoryPending, PendingStore};
use proofkey_server::store::SqliteOptions;
use proofkey_server::testing::pending;
use std::sync::Arc;
use tempfile::TempDir;

const CAPACITY: usize = 20;

fn in_memory(clock: Clock) -> (Arc<dyn PendingStore>, ()) {
    (Arc::new(MemoryPending::with_capacity(clock, CAPACITY)), ())
}

fn in_sqlite(clock: Clock) -> (Arc<dyn PendingStore>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions::default().clock(clock).max_pending(CAPACITY);
    (Arc::new(options.open(folder.path().join("grants.db")).unwrap()), folder)
}

macro_rules! suite {
    ($store:ident, $make:path) => {
        mod $store {
            use super::*;

            fn fresh() -> (Arc<dyn PendingStore>, Clock, impl Sized) {
                let clock = Clock::manual(1_800_000_000);
                let (store, keep) = $make(clock.clone());
                (store, clock, keep)
            }

            #[tokio::test]
            async fn an_entry_is_kept_once() {
                let (store, _clock, _keep) = fresh();
                pending::an_entry_is_kept_once(&*store).await;
            }

            #[tokio::test]
            async fn values_are_bytes() {
                let (store, _clock, _keep) = fresh();
                pending::values_are_bytes(&*store).await;
            }

            #[tokio::test]
            async fn a_swap_needs_the_old_value() {
                let (store, _clock, _keep) = fresh();
                pending::a_swap_needs_the_old_value(&*store).await;
            }

            #[tokio::test]
            async fn entries_expire() {
                let (store, clock, _keep) = fresh();
                let advance = async |seconds| assert!(clock.advance(seconds));
                pending::entries_expire(&*store, advance).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn of_many_one_wins() {
                let (store, _clock, _keep) = fresh();
                pending::of_many_one_wins(store).await;
            }

            #[tokio::test]
            async fn entries_are_bounded() {
                let (store, clock, _keep) = fresh();
                let advance = async |seconds| assert!(clock.advance(seconds));
                pending::entries_are_bounded(&*store, CAPACITY, advance).await;
            }
        }
    };
}

suite!(memory, in_memory);
suite!(sqlite, in_sqlite);
