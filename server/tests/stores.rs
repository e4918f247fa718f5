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
use proofkey_server::testing::{Subject, bound, contract, flows, rotation};
use std::sync::Arc;
use tempfile::TempDir;

const START: u64 = 1_800_000_000;

/// So many tokens of one grant; with a window 64 refreshes at once bring 128, and there are two before.
const MAX_TOKENS: u8 = 140;

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
            suite!(@each $make: bound::
                a_bound_token_passes_with_its_key_alone,
                a_token_knows_its_sign_in,
                a_failing_store_gives_a_device_nothing,
            );
            suite!(@each $make: rotation::
                a_rotation_happens_once_and_brings_its_tokens,
                a_rotation_needs_every_one_of_its_conditions,
                the_window_spares_the_predecessor_alone,
                a_family_that_is_refreshed_is_kept,
                of_many_rotations_one_wins,
                an_old_refresh_token_ends_its_family,
                a_lost_answer_is_spared_inside_the_window,
                a_refresh_may_narrow_the_scope,
                a_token_that_is_given_back_ends_its_grant,
                a_failing_store_refreshes_nothing,
            );

            #[tokio::test]
            async fn tokens_of_a_grant_are_bounded() {
                let (subject, _keep) = $make(1_000);
                rotation::tokens_of_a_grant_are_bounded(&subject, MAX_TOKENS).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn of_64_refreshes_one_gets_tokens() {
                let (subject, _keep) = $make(1_000);
                rotation::of_64_refreshes_one_gets_tokens(&subject, 50).await;
            }

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
    let store =
        Arc::new(MemoryStore::with_clock(capacity, clock.clone()).max_tokens(MAX_TOKENS.into()));
    (Subject { store, clock }, ())
}

fn in_sqlite(capacity: usize) -> (Subject, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual(START);
    let options =
        SqliteOptions::default().max_grants(capacity as u64).max_tokens(MAX_TOKENS.into());
    let options = options.clock(clock.clone());
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
