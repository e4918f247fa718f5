//! The server's half is total: requests, stores and tokens of every kind.

use super::inputs::{self, any_form, any_redirect, any_store_event, any_text};
use super::{REDIRECT_URI, is_a_good_error};
use proofkey::check_redirect_uri;
use proofkey::grant::check::CheckToken;
use proofkey::grant::client::{ClientRecord, redirect_uri_matches};
use proofkey::grant::issue::{Approval, Issue};
use proofkey::grant::policy::Policy;
use proofkey::grant::possession::{ProofRules, RequestProof};
use proofkey::grant::redeem::Redeem;
use proofkey::grant::request::GrantRequest;
use proofkey::grant::revoke::RevokeToken;
use proofkey::grant::{StoreEvent, StoreStep};
use proptest::prelude::*;

/// The example of RFC 9449 §4.1.
const PROOF: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUk\
                     RZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JE\
                     QSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2\
                     VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUv\
                     wnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
const PROOF_URL: &str = "https://server.example.com/token";
const PROOF_TIME: u64 = 1_562_262_616;

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// P26: matching is total, and what matches could be registered.
    #[test]
    fn redirect_matching_is_total(a in any_redirect(), b in any_redirect()) {
        for (registered, sent) in [(&a, &b), (&a, &a)] {
            if redirect_uri_matches(registered, sent) {
                prop_assert!(check_redirect_uri(registered).is_ok() && check_redirect_uri(sent).is_ok());
            }
        }
    }

    /// P20, P26: any authorization request; without a challenge none is ever accepted.
    #[test]
    fn authorization_requests_are_total(query in any_form()) {
        let client = ClientRecord {
            client_id: "agent".into(),
            name: "The agent".into(),
            redirect_uris: vec![REDIRECT_URI.into()],
            scopes: vec!["read".into()],
            may_refresh: true,
        };
        let policy = Policy::new("https://as.example").unwrap();
        let judged = GrantRequest::judge(&query, &client, &policy);
        if judged.is_ok() {
            prop_assert!(query.contains("code_challenge"), "{query:?}");
        }
    }

    /// P27, P29: a redemption with any body and any answers of the store. Tokens come only after
    /// `Claimed(true)` for a code and `Rotated(true)` for a refresh token, and with a proof of possession only
    /// after `Remembered(true)` too (RFC 9449 §11.1).
    #[test]
    fn redeem_is_total(
        body in any_form(),
        content_type in proptest::option::of(any_text()),
        authorization in proptest::option::of(any_text()),
        good in proptest::option::weighted(
            0.75,
            prop_oneof![Just(inputs::GOOD_BODY), Just(inputs::GOOD_REFRESH)],
        ),
        mut events in proptest::collection::vec(any_store_event(), 0..8),
        proven in proptest::bool::weighted(0.25),
        remembered in proptest::option::weighted(0.9, any::<bool>()),
    ) {
        let policy = Policy::new("https://as.example").unwrap();
        let (body, content_type, authorization) = match good {
            Some(good) => {
                (good.to_owned(), Some("application/x-www-form-urlencoded".to_owned()), None)
            }
            None => (body, content_type, authorization),
        };
        let mut flow =
            Redeem::new(body.as_bytes(), content_type.as_deref(), authorization.as_deref(), &policy);
        if proven {
            let fields = [PROOF.to_owned()];
            let request = RequestProof { fields: &fields, method: "POST", url: PROOF_URL, now: PROOF_TIME };
            flow.present(&ProofRules::default(), &request).unwrap();
            events.splice(0..0, remembered.map(inputs::AnyStoreEvent::Remembered));
        }
        let mut new = !proven;
        let mut won = false;
        let mut ended = false;
        for n in 0..=events.len() {
            let event = if n == 0 { StoreEvent::Start } else { events[n - 1].event() };
            new |= matches!(event, StoreEvent::Remembered(true));
            let says_won = match good {
                Some(inputs::GOOD_REFRESH) => matches!(event, StoreEvent::Rotated(true)),
                _ => matches!(event, StoreEvent::Claimed(true)),
            };
            let step = flow.advance(event);
            if ended {
                prop_assert_eq!(step.unwrap_err().code(), "flow_ended");
                prop_assert!(flow.outcome().is_none());
                continue;
            }
            match step {
                Ok(StoreStep::Done) => {
                    ended = true;
                    let answer = flow.outcome().expect("an answer");
                    won |= says_won;
                    prop_assert!(answer.status != 200 || won && new);
                    let issued = matches!(answer.audit.name(), "issued" | "refreshed");
                    prop_assert_eq!(answer.status == 200, issued);
                }
                Ok(_) => {}
                Err(error) => {
                    is_a_good_error(&error);
                    ended = true;
                }
            }
        }
    }

    /// P29: a revocation with any body and any answers of the store. It says that a token was revoked only
    /// after the store has said so.
    #[test]
    fn revoke_is_total(
        body in any_form(),
        good: bool,
        events in proptest::collection::vec(any_store_event(), 0..5),
    ) {
        let body = if good { format!("client_id=agent&token={}", inputs::CODE) } else { body };
        let form = Some("application/x-www-form-urlencoded");
        let mut flow = RevokeToken::new(body.as_bytes(), form, None);
        let mut ended = false;
        let mut revoking = false;
        for n in 0..=events.len() {
            let event = if n == 0 { StoreEvent::Start } else { events[n - 1].event() };
            let done = revoking && matches!(event, StoreEvent::Ok);
            match flow.advance(event) {
                Ok(StoreStep::Done) => {
                    prop_assert!(!ended);
                    ended = true;
                    let answer = flow.outcome().expect("an answer");
                    prop_assert_eq!(answer.audit.name() == "token_revoked", done);
                    prop_assert_eq!(answer.body.is_empty(), answer.status == 200);
                }
                Ok(step) => revoking = matches!(step, StoreStep::Revoke { .. }),
                Err(error) => {
                    is_a_good_error(&error);
                    if ended {
                        prop_assert_eq!(error.code(), "flow_ended");
                    }
                    ended = true;
                }
            }
        }
    }

    /// P28, P29: a token check with any header and any answers of the store.
    #[test]
    fn check_token_is_total(
        header in proptest::option::of(any_text()),
        good: bool,
        events in proptest::collection::vec(any_store_event(), 0..4),
    ) {
        let header = if good { Some(format!("Bearer {}", inputs::CODE)) } else { header };
        let scopes = ["read".to_owned()];
        let mut flow = CheckToken::new(header.as_deref(), "https://api.example/", &scopes);
        let mut ended = false;
        for n in 0..=events.len() {
            let event = if n == 0 { StoreEvent::Start } else { events[n - 1].event() };
            match flow.advance(event) {
                Ok(_) => prop_assert!(!ended),
                Err(error) => {
                    is_a_good_error(&error);
                    ended = true;
                }
            }
        }
        if ended {
            // Whether it is over by `Done` or by an error, it takes nothing more.
            prop_assert_eq!(flow.advance(StoreEvent::Ok).unwrap_err().code(), "flow_ended");
        }
    }

    /// P29: an issue with any answers of the store. A code goes out only after `Stored(true)`.
    #[test]
    fn issue_is_total(events in proptest::collection::vec(any_store_event(), 0..6)) {
        let client = ClientRecord {
            client_id: "agent".into(),
            name: "The agent".into(),
            redirect_uris: vec![REDIRECT_URI.into()],
            scopes: vec!["read".into()],
            may_refresh: true,
        };
        let policy = Policy::new("https://as.example").unwrap();
        let request = GrantRequest::judge(inputs::GOOD_QUERY, &client, &policy).unwrap();
        let approval = Approval { subject: "user-1".into(), scopes: vec!["read".into()] };
        let mut flow = Issue::new(request, approval, &policy).unwrap();
        flow.advance(StoreEvent::Start).unwrap();
        let first = events.first().map(inputs::AnyStoreEvent::event);
        let stored = matches!(first, Some(StoreEvent::Stored(true)));
        let mut ended = false;
        for event in &events {
            match flow.advance(event.event()) {
                Ok(_) => {
                    prop_assert!(!ended);
                    ended = true;
                }
                Err(error) => {
                    is_a_good_error(&error);
                    if ended {
                        prop_assert_eq!(error.code(), "flow_ended");
                    }
                    ended = true;
                }
            }
        }
        match flow.outcome() {
            Some(outcome) => {
                prop_assert_eq!(outcome.issued, stored);
                prop_assert_eq!(outcome.location.expose().contains("code="), stored);
            }
            // An event after `Done` is a driver's mistake and ends the flow with all that it holds.
            None => prop_assert!(!stored || events.len() > 1),
        }
    }
}

/// CVE-2026-27840: every prefix and every suffix of a code fails, and never reaches the store.
#[test]
fn every_prefix_and_suffix_of_a_code_fails() {
    let policy = Policy::new("https://as.example").unwrap();
    let code = inputs::CODE;
    let parts = (0..code.len()).flat_map(|n| [&code[..n], &code[code.len() - n..]]);
    for part in parts {
        let body = inputs::GOOD_BODY.replace(code, part);
        let form = Some("application/x-www-form-urlencoded");
        let mut flow = Redeem::new(body.as_bytes(), form, None, &policy);
        assert!(matches!(flow.advance(StoreEvent::Start), Ok(StoreStep::Done)), "{part}");
        assert_eq!(flow.outcome().unwrap().status, 400, "{part}");
        let header = format!("Bearer {part}");
        let mut check = CheckToken::new(Some(&header), "https://api.example/", &[]);
        assert!(matches!(check.advance(StoreEvent::Start), Ok(StoreStep::Done)), "{part}");
        let body = inputs::GOOD_REFRESH.replace(code, part);
        let mut refresh = Redeem::new(body.as_bytes(), form, None, &policy);
        assert!(matches!(refresh.advance(StoreEvent::Start), Ok(StoreStep::Done)), "{part}");
        assert_eq!(refresh.outcome().unwrap().status, 400, "{part}");
    }
    let form = Some("application/x-www-form-urlencoded");
    let mut refresh = Redeem::new(inputs::GOOD_REFRESH.as_bytes(), form, None, &policy);
    assert!(matches!(refresh.advance(StoreEvent::Start), Ok(StoreStep::FindToken { .. })));
    let form = Some("application/x-www-form-urlencoded");
    let mut flow = Redeem::new(inputs::GOOD_BODY.as_bytes(), form, None, &policy);
    assert!(matches!(flow.advance(StoreEvent::Start), Ok(StoreStep::Find { .. })));
}
