//! The access flow: its tokens, kept and new, stand in what is stored and sent, and in nothing that is
//! printed.

use super::search::{Printed, holds};
use super::{ACCESS_TOKEN, CODE, REDIRECT_URI, REFRESH_TOKEN, json, parameter, tokens};
use proofkey::flow::access::{Access, AccessConfig, Endpoints, Goal};
use proofkey::flow::sign_in::RedirectTarget;
use proofkey::seal::DataKey;
use proofkey::secret::SecretBytes;
use proofkey::step::{Event, Lost, Step};
use std::sync::Arc;

fn config() -> AccessConfig {
    AccessConfig {
        issuer: Some("https://as.example".into()),
        client_id: Some("agent".into()),
        endpoints: Some(Endpoints {
            authorization_endpoint: "https://as.example/authorize".into(),
            token_endpoint: "https://as.example/token".into(),
            revocation_endpoint: Some("https://as.example/revoke".into()),
            pushed_authorization_request_endpoint: None,
            device_authorization_endpoint: None,
            jwks_uri: None,
            end_session_endpoint: None,
            iss_promised: false,
        }),
        redirect: RedirectTarget::Fixed(REDIRECT_URI.into()),
        ..AccessConfig::default()
    }
}

fn flow(goal: Goal, key: Option<&Arc<DataKey>>) -> Access {
    Access::new(config(), goal, key.cloned()).unwrap()
}

/// Signs in, and gives what the store was given for the tokens.
fn kept(printed: &mut Printed, key: Option<&Arc<DataKey>>) -> SecretBytes {
    let mut flow = flow(Goal::SignIn, key);
    printed.debug("Access, ready", &flow);
    let step = flow.advance(Event::Start, 0).unwrap();
    printed.debug("Access, browsing", &flow);
    let Step::Browse { url, .. } = &step else { panic!("{step:?}") };
    let state = parameter(url, "state");
    printed.with_url("Step::Browse", &step, url);
    let uri = format!("{REDIRECT_URI}?code={CODE}&state={state}");
    let step = flow.advance(Event::Redirect { uri }, 0).unwrap();
    printed.debug("Step::Send", &step);
    let step = flow.advance(Event::Response(json(200, &tokens())), 0).unwrap();
    printed.debug("Step::Swap", &step);
    printed.debug("Access, storing", &flow);
    let Step::Swap { value: Some(value), .. } = step else { panic!("a swap") };
    let mut step = flow.advance(Event::Swapped { swapped: true }, 0).unwrap();
    while !matches!(step, Step::Done) {
        printed.debug("Step", &step);
        step = flow.advance(Event::Swapped { swapped: true }, 0).unwrap();
    }
    let outcome = flow.outcome().unwrap();
    printed.debug("AccessOutcome", &outcome);
    assert!(holds(outcome.tokens.unwrap().expose_access_token(), ACCESS_TOKEN));
    value
}

fn text(bytes: &SecretBytes) -> String {
    String::from_utf8_lossy(bytes.expose()).into_owned()
}

#[test]
fn access_prints_none_of_its_tokens() {
    let mut printed = Printed::default();
    let key = Arc::new(DataKey::generate().unwrap());
    printed.debug("DataKey", &key);
    let sealed = kept(&mut printed, Some(&key));
    let open = kept(&mut printed, None);
    // Control: what is not sealed holds them, and what is sealed does not.
    for secret in [ACCESS_TOKEN, REFRESH_TOKEN] {
        assert!(holds(&text(&open), secret));
        assert!(!holds(&text(&sealed), secret));
    }

    // A refresh, which ends in every way.
    let copy = || SecretBytes::new(open.expose().to_vec());
    let ends: [Event; 5] = [
        Event::Response(json(200, &tokens())),
        Event::Response(json(
            400,
            &format!("{{\"error\":\"invalid_grant\",\"error_description\":\"{REFRESH_TOKEN}\"}}"),
        )),
        Event::Response(json(500, REFRESH_TOKEN)),
        Event::Unreachable { reason: Lost::Lost, detail: "the line was cut".into() },
        Event::Cancel,
    ];
    for end in ends {
        let mut flow = Access::new(
            AccessConfig { rejected: Some(fingerprint()), ..config() },
            Goal::Token,
            None,
        )
        .unwrap();
        let mut answers = vec![
            Event::Start,
            Event::Loaded { revision: 1, value: Some(copy()) },
            Event::Locked,
            Event::Loaded { revision: 1, value: Some(copy()) },
            end,
        ]
        .into_iter();
        let mut event = answers.next();
        while let Some(given) = event {
            printed.debug("Event", &given);
            match flow.advance(given, 0) {
                Ok(Step::Done) => {
                    printed.debug("AccessOutcome", &flow.outcome());
                    break;
                }
                Ok(step) => {
                    printed.debug("Step", &step);
                    printed.debug("Access", &flow);
                    event = answers.next().or(Some(match step {
                        Step::Swap { .. } => Event::Swapped { swapped: true },
                        _ => Event::Ok,
                    }));
                }
                Err(error) => {
                    printed.error("a refresh", &error);
                    break;
                }
            }
        }
        assert!(answers.next().is_none(), "the flow came to its refresh");
    }
    let secrets =
        [("access token", ACCESS_TOKEN), ("refresh token", REFRESH_TOKEN), ("code", CODE)];
    printed.hold_none(&secrets);
    printed.hold_none(&[("data key", &key.expose_text())]);
}

fn fingerprint() -> [u8; 32] {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(ACCESS_TOKEN).into()
}
