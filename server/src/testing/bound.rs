//! Grants of devices, and tokens that are bound to keys, through the flows of the core.

use super::Subject;
use super::faulty::{Fault, Faulty};
use super::fixture::{RESOURCE, client, policy, tokens_in};
use crate::drive::{run_check, run_device, run_redeem};
use crate::narrate::Narrator;
use crate::store::GrantStore;
use proofkey::grant::answer::{Audit, TokenAnswer};
use proofkey::grant::check::{Access, Authentication, CheckToken};
use proofkey::grant::device::{Decision, DeviceIssue, DeviceRequest, Polled, Waiting};
use proofkey::grant::redeem::Redeem;

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

/// The flow of a device whose user has allowed it, with this key.
fn allowed(thumbprint: Option<&str>) -> DeviceIssue {
    let body = "client_id=agent&scope=read&resource=https%3A%2F%2Fapi.example%2F";
    let request = DeviceRequest::judge(body.as_bytes(), FORM, None, &client(), &policy()).unwrap();
    let mut waiting = Waiting {
        request,
        expires_at: 10,
        interval_s: 5,
        polled_at: None,
        decision: Decision::Allowed { subject: "user".into(), auth_time: 7 },
    };
    match waiting.poll("agent", thumbprint.map(str::to_owned), 9, &policy()) {
        Polled::Issue(flow) => *flow,
        other => panic!("no tokens: {other:?}"),
    }
}

async fn issued(store: &dyn GrantStore, thumbprint: Option<&str>) -> TokenAnswer {
    run_device(store, allowed(thumbprint), &Narrator::new()).await.unwrap()
}

async fn refreshed(store: &dyn GrantStore, token: &str, thumbprint: Option<&str>) -> TokenAnswer {
    let body = format!("grant_type=refresh_token&client_id=agent&refresh_token={token}");
    let flow = Redeem::new(body.as_bytes(), FORM, None, &policy());
    let flow = flow.proven(thumbprint.map(str::to_owned));
    run_redeem(store, flow, &Narrator::new()).await.unwrap()
}

/// The error that a request with this header and this proven key gets; `None`: it passes.
async fn refused(
    store: &dyn GrantStore,
    header: &str,
    thumbprint: Option<&str>,
    authentication: Authentication,
) -> Option<String> {
    let flow = CheckToken::new(Some(header), RESOURCE, &["read".into()])
        .proven(thumbprint.map(str::to_owned))
        .authentication(authentication);
    match run_check(store, flow, &Narrator::new()).await.unwrap() {
        Access::Granted(_) => None,
        Access::Refused { www_authenticate, .. } => {
            let challenge = www_authenticate.unwrap_or_default();
            let error = challenge.split("error=\"").nth(1).and_then(|rest| rest.split('"').next());
            Some(error.unwrap_or_default().to_owned())
        }
    }
}

/// RFC 9449 §5, §7: of scheme, binding and key one combination passes for a bound token, one for a bearer token.
pub async fn a_bound_token_passes_with_its_key_alone(subject: &Subject) {
    let store = &*subject.store;
    let (bound, bearer) = (issued(store, Some("ours")).await, issued(store, None).await);
    let (bound, bearer) = (tokens_in(&bound), tokens_in(&bearer));
    for (token, scheme, proven, error) in [
        (&bound, "DPoP", Some("ours"), None),
        (&bound, "dpop", Some("ours"), None),
        (&bound, "DPoP", Some("theirs"), Some("invalid_token")),
        (&bound, "DPoP", None, Some("invalid_dpop_proof")),
        (&bound, "Bearer", None, Some("invalid_token")),
        (&bound, "Bearer", Some("ours"), Some("invalid_token")),
        (&bearer, "Bearer", None, None),
        (&bearer, "DPoP", Some("ours"), Some("invalid_token")),
        (&bearer, "DPoP", None, Some("invalid_token")),
    ] {
        let header = format!("{scheme} {}", token.access);
        let told = refused(store, &header, proven, Authentication::default()).await;
        assert_eq!(told.as_deref(), error, "{scheme} {proven:?}");
    }
    for (proven, audit) in [
        (None, Audit::ProofMissing),
        (Some("theirs"), Audit::WrongKey),
        (Some("ours"), Audit::Refreshed),
        // The old one again: without the key it ends nothing, with it everything.
        (Some("theirs"), Audit::WrongKey),
        (Some("ours"), Audit::ReuseRevoked),
    ] {
        assert_eq!(refreshed(store, &bound.refresh, proven).await.audit, audit, "{proven:?}");
    }
    // RFC 9449 §5: a bearer refresh token may get bound ones.
    let answer = refreshed(store, &bearer.refresh, Some("ours")).await;
    assert!(answer.body.expose().contains("\"token_type\":\"DPoP\""));
}

/// RFC 9470 §3: how and when the user signed in is known of every token, after a refresh too.
pub async fn a_token_knows_its_sign_in(subject: &Subject) {
    let Subject { store, clock } = subject;
    let tokens = tokens_in(&issued(&**store, None).await);
    let tokens = tokens_in(&refreshed(&**store, &tokens.refresh, None).await);
    let header = format!("Bearer {}", tokens.access);
    let age = clock.now().await - 7;
    let none = Authentication::default();
    for (authentication, passes) in [
        (Authentication { max_age_s: Some(age), ..none.clone() }, true),
        (Authentication { max_age_s: Some(age - 1), ..none.clone() }, false),
        (Authentication { acr_values: vec!["strong".into()], ..none }, false),
    ] {
        let told = refused(&**store, &header, None, authentication.clone()).await;
        let expected = (!passes).then_some("insufficient_user_authentication");
        assert_eq!(told.as_deref(), expected, "{authentication:?}");
    }
}

/// P29: whichever call of the store fails, a device gets no tokens.
pub async fn a_failing_store_gives_a_device_nothing(subject: &Subject) {
    for fault in [Fault::BeforeTheCall, Fault::AfterTheCall] {
        for failing in 0..2 {
            let faulty = Faulty::new(subject.store.clone(), fault, failing);
            let answer = issued(&faulty, None).await;
            assert!(faulty.has_failed(), "call {failing} was not reached");
            assert_eq!((answer.status, answer.audit), (500, Audit::StoreFailed));
            assert!(!answer.body.expose().contains("access_token"));
        }
    }
}
