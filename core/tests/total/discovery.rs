//! Discovery and what it reads, under anything (threats: hostile metadata; P11, P12, M1, M3).

use super::inputs::{any_event, any_text};
use super::is_a_good_error;
use proofkey::flow::discovery::{Discovery, DiscoveryConfig};
use proofkey::http::{Header, HttpResponse};
use proofkey::metadata::{Feature, ProtectedResource, Provider, well_known};
use proofkey::step::{Event, Step};
use proofkey::www_authenticate::Challenges;
use proptest::prelude::*;

const ISSUER: &str = "https://as.example";
const RESOURCE: &str = "https://api.example/mcp";

/// Documents: the members of both, good and bad, in any number and order.
fn any_document() -> impl Strategy<Value = String> {
    let name = proptest::sample::select(vec![
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "revocation_endpoint",
        "jwks_uri",
        "code_challenge_methods_supported",
        "grant_types_supported",
        "authorization_response_iss_parameter_supported",
        "require_pushed_authorization_requests",
        "resource",
        "authorization_servers",
        "scopes_supported",
        "bearer_methods_supported",
        "x",
    ]);
    let value = prop_oneof![
        Just("\"https://as.example\"".to_owned()),
        Just("\"https://api.example/mcp\"".to_owned()),
        Just("\"http://127.0.0.1:1/x\"".to_owned()),
        Just("[\"S256\"]".to_owned()),
        Just("[\"https://as.example\"]".to_owned()),
        Just("[]".to_owned()),
        Just("true".to_owned()),
        Just("null".to_owned()),
        Just("1e999".to_owned()),
        Just("[[{}]]".to_owned()),
        any_text().prop_map(|text| serde_json::to_string(&text).unwrap()),
        any_text().prop_map(|text| serde_json::to_string(&[text]).unwrap()),
    ];
    let start = prop_oneof![
        3 => Just(GOOD.to_owned()),
        3 => Just(GOOD_RESOURCE.to_owned()),
        1 => Just("\"x\":0".to_owned()),
    ];
    (start, proptest::collection::vec((name, value), 0..4), any_text()).prop_map(
        |(start, members, tail)| {
            let members = members.iter().map(|(name, value)| format!(",\"{name}\":{value}"));
            let tail = if tail.len() > 60 { tail } else { String::new() };
            format!("{{{start}{}}}{tail}", members.collect::<String>())
        },
    )
}

const GOOD: &str = "\"issuer\":\"https://as.example\",\
    \"authorization_endpoint\":\"https://as.example/authorize\",\
    \"token_endpoint\":\"https://as.example/token\"";
const GOOD_RESOURCE: &str = "\"resource\":\"https://api.example/mcp\"";

fn any_field() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "Bearer",
        "DPoP ",
        "Basic ",
        " ",
        ",",
        "=",
        "\"",
        "\\",
        "a",
        "realm=\"x\"",
        "scope=",
        "resource_metadata=\"https://api.example/x\"",
        "abc==",
        "\t",
        "\u{e9}",
        "\0",
        "\r\n",
    ]);
    prop_oneof![
        4 => proptest::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// P11: any issuer and resource; the addresses lie on the same host.
    #[test]
    fn well_known_is_total(text in any_text(), path in "[a-z/.%]{0,20}") {
        for typed in [text, format!("https://as.example/{path}")] {
            for urls in [
                well_known::authorization_server_urls(&typed),
                well_known::protected_resource_urls(&typed),
            ] {
                match urls {
                    Ok(urls) => for url in urls {
                        let origin = typed.split('/').take(3).collect::<Vec<_>>().join("/");
                        let origin = origin.split('?').next().unwrap();
                        prop_assert!(url.strip_prefix(origin).is_some_and(|rest| rest.starts_with('/')));
                        prop_assert!(url.contains("/.well-known/"));
                    },
                    Err(error) => is_a_good_error(&error),
                }
            }
        }
    }

    /// P11, M3: whatever is believed of a document, it is this issuer's, https and with S256.
    #[test]
    fn metadata_is_total(
        document in any_document(),
        bytes in proptest::collection::vec(any::<u8>(), 0..100),
        allow: bool,
        now: u64,
    ) {
        for body in [document.into_bytes(), bytes] {
            match Provider::read(ISSUER, &body, allow, "https://as.example/x", now) {
                Ok(provider) => {
                    prop_assert_eq!(&provider.issuer, ISSUER);
                    prop_assert!(allow || provider.offers_s256());
                    prop_assert!(provider.token_endpoint.starts_with("https://"));
                    prop_assert!(provider.authorization_endpoint.starts_with("https://"));
                    prop_assert_eq!(provider.report().len(), Feature::ALL.len());
                    prop_assert!(provider.is_fresh(now, 1));
                }
                Err(error) => is_a_good_error(&error),
            }
            match ProtectedResource::read(RESOURCE, &body, "https://api.example/x", now) {
                Ok(found) => {
                    prop_assert_eq!(&found.resource, RESOURCE);
                    match found.issuer(None) {
                        Ok(issuer) => prop_assert!(issuer.starts_with("https://")),
                        Err(error) => is_a_good_error(&error),
                    }
                }
                Err(error) => is_a_good_error(&error),
            }
        }
    }

    /// M1: any field; nothing is found that does not stand there.
    #[test]
    fn challenges_are_total(fields in proptest::collection::vec(any_field(), 0..20)) {
        let parsed = Challenges::parse(fields.iter().map(String::as_str));
        for challenge in &parsed.list {
            prop_assert!(!challenge.scheme.is_empty());
            prop_assert!(challenge.token68.is_none() || challenge.parameters.is_empty());
            let mut names: Vec<_> = challenge.parameters.iter().map(|(name, _)| name).collect();
            let count = names.len();
            names.sort();
            names.dedup();
            prop_assert_eq!(names.len(), count);
        }
        if let Some(demand) = parsed.demand() {
            prop_assert!(fields.iter().any(|field| field.to_ascii_lowercase().contains(&demand.scheme)));
        }
    }

    /// What was written by the grammar is read back.
    #[test]
    fn challenges_are_read_back(
        scheme in "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}",
        parameters in proptest::collection::vec(("[a-z]{1,8}", "[ -~\u{e9}\t]{0,20}"), 1..6),
    ) {
        let mut names: Vec<_> = parameters.iter().map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        prop_assume!(names.len() == parameters.len());
        let written: Vec<String> = parameters
            .iter()
            .map(|(name, value)| {
                format!("{name}=\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
            })
            .collect();
        let field = format!("{scheme} {}", written.join(", "));
        let parsed = Challenges::parse([field.as_str()]);
        prop_assert_eq!(parsed.list.len(), 1, "{:?}", parsed.defects);
        prop_assert_eq!(&parsed.list[0].scheme, &scheme.to_ascii_lowercase());
        prop_assert_eq!(&parsed.list[0].parameters, &parameters);
    }

    /// Any events in any order, with documents among them.
    #[test]
    fn discovery_is_total(
        from_resource: bool,
        fields in proptest::collection::vec(any_field(), 0..3),
        events in proptest::collection::vec(
            (any_event(), any_document(), 0_u16..600, any::<bool>()),
            0..10,
        ),
        now: u64,
    ) {
        let mut flow = Discovery::new(DiscoveryConfig {
            issuer: (!from_resource).then(|| ISSUER.to_owned()),
            resource: from_resource.then(|| RESOURCE.to_owned()),
            www_authenticate: fields,
            allow_missing_s256: vec![ISSUER.to_owned()],
        })
        .unwrap();
        let mut next = Event::Start;
        let mut sent = 0;
        for (event, document, status, answer) in events {
            match flow.advance(next, now) {
                Ok(Step::Send { request, finish }) => {
                    sent += 1;
                    prop_assert!(!finish && request.body.is_none() && sent <= 6);
                    prop_assert!(request.url.starts_with("https://"));
                }
                Ok(Step::Done) => {
                    let found = flow.outcome().unwrap();
                    prop_assert_eq!(found.provider.issuer, ISSUER);
                    prop_assert!(flow.outcome().is_none());
                    break;
                }
                Ok(step) => panic!("{step:?}"),
                Err(error) => {
                    is_a_good_error(&error);
                    prop_assert!(flow.outcome().is_none());
                    prop_assert_eq!(flow.advance(Event::Start, now).unwrap_err().code(), "flow_ended");
                    break;
                }
            }
            next = if answer {
                let headers = vec![Header::new("Content-Type", "application/json")];
                let status = if status < 400 { 200 } else { status };
                Event::Response(HttpResponse::new(status, headers, document.into_bytes()))
            } else {
                event.with_state("none")
            };
        }
    }
}
