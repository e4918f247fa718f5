//! HTTP as all parties of the demonstration speak it: the client library's exchange, with an error that
//! fits what happens here.

use crate::error::CliError;
use proofkey::http::{Header, HttpRequest, HttpResponse, Method};
use proofkey_client::exchange;

/// How long one exchange may take, in milliseconds. All of them stay on this machine.
const DEADLINE_MS: u64 = 5_000;

/// No answer here is larger, in bytes.
const MAX_BODY: u64 = 64 * 1024;

/// Sends the request and gives the whole answer.
pub fn send(request: &HttpRequest) -> Result<HttpResponse, CliError> {
    exchange(request).map_err(|error| {
        CliError::new(
            "unreachable",
            format!("{} did not answer: {error}", origin(&request.url)),
            "Check that programs may speak to themselves at 127.0.0.1, then run it again.",
        )
    })
}

/// A GET with these header fields.
pub fn get(url: &str, headers: Vec<Header>) -> Result<HttpResponse, CliError> {
    send(&HttpRequest {
        method: Method::Get,
        url: url.to_owned(),
        headers,
        body: None,
        max_body: MAX_BODY,
        timeout_ms: DEADLINE_MS,
    })
}

/// A header field of an answer.
pub fn header<'a>(answer: &'a HttpResponse, name: &str) -> Option<&'a str> {
    let field = answer.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
    Some(&field.value)
}

/// The address without its query: that of a redirect holds the code.
fn origin(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}
