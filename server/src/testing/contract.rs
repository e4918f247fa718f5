//! The calls one by one.

use super::Subject;
use super::fixture::{grant, token};
use proofkey::grant::{NewToken, TokenKind};
use tokio::task::JoinSet;

const CODE: [u8; 32] = [1; 32];
const OTHER: [u8; 32] = [2; 32];
const TOKEN: [u8; 32] = [3; 32];

/// A grant comes back as it was put, for its id and its hash together and for nothing else.
pub async fn a_grant_is_found_by_its_id_and_its_hash(subject: &Subject) {
    let (store, now) = (&subject.store, subject.clock.now().await);
    let mut bare = grant("bare", OTHER);
    bare.grant.code_challenge = None;
    bare.grant.resource = None;
    bare.grant.scope = String::new();
    bare.grant.redirect_uri_was_sent = false;
    bare.grant.terms = Box::default();
    for new in [grant("full", CODE), bare] {
        assert!(store.put(new.clone()).await.unwrap());
        let seen = store.find(&new.grant.grant_id, &new.code_hash).await.unwrap();
        assert_eq!(seen.now, now, "the store's clock");
        let found = seen.row.expect("not found");
        assert_eq!(found.grant, new.grant);
        assert_eq!(found.expires_at, now + new.lifetime_s);
        assert!(!found.used && !found.revoked);
        assert_eq!(found.mismatches, 0);
    }
    for (grant_id, hash) in [("full", &OTHER), ("bare", &CODE), ("none", &CODE), ("FULL", &CODE)] {
        assert_eq!(store.find(grant_id, hash).await.unwrap().row, None, "{grant_id}");
    }
}

/// A second grant of an id is refused, and the first one stays as it is.
pub async fn a_second_grant_of_an_id_is_refused(subject: &Subject) {
    let store = &subject.store;
    assert!(store.put(grant("g", CODE)).await.unwrap());
    assert!(!store.put(grant("g", OTHER)).await.unwrap());
    assert!(store.find("g", &CODE).await.unwrap().row.is_some());
    assert!(store.find("g", &OTHER).await.unwrap().row.is_none());
}

/// P24: the first claim wins and brings its tokens, the second changes nothing and brings none.
pub async fn a_claim_happens_once_and_brings_its_tokens(subject: &Subject) {
    let (store, now) = (&subject.store, subject.clock.now().await);
    store.put(grant("g", CODE)).await.unwrap();
    let bound = NewToken { dpop_jkt: Some("jkt".into()), ..token([4; 32]) };
    assert!(store.claim("g", &CODE, 5, vec![token(TOKEN), bound]).await.unwrap());
    assert!(store.find("g", &CODE).await.unwrap().row.unwrap().used);
    for (hash, dpop_jkt) in [(TOKEN, None), ([4; 32], Some("jkt"))] {
        let seen = store.find_token("g", &hash).await.unwrap();
        let found = seen.row.expect("the winner's token is missing");
        assert_eq!(found.dpop_jkt.as_deref(), dpop_jkt, "the key that it is bound to");
        assert_eq!((seen.now, found.expires_at), (now, now + 3600));
        assert_eq!(found.kind, TokenKind::Access);
        assert_eq!(found.grant, grant("g", CODE).grant);
        assert!(!found.revoked);
    }
    assert!(!store.claim("g", &CODE, 5, vec![token([5; 32])]).await.unwrap());
    assert!(store.find_token("g", &[5; 32]).await.unwrap().row.is_none(), "the loser has a token");
    assert!(store.find_token("other", &TOKEN).await.unwrap().row.is_none());
}

/// Each condition of the claim stands for itself (CVE-2026-28513): wrong hash, no such grant, expired,
/// revoked, burnt. Whatever fails writes no token.
pub async fn a_claim_needs_every_one_of_its_conditions(subject: &Subject) {
    let Subject { store, clock } = subject;
    for grant_id in ["hash", "late", "revoked", "burnt"] {
        assert!(store.put(grant(grant_id, CODE)).await.unwrap());
    }
    store.revoke("revoked").await.unwrap();
    for _ in 0..2 {
        store.count("burnt").await.unwrap();
    }
    let tokens = || vec![token(TOKEN)];
    assert!(!store.claim("hash", &OTHER, 5, tokens()).await.unwrap(), "wrong hash");
    assert!(!store.claim("none", &CODE, 5, tokens()).await.unwrap(), "no such grant");
    assert!(!store.claim("revoked", &CODE, 5, tokens()).await.unwrap(), "revoked");
    assert!(!store.claim("burnt", &CODE, 2, tokens()).await.unwrap(), "burnt");
    clock.advance(59).await;
    assert!(store.claim("hash", &CODE, 5, tokens()).await.unwrap(), "a second before its end");
    clock.advance(1).await;
    assert!(!store.claim("late", &CODE, 5, tokens()).await.unwrap(), "at its end");
    for grant_id in ["late", "revoked", "burnt"] {
        assert!(store.find_token(grant_id, &TOKEN).await.unwrap().row.is_none(), "{grant_id}");
        let row = store.find(grant_id, &CODE).await.unwrap().row;
        assert!(row.is_none_or(|row| !row.used), "{grant_id} was marked used");
    }
    // Two mismatches of three are not yet burnt: the number is the caller's.
    clock.set(clock.now().await - 60).await;
    assert!(store.claim("burnt", &CODE, 3, Vec::new()).await.unwrap());
}

/// P23: mismatches are counted one by one, also from many at once, and change nothing else.
pub async fn mismatches_are_counted(subject: &Subject) {
    let store = &subject.store;
    store.put(grant("g", CODE)).await.unwrap();
    let before = store.find("g", &CODE).await.unwrap().row.unwrap();
    let mut counting = JoinSet::new();
    for _ in 0..64 {
        let store = store.clone();
        counting.spawn(async move { store.count("g").await });
    }
    while let Some(counted) = counting.join_next().await {
        counted.unwrap().unwrap();
    }
    store.count("none").await.unwrap();
    let after = store.find("g", &CODE).await.unwrap().row.unwrap();
    assert_eq!(after.mismatches, 64);
    assert_eq!(after.grant, before.grant, "the challenge or another part changed");
    assert_eq!((after.used, after.revoked), (false, false));
}

/// P24: a revocation reaches the grant and its tokens, again is the same, of nothing is nothing.
pub async fn a_revocation_reaches_every_token(subject: &Subject) {
    let store = &subject.store;
    for grant_id in ["g", "neighbour"] {
        store.put(grant(grant_id, CODE)).await.unwrap();
        assert!(store.claim(grant_id, &CODE, 5, vec![token(TOKEN)]).await.unwrap());
    }
    for grant_id in ["g", "g", "none"] {
        store.revoke(grant_id).await.unwrap();
    }
    assert!(store.find("g", &CODE).await.unwrap().row.unwrap().revoked);
    assert!(store.find_token("g", &TOKEN).await.unwrap().row.unwrap().revoked);
    assert!(!store.find("neighbour", &CODE).await.unwrap().row.unwrap().revoked);
    assert!(!store.find_token("neighbour", &TOKEN).await.unwrap().row.unwrap().revoked);
}

/// Time is the store's: what is written and what is judged follows its clock, a day forward and back.
pub async fn time_is_the_stores(subject: &Subject) {
    const DAY: u64 = 86_400;
    let Subject { store, clock } = subject;
    let start = clock.now().await;
    store.put(grant("g", CODE)).await.unwrap();
    clock.set(start + DAY).await;
    assert_eq!(store.find("g", &CODE).await.unwrap().now, start + DAY);
    assert!(!store.claim("g", &CODE, 5, vec![token(TOKEN)]).await.unwrap());
    clock.set(start - DAY).await;
    assert_eq!(store.find_token("g", &TOKEN).await.unwrap().now, start - DAY);
    clock.set(start).await;
    let mut endless = grant("endless", CODE);
    endless.lifetime_s = u64::MAX;
    assert!(store.put(endless).await.unwrap());
    assert!(store.find("endless", &CODE).await.unwrap().row.unwrap().expires_at > start + DAY);
}

/// CVE-2026-67437: a full store (`capacity` grants) refuses; what has expired makes room; a grant whose
/// token is still valid does not count as expired, because a revocation needs its row.
pub async fn a_full_store_refuses_and_expired_grants_make_room(subject: &Subject, capacity: usize) {
    let Subject { store, clock } = subject;
    for n in 0..capacity {
        assert!(store.put(grant(&format!("g{n}"), CODE)).await.unwrap(), "grant {n}");
    }
    assert!(!store.put(grant("one more", CODE)).await.unwrap(), "more than the capacity");
    assert!(store.find("one more", &CODE).await.unwrap().row.is_none());
    assert!(store.claim("g0", &CODE, 5, vec![token(TOKEN)]).await.unwrap());
    clock.advance(60).await;
    for n in 1..capacity {
        assert!(store.put(grant(&format!("h{n}"), CODE)).await.unwrap(), "room {n}");
    }
    assert!(!store.put(grant("one more", CODE)).await.unwrap(), "more than the capacity again");
    assert!(store.find_token("g0", &TOKEN).await.unwrap().row.is_some(), "a valid token was swept");
    assert!(store.find("g1", &CODE).await.unwrap().row.is_none(), "an expired grant was kept");
    clock.advance(3600).await;
    assert!(store.put(grant("one more", CODE)).await.unwrap());
    assert!(store.find_token("g0", &TOKEN).await.unwrap().row.is_none(), "its token stayed behind");
}

/// P24, CVE-2026-47386: of 64 claims at once exactly one wins.
pub async fn of_many_claims_one_wins(subject: &Subject) {
    let store = &subject.store;
    store.put(grant("g", CODE)).await.unwrap();
    let mut claiming = JoinSet::new();
    for n in 0..64 {
        let store = store.clone();
        claiming.spawn(async move { store.claim("g", &CODE, 5, vec![token([n; 32])]).await });
    }
    let mut won = 0;
    while let Some(claimed) = claiming.join_next().await {
        won += usize::from(claimed.unwrap().unwrap());
    }
    assert_eq!(won, 1);
    let mut tokens = 0;
    for n in 0..64 {
        tokens += usize::from(store.find_token("g", &[n; 32]).await.unwrap().row.is_some());
    }
    assert_eq!(tokens, 1, "tokens of losers");
}
