//! Both stores against the behaviour suite, and what is particular to each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test ends with its first wrong step"
)]

#[path = "common/race.rs"]
mod race;

use proofkey::grant::{FoundGrant, FoundToken, Hash, NewGrant, NewToken};
use proofkey_server::clock::Clock;
use proofkey_server::store::{GrantStore, MemoryStore, Seen, SqliteOptions, StoreError};
use proofkey_server::testing::{CHECKS, Room, Subject, check_store, flows};
use std::sync::Arc;
use tempfile::TempDir;

const START: u64 = 1_800_000_000;

/// The suite for one kind of store, a test for each check. `$make` gives a subject and what must outlive it.
macro_rules! suite {
    ($store:ident, $make:path) => {
        mod $store {
            use super::*;

            suite!(@each $make:
                a_grant_is_found_by_its_id_and_its_hash,
                a_second_grant_of_an_id_is_refused,
                a_claim_happens_once_and_brings_its_tokens,
                a_claim_needs_every_one_of_its_conditions,
                mismatches_are_counted,
                a_revocation_reaches_every_token,
                time_is_the_stores,
                of_many_claims_one_wins,
                a_full_store_refuses_and_expired_grants_make_room,
                a_rotation_happens_once_and_brings_its_tokens,
                a_rotation_needs_every_one_of_its_conditions,
                the_window_spares_the_predecessor_alone,
                a_family_that_is_refreshed_is_kept,
                of_many_rotations_one_wins,
                tokens_of_a_grant_are_bounded,
                a_grant_lives_its_life,
                a_wrong_verifier_does_not_burn,
                five_wrong_verifiers_burn,
                a_valid_replay_revokes_and_another_does_not,
                an_expired_code_is_refused,
                a_failing_store_issues_nothing,
                starts_are_bounded,
                a_bound_token_passes_with_its_key_alone,
                a_token_knows_its_sign_in,
                a_failing_store_gives_a_device_nothing,
                an_old_refresh_token_ends_its_family,
                a_lost_answer_is_spared_inside_the_window,
                a_refresh_may_narrow_the_scope,
                a_token_that_is_given_back_ends_its_grant,
                a_failing_store_refreshes_nothing,
                of_64_refreshes_one_gets_tokens,
                of_64_redeemers_one_gets_a_token,
            );
        }
    };
    (@each $make:path: $($name:ident,)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $name() {
            let check = CHECKS.iter().find(|check| check.name == stringify!($name)).unwrap();
            let (subject, _keep) = $make(check.room);
            check.run(subject).await;
        })*

        #[test]
        fn every_check_has_its_test() {
            assert_eq!(CHECKS.iter().map(|check| check.name).collect::<Vec<_>>(), [$(stringify!($name)),*]);
        }
    };
}

fn in_memory(room: Room) -> (Subject, ()) {
    let clock = Clock::manual(START);
    let store = MemoryStore::with_clock(room.grants, clock.clone()).max_tokens(room.tokens.into());
    (Subject { store: Arc::new(store), clock: Arc::new(clock) }, ())
}

fn in_sqlite(room: Room) -> (Subject, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::manual(START);
    let options = SqliteOptions::default().max_grants(room.grants as u64).clock(clock.clone());
    let store =
        options.max_tokens(room.tokens.into()).open(folder.path().join("grants.db")).unwrap();
    (Subject { store: Arc::new(store), clock: Arc::new(clock) }, folder)
}

suite!(memory, in_memory);
suite!(sqlite, in_sqlite);

/// P24, CVE-2026-47386: more codes than the suite has, as many as `tests/race` says.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_redeemers_in_memory_one_gets_a_token() {
    let store: [Arc<dyn GrantStore>; 1] = [Arc::new(MemoryStore::new(race::race_codes()))];
    flows::of_redeemers_over_nodes_one_gets_a_token(&store, race::race_codes()).await;
}

/// CVE-2026-67437: a million starts stay bounded.
#[tokio::test]
async fn a_million_starts_stay_bounded_in_memory() {
    let (subject, ()) = in_memory(Room { grants: 1_000, tokens: 1 });
    flows::starts_are_bounded(&subject, 1_000_000, 1_000).await;
}

/// CVE-2026-67437: the same on disk, with a small maximum.
#[tokio::test]
async fn starts_stay_bounded_in_sqlite() {
    let (subject, _folder) = in_sqlite(Room { grants: 50, tokens: 1 });
    flows::starts_are_bounded(&subject, 2_000, 50).await;
}

/// A store that lets a code be claimed twice is found out, by the name of what it breaks.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[should_panic(expected = "the store fails `a_claim_happens_once_and_brings_its_tokens`")]
async fn a_wrong_store_is_found_out() {
    check_store(|room| async move {
        let (subject, ()) = in_memory(room);
        (Subject { store: Arc::new(Naive(subject.store.clone())), ..subject }, ())
    })
    .await;
}

/// Says that it has claimed, whoever was first.
struct Naive(Arc<dyn GrantStore>);

#[async_trait::async_trait]
impl GrantStore for Naive {
    async fn put(&self, grant: NewGrant) -> Result<bool, StoreError> {
        self.0.put(grant).await
    }

    async fn find(&self, grant_id: &str, code_hash: &Hash) -> Result<Seen<FoundGrant>, StoreError> {
        self.0.find(grant_id, code_hash).await
    }

    async fn claim(
        &self,
        grant_id: &str,
        code_hash: &Hash,
        max_mismatches: u32,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        self.0.claim(grant_id, code_hash, max_mismatches, tokens).await.map(|_| true)
    }

    async fn rotate(
        &self,
        grant_id: &str,
        token_hash: &Hash,
        reuse_window_s: u64,
        tokens: Vec<NewToken>,
    ) -> Result<bool, StoreError> {
        self.0.rotate(grant_id, token_hash, reuse_window_s, tokens).await
    }

    async fn count(&self, grant_id: &str) -> Result<(), StoreError> {
        self.0.count(grant_id).await
    }

    async fn revoke(&self, grant_id: &str) -> Result<(), StoreError> {
        self.0.revoke(grant_id).await
    }

    async fn find_token(
        &self,
        grant_id: &str,
        token_hash: &Hash,
    ) -> Result<Seen<FoundToken>, StoreError> {
        self.0.find_token(grant_id, token_hash).await
    }
}
