//! A resource that answers whatever it likes, for as long as it likes: the user is asked twice at most, for
//! nothing above the ceiling, and the request comes to an end (M7, A31; threats: hostile server).

use proofkey::resource_call::{Reaction, ResourceCall};
use proptest::prelude::*;

/// A challenge that demands something, or any text.
fn any_field() -> impl Strategy<Value = String> {
    let errors = prop::sample::select(vec![
        "invalid_token",
        "insufficient_scope",
        "insufficient_user_authentication",
        "use_dpop_nonce",
        "invalid_request",
        "",
    ]);
    let word = "[a-e]{1,2}";
    let demand = (any::<bool>(), errors, word, word, any::<u16>()).prop_map(
        |(bearer, error, scope, acr, age)| {
            let scheme = if bearer { "Bearer" } else { "DPoP" };
            format!(
                "{scheme} error=\"{error}\", scope=\"{scope}\", acr_values={acr}, max_age={age}"
            )
        },
    );
    prop_oneof![4 => demand, 1 => ".{0,40}".prop_map(String::from)]
}

fn any_answer() -> impl Strategy<Value = (u16, Vec<String>)> {
    let status = prop_oneof![5 => Just(401_u16), 3 => Just(403_u16), 1 => any::<u16>()];
    (status, prop::collection::vec(any_field(), 0..4))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_resource_that_demands_for_ever_is_given_up_on(
        answers in prop::collection::vec(any_answer(), 16),
        ceiling in prop::option::of(prop::collection::vec("[a-e]{1,2}", 0..6)),
    ) {
        let mut call = ResourceCall::new(ceiling.clone());
        let (mut requested, granted) = (vec!["a".to_owned()], vec!["a".to_owned()]);
        let (mut retries, mut refreshes, mut sign_ins, mut ended) = (0, 0, 0, false);
        for (status, fields) in answers {
            match call.answered(status, &fields, &requested, &granted) {
                Reaction::Accept | Reaction::GiveUp(_) => {
                    ended = true;
                    break;
                }
                Reaction::Retry => retries += 1,
                Reaction::Refresh => refreshes += 1,
                Reaction::SignIn(step_up) => {
                    sign_ins += 1;
                    for scope in &step_up.scopes {
                        let allowed = ceiling.as_ref().is_none_or(|list| list.contains(scope));
                        prop_assert!(allowed || requested.contains(scope), "{scope}");
                    }
                    prop_assert!(requested.iter().all(|scope| step_up.scopes.contains(scope)));
                    requested = step_up.scopes;
                }
            }
        }
        prop_assert!(ended);
        // One token at the beginning, one of the refresh, two of sign-ins: each may be asked for a nonce.
        prop_assert!(refreshes <= 1 && sign_ins <= 2 && retries <= 4);
    }
}
