//! What goes on while somebody is killed.

use proofkey::verifier::CodeVerifier;
use proofkey_server::store::GrantStore;
use proofkey_server::testing::fixture::{access_token, code_in, redeem, start};

/// Issues, redeems and replays until the store fails, codes of three kinds by turns. What is about to be asked is
/// told before, what was answered after: a line each, which [`Ledger`](super::Ledger) reads.
pub async fn work(store: &dyn GrantStore, number: usize, tell: impl Fn(String)) {
    for n in number.. {
        let verifier = CodeVerifier::generate().unwrap();
        tell("issuing".into());
        let outcome = start(store, &verifier.challenge().to_text()).await;
        let Some(code) = code_in(outcome.location.expose()) else { return };
        let verifier = verifier.expose_verifier();
        tell(format!("issued {code} {verifier}"));
        if n % 3 == 0 {
            continue;
        }
        tell(format!("redeeming {code}"));
        let answer = redeem(store, &code, Some(verifier)).await;
        if answer.audit.name() == "store_failed" {
            return;
        }
        let token = access_token(&answer).expect("no token at the first redemption");
        tell(format!("redeemed {code} {token}"));
        if n % 3 == 1 {
            continue;
        }
        tell(format!("replaying {code}"));
        let answer = redeem(store, &code, Some(verifier)).await;
        match (answer.status, access_token(&answer), answer.audit.name()) {
            (400, None, "replay_revoked") => tell(format!("revoked {code}")),
            (500, None, "store_failed") => return,
            other => panic!("{other:?}"),
        }
    }
}
