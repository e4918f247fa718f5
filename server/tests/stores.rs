//! Both stores against the behaviour suite, and what is particular to each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test ends with its first wrong step"
)]

use proofkey_server::clock::Clock;
use proofkey_server::store::{MemoryStore, SqliteOptions};
use proofkey_server::testing::{Subject, contract, flows};
use std::sync::Arc;
use tempfile::TempDir;

const START: u64 = 1_800_000_000;

/// The suite for one kind of store. `$make` gives a subject of a capacity and what must outlive it.
macro_rules! suite {
    ($store:ident, $make:path) => {
        mod $store {
            use super::*;

            suite!(@each $make: contract::
                a_grant_is_found_by_its_id_and_its_hash,
                a_second_grant_of_an_id_is_refused,
                a_claim_happens_once_and_brings_its_tokens,
                a_claim_needs_every_one_of_its_conditions,
                mismatches_are_counted,
                a_revocation_reaches_every_token,
                time_is_the_stores,
                of_many_claims_one_wins,
            );
            suite!(@each $make: flows::
                a_grant_lives_its_life,
                a_wrong_verifier_does_not_burn,
                five_wrong_verifiers_burn,
                a_valid_replay_revokes_and_another_does_not,
                an_expired_code_is_refused,
                a_failing_store_issues_nothing,
            );

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn of_64_redeemers_one_gets_a_token() {
                let (subject, _keep) = $make(1_000);
                flows::of_64_redeemers_one_gets_a_token(&subject, 200).await;
            }

            #[tokio::test]
            async fn a_full_store_refuses_and_expired_grants_make_room() {
                let (subject, _keep) = $make(20);
                contract::a_full_store_refuses_and_expired_grants_make_room(&subject, 20).await;
            }
        }
    };
    (@each $make:path: $part:ident :: $($name:ident,)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let (subject, _keep) = $make(1_000);
            $part::$name(&subject).await;
        })*
    };
}

fn in_memory(capacity: usize) -> (Subject, ()) {
    let clock = Clock::manual(START);
    let store = Arc::new(MemoryStore::with_clock(capacity, clock.clone()));
    (Subject { store, clock }, ())
}

fn in_sqlite(capacity: usize) -> (Subject, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual(START);
    let options = SqliteOptions::default().max_grants(capacity as u64).clock(clock.clone());
    let store = Arc::new(options.open(folder.path().join("grants.db")).unwrap());
    (Subject { store, clock }, folder)
}

suite!(memory, in_memory);
suite!(sqlite, in_sqlite);

/// CVE-2026-67437: a million starts stay bounded.
#[tokio::test]
async fn a_million_starts_stay_bounded_in_memory() {
    let (subject, ()) = in_memory(1_000);
    flows::starts_are_bounded(&subject, 1_000_000, 1_000).await;
}

/// CVE-2026-67437: the same on disk, with a small maximum.
#[tokio::test]
async fn starts_stay_bounded_in_sqlite() {
    let (subject, _folder) = in_sqlite(50);
    flows::starts_are_bounded(&subject, 2_000, 50).await;
}
