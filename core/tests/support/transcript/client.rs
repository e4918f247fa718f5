//! The client's flows in the format's words: events read, steps written.

use super::super::{body, form, number, optional, string, strings, text, truth, url_parts, word};
use super::Flow;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proofkey::Error;
use proofkey::flow::sign_in::{RedirectTarget, SignIn, SignInConfig};
use proofkey::http::{Header, HttpRequest, HttpResponse};
use proofkey::secret::SecretBytes;
use proofkey::session::Parameter;
use proofkey::step::{Event, Listen, LoopbackHost, Lost, Step};
use proofkey::token::TokenSet;
use serde_json::{Map, Value, json};

/// Where the redirect arrives: `redirect_uri` or `listen`.
pub fn redirect(data: &Value) -> RedirectTarget {
    match &data["listen"] {
        Value::Null => RedirectTarget::Fixed(string(data, "redirect_uri").into()),
        listen => RedirectTarget::Loopback(Listen {
            host: host(string(listen, "host")),
            port: port(listen),
            path: string(listen, "path").into(),
        }),
    }
}

/// A sign-in's configuration.
pub fn sign_in_config(data: &Value) -> SignInConfig {
    SignInConfig {
        issuer: string(data, "issuer").into(),
        authorization_endpoint: string(data, "authorization_endpoint").into(),
        token_endpoint: string(data, "token_endpoint").into(),
        iss_promised: truth(data, "iss_promised"),
        client_id: string(data, "client_id").into(),
        redirect: redirect(data),
        scopes: strings(&data["scopes"]),
        resource: optional(data, "resource"),
        extra_parameters: extra_parameters(data),
        browse_timeout_ms: number(data, "browse_timeout_ms"),
    }
}

/// More parameters of the authorization request: a list of `[name, value]`; none where the member is absent.
pub fn extra_parameters(data: &Value) -> Vec<Parameter> {
    let list = data["extra_parameters"].as_array().into_iter().flatten();
    list.map(|pair| Parameter::new(pair[0].as_str().unwrap(), pair[1].as_str().unwrap())).collect()
}

/// Header fields: a list of `[name, value]`.
pub fn headers(data: &Value) -> Vec<Header> {
    let list = data.as_array().expect("a list of headers");
    list.iter()
        .map(|pair| Header::new(pair[0].as_str().unwrap(), pair[1].as_str().unwrap()))
        .collect()
}

/// The words of a verdict that say which tokens came.
pub fn token_words(verdict: &mut String, tokens: &TokenSet) {
    word(verdict, "access_token", Some(tokens.expose_access_token()));
    word(verdict, "refresh_token", tokens.expose_refresh_token());
    word(verdict, "expires_at", tokens.expires_at().map(|at| at.to_string()).as_deref());
    word(verdict, "scope", Some(&tokens.scopes().join(" ")));
}

fn host(text: &str) -> LoopbackHost {
    match text {
        "127.0.0.1" => LoopbackHost::V4,
        "[::1]" => LoopbackHost::V6,
        "localhost" => LoopbackHost::Localhost,
        other => panic!("no loopback host: {other}"),
    }
}

fn port(data: &Value) -> u16 {
    u16::try_from(number(data, "port")).expect("a port")
}

pub fn event(data: &Value) -> Event {
    match string(data, "name") {
        "Start" => Event::Start,
        "Listening" => Event::Listening { port: port(data) },
        "Response" => Event::Response(HttpResponse::new(
            u16::try_from(number(data, "status")).expect("a status"),
            headers(&data["headers"]),
            body(data),
        )),
        "Unreachable" => Event::Unreachable {
            reason: match string(data, "reason") {
                "not_connected" => Lost::NotConnected,
                "lost" => Lost::Lost,
                "timed_out" => Lost::TimedOut,
                "too_large" => Lost::TooLarge,
                other => panic!("unknown reason {other}"),
            },
            detail: string(data, "detail").into(),
        },
        "Redirect" => Event::Redirect { uri: text(&data["uri"]) },
        "Elapsed" => Event::Elapsed,
        "Dismissed" => Event::Dismissed,
        "Failed" => Event::Failed {
            code: string(data, "code").into(),
            detail: string(data, "detail").into(),
        },
        "Cancel" => Event::Cancel,
        "Allowed" => Event::Allowed,
        "Refused" => Event::Refused,
        "PublicKey" => Event::PublicKey { sec1: bytes(string(data, "sec1")) },
        "Signed" => Event::Signed { signature: bytes(string(data, "signature")) },
        "Locked" => Event::Locked,
        "Busy" => Event::Busy,
        "Ok" => Event::Ok,
        "Swapped" => Event::Swapped { swapped: data["swapped"].as_bool().expect("swapped") },
        "Loaded" => Event::Loaded {
            revision: number(data, "revision"),
            value: optional(data, "value")
                .map(|value| SecretBytes::new(STANDARD.decode(value).expect("base64"))),
        },
        other => panic!("unknown event {other}"),
    }
}

pub fn step(step: &Step) -> Value {
    let mut seen = match step {
        Step::Listen(listen) => json!({
            "host": listen.host.as_str(), "port": listen.port, "path": listen.path,
        }),
        Step::Send { request, finish } => {
            json!({ "finish": finish, "request": http_request(request) })
        }
        Step::Browse { url, redirect_uri, deadline_ms } => json!({
            "url": located(url), "redirect_uri": redirect_uri, "deadline_ms": deadline_ms,
        }),
        Step::Await { deadline_ms, refused } => {
            json!({ "deadline_ms": deadline_ms, "refused": refused.map(|refused| refused.code()) })
        }
        Step::Confirm { issuer_host, resource_host } => {
            json!({ "issuer_host": issuer_host, "resource_host": resource_host })
        }
        Step::ShowCode { code, poll_ms } => json!({
            "user_code": code.user_code,
            "verification_uri": code.verification_uri,
            "verification_uri_complete": code.verification_uri_complete,
            "expires_in_s": code.expires_in_s,
            "poll_ms": poll_ms,
        }),
        Step::Wait { millis } => json!({ "millis": millis }),
        Step::Key { key_id, alg } => json!({ "key_id": key_id, "alg": alg }),
        Step::Sign { key_id, alg, input } => {
            json!({ "key_id": key_id, "alg": alg, "input": signed(input) })
        }
        Step::Lock { key, deadline_ms } => json!({ "key": key, "deadline_ms": deadline_ms }),
        Step::Load { key } | Step::Unlock { key } => json!({ "key": key }),
        Step::Swap { key, revision, value } => {
            let value = value.as_ref().map(|value| STANDARD.encode(value.expose()));
            json!({ "key": key, "revision": revision, "value": value })
        }
        Step::Done => json!({}),
    };
    seen["name"] = step.name().into();
    seen
}

/// What a proof or its input says: `{header, payload}`, and the `signature` where there is one.
fn signed(text: &str) -> Value {
    let parts: Vec<&str> = text.split('.').collect();
    let json = |part| serde_json::from_slice::<Value>(&bytes(part)).expect("JSON");
    let mut seen = json!({ "header": json(parts[0]), "payload": json(parts[1]) });
    if let Some(signature) = parts.get(2) {
        seen["signature"] = (*signature).into();
    }
    seen
}

fn bytes(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

/// A URL as `{base, parameters}`.
pub fn located(url: &str) -> Value {
    let (base, pairs) = url_parts(url);
    json!({ "base": base, "parameters": members(pairs) })
}

/// Pairs as an object; a name that stands twice would be lost in it.
fn members(pairs: Vec<(String, String)>) -> Value {
    let mut out = Map::new();
    for (name, value) in pairs {
        assert!(out.insert(name.clone(), value.into()).is_none(), "{name} stands twice");
    }
    out.into()
}

fn http_request(request: &HttpRequest) -> Value {
    let fields = request.headers.iter();
    let fields = fields.map(|field| (field.name.to_ascii_lowercase(), field.value.clone()));
    let is_json = fields.clone().any(|(_, value)| value == "application/json")
        && request
            .headers
            .iter()
            .any(|field| field.name == "Content-Type" && field.value == "application/json");
    let body = request.body.as_ref().map(|body| body.expose());
    let json =
        body.filter(|_| is_json).map(|body| serde_json::from_str::<Value>(body).expect("JSON"));
    let body = body.filter(|_| !is_json).map(|body| members(form(body)));
    let mut headers = members(fields.collect());
    if let Some(proof) = headers.get_mut("dpop") {
        *proof = signed(proof.as_str().expect("a text"));
    }
    json!({
        "method": request.method.as_str(),
        "url": request.url,
        "headers": headers,
        "form": body,
        "json": json,
        "max_body": request.max_body,
        "timeout_ms": request.timeout_ms,
    })
}

pub struct SignInFlow(SignIn);

impl SignInFlow {
    pub fn new(config: &Value) -> Self {
        Self(SignIn::new(sign_in_config(config)).expect("a transcript's configuration is good"))
    }
}

impl Flow for SignInFlow {
    fn advance(&mut self, data: &Value, now: u64) -> Result<Value, Error> {
        self.0.advance(event(data), now).map(|next| step(&next))
    }

    fn outcome(&mut self) -> Option<(Value, String)> {
        let tokens = self.0.outcome()?;
        let mut verdict = String::new();
        token_words(&mut verdict, &tokens);
        let seen = json!({
            "access_token": tokens.expose_access_token(),
            "refresh_token": tokens.expose_refresh_token(),
            "expires_at": tokens.expires_at(),
            "scopes": tokens.scopes(),
            "issuer": tokens.issuer(),
            "client_id": tokens.client_id(),
            "resource": tokens.resource(),
        });
        Some((seen, verdict.trim_start().to_owned()))
    }
}
