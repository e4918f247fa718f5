//! The suite as one list, for those who want it whole.

use super::{Subject, bound, contract, flows, rotation};
use std::future::Future;
use std::pin::Pin;

/// What a store is to be made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// So many grants, and no more.
    pub grants: usize,
    /// So many tokens of one grant, and no more.
    pub tokens: u8,
}

/// With a window 64 refreshes at once bring 128 tokens, and there are two before.
const ROOM: Room = Room { grants: 1_000, tokens: 140 };

/// The store that is filled.
const SMALL: Room = Room { grants: 20, ..ROOM };

type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// One check of the suite.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// The name of its function.
    pub name: &'static str,
    /// What its store has to be made for.
    pub room: Room,
    run: fn(Subject) -> Running,
}

impl Check {
    /// Runs it.
    ///
    /// # Panics
    /// Where the store misbehaves.
    pub async fn run(&self, subject: Subject) {
        (self.run)(subject).await;
    }
}

macro_rules! check {
    ($part:ident :: $name:ident, $room:expr $(, $more:expr)*) => {
        Check {
            name: stringify!($name),
            room: $room,
            run: |subject| Box::pin(async move { $part::$name(&subject $(, $more)*).await }),
        }
    };
}

/// Every check, cheap ones first.
pub const CHECKS: &[Check] = &[
    check!(contract::a_grant_is_found_by_its_id_and_its_hash, ROOM),
    check!(contract::a_second_grant_of_an_id_is_refused, ROOM),
    check!(contract::a_claim_happens_once_and_brings_its_tokens, ROOM),
    check!(contract::a_claim_needs_every_one_of_its_conditions, ROOM),
    check!(contract::mismatches_are_counted, ROOM),
    check!(contract::a_revocation_reaches_every_token, ROOM),
    check!(contract::time_is_the_stores, ROOM),
    check!(contract::of_many_claims_one_wins, ROOM),
    check!(contract::a_full_store_refuses_and_expired_grants_make_room, SMALL, SMALL.grants),
    check!(rotation::a_rotation_happens_once_and_brings_its_tokens, ROOM),
    check!(rotation::a_rotation_needs_every_one_of_its_conditions, ROOM),
    check!(rotation::the_window_spares_the_predecessor_alone, ROOM),
    check!(rotation::a_family_that_is_refreshed_is_kept, ROOM),
    check!(rotation::of_many_rotations_one_wins, ROOM),
    check!(rotation::tokens_of_a_grant_are_bounded, ROOM, ROOM.tokens),
    check!(flows::a_grant_lives_its_life, ROOM),
    check!(flows::a_wrong_verifier_does_not_burn, ROOM),
    check!(flows::five_wrong_verifiers_burn, ROOM),
    check!(flows::a_valid_replay_revokes_and_another_does_not, ROOM),
    check!(flows::an_expired_code_is_refused, ROOM),
    check!(flows::a_failing_store_issues_nothing, ROOM),
    check!(flows::starts_are_bounded, SMALL, 200, SMALL.grants),
    check!(bound::a_bound_token_passes_with_its_key_alone, ROOM),
    check!(bound::a_token_knows_its_sign_in, ROOM),
    check!(bound::a_failing_store_gives_a_device_nothing, ROOM),
    check!(rotation::an_old_refresh_token_ends_its_family, ROOM),
    check!(rotation::a_lost_answer_is_spared_inside_the_window, ROOM),
    check!(rotation::a_refresh_may_narrow_the_scope, ROOM),
    check!(rotation::a_token_that_is_given_back_ends_its_grant, ROOM),
    check!(rotation::a_failing_store_refreshes_nothing, ROOM),
    check!(rotation::of_64_refreshes_one_gets_tokens, ROOM, 50),
    check!(flows::of_64_redeemers_one_gets_a_token, ROOM, 200),
];

/// Runs every check, each with a store of its own from `make`: empty, with the room that is asked for, and with
/// a clock that the check moves. What `make` gives beside it (a folder, a server) is kept until the check is over.
///
/// Call it on a runtime with several threads: the races need them.
///
/// ```
/// # use proofkey_server::{clock::Clock, store::MemoryStore};
/// use proofkey_server::testing::{Room, Subject, check_store};
/// # use std::sync::Arc;
///
/// async fn make(room: Room) -> (Subject, ()) {
///     let clock = Clock::manual(1_800_000_000);
///     let store = MemoryStore::with_clock(room.grants, clock.clone()).max_tokens(room.tokens.into());
///     (Subject { store: Arc::new(store), clock: Arc::new(clock) }, ())
/// }
///
/// # #[tokio::main] async fn main() {
/// check_store(make).await;
/// # }
/// ```
///
/// # Panics
/// Where the store misbehaves. The last line names the check.
pub async fn check_store<K, Made: Future<Output = (Subject, K)>>(make: impl Fn(Room) -> Made) {
    for check in CHECKS {
        let (subject, keep) = make(check.room).await;
        if tokio::spawn(check.run(subject)).await.is_err() {
            panic!("the store fails `{}`", check.name);
        }
        drop(keep);
    }
}
