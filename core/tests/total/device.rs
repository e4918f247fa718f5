//! Devices and pushed requests with any bytes, and any answers of the store.

use super::inputs::{any_form, any_store_event, any_text};
use super::is_a_good_error;
use proofkey::grant::client::ClientRecord;
use proofkey::grant::device::{
    Decision, DevicePoll, DeviceRequest, Polled, Waiting, read_user_code,
};
use proofkey::grant::policy::Policy;
use proofkey::grant::request::GrantRequest;
use proofkey::grant::{StoreEvent, StoreStep};
use proptest::prelude::*;

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

fn client() -> ClientRecord {
    ClientRecord {
        client_id: "agent".into(),
        name: "An agent".into(),
        redirect_uris: vec!["http://127.0.0.1/callback".into()],
        scopes: vec!["read".into()],
        may_refresh: true,
    }
}

fn policy() -> Policy {
    Policy::new("https://as.example").expect("an issuer")
}

fn allowed() -> Waiting {
    let body = b"client_id=agent&scope=read";
    let request = DeviceRequest::judge(body, FORM, None, &client(), &policy()).expect("a request");
    let decision = Decision::Allowed { subject: "user".into(), auth_time: 0 };
    Waiting { request, expires_at: 10, interval_s: 0, polled_at: None, decision }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// RFC 8628 §6.1: whatever is typed is a code of one spelling, or none.
    #[test]
    fn user_codes_are_total(typed in any_text()) {
        if let Some(code) = read_user_code(&typed) {
            prop_assert_eq!(code.len(), 9);
            prop_assert_eq!(read_user_code(&code), Some(code));
        }
    }

    /// RFC 8628 §3.1, §3.4, RFC 9126 §2: any body is taken or answered with an error, and no answer holds tokens.
    #[test]
    fn requests_of_devices_are_total(body in any_form()) {
        let (client, policy, body) = (client(), policy(), body.as_bytes());
        let refusals = [
            DeviceRequest::judge(body, FORM, None, &client, &policy).err(),
            DevicePoll::read(body, FORM, None).err(),
            GrantRequest::judge_pushed(body, FORM, None, &client, &policy).err(),
        ];
        for answer in refusals.into_iter().flatten() {
            prop_assert!((400..=401).contains(&answer.status));
            prop_assert!(answer.issued.is_none());
            let refused = answer.body.expose().starts_with("{\"error\":\"");
            prop_assert!(refused);
        }
    }

    /// RFC 8628 §3.5: at any time, a poll of another client gets nothing and changes nothing.
    #[test]
    fn polls_are_total(now in any::<u64>(), interval_s in any::<u64>(), ours in any::<bool>()) {
        let mut waiting = Waiting { interval_s, polled_at: Some(3), ..allowed() };
        let before = waiting.clone();
        let polled = waiting.poll(if ours { "agent" } else { "other" }, None, now, &policy());
        let due = ours && now < 10 && now.saturating_sub(3) >= interval_s;
        prop_assert_eq!(matches!(polled, Polled::Issue(_)), due);
        if !ours {
            prop_assert_eq!(waiting, before);
        }
    }

    /// P29: any answers of the store. Tokens go out only after `Claimed(true)`.
    #[test]
    fn device_issue_is_total(events in proptest::collection::vec(any_store_event(), 0..6)) {
        let Polled::Issue(mut flow) = allowed().poll("agent", None, 1, &policy()) else {
            panic!("no flow");
        };
        let (mut ended, mut claiming) = (false, false);
        for n in 0..=events.len() {
            let event = if n == 0 { StoreEvent::Start } else { events[n - 1].event() };
            let won = claiming && matches!(event, StoreEvent::Claimed(true));
            match flow.advance(event) {
                Ok(StoreStep::Done) => {
                    prop_assert!(!ended);
                    ended = true;
                    let answer = flow.outcome().expect("an answer");
                    prop_assert_eq!(answer.status == 200, won);
                    prop_assert_eq!(answer.body.expose().contains("access_token"), won);
                }
                Ok(step) => claiming = matches!(step, StoreStep::Claim { .. }),
                Err(error) => {
                    is_a_good_error(&error);
                    ended = true;
                }
            }
        }
        if ended {
            prop_assert_eq!(flow.advance(StoreEvent::Ok).unwrap_err().code(), "flow_ended");
        }
    }
}
