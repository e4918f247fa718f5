//! An answer on its way out, and what can be done to it.

use super::wire::Ending;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

/// An answer whose body is here as a whole.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// How it comes to an end on the wire.
    pub(super) ending: Ending,
}

impl Answer {
    pub(super) fn new(status: StatusCode, content_type: &'static str, body: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self { status, headers, body: body.as_bytes().to_vec(), ending: Ending::Whole }
    }

    /// A page where JSON was to come.
    pub(super) fn html(status: StatusCode) -> Self {
        Self::new(status, "text/html; charset=utf-8", "<!doctype html><title>Sign in</title>\n")
    }

    /// An error in the form of RFC 6749 §5.2.
    pub(super) fn error(status: StatusCode, error: &str) -> Self {
        let body = serde_json::json!({ "error": error }).to_string();
        Self::new(status, "application/json", &body)
    }

    /// A redirect to another address.
    pub(super) fn redirect(status: StatusCode, to: &str) -> Self {
        let mut answer = Self::new(status, "text/plain; charset=utf-8", "");
        answer.set(LOCATION, to);
        answer
    }

    pub(super) fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }

    /// Changes the members of a JSON object that came with a 2xx.
    pub(super) fn members(&mut self, change: impl FnOnce(&mut Map<String, Value>)) {
        if !self.status.is_success() {
            return;
        }
        if let Ok(Value::Object(mut members)) = serde_json::from_slice(&self.body) {
            change(&mut members);
            self.body = Value::Object(members).to_string().into_bytes();
        }
    }

    /// Sets one member.
    pub(super) fn member(&mut self, name: &str, value: impl Into<Value>) {
        self.members(|members| {
            members.insert(name.to_owned(), value.into());
        });
    }

    /// Takes one member out.
    pub(super) fn without(&mut self, name: &str) {
        self.members(|members| {
            members.remove(name);
        });
    }

    /// Puts a member at the head whose value is this JSON text as it stands, also beside one of the same name.
    pub(super) fn prepend(&mut self, name: &str, json: &str) {
        if self.status.is_success() && self.body.first() == Some(&b'{') {
            let mut body = format!("{{\"{name}\":{json},").into_bytes();
            body.extend_from_slice(&self.body[1..]);
            self.body = body;
        }
    }

    /// Sets one member to a JSON text that is no JSON value of ours, such as `1e999`.
    pub(super) fn raw_member(&mut self, name: &str, json: &str) {
        self.without(name);
        self.prepend(name, json);
    }

    /// Makes the body so long by white space at its end.
    pub(super) fn grow(&mut self, bytes: usize) {
        if self.status.is_success() {
            self.body.resize(bytes.max(self.body.len()), b' ');
        }
    }

    /// Changes the parameters of a redirect that carries a code to a client (RFC 6749 §4.1.2).
    pub(super) fn parameters(&mut self, change: impl FnOnce(&mut Vec<(String, String)>)) {
        let location = self.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        let Some((place, query)) = location.and_then(|location| location.split_once('?')) else {
            return;
        };
        let mut pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        if !pairs.iter().any(|(name, _)| name == "code") {
            return;
        }
        change(&mut pairs);
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let location = format!("{place}?{query}");
        self.set(LOCATION, &location);
    }

    /// Changes the redirect that carries a code as a text.
    pub(super) fn location(&mut self, change: impl FnOnce(&str) -> String) {
        let location = self.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        if let Some(location) = location.filter(|location| location.contains("code=")) {
            let location = change(location);
            self.set(LOCATION, &location);
        }
    }
}

/// Sets the parameter, or takes it out, in the place where it stood.
pub(super) fn set(pairs: &mut Vec<(String, String)>, name: &str, value: Option<&str>) {
    match value {
        None => pairs.retain(|(known, _)| known != name),
        Some(value) => {
            for (_, old) in pairs.iter_mut().filter(|(known, _)| known == name) {
                value.clone_into(old);
            }
        }
    }
}

/// Puts one more at the end.
pub(super) fn add(pairs: &mut Vec<(String, String)>, name: &str, value: &str) {
    pairs.push((name.to_owned(), value.to_owned()));
}
