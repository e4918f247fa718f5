//! What of discovery is not in the transcripts: its configuration, its messages, and what is made of its
//! outcome (P11, P12, M1, M3, M7).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests fail by panicking"
)]

use proofkey::Error;
use proofkey::flow::discovery::{Discovered, Discovery, DiscoveryConfig};
use proofkey::flow::sign_in::{RedirectTarget, SignIn};
use proofkey::http::{Header, HttpResponse};
use proofkey::metadata::{Feature, Support};
use proofkey::step::{Event, Step};

const ISSUER: &str = "https://as.example";
const RESOURCE: &str = "https://api.example/mcp";

fn config(issuer: Option<&str>, resource: Option<&str>) -> DiscoveryConfig {
    DiscoveryConfig {
        issuer: issuer.map(str::to_owned),
        resource: resource.map(str::to_owned),
        ..DiscoveryConfig::default()
    }
}

fn answer(status: u16, body: &str) -> Event {
    let headers = vec![Header::new("Content-Type", "application/json")];
    Event::Response(HttpResponse::new(status, headers, body.as_bytes().to_vec()))
}

fn document() -> String {
    format!(
        "{{\"issuer\":\"{ISSUER}\",\"authorization_endpoint\":\"{ISSUER}/authorize\",\
         \"token_endpoint\":\"{ISSUER}/token\",\"code_challenge_methods_supported\":[\"S256\"],\
         \"authorization_response_iss_parameter_supported\":true,\
         \"scopes_supported\":[\"offline_access\"]}}"
    )
}

fn found() -> Discovered {
    let mut flow = Discovery::new(config(None, Some(RESOURCE))).unwrap();
    flow.advance(Event::Start, 0).unwrap();
    let resource = format!(
        "{{\"resource\":\"{RESOURCE}\",\"authorization_servers\":[\"{ISSUER}\"],\
         \"scopes_supported\":[\"read\"]}}"
    );
    flow.advance(answer(200, &resource), 1000).unwrap();
    assert!(matches!(flow.advance(answer(200, &document()), 2000), Ok(Step::Done)));
    flow.outcome().unwrap()
}

/// P11: what cannot be asked is said before anything is.
#[test]
fn a_configuration_that_cannot_be_used_names_its_field() {
    let field = |config| match Discovery::new(config) {
        Err(Error::InvalidConfiguration { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(field(DiscoveryConfig::default()), "issuer");
    assert_eq!(field(config(Some("http://as.example"), None)), "issuer");
    assert_eq!(field(config(Some("http://as.example"), Some(RESOURCE))), "issuer");
    assert_eq!(field(config(None, Some("http://api.example"))), "resource");
    let excepted =
        DiscoveryConfig { allow_missing_s256: vec!["*".to_owned()], ..config(Some(ISSUER), None) };
    assert_eq!(field(excepted), "allow_missing_s256");
}

/// P8, P15, M6, M7: what was found is what the sign-in pins.
#[test]
fn a_sign_in_is_made_of_what_was_found() {
    let found = found();
    let redirect = RedirectTarget::Fixed("https://app.example/callback".into());
    let config = found.sign_in("agent", redirect.clone());
    assert_eq!(config.issuer, ISSUER);
    assert_eq!(config.authorization_endpoint, format!("{ISSUER}/authorize"));
    assert_eq!(config.token_endpoint, format!("{ISSUER}/token"));
    assert!(config.iss_promised);
    assert_eq!(config.scopes, ["read"]);
    assert_eq!(config.resource.as_deref(), Some(RESOURCE));
    assert!(SignIn::new(config).is_ok());

    let config = found.provider.sign_in("agent", redirect);
    assert!(config.scopes.is_empty() && config.resource.is_none());
    assert!(SignIn::new(config).is_ok());
    assert!(found.provider.lists_scope("offline_access") && !found.provider.lists_scope("read"));
}

/// Both documents have an age, each its own, by the clock that was given.
#[test]
fn what_was_found_ages() {
    let found = found();
    let resource = found.resource.as_ref().unwrap();
    assert_eq!((resource.fetched_at, found.provider.fetched_at), (1000, 2000));
    assert!(found.provider.is_fresh(2059, 60) && !found.provider.is_fresh(2060, 60));
    assert!(resource.is_fresh(1059, 60) && !resource.is_fresh(1060, 60));
    assert!(!found.provider.is_fresh(1999, 60), "the clock was set back");
}

/// M3: the exception shows in the report, with the text that rules.
#[test]
fn the_report_says_why() {
    let line = found().provider.capability(Feature::S256);
    assert_eq!(line.support, Support::Supported);
    let document = document().replace("S256", "plain");
    let mut flow = Discovery::new(DiscoveryConfig {
        allow_missing_s256: vec![ISSUER.to_owned()],
        ..config(Some(ISSUER), None)
    })
    .unwrap();
    flow.advance(Event::Start, 0).unwrap();
    flow.advance(answer(200, &document), 0).unwrap();
    let report = flow.outcome().unwrap().provider.report();
    assert_eq!(report[0].support, Support::Absent);
    assert!(report[0].why.contains("allows this issuer by name"), "{}", report[0].why);
    assert!(
        report
            .iter()
            .all(|line| { line.why.contains("RFC ") || line.feature == Feature::ClientDocuments })
    );
}

/// Where nothing was found the message names what was asked and what it answered.
#[test]
fn a_message_names_the_addresses_that_were_asked() {
    let mut flow = Discovery::new(config(Some(ISSUER), None)).unwrap();
    flow.advance(Event::Start, 0).unwrap();
    flow.advance(answer(404, ""), 0).unwrap();
    let page = HttpResponse::new(200, vec![Header::new("Content-Type", "text/html")], vec![]);
    let error = flow.advance(Event::Response(page), 0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the authorization server's metadata was not found; asked were \
         https://as.example/.well-known/oauth-authorization-server (HTTP 404), \
         https://as.example/.well-known/openid-configuration (HTTP 200, not application/json)"
    );
}

/// P11: an issuer with a slash too many; both strings, and the difference.
#[test]
fn a_message_marks_the_difference() {
    let mut flow = Discovery::new(config(Some("https://as.example/"), None)).unwrap();
    flow.advance(Event::Start, 0).unwrap();
    let error = flow.advance(answer(200, &document()), 0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the metadata is of the issuer \"https://as.example\", not of \"https://as.example/\": \
         after \"https://as.example\" \"/\" was asked for, and nothing came"
    );
}
