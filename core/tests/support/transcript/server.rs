//! The server's flows in the format's words.

use super::super::{number, optional, string, strings, text, truth};
use super::client::located;
use super::{Flow, words};
use proofkey::Error;
use proofkey::challenge::CodeChallenge;
use proofkey::grant::answer::TokenAnswer;
use proofkey::grant::check::{Access, CheckToken};
use proofkey::grant::client::ClientRecord;
use proofkey::grant::issue::{Approval, Issue};
use proofkey::grant::policy::{Policy, Profile};
use proofkey::grant::redeem::Redeem;
use proofkey::grant::request::GrantRequest;
use proofkey::grant::revoke::RevokeToken;
use proofkey::grant::{
    FoundGrant, FoundToken, Grant, Hash, NewToken, Rotation, StoreEvent, StoreStep, TokenKind,
};
use proofkey::http::Header;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

pub fn sha256(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

fn hexadecimal(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn challenge(data: &Value) -> Option<CodeChallenge> {
    data.as_str().map(|text| CodeChallenge::parse(text).expect("a stored challenge"))
}

/// A policy; what is left out is as [`Policy::new`] has it.
pub fn policy(data: &Value) -> Policy {
    let mut policy = Policy::new(string(data, "issuer")).expect("an issuer");
    policy.profile = match string(data, "profile") {
        "oauth20" => Profile::OAuth20,
        "oauth21" => Profile::OAuth21,
        other => panic!("unknown profile {other}"),
    };
    let or = |name: &str, default: u64| data[name].as_u64().unwrap_or(default);
    policy.code_lifetime_s = or("code_lifetime_s", policy.code_lifetime_s);
    policy.access_token_lifetime_s = or("access_token_lifetime_s", policy.access_token_lifetime_s);
    policy.refresh_token_lifetime_s =
        or("refresh_token_lifetime_s", policy.refresh_token_lifetime_s);
    policy.reuse_window_s = or("reuse_window_s", policy.reuse_window_s);
    policy.max_mismatches =
        u32::try_from(or("max_mismatches", policy.max_mismatches.into())).unwrap();
    policy
}

pub fn client_record(data: &Value) -> ClientRecord {
    ClientRecord {
        client_id: string(data, "client_id").into(),
        name: "The agent".into(),
        redirect_uris: strings(&data["redirect_uris"]),
        scopes: strings(&data["scopes"]),
        may_refresh: data["may_refresh"] == true,
    }
}

fn grant(data: &Value) -> Grant {
    Grant {
        grant_id: string(data, "grant_id").into(),
        client_id: string(data, "client_id").into(),
        subject: string(data, "subject").into(),
        redirect_uri: string(data, "redirect_uri").into(),
        redirect_uri_was_sent: truth(data, "redirect_uri_was_sent"),
        code_challenge: challenge(&data["code_challenge"]),
        scope: string(data, "scope").into(),
        resource: optional(data, "resource"),
        refreshable: data["refreshable"] == true,
        terms: Box::default(),
    }
}

fn found_token(row: &Value) -> FoundToken {
    FoundToken {
        kind: TokenKind::parse(string(row, "kind")).expect("a kind"),
        expires_at: number(row, "expires_at"),
        revoked: truth(row, "revoked"),
        scope: optional(row, "scope"),
        rotation: match optional(row, "rotation").as_deref() {
            None | Some("newest") => Rotation::Newest,
            Some("predecessor") => Rotation::Predecessor { rotated_at: number(row, "rotated_at") },
            Some("older") => Rotation::Older,
            Some(other) => panic!("unknown rotation {other}"),
        },
        dpop_jkt: None,
        grant: grant(&row["grant"]),
    }
}

fn event(data: &Value) -> StoreEvent {
    match string(data, "name") {
        "Start" => StoreEvent::Start,
        "Stored" => StoreEvent::Stored(truth(data, "stored")),
        "Claimed" => StoreEvent::Claimed(truth(data, "claimed")),
        "Rotated" => StoreEvent::Rotated(truth(data, "rotated")),
        "Ok" => StoreEvent::Ok,
        "Failed" => StoreEvent::Failed,
        "Found" => StoreEvent::Found {
            grant: (!data["grant"].is_null()).then(|| {
                let row = &data["grant"];
                FoundGrant {
                    grant: grant(&row["grant"]),
                    expires_at: number(row, "expires_at"),
                    used: truth(row, "used"),
                    revoked: truth(row, "revoked"),
                    mismatches: u32::try_from(number(row, "mismatches")).unwrap(),
                }
            }),
            now: number(data, "now"),
        },
        "FoundToken" => StoreEvent::FoundToken {
            token: (!data["token"].is_null()).then(|| found_token(&data["token"])),
            now: number(data, "now"),
        },
        other => panic!("unknown event {other}"),
    }
}

fn step(step: &StoreStep) -> Value {
    let mut seen = match step {
        StoreStep::Put { grant: new } => {
            let grant = &new.grant;
            json!({
                "grant": {
                    "grant_id": grant.grant_id,
                    "client_id": grant.client_id,
                    "subject": grant.subject,
                    "redirect_uri": grant.redirect_uri,
                    "redirect_uri_was_sent": grant.redirect_uri_was_sent,
                    "code_challenge": grant.code_challenge.map(|challenge| challenge.to_text()),
                    "scope": grant.scope,
                    "resource": grant.resource,
                    "refreshable": grant.refreshable,
                },
                "code_hash": hexadecimal(&new.code_hash),
                "lifetime_s": new.lifetime_s,
            })
        }
        StoreStep::Find { grant_id, code_hash } => {
            json!({ "grant_id": grant_id, "code_hash": hexadecimal(code_hash) })
        }
        StoreStep::Claim { grant_id, code_hash, max_mismatches, tokens } => json!({
            "grant_id": grant_id,
            "code_hash": hexadecimal(code_hash),
            "max_mismatches": max_mismatches,
            "tokens": tokens.iter().map(new_token).collect::<Vec<_>>(),
        }),
        StoreStep::Count { grant_id } | StoreStep::Revoke { grant_id } => {
            json!({ "grant_id": grant_id })
        }
        StoreStep::FindToken { grant_id, token_hash } => {
            json!({ "grant_id": grant_id, "token_hash": hexadecimal(token_hash) })
        }
        StoreStep::Rotate { grant_id, token_hash, reuse_window_s, tokens } => json!({
            "grant_id": grant_id,
            "token_hash": hexadecimal(token_hash),
            "reuse_window_s": reuse_window_s,
            "tokens": tokens.iter().map(new_token).collect::<Vec<_>>(),
        }),
        StoreStep::Done => json!({}),
    };
    seen["name"] = step.name().into();
    seen
}

fn new_token(token: &NewToken) -> Value {
    json!({
        "kind": token.kind.as_str(),
        "token_hash": hexadecimal(&token.token_hash),
        "lifetime_s": token.lifetime_s,
        "scope": token.scope,
    })
}

/// An issue; where the user says no there is no flow, only a location.
pub enum IssueFlow {
    Allowed(Box<Issue>),
    Denied(Option<String>),
}

impl IssueFlow {
    pub fn new(config: &Value) -> Self {
        let policy = policy(&config["policy"]);
        let query = text(&config["query"]);
        let request = GrantRequest::judge(&query, &client_record(&config["client"]), &policy)
            .expect("a transcript's request is a good one");
        if config["deny"] == true {
            return Self::Denied(Some(request.deny(&policy)));
        }
        let approval = Approval {
            subject: string(&config["approve"], "subject").into(),
            scopes: strings(&config["approve"]["scopes"]),
        };
        Self::Allowed(Box::new(Issue::new(request, approval, &policy).expect("an approval")))
    }
}

impl Flow for IssueFlow {
    fn advance(&mut self, data: &Value, _now: u64) -> Result<Value, Error> {
        match self {
            Self::Allowed(flow) => flow.advance(event(data)).map(|next| step(&next)),
            Self::Denied(_) => Err(Error::FlowEnded),
        }
    }

    fn outcome(&mut self) -> Option<(Value, String)> {
        let (location, issued) = match self {
            Self::Allowed(flow) => {
                let outcome = flow.outcome()?;
                (located(outcome.location.expose()), outcome.issued)
            }
            Self::Denied(location) => (located(&location.take()?), false),
        };
        let error = location["parameters"]["error"].as_str();
        let verdict = error.map_or_else(|| "issued".into(), |error| format!("refused {error}"));
        Some((json!({ "issued": issued, "location": location }), verdict))
    }
}

pub struct RedeemFlow(Redeem);

impl RedeemFlow {
    pub fn new(config: &Value) -> Self {
        Self(Redeem::new(
            text(&config["body"]).as_bytes(),
            optional(config, "content_type").as_deref(),
            optional(config, "authorization").as_deref(),
            &policy(&config["policy"]),
        ))
    }
}

impl Flow for RedeemFlow {
    fn advance(&mut self, data: &Value, _now: u64) -> Result<Value, Error> {
        self.0.advance(event(data)).map(|next| step(&next))
    }

    fn outcome(&mut self) -> Option<(Value, String)> {
        self.0.outcome().map(answered)
    }
}

/// What an endpoint answers. An empty body is absent.
fn answered(answer: TokenAnswer) -> (Value, String) {
    let body = match answer.body.expose() {
        "" => Value::Null,
        body => serde_json::from_str(body).expect("a JSON body"),
    };
    let field = |header: &Header| (header.name.to_ascii_lowercase(), header.value.clone().into());
    let mut verdict = answer.status.to_string();
    if let Value::String(error) = &body["error"] {
        verdict = format!("{verdict} {error}");
    }
    verdict = format!("{verdict} {}", words(&[("audit", Some(answer.audit.name()))]));
    let seen = json!({
        "status": answer.status,
        "headers": answer.headers.iter().map(field).collect::<Map<_, _>>(),
        "body": body,
        "audit": answer.audit.name(),
    });
    (seen, verdict)
}

pub struct RevokeFlow(RevokeToken);

impl RevokeFlow {
    pub fn new(config: &Value) -> Self {
        Self(RevokeToken::new(
            text(&config["body"]).as_bytes(),
            optional(config, "content_type").as_deref(),
            optional(config, "authorization").as_deref(),
        ))
    }
}

impl Flow for RevokeFlow {
    fn advance(&mut self, data: &Value, _now: u64) -> Result<Value, Error> {
        self.0.advance(event(data)).map(|next| step(&next))
    }

    fn outcome(&mut self) -> Option<(Value, String)> {
        self.0.outcome().map(answered)
    }
}

pub struct CheckTokenFlow(CheckToken);

impl CheckTokenFlow {
    pub fn new(config: &Value) -> Self {
        Self(CheckToken::new(
            optional(config, "authorization").as_deref(),
            string(config, "audience"),
            &strings(&config["required_scopes"]),
        ))
    }
}

impl Flow for CheckTokenFlow {
    fn advance(&mut self, data: &Value, _now: u64) -> Result<Value, Error> {
        self.0.advance(event(data)).map(|next| step(&next))
    }

    fn outcome(&mut self) -> Option<(Value, String)> {
        Some(match self.0.outcome()? {
            Access::Granted(token) => {
                let (client, subject) = (&token.grant.client_id, &token.grant.subject);
                let named =
                    [("client_id", Some(client.as_str())), ("subject", Some(subject.as_str()))];
                let seen = json!({ "granted": true, "client_id": client, "subject": subject });
                (seen, format!("granted {}", words(&named)))
            }
            Access::Refused { status, www_authenticate } => (
                json!({ "granted": false, "status": status, "www_authenticate": www_authenticate }),
                format!("refused {status}"),
            ),
        })
    }
}
