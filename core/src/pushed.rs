//! Pushed authorization requests (RFC 9126): what the endpoint answers.

use crate::error::Error;
use crate::form::FormWriter;
use crate::grammar::is_vschar;
use crate::http::{HttpResponse, MAX_BODY};
use crate::json;
use crate::token;

/// How errors call the endpoint.
pub(crate) const ENDPOINT: &str = "the pushed authorization request endpoint";

/// How long the request may take, in milliseconds.
pub(crate) const TIMEOUT_MS: u64 = 15_000;

/// Reads the answer: the `request_uri`, which is good once and soon (RFC 9126 §2.2).
pub(crate) fn read(response: &HttpResponse) -> Result<String, Error> {
    let status = response.status;
    let malformed = |reason| Error::MalformedResponse { endpoint: ENDPOINT, status, reason };
    // RFC 9126 §2.2 says 201; some servers say 200.
    if !matches!(status, 200 | 201) {
        return Err(token::refusal(response, ENDPOINT, &[]));
    }
    if response.body.len() as u64 > MAX_BODY {
        return Err(malformed("is larger than 64 KiB"));
    }
    if !response.is_json() {
        return Err(malformed("is not of the type application/json"));
    }
    let members = json::read(&response.body, ["request_uri", "expires_in"]).map_err(malformed)?;
    let expires_in = members.raw("expires_in").map(str::parse::<u64>);
    if !matches!(expires_in, Some(Ok(1..))) {
        return Err(malformed("has no expires_in of at least a second (RFC 9126 §2.2)"));
    }
    let request_uri = members
        .text("request_uri")
        .map_err(|_| malformed("has a request_uri that is not a string"))?
        .ok_or_else(|| malformed("has no request_uri (RFC 9126 §2.2)"))?;
    if !(1..=2048).contains(&request_uri.len()) || !request_uri.bytes().all(is_vschar) {
        return Err(malformed("has a request_uri that is empty, too long or not printable ASCII"));
    }
    Ok(request_uri.to_string())
}

/// The URL for the browser then: it names the client and the request, and nothing else (RFC 9126 §4).
pub(crate) fn url(authorization_endpoint: &str, client_id: &str, request_uri: &str) -> String {
    let mut url = FormWriter::query(authorization_endpoint);
    url.pair("client_id", client_id).pair("request_uri", request_uri);
    url.into_public()
}
