//! Whole grants through the flows of the core.

use super::Subject;
use super::faulty::{Fault, Faulty};
use super::fixture::{access_token, code_in, issued, passes, redeem, start};
use crate::store::GrantStore;
use proofkey::grant::answer::Audit;
use proofkey::verifier::CodeVerifier;
use std::sync::Arc;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

/// The whole way: code, token, token used, token over.
pub async fn a_grant_lives_its_life(subject: &Subject) {
    let Subject { store, clock } = subject;
    let (verifier, code) = issued(&**store).await;
    let answer = redeem(&**store, &code, Some(verifier.expose_verifier())).await;
    assert_eq!((answer.status, answer.audit), (200, Audit::Issued));
    let token = access_token(&answer).unwrap();
    assert!(passes(&**store, &token).await);
    assert!(!passes(&**store, &code).await, "a code passed as a token");
    clock.advance(3599).await;
    assert!(passes(&**store, &token).await);
    clock.advance(1).await;
    assert!(!passes(&**store, &token).await, "an expired token passed");
}

/// P24, CVE-2026-47386: 64 redeemers with all that is right for each of `codes` codes: exactly one gets
/// a token; afterwards the family is revoked and that token is refused.
pub async fn of_64_redeemers_one_gets_a_token(subject: &Subject, codes: usize) {
    of_redeemers_over_nodes_one_gets_a_token(std::slice::from_ref(&subject.store), codes).await;
}

/// The same where several servers share a database: `nodes` are their stores, and the 64 redeemers of a code ask
/// them in turn.
pub async fn of_redeemers_over_nodes_one_gets_a_token(nodes: &[Arc<dyn GrantStore>], codes: usize) {
    const REDEEMERS: usize = 64;
    for n in 0..codes {
        let (verifier, code) = issued(&*nodes[n % nodes.len()]).await;
        let (verifier, code) = (Arc::new(verifier), Arc::new(code));
        let together = Arc::new(Barrier::new(REDEEMERS));
        let mut redeeming = JoinSet::new();
        for redeemer in 0..REDEEMERS {
            let (store, together) = (nodes[redeemer % nodes.len()].clone(), together.clone());
            let (verifier, code) = (verifier.clone(), code.clone());
            redeeming.spawn(async move {
                together.wait().await;
                redeem(&*store, &code, Some(verifier.expose_verifier())).await
            });
        }
        let mut tokens = Vec::new();
        while let Some(answer) = redeeming.join_next().await {
            let answer = answer.unwrap();
            match answer.audit {
                Audit::Issued => tokens.extend(access_token(&answer)),
                Audit::ReplayRevoked | Audit::Revoked => assert_eq!(answer.status, 400),
                other => panic!("code {n}: {other:?}"),
            }
        }
        assert_eq!(tokens.len(), 1, "code {n}: so many redeemers got a token");
        for node in nodes {
            assert!(!passes(&**node, &tokens[0]).await, "code {n}: the family is not revoked");
        }
    }
}

/// P23: a wrong verifier first, the right one second: issued. A thief of a code cannot end the sign-in.
pub async fn a_wrong_verifier_does_not_burn(subject: &Subject) {
    let store = &*subject.store;
    let (verifier, code) = issued(store).await;
    let wrong = CodeVerifier::generate().unwrap();
    let challenge = verifier.challenge().to_text();
    for guess in [wrong.expose_verifier(), challenge.as_str()] {
        let answer = redeem(store, &code, Some(guess)).await;
        assert_eq!((answer.status, answer.audit), (400, Audit::Mismatch));
        // CVE-2023-48228, CVE-2024-23647: none is still refused afterwards.
        assert_eq!(redeem(store, &code, None).await.audit, Audit::VerifierMissing);
    }
    let answer = redeem(store, &code, Some(verifier.expose_verifier())).await;
    assert_eq!(answer.status, 200);
}

/// P23, CVE-2026-41213: five wrong ones burn the grant; the right one is then refused.
pub async fn five_wrong_verifiers_burn(subject: &Subject) {
    let store = &*subject.store;
    let (verifier, code) = issued(store).await;
    let wrong = CodeVerifier::generate().unwrap();
    for _ in 0..5 {
        let answer = redeem(store, &code, Some(wrong.expose_verifier())).await;
        assert_eq!(answer.audit, Audit::Mismatch);
    }
    let answer = redeem(store, &code, Some(verifier.expose_verifier())).await;
    assert_eq!((answer.status, answer.audit), (400, Audit::Burnt));
    assert_eq!(access_token(&answer), None);
}

/// P24: a replay with anything wrong changes nothing; one with all right revokes.
pub async fn a_valid_replay_revokes_and_another_does_not(subject: &Subject) {
    let store = &*subject.store;
    let (verifier, code) = issued(store).await;
    let first = redeem(store, &code, Some(verifier.expose_verifier())).await;
    let token = access_token(&first).unwrap();
    let wrong = CodeVerifier::generate().unwrap();
    for verifier in [Some(wrong.expose_verifier()), None] {
        let answer = redeem(store, &code, verifier).await;
        assert_eq!(answer.audit, Audit::ReplayRefused);
        assert!(passes(store, &token).await, "an invalid replay revoked");
    }
    let answer = redeem(store, &code, Some(verifier.expose_verifier())).await;
    assert_eq!(answer.audit, Audit::ReplayRevoked);
    assert!(!passes(store, &token).await);
}

/// P24: a code is over at its end by the store's clock, with everything else right.
pub async fn an_expired_code_is_refused(subject: &Subject) {
    let Subject { store, clock } = subject;
    let (verifier, code) = issued(&**store).await;
    clock.advance(60).await;
    let answer = redeem(&**store, &code, Some(verifier.expose_verifier())).await;
    assert_eq!((answer.status, answer.audit), (400, Audit::Expired));
}

/// P29, CVE-2020-15223: every call of the store is made to fail in turn, before or after it took effect;
/// no code and no token comes of it, and none passes.
pub async fn a_failing_store_issues_nothing(subject: &Subject) {
    for fault in [Fault::BeforeTheCall, Fault::AfterTheCall] {
        let inner = &subject.store;
        let faulty = Faulty::new(inner.clone(), fault, 0);
        let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
        let outcome = start(&faulty, &challenge).await;
        assert!(!outcome.issued && code_in(outcome.location.expose()).is_none());
        assert!(outcome.location.expose().contains("error=server_error"));

        // Right, replayed and wrong: each path through the redemption, each of its calls.
        let wrong = CodeVerifier::generate().unwrap();
        for (right, used, calls) in [(true, false, 2), (true, true, 2), (false, false, 2)] {
            for failing in 0..calls {
                let (verifier, code) = issued(&**inner).await;
                let sent = if right { &verifier } else { &wrong };
                if used {
                    redeem(&**inner, &code, Some(verifier.expose_verifier())).await;
                }
                let faulty = Faulty::new(inner.clone(), fault, failing);
                let answer = redeem(&faulty, &code, Some(sent.expose_verifier())).await;
                assert!(faulty.has_failed(), "call {failing} was not reached");
                assert_eq!((answer.status, answer.audit), (500, Audit::StoreFailed));
                assert_eq!(access_token(&answer), None);
            }
        }
        let (verifier, code) = issued(&**inner).await;
        let answer = redeem(&**inner, &code, Some(verifier.expose_verifier())).await;
        let token = access_token(&answer).unwrap();
        assert!(!passes(&Faulty::new(inner.clone(), fault, 0), &token).await);
        assert!(passes(&**inner, &token).await);
    }
}

/// CVE-2026-67437: however many sign-ins are begun, no more than `capacity` grants are kept; the
/// refused ones say so, and when the others have expired there is room again.
pub async fn starts_are_bounded(subject: &Subject, starts: usize, capacity: usize) {
    let Subject { store, clock } = subject;
    let challenge = CodeVerifier::generate().unwrap().challenge().to_text();
    let mut kept = 0;
    for _ in 0..starts {
        let outcome = start(&**store, &challenge).await;
        if outcome.issued {
            kept += 1;
        } else {
            assert!(outcome.location.expose().contains("error=temporarily_unavailable"));
        }
    }
    assert_eq!(kept, capacity, "of {starts} starts so many were kept");
    clock.advance(60).await;
    assert!(start(&**store, &challenge).await.issued);
}
