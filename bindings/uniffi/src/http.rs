//! HTTP as plain data: what a driver sends and what came back.

use crate::guard::shows;

/// A header field. Its value may be a secret and is not shown.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Header {
    /// The name; case does not matter.
    pub name: String,
    /// The value.
    pub value: String,
}

shows!(Header, |it| format!("Header({}, …)", it.name));

/// A request that is sent exactly as it is: no further header beyond what HTTP itself needs, no redirect
/// followed, no cookie kept, nothing sent twice.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HttpRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// The absolute URL.
    pub url: String,
    /// All header fields; `Accept-Encoding: identity` is among them.
    pub headers: Vec<Header>,
    /// The body; it may hold a code and a verifier.
    pub body: Option<Vec<u8>>,
    /// The answer's body may have at most so many bytes; the driver stops reading there and answers
    /// with `TooLarge`.
    pub max_body: u64,
    /// How long the whole exchange may take, in milliseconds.
    pub timeout_ms: u64,
}

shows!(HttpRequest, |it| format!("HttpRequest({}, …)", it.method));

/// A whole answer.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The header fields.
    pub headers: Vec<Header>,
    /// The body as it came; it may hold tokens.
    pub body: Vec<u8>,
}

shows!(HttpResponse, |it| format!("HttpResponse({}, {} bytes)", it.status, it.body.len()));

pub(crate) fn headers_out(headers: Vec<proofkey::http::Header>) -> Vec<Header> {
    headers.into_iter().map(|h| Header { name: h.name, value: h.value }).collect()
}

impl From<proofkey::http::HttpRequest> for HttpRequest {
    fn from(request: proofkey::http::HttpRequest) -> Self {
        Self {
            method: request.method.as_str().to_owned(),
            url: request.url,
            headers: headers_out(request.headers),
            body: request.body.map(|body| body.expose().as_bytes().to_vec()),
            max_body: request.max_body,
            timeout_ms: request.timeout_ms,
        }
    }
}

impl From<HttpResponse> for proofkey::http::HttpResponse {
    fn from(response: HttpResponse) -> Self {
        let headers = response.headers.into_iter();
        let headers = headers.map(|h| proofkey::http::Header::new(h.name, h.value)).collect();
        Self::new(response.status, headers, response.body)
    }
}
