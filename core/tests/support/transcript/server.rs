//! The server's flows in the format's words.

use super::super::{number, optional, string, strings, text, truth};
use super::client::located;
use super::{Flow, words};
use proofkey::Error;
use proofkey::challenge::CodeChallenge;
use proofkey::grant::answer::TokenAnswer;
use proofkey::grant::check::{Access, Authentication, CheckToken};
use proofkey::grant::client::ClientRecord;
use proofkey::grant::issue::{Approval, Issue};
use proofkey::grant::policy::{Policy, Profile};
use proofkey::grant::possession::{ProofNonces, ProofRules, RequestProof};
use proofkey::grant::redeem::Redeem;
use proofkey::grant::request::{Decline, GrantRequest};
use proofkey::grant::revoke::RevokeToken;
use proofkey::grant::{
    FoundGrant, FoundToken, Grant, Hash, NewToken, Rotation, StoreEvent, StoreStep, Terms,
    TokenKind,
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

/// A list that may be left out.
fn strings_or_none(data: &Value) -> Vec<String> {
    if data.is_null() { Vec::new() } else { strings(data) }
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
    policy.open_scopes = strings_or_none(&data["open_scopes"]);
    policy.details_types = strings_or_none(&data["details_types"]);
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
        terms: Box::new(terms(&data["terms"])),
    }
}

fn terms(data: &Value) -> Terms {
    Terms {
        dpop_jkt: optional(data, "dpop_jkt"),
        nonce: optional(data, "nonce"),
        auth_time: data["auth_time"].as_u64(),
        acr: optional(data, "acr"),
        authorization_details: optional(data, "authorization_details"),
    }
}

/// Gives a flow the proofs of a request, where the configuration has such.
fn present(config: &Value, to: impl FnOnce(&ProofRules, &RequestProof<'_>) -> Result<(), Error>) {
    let data = &config["proof"];
    if data.is_null() {
        return;
    }
    let nonces = optional(data, "nonce_key").map(|key| {
        let lifetime_s = data["nonce_lifetime_s"].as_u64().unwrap_or(300);
        ProofNonces::new(key.into_bytes(), lifetime_s).expect("a key for nonces")
    });
    let (required, window_s) = (data["required"] == true, data["window_s"].as_u64().unwrap_or(60));
    let (fields, now) = (strings(&data["fields"]), number(data, "now"));
    let (method, url) = (string(data, "method"), string(data, "url"));
    to(
        &ProofRules { required, window_s, nonces },
        &RequestProof { fields: &fields, method, url, now },
    )
    .expect("the flow has not begun");
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
        dpop_jkt: optional(row, "dpop_jkt"),
        grant: grant(&row["grant"]),
    }
}

fn event(data: &Value) -> StoreEvent {
    match string(data, "name") {
        "Start" => StoreEvent::Start,
        "Stored" => StoreEvent::Stored(truth(data, "stored")),
        "Claimed" => StoreEvent::Claimed(truth(data, "claimed")),
        "Rotated" => StoreEvent::Rotated(truth(data, "rotated")),
        "Remembered" => StoreEvent::Remembered(truth(data, "remembered")),
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
                    "terms": {
                        "dpop_jkt": grant.terms.dpop_jkt,
                        "nonce": grant.terms.nonce,
                        "auth_time": grant.terms.auth_time,
                        "acr": grant.terms.acr,
                        "authorization_details": grant.terms.authorization_details,
                    },
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
        StoreStep::Remember { proof } => {
            json!({ "proof": proof.name, "lifetime_s": proof.lifetime_s })
        }
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
        "dpop_jkt": token.dpop_jkt,
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
        if let Some(why) = config["decline"].as_str() {
            return Self::Denied(Some(request.decline(decline(why), &policy)));
        }
        let approval = Approval {
            subject: string(&config["approve"], "subject").into(),
            scopes: strings(&config["approve"]["scopes"]),
        };
        let mut flow = Issue::new(request, approval, &policy).expect("an approval");
        if let Some(auth_time) = config["approve"]["auth_time"].as_u64() {
            let acr = optional(&config["approve"], "acr");
            flow.sign_in(auth_time, acr).expect("the flow has not begun");
        }
        Self::Allowed(Box::new(flow))
    }
}

fn decline(why: &str) -> Decline {
    match why {
        "denied" => Decline::Denied,
        "login_required" => Decline::LoginRequired,
        "consent_required" => Decline::ConsentRequired,
        "account_selection_required" => Decline::AccountSelectionRequired,
        "interaction_required" => Decline::InteractionRequired,
        "unmet_authentication" => Decline::UnmetAuthentication,
        "temporarily_unavailable" => Decline::TemporarilyUnavailable,
        "server_error" => Decline::ServerError,
        other => panic!("unknown reason {other}"),
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
        let mut flow = Redeem::new(
            text(&config["body"]).as_bytes(),
            optional(config, "content_type").as_deref(),
            optional(config, "authorization").as_deref(),
            &policy(&config["policy"]),
        );
        present(config, |rules, request| flow.present(rules, request));
        Self(flow)
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
    let issued = answer.issued.as_ref().map(|issued| {
        json!({
            "grant_id": issued.grant.grant_id,
            "nonce": issued.grant.terms.nonce,
            "scope": issued.scope,
            "access_token_hash": hexadecimal(&issued.access_token_hash),
        })
    });
    let seen = json!({
        "status": answer.status,
        "headers": answer.headers.iter().map(field).collect::<Map<_, _>>(),
        "body": body,
        "audit": answer.audit.name(),
        "issued": issued,
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
        let mut flow = CheckToken::new(
            optional(config, "authorization").as_deref(),
            string(config, "audience"),
            &strings(&config["required_scopes"]),
        );
        let demands = &config["demands"];
        if !demands.is_null() {
            let acr_values = strings_or_none(&demands["acr_values"]);
            let authentication =
                Authentication { acr_values, max_age_s: demands["max_age_s"].as_u64() };
            let metadata_url = optional(demands, "metadata_url");
            flow.demand(authentication, metadata_url).expect("the flow has not begun");
        }
        present(config, |rules, request| flow.present(rules, request));
        Self(flow)
    }
}

impl Flow for CheckTokenFlow {
    fn advance(&mut self, data: &Value, _now: u64) -> Result<Value, Error> {
        self.0.advance(event(data)).map(|next| step(&next))
    }

    fn outcome(&mut self) -> Option<(Value, String)> {
        let field =
            |header: &Header| (header.name.to_ascii_lowercase(), header.value.clone().into());
        let access = self.0.outcome()?;
        let headers: Map<_, _> = self.0.fields().iter().map(field).collect();
        Some(match access {
            Access::Granted(token) => {
                let (client, subject) = (&token.grant.client_id, &token.grant.subject);
                let named =
                    [("client_id", Some(client.as_str())), ("subject", Some(subject.as_str()))];
                let seen = json!({
                    "granted": true,
                    "client_id": client,
                    "subject": subject,
                    "dpop_jkt": token.dpop_jkt,
                    "headers": headers,
                });
                (seen, format!("granted {}", words(&named)))
            }
            Access::Refused { status, www_authenticate } => (
                json!({
                    "granted": false,
                    "status": status,
                    "www_authenticate": www_authenticate,
                    "headers": headers,
                }),
                format!("refused {status}"),
            ),
        })
    }
}
