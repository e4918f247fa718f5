//! What the total tests throw at the flows.

use proofkey::grant::{FoundGrant, FoundToken, Grant, Rotation, StoreEvent, TokenKind};
use proofkey::http::{Header, HttpResponse};
use proofkey::step::{Event, Lost};
use proofkey::verifier::CodeVerifier;
use proptest::prelude::*;

pub const CODE: &str = "AAECAwQFBgcICQoLDA0ODw.ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const GOOD_REFRESH: &str = "grant_type=refresh_token&client_id=agent&refresh_token=AAECAwQFBgcICQoLDA0ODw.ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8";
pub const GOOD_BODY: &str = "grant_type=authorization_code&client_id=agent&code=AAECAwQFBgcICQoLDA0ODw.ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const GOOD_QUERY: &str = "response_type=code&client_id=agent&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback&scope=read&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

/// Texts: anything, or pieces that mean something to a parser of forms and URIs.
pub fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("code=c-1".to_owned()),
        Just("error=access_denied".to_owned()),
        Just("state=x".to_owned()),
        Just("iss=https%3A%2F%2Fas.example".to_owned()),
        Just("&".to_owned()),
        Just("=".to_owned()),
        Just("%".to_owned()),
        Just("%00".to_owned()),
        Just("%ff".to_owned()),
        Just("%zz".to_owned()),
        Just("+".to_owned()),
        Just("#".to_owned()),
        Just("?".to_owned()),
        Just("\0".to_owned()),
        Just("https://as.example/".to_owned()),
        Just("http://127.0.0.1:1/".to_owned()),
        Just("@[::1]:".to_owned()),
        Just("Bearer ".to_owned()),
        "[A-Za-z0-9._~-]{0,60}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Redirects that cannot hold a session's state: that has 43 random characters.
pub fn any_redirect() -> impl Strategy<Value = String> {
    let base = prop_oneof![
        4 => Just("http://127.0.0.1:49152/callback".to_owned()),
        1 => Just("http://127.0.0.1:49153/callback".to_owned()),
        1 => Just("com.example.app:/callback".to_owned()),
        1 => any_text(),
    ];
    let join = prop_oneof![Just("?"), Just("#"), Just("&"), Just("?&"), Just("")];
    (base, join, any_text()).prop_map(|(base, join, rest)| format!("{base}{join}{rest}"))
}

/// Forms: the parameters of both requests in any number, order and state of repair.
pub fn any_form() -> impl Strategy<Value = String> {
    let good = GOOD_BODY.split('&').chain(GOOD_QUERY.split('&')).map(str::to_owned);
    let pair = prop_oneof![
        8 => proptest::sample::select(good.collect::<Vec<_>>()),
        1 => any_text(),
    ];
    proptest::collection::vec(pair, 0..14).prop_map(|pairs| pairs.join("&"))
}

/// Bytes, of which some are the beginning of an answer.
pub fn any_body() -> impl Strategy<Value = Vec<u8>> {
    let start = prop_oneof![
        Just(Vec::new()),
        Just(b"{\"access_token\":\"at-1\",\"token_type\":\"Bearer\"".to_vec()),
        Just(b"{\"error\":\"".to_vec()),
    ];
    (start, proptest::collection::vec(any::<u8>(), 0..200))
        .prop_map(|(start, rest)| [start, rest].concat())
}

/// Objects of the members of a token response, with values of every type.
pub fn any_json() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("access_token"),
        Just("token_type"),
        Just("expires_in"),
        Just("refresh_token"),
        Just("scope"),
        Just("error"),
        Just("error_description"),
        Just("x"),
    ];
    let value = prop_oneof![
        Just("\"Bearer\"".to_owned()),
        Just("\"at-1\"".to_owned()),
        Just("3600".to_owned()),
        Just("-1".to_owned()),
        Just("1e999".to_owned()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("[[{}]]".to_owned()),
        Just("\"\\u0000\"".to_owned()),
        any::<u64>().prop_map(|n| n.to_string()),
        any::<f64>().prop_map(|n| n.to_string()),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    proptest::collection::vec((name, value), 0..6).prop_map(|members| {
        let good = "\"access_token\":\"at-1\",\"token_type\":\"Bearer\"".to_owned();
        let members = members.iter().map(|(name, value)| format!("\"{name}\":{value}"));
        format!("{{{}}}", std::iter::once(good).chain(members).collect::<Vec<_>>().join(","))
    })
}

/// An event that can be made more than once.
#[derive(Debug, Clone)]
pub enum AnyEvent {
    Start,
    Listening(u16),
    Response(u16, Vec<u8>),
    Unreachable,
    Redirect(String),
    Elapsed,
    Dismissed,
    Failed(String),
    Cancel,
}

impl AnyEvent {
    pub fn with_state(&self, state: &str) -> Event {
        match self {
            Self::Start => Event::Start,
            Self::Listening(port) => Event::Listening { port: *port },
            Self::Response(status, body) => {
                let headers = vec![Header::new("Content-Type", "application/json")];
                Event::Response(HttpResponse::new(*status, headers, body.clone()))
            }
            Self::Unreachable => {
                Event::Unreachable { reason: Lost::TimedOut, detail: "\u{1b}[2J".into() }
            }
            Self::Redirect(uri) => Event::Redirect { uri: uri.replace("{state}", state) },
            Self::Elapsed => Event::Elapsed,
            Self::Dismissed => Event::Dismissed,
            Self::Failed(code) => Event::Failed { code: code.clone(), detail: "a\r\nb".into() },
            Self::Cancel => Event::Cancel,
        }
    }
}

pub fn any_event() -> impl Strategy<Value = AnyEvent> {
    let good = "http://127.0.0.1:49152/callback?code=c-1&state={state}".to_owned();
    let tokens = b"{\"access_token\":\"at-1\",\"token_type\":\"Bearer\"}".to_vec();
    prop_oneof![
        1 => Just(AnyEvent::Start),
        1 => any::<u16>().prop_map(AnyEvent::Listening),
        1 => (0_u16..1000, any_body()).prop_map(|(status, body)| AnyEvent::Response(status, body)),
        1 => Just(AnyEvent::Response(200, tokens)),
        1 => Just(AnyEvent::Unreachable),
        4 => any_redirect().prop_map(AnyEvent::Redirect),
        2 => Just(AnyEvent::Redirect(good)),
        1 => any_text().prop_map(|rest| {
            AnyEvent::Redirect(format!("http://127.0.0.1:49152/callback?state={{state}}&{rest}"))
        }),
        1 => Just(AnyEvent::Elapsed),
        1 => Just(AnyEvent::Dismissed),
        1 => prop_oneof![Just("port_in_use".to_owned()), any_text()].prop_map(AnyEvent::Failed),
        1 => Just(AnyEvent::Cancel),
    ]
}

/// A store's answer that can be made more than once.
#[derive(Debug, Clone)]
pub enum AnyStoreEvent {
    Start,
    Stored(bool),
    Found { row: Option<Row>, now: u64 },
    Claimed(bool),
    Rotated(bool),
    Remembered(bool),
    FoundToken { row: Option<Row>, now: u64 },
    Ok,
    Failed,
}

#[derive(Debug, Clone)]
pub struct Row {
    right: bool,
    challenge: bool,
    expires_at: u64,
    used: bool,
    revoked: bool,
    mismatches: u32,
    kind: TokenKind,
    rotation: Rotation,
}

impl Row {
    fn grant(&self) -> Grant {
        let challenge = CodeVerifier::parse(VERIFIER).unwrap().challenge();
        Grant {
            grant_id: CODE[..22].into(),
            client_id: if self.right { "agent".into() } else { "other".into() },
            subject: "user-1".into(),
            redirect_uri: "http://127.0.0.1:49152/callback".into(),
            redirect_uri_was_sent: false,
            code_challenge: self.challenge.then_some(challenge),
            scope: "read".into(),
            resource: (!self.right).then(|| "https://other.example/".into()),
            refreshable: self.challenge,
            terms: Box::default(),
        }
    }
}

impl AnyStoreEvent {
    pub fn event(&self) -> StoreEvent {
        match self {
            Self::Start => StoreEvent::Start,
            Self::Stored(stored) => StoreEvent::Stored(*stored),
            Self::Claimed(claimed) => StoreEvent::Claimed(*claimed),
            Self::Rotated(rotated) => StoreEvent::Rotated(*rotated),
            Self::Remembered(new) => StoreEvent::Remembered(*new),
            Self::Ok => StoreEvent::Ok,
            Self::Failed => StoreEvent::Failed,
            Self::Found { row, now } => StoreEvent::Found {
                grant: row.as_ref().map(|row| FoundGrant {
                    grant: row.grant(),
                    expires_at: row.expires_at,
                    used: row.used,
                    revoked: row.revoked,
                    mismatches: row.mismatches,
                }),
                now: *now,
            },
            Self::FoundToken { row, now } => StoreEvent::FoundToken {
                token: row.as_ref().map(|row| FoundToken {
                    kind: row.kind,
                    expires_at: row.expires_at,
                    revoked: row.revoked,
                    scope: row.used.then(|| "read".into()),
                    rotation: row.rotation,
                    dpop_jkt: None,
                    grant: row.grant(),
                }),
                now: *now,
            },
        }
    }
}

pub fn any_store_event() -> impl Strategy<Value = AnyStoreEvent> {
    let row = (
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.9),
        prop_oneof![any::<u64>(), Just(u64::MAX)],
        prop::bool::weighted(0.3),
        prop::bool::weighted(0.2),
        prop_oneof![4 => 0_u32..7, 1 => any::<u32>()],
        prop::bool::weighted(0.7),
        prop_oneof![
            6 => Just(Rotation::Newest),
            2 => any::<u64>().prop_map(|rotated_at| Rotation::Predecessor { rotated_at }),
            1 => Just(Rotation::Older),
        ],
    )
        .prop_map(
            |(right, challenge, expires_at, used, revoked, mismatches, refresh, rotation)| Row {
                right,
                challenge,
                expires_at,
                used,
                revoked,
                mismatches,
                kind: if refresh { TokenKind::Refresh } else { TokenKind::Access },
                rotation,
            },
        );
    let row = proptest::option::weighted(0.9, row);
    prop_oneof![
        1 => Just(AnyStoreEvent::Start),
        2 => any::<bool>().prop_map(AnyStoreEvent::Stored),
        8 => (row.clone(), any::<u64>()).prop_map(|(row, now)| AnyStoreEvent::Found { row, now }),
        6 => any::<bool>().prop_map(AnyStoreEvent::Claimed),
        6 => (row, any::<u64>()).prop_map(|(row, now)| AnyStoreEvent::FoundToken { row, now }),
        6 => any::<bool>().prop_map(AnyStoreEvent::Rotated),
        1 => any::<bool>().prop_map(AnyStoreEvent::Remembered),
        1 => Just(AnyStoreEvent::Ok),
        1 => Just(AnyStoreEvent::Failed),
    ]
}
