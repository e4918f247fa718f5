//! How what a file expects is compared with what came: matchers, captures, substitution.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// What differs.
pub struct Mismatch(pub String);

/// Objects that must have no other members than those that are named.
const CLOSED: [&str; 5] = ["parameters", "form", "body", "header", "payload"];

/// Values by name.
#[derive(Default)]
pub struct Captures(BTreeMap<String, String>);

impl Captures {
    /// The value with every `{name}` of a captured name replaced, in all its strings.
    pub fn substitute(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(list) => list.iter().map(|item| self.substitute(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| (name.clone(), self.substitute(value)))
                .collect::<Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }

    fn text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_else(|| panic!("{name} was not captured before"))
    }
}

/// Compares; `at` says where, for the message.
pub fn matches(
    expected: &Value,
    actual: &Value,
    at: &str,
    captures: &mut Captures,
) -> Result<(), Mismatch> {
    let differs = || Err(Mismatch(format!("{at}: expected {expected}, got {actual}")));
    match (expected, actual) {
        (Value::Object(matcher), _) if matcher.contains_key("capture") => {
            capture(matcher, actual, at, captures)
        }
        (Value::Object(matcher), _) if matcher.contains_key("sha256") => {
            let text = captures.text(matcher["sha256"].as_str().expect("sha256 of a text"));
            if *actual == Value::String(hexadecimal(&text)) { Ok(()) } else { differs() }
        }
        (Value::Object(matcher), _) if matcher.contains_key("contains") => {
            let part = matcher["contains"].as_str().expect("contains a text");
            match actual {
                Value::String(text) if text.contains(part) => Ok(()),
                _ => differs(),
            }
        }
        (Value::Object(expected), Value::Object(actual)) => {
            for (name, value) in expected {
                let found = actual.get(name).unwrap_or(&Value::Null);
                matches(value, found, &format!("{at}.{name}"), captures)?;
            }
            let closed = CLOSED.iter().any(|name| at.rsplit('.').next() == Some(name));
            match actual.keys().find(|name| closed && !expected.contains_key(*name)) {
                Some(other) => Err(Mismatch(format!("{at} has {other} too"))),
                None => Ok(()),
            }
        }
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            for (n, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                matches(expected, actual, &format!("{at}[{n}]"), captures)?;
            }
            Ok(())
        }
        (Value::String(text), Value::String(actual)) if captures.text(text) == *actual => Ok(()),
        _ if expected == actual => Ok(()),
        _ => differs(),
    }
}

/// `{"capture": name}` takes a text of at least one character; a name that is known must come again.
/// `check` names what must be true of it.
fn capture(
    matcher: &Map<String, Value>,
    actual: &Value,
    at: &str,
    captures: &mut Captures,
) -> Result<(), Mismatch> {
    let name = matcher["capture"].as_str().expect("the name of a capture");
    let Some(text) = actual.as_str().filter(|text| !text.is_empty()) else {
        return Err(Mismatch(format!("{at}: expected a text for {name}, got {actual}")));
    };
    if let Some(known) = captures.0.get(name)
        && known != text
    {
        return Err(Mismatch(format!("{at}: {name} is another than before")));
    }
    if let Some(check) = matcher.get("check") {
        let holds = match check.as_str().expect("the name of a check") {
            "verifier_hashes_to_challenge" => {
                let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()));
                hash == captures.get("challenge")
            }
            "point_hashes_to_jkt" => {
                let x = captures.get("x");
                let jwk = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{text}"}}"#);
                URL_SAFE_NO_PAD.encode(Sha256::digest(jwk)) == captures.get("jkt")
            }
            "code_hashes_to_code_hash" => {
                opaque(text, captures.get("grant_id"))
                    && hexadecimal(text) == captures.get("code_hash")
            }
            "token_hashes_to_token_hash" => hexadecimal(text) == captures.get("token_hash"),
            "refresh_hashes_to_refresh_hash" => hexadecimal(text) == captures.get("refresh_hash"),
            other => panic!("unknown check {other}"),
        };
        if !holds {
            return Err(Mismatch(format!("{at}: {check} does not hold")));
        }
    }
    captures.0.insert(name.to_owned(), text.to_owned());
    Ok(())
}

/// `grant_id.secret`, of 22 and 43 characters.
fn opaque(text: &str, grant_id: &str) -> bool {
    text.split_once('.')
        .is_some_and(|(id, secret)| id == grant_id && id.len() == 22 && secret.len() == 43)
}

fn hexadecimal(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
