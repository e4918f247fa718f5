//! The exchange of refresh tokens: the call by itself, then whole families through the flows.

use super::Subject;
use super::faulty::{Fault, Faulty};
use super::fixture::{
    Tokens, access_token, give_back, grant, passes, refresh, refresh_token, signed_in, token,
    tokens_in,
};
use proofkey::grant::answer::Audit;
use proofkey::grant::{NewToken, Rotation, TokenKind};
use std::sync::Arc;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const CODE: [u8; 32] = [1; 32];
const FIRST: [u8; 32] = [10; 32];
const SECOND: [u8; 32] = [11; 32];
const THIRD: [u8; 32] = [12; 32];

/// A grant whose first refresh token is [`FIRST`].
async fn family(subject: &Subject, grant_id: &str) {
    let store = &subject.store;
    assert!(store.put(grant(grant_id, CODE)).await.unwrap());
    let tokens = vec![token([3; 32]), refresh_token(FIRST)];
    assert!(store.claim(grant_id, &CODE, 5, tokens).await.unwrap());
}

async fn rotate(subject: &Subject, from: [u8; 32], to: [u8; 32], window_s: u64) -> bool {
    subject.store.rotate("g", &from, window_s, vec![refresh_token(to)]).await.unwrap()
}

async fn stands(subject: &Subject, token: [u8; 32]) -> Option<Rotation> {
    let row = subject.store.find_token("g", &token).await.unwrap().row;
    row.map(|found| found.rotation)
}

/// P27: the first exchange wins and brings its tokens, the second changes nothing and brings none.
pub async fn a_rotation_happens_once_and_brings_its_tokens(subject: &Subject) {
    let (store, now) = (&subject.store, subject.clock.now().await);
    family(subject, "g").await;
    assert_eq!(stands(subject, FIRST).await, Some(Rotation::Newest));
    let narrow = NewToken { scope: Some("read".into()), ..token([20; 32]) };
    assert!(store.rotate("g", &FIRST, 0, vec![narrow, refresh_token(SECOND)]).await.unwrap());
    assert_eq!(stands(subject, FIRST).await, Some(Rotation::Predecessor { rotated_at: now }));
    assert_eq!(stands(subject, SECOND).await, Some(Rotation::Newest));
    let found = store.find_token("g", &SECOND).await.unwrap().row.unwrap();
    assert_eq!((found.kind, found.expires_at), (TokenKind::Refresh, now + 7200));
    assert_eq!((found.scope(), found.revoked), ("read write", false));
    let found = store.find_token("g", &[20; 32]).await.unwrap().row.unwrap();
    assert_eq!((found.kind, found.scope()), (TokenKind::Access, "read"));
    assert_eq!(found.grant, grant("g", CODE).grant);

    assert!(!rotate(subject, FIRST, THIRD, 0).await);
    assert_eq!(stands(subject, THIRD).await, None, "the loser has a token");
    assert!(rotate(subject, SECOND, THIRD, 0).await);
    assert_eq!(stands(subject, FIRST).await, Some(Rotation::Older));
    assert!(!rotate(subject, FIRST, [13; 32], 0).await);
}

/// Each condition stands for itself: another token or grant, an access token, expired, revoked. Whatever
/// fails writes no token and begins no generation.
pub async fn a_rotation_needs_every_one_of_its_conditions(subject: &Subject) {
    let Subject { store, clock } = subject;
    family(subject, "g").await;
    family(subject, "revoked").await;
    store.revoke("revoked").await.unwrap();
    for (grant_id, from) in [
        ("g", SECOND),
        ("g", CODE),
        ("g", [3; 32]),
        ("none", FIRST),
        ("G", FIRST),
        ("revoked", FIRST),
    ] {
        let tokens = vec![refresh_token(THIRD)];
        assert!(!store.rotate(grant_id, &from, 30, tokens).await.unwrap(), "{grant_id} {from:?}");
        assert!(store.find_token(grant_id, &THIRD).await.unwrap().row.is_none(), "{grant_id}");
    }
    assert_eq!(stands(subject, FIRST).await, Some(Rotation::Newest));
    clock.advance(7200).await;
    assert!(!rotate(subject, FIRST, SECOND, 30).await, "at its end");
    clock.set(clock.now().await - 1).await;
    assert!(rotate(subject, FIRST, SECOND, 30).await, "a second before its end");
}

/// P27: the window spares the immediate predecessor, while its successor is unused, and not longer than it
/// is; also where the clock is set back.
pub async fn the_window_spares_the_predecessor_alone(subject: &Subject) {
    let clock = &subject.clock;
    family(subject, "g").await;
    let start = clock.now().await;
    assert!(rotate(subject, FIRST, SECOND, 30).await);
    clock.set(start + 29).await;
    assert!(rotate(subject, FIRST, [21; 32], 30).await, "inside");
    assert_eq!(
        stands(subject, FIRST).await,
        Some(Rotation::Predecessor { rotated_at: start }),
        "a spared one begins no window of its own"
    );
    assert_eq!(stands(subject, SECOND).await, Some(Rotation::Newest), "the sibling");
    assert_eq!(stands(subject, [21; 32]).await, Some(Rotation::Newest));
    assert!(!rotate(subject, FIRST, [22; 32], 29).await, "the window is the caller's");
    clock.set(start + 30).await;
    assert!(!rotate(subject, FIRST, [22; 32], 30).await, "at its end");
    clock.set(start - 1).await;
    assert!(!rotate(subject, FIRST, [22; 32], 30).await, "a clock that was set back");
    clock.set(start + 1).await;
    assert!(rotate(subject, [21; 32], THIRD, 30).await);
    assert!(!rotate(subject, FIRST, [22; 32], 30).await, "its successor was used");
    assert!(rotate(subject, SECOND, [23; 32], 30).await, "the predecessor of the newest");
    assert_eq!(stands(subject, [22; 32]).await, None);
}

/// CVE-2026-67437: a grant has no more than `capacity` tokens; when they are reached, no more come. Those
/// that have expired make room.
pub async fn tokens_of_a_grant_are_bounded(subject: &Subject, capacity: u8) {
    let clock = &subject.clock;
    family(subject, "g").await;
    let mut newest = FIRST;
    // There are two from the claim.
    for n in 2..capacity {
        assert!(rotate(subject, newest, [100 + n; 32], 0).await, "token {n}");
        newest = [100 + n; 32];
    }
    assert!(!rotate(subject, newest, [99; 32], 0).await, "one more");
    assert_eq!(
        stands(subject, newest).await,
        Some(Rotation::Newest),
        "a refused one changes nothing"
    );
    // The access token's time is over.
    clock.advance(3600).await;
    assert!(rotate(subject, newest, [99; 32], 0).await, "room");
    assert!(!rotate(subject, [99; 32], [98; 32], 0).await, "one more again");
}

/// A family that is refreshed stays, however old its grant is: a revocation must have something to mark.
pub async fn a_family_that_is_refreshed_is_kept(subject: &Subject) {
    let Subject { store, clock } = subject;
    family(subject, "g").await;
    clock.advance(7000).await;
    assert!(rotate(subject, FIRST, SECOND, 0).await);
    clock.advance(7000).await;
    assert!(store.put(grant("another", CODE)).await.unwrap());
    assert_eq!(stands(subject, SECOND).await, Some(Rotation::Newest));
    assert!(rotate(subject, SECOND, THIRD, 0).await);
}

/// P27, CVE-2026-1035: of 64 exchanges of one token at once exactly one wins.
pub async fn of_many_rotations_one_wins(subject: &Subject) {
    let store = &subject.store;
    family(subject, "g").await;
    let mut rotating = JoinSet::new();
    for n in 0..64 {
        let store = store.clone();
        let tokens = vec![refresh_token([100 + n; 32])];
        rotating.spawn(async move { store.rotate("g", &FIRST, 0, tokens).await });
    }
    let mut won = 0;
    while let Some(rotated) = rotating.join_next().await {
        won += usize::from(rotated.unwrap().unwrap());
    }
    assert_eq!(won, 1);
    let mut tokens = 0;
    for n in 0..64 {
        tokens += usize::from(stands(subject, [100 + n; 32]).await.is_some());
    }
    assert_eq!(tokens, 1, "tokens of losers");
}

/// P27: each exchange gives new tokens; the one that was exchanged, coming back, ends them all.
pub async fn an_old_refresh_token_ends_its_family(subject: &Subject) {
    let store = &*subject.store;
    let first = signed_in(store).await;
    let answer = refresh(store, &first.refresh, "", 0).await;
    assert_eq!((answer.status, answer.audit), (200, Audit::Refreshed));
    let second = tokens_in(&answer);
    assert!(second.refresh != first.refresh && second.access != first.access);
    assert!(passes(store, &first.access).await, "an exchange ends no access token");
    assert!(passes(store, &second.access).await);
    assert!(!passes(store, &second.refresh).await, "a refresh token passed at the resource");
    // Whoever brings something wrong changes nothing.
    let answer = refresh(store, &first.refresh, "&client_id=thief", 0).await;
    assert_eq!(answer.audit, Audit::Malformed, "two clients");
    assert_eq!(refresh(store, &second.access, "", 0).await.audit, Audit::UnknownToken);
    assert!(passes(store, &second.access).await);

    let answer = refresh(store, &first.refresh, "", 0).await;
    assert_eq!((answer.status, answer.audit), (400, Audit::ReuseRevoked));
    assert!(!passes(store, &first.access).await && !passes(store, &second.access).await);
    let answer = refresh(store, &second.refresh, "", 0).await;
    assert_eq!((answer.status, answer.audit), (400, Audit::Revoked));
    assert_eq!(access_token(&answer), None);
}

/// P27: inside the window the client whose answer was lost gets another; its successor, once used, closes it.
pub async fn a_lost_answer_is_spared_inside_the_window(subject: &Subject) {
    let Subject { store, clock } = subject;
    let first = signed_in(&**store).await;
    let lost = tokens_in(&refresh(&**store, &first.refresh, "", 10).await);
    clock.advance(9).await;
    let answer = refresh(&**store, &first.refresh, "", 10).await;
    assert_eq!((answer.status, answer.audit), (200, Audit::Refreshed));
    let second = tokens_in(&answer);
    let third = tokens_in(&refresh(&**store, &second.refresh, "", 10).await);
    assert!(passes(&**store, &third.access).await);
    // Its successor was used: the time that is left is no excuse any more.
    let answer = refresh(&**store, &first.refresh, "", 10).await;
    assert_eq!(answer.audit, Audit::ReuseRevoked);
    assert!(!passes(&**store, &third.access).await && !passes(&**store, &lost.access).await);

    let first = signed_in(&**store).await;
    refresh(&**store, &first.refresh, "", 10).await;
    clock.advance(10).await;
    let answer = refresh(&**store, &first.refresh, "", 10).await;
    assert_eq!(answer.audit, Audit::ReuseRevoked, "the window is over");
}

/// RFC 6749 §6: the scope of an access token may be narrower; the family keeps its own.
pub async fn a_refresh_may_narrow_the_scope(subject: &Subject) {
    let store = &*subject.store;
    let first = signed_in(store).await;
    let answer = refresh(store, &first.refresh, "&scope=read+admin", 0).await;
    assert_eq!((answer.status, answer.audit), (400, Audit::WrongScope));
    let answer = refresh(store, &first.refresh, "&scope=write", 0).await;
    let narrow = tokens_in(&answer);
    assert!(!passes(store, &narrow.access).await, "it passed where `read` is wanted");
    let wide = tokens_in(&refresh(store, &narrow.refresh, "", 0).await);
    assert!(passes(store, &wide.access).await);
}

/// P27, CVE-2026-1035: 64 refreshes of one token at once, each with all that is right: exactly one gets new
/// tokens, and because it was used twice the family is revoked. With a window nobody is revoked, and there
/// is one new generation: when one of it is used, the token that all began with ends the family.
pub async fn of_64_refreshes_one_gets_tokens(subject: &Subject, families: usize) {
    for n in 0..families {
        let first = signed_in(&*subject.store).await;
        let got = refreshed_by_64(subject, &first, 0).await;
        assert_eq!(got.len(), 1, "family {n}: so many got tokens");
        assert!(!passes(&*subject.store, &got[0].access).await, "family {n} is not revoked");
    }
    let store = &*subject.store;
    let first = signed_in(store).await;
    let got = refreshed_by_64(subject, &first, 30).await;
    assert_eq!(got.len(), 64);
    let next = tokens_in(&refresh(store, &got[0].refresh, "", 30).await);
    assert!(passes(store, &next.access).await);
    assert_eq!(refresh(store, &first.refresh, "", 30).await.audit, Audit::ReuseRevoked);
    assert!(!passes(store, &next.access).await);
}

async fn refreshed_by_64(subject: &Subject, first: &Tokens, window_s: u64) -> Vec<Tokens> {
    let together = Arc::new(Barrier::new(64));
    let mut refreshing = JoinSet::new();
    for _ in 0..64 {
        let (store, together) = (subject.store.clone(), together.clone());
        let token = first.refresh.clone();
        refreshing.spawn(async move {
            together.wait().await;
            refresh(&*store, &token, "", window_s).await
        });
    }
    let mut got = Vec::new();
    while let Some(answer) = refreshing.join_next().await {
        let answer = answer.unwrap();
        match answer.audit {
            Audit::Refreshed => got.push(tokens_in(&answer)),
            Audit::ReuseRevoked | Audit::Revoked => assert_eq!(answer.status, 400),
            other => panic!("{other:?}"),
        }
    }
    got
}

/// RFC 7009: a token that is given back ends its grant, whichever of its tokens it is.
pub async fn a_token_that_is_given_back_ends_its_grant(subject: &Subject) {
    let store = &*subject.store;
    for which in [0, 1] {
        let first = signed_in(store).await;
        let neighbour = signed_in(store).await;
        let token = if which == 0 { &first.access } else { &first.refresh };
        let answer = give_back(store, token, "thief").await;
        assert_eq!((answer.status, answer.audit), (400, Audit::WrongClient));
        assert!(passes(store, &first.access).await, "another client revoked it");
        let answer = give_back(store, token, "agent").await;
        assert_eq!((answer.status, answer.audit), (200, Audit::TokenRevoked));
        assert!(answer.body.is_empty());
        assert!(!passes(store, &first.access).await);
        assert_eq!(refresh(store, &first.refresh, "", 0).await.audit, Audit::Revoked);
        assert_eq!(give_back(store, token, "agent").await.status, 200, "again is the same");
        assert!(passes(store, &neighbour.access).await);
    }
    let answer = give_back(store, "not-one-of-ours", "agent").await;
    assert_eq!((answer.status, answer.audit), (200, Audit::UnknownToken));
}

/// P29: every call of the store is made to fail in turn, before or after it took effect; no token comes of
/// it, and a revocation that failed never says that it is done.
pub async fn a_failing_store_refreshes_nothing(subject: &Subject) {
    let inner = &subject.store;
    for fault in [Fault::BeforeTheCall, Fault::AfterTheCall] {
        for (old, failing) in [(false, 0), (false, 1), (true, 0), (true, 1)] {
            let first = signed_in(&**inner).await;
            if old {
                refresh(&**inner, &first.refresh, "", 0).await;
            }
            let faulty = Faulty::new(inner.clone(), fault, failing);
            let answer = refresh(&faulty, &first.refresh, "", 0).await;
            assert!(faulty.has_failed(), "call {failing} was not reached");
            assert_eq!((answer.status, answer.audit), (500, Audit::StoreFailed));
            assert_eq!(access_token(&answer), None);
        }
        for failing in [0, 1] {
            let first = signed_in(&**inner).await;
            let faulty = Faulty::new(inner.clone(), fault, failing);
            let answer = give_back(&faulty, &first.refresh, "agent").await;
            assert!(faulty.has_failed(), "call {failing} was not reached");
            assert_eq!((answer.status, answer.audit), (503, Audit::StoreFailed));
        }
    }
}
