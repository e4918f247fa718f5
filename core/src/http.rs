//! HTTP as plain data: what a driver sends and what came back.

use crate::secret::Secret;
use zeroize::Zeroizing;

/// The request methods that the protocol uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
}

impl Method {
    /// The method's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A header field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The name; case does not matter.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Header {
    /// A header field.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// A request that a driver sends exactly as it is: it adds no header of its own beyond what HTTP
/// itself needs, follows no redirect, keeps no cookie, and sends nothing twice.
#[derive(Debug)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// All header fields; `Accept-Encoding: identity` is among them.
    pub headers: Vec<Header>,
    /// The body; it may hold a code and a verifier.
    pub body: Option<Secret>,
    /// The answer's body may have at most so many bytes; the driver stops reading there and answers
    /// [`Lost::TooLarge`].
    pub max_body: u64,
    /// How long the whole exchange may take, in milliseconds.
    pub timeout_ms: u64,
}

/// No answer of a token endpoint or of metadata is larger: 64 KiB.
pub(crate) const MAX_BODY: u64 = 64 * 1024;

impl HttpRequest {
    /// A form posted for a JSON answer (RFC 6749 §4.1.3). `Accept` names JSON alone: some servers
    /// answer a failure with a redirect to a page when HTML is accepted.
    pub(crate) fn form_post(url: &str, body: Secret, timeout_ms: u64) -> Self {
        Self {
            method: Method::Post,
            url: url.to_owned(),
            headers: vec![
                Header::new("Content-Type", "application/x-www-form-urlencoded"),
                Header::new("Accept", "application/json"),
                Header::new("Accept-Encoding", "identity"),
            ],
            body: Some(body),
            max_body: MAX_BODY,
            timeout_ms,
        }
    }
}

impl HttpRequest {
    /// A JSON document posted for a JSON answer (RFC 7591 §3.1).
    pub(crate) fn json_post(url: &str, body: Secret, timeout_ms: u64) -> Self {
        let mut request = Self::form_post(url, body, timeout_ms);
        request.headers[0] = Header::new("Content-Type", "application/json");
        request
    }

    /// A JSON document, fetched (RFC 8414 §3.1, RFC 9728 §3.1).
    pub(crate) fn get_json(url: &str, timeout_ms: u64) -> Self {
        Self {
            method: Method::Get,
            url: url.to_owned(),
            headers: vec![
                Header::new("Accept", "application/json"),
                Header::new("Accept-Encoding", "identity"),
            ],
            body: None,
            max_body: MAX_BODY,
            timeout_ms,
        }
    }
}

/// A whole answer. The body is wiped on drop and not shown by `Debug`.
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The header fields.
    pub headers: Vec<Header>,
    /// The body as it came.
    pub body: Zeroizing<Vec<u8>>,
}

impl HttpResponse {
    /// An answer; the body's buffer is taken over.
    #[must_use]
    pub fn new(status: u16, headers: Vec<Header>, body: Vec<u8>) -> Self {
        Self { status, headers, body: Zeroizing::new(body) }
    }

    /// Whether `Content-Type` says `application/json`, with whatever parameters.
    pub(crate) fn is_json(&self) -> bool {
        let field = self.headers.iter().find(|h| h.name.eq_ignore_ascii_case("content-type"));
        field.is_some_and(|field| {
            let media_type = field.value.split(';').next().unwrap_or_default();
            media_type.trim().eq_ignore_ascii_case("application/json")
        })
    }
}

impl core::fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// How far a request went that got no whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lost {
    /// Nothing was sent: the name, the connection or TLS failed.
    NotConnected,
    /// It may have arrived; the connection ended before the answer did.
    Lost,
    /// It may have arrived; the answer did not come in time.
    TimedOut,
    /// The answer was larger than `max_body`.
    TooLarge,
}

impl core::fmt::Display for Lost {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NotConnected => "no connection could be made",
            Self::Lost => "the connection ended before the answer did",
            Self::TimedOut => "no answer came in time",
            Self::TooLarge => "the answer is larger than allowed",
        })
    }
}
