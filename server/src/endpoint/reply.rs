//! An answer, before a web framework sends it.

use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, SET_COOKIE,
    WWW_AUTHENTICATE,
};
use http::{HeaderMap, StatusCode};
use proofkey::secret::Secret;

/// An answer: status, header fields, body.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The header fields. Locations and cookies are marked sensitive: `Debug` does not show them.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}

/// A body. `Debug` shows its length alone: a consent page holds the state and the form's token.
pub enum Body {
    /// Nothing.
    Empty,
    /// A text that anyone may see.
    Text(String),
    /// A text with a token in it.
    Secret(Secret),
}

impl Body {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Empty => &[],
            Self::Text(text) => text.as_bytes(),
            Self::Secret(secret) => secret.expose().as_bytes(),
        }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Body({} bytes)", self.as_bytes().len())
    }
}

impl Reply {
    /// An answer without a body, not to be cached (P28).
    #[must_use]
    pub fn new(status: StatusCode) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Self { status, headers, body: Body::Empty }
    }

    /// One line of plain text.
    #[must_use]
    pub fn text(status: StatusCode, line: &str) -> Self {
        let mut reply = Self::new(status);
        reply.set(CONTENT_TYPE, "text/plain; charset=utf-8");
        reply.body = Body::Text(format!("{line}\n"));
        reply
    }

    /// JSON.
    #[must_use]
    pub fn json(status: StatusCode, value: &serde_json::Value) -> Self {
        let mut reply = Self::new(status);
        reply.set(CONTENT_TYPE, "application/json");
        reply.body = Body::Text(value.to_string());
        reply
    }

    /// A 303: the browser follows it with GET and without the body that it has just posted (P26,
    /// RFC 9700 §4.12). A location that is no header value becomes a 500.
    #[must_use]
    pub fn see_other(location: &str) -> Self {
        let Ok(mut value) = HeaderValue::from_str(location) else {
            return Self::text(StatusCode::INTERNAL_SERVER_ERROR, "the redirect cannot be written");
        };
        value.set_sensitive(true);
        let mut reply = Self::new(StatusCode::SEE_OTHER);
        reply.headers.insert(LOCATION, value);
        reply
    }

    /// A 405 that names the methods that are served.
    #[must_use]
    pub fn method_not_allowed(allowed: &'static str) -> Self {
        let line = format!("this address is served for {allowed} only");
        let mut reply = Self::text(StatusCode::METHOD_NOT_ALLOWED, &line);
        reply.set(ALLOW, allowed);
        reply
    }

    /// A refusal of a resource (RFC 6750 §3).
    #[must_use]
    pub(crate) fn challenge(status: StatusCode, www_authenticate: Option<&str>) -> Self {
        let mut reply = Self::new(status);
        if let Some(Ok(value)) = www_authenticate.map(HeaderValue::from_str) {
            reply.headers.insert(WWW_AUTHENTICATE, value);
        }
        reply
    }

    /// Tells the nonce that the next proof is to hold, if there is one to tell (RFC 9449 §8).
    pub(crate) fn give_nonce(&mut self, nonce: Option<&str>) {
        if let Some(nonce) = nonce {
            self.set_text(HeaderName::from_static("dpop-nonce"), nonce);
        }
    }

    /// Gives the browser a cookie.
    pub fn set_cookie(&mut self, cookie: &str) {
        if let Ok(mut value) = HeaderValue::from_str(cookie) {
            value.set_sensitive(true);
            self.headers.insert(SET_COOKIE, value);
        }
    }

    /// Sets a header field to a constant.
    pub fn set(&mut self, name: HeaderName, value: &'static str) {
        self.headers.insert(name, HeaderValue::from_static(value));
    }

    /// Sets a header field, unless the text is no header value.
    pub fn set_text(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "Secrets in logs": a reply that is printed shows no code, no cookie, no token, no form.
    #[test]
    fn debug_shows_no_secret() {
        const CANARY: &str = "canary-0123456789";
        let mut redirect = Reply::see_other(&format!("http://127.0.0.1/cb?code={CANARY}"));
        redirect.set_cookie(&format!("a={CANARY}"));
        let mut page = Reply::new(StatusCode::OK);
        page.body = Body::Text(CANARY.into());
        let mut token = Reply::new(StatusCode::OK);
        token.body = Body::Secret(Secret::new(CANARY.into()));
        for reply in [redirect, page, token] {
            let shown = format!("{reply:?}");
            assert!(!shown.contains("canary"), "{shown}");
            assert!(shown.contains("no-store"), "the control: {shown}");
        }
    }
}
