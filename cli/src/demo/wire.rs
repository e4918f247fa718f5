//! HTTP as all parties of the demonstration speak it: no redirects followed, nothing sent twice, no
//! proxy, each exchange with a deadline.

use crate::error::CliError;
use proofkey::http::{Header, HttpRequest, HttpResponse, Method};
use std::time::Duration;
use ureq::http::Request;

/// How long one exchange may take. All of them stay on this machine.
const DEADLINE: Duration = Duration::from_secs(5);

/// No answer here is larger, in bytes.
const MAX_BODY: u64 = 64 * 1024;

/// Makes exchanges; each has a connection of its own.
pub struct Wire(ureq::Agent);

impl Wire {
    /// A client that does what the request says and nothing more.
    pub fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(None)
            .max_idle_connections(0)
            .timeout_global(Some(DEADLINE))
            .user_agent("")
            .accept("")
            .accept_encoding("")
            .build();
        Self(config.new_agent())
    }

    /// Sends the request and gives the whole answer.
    pub fn send(&self, request: &HttpRequest) -> Result<HttpResponse, CliError> {
        let failed = |error: ureq::Error| {
            CliError::new(
                "unreachable",
                format!("{} did not answer: {error}", origin(&request.url)),
                "Check that programs may speak to themselves at 127.0.0.1, then run it again.",
            )
        };
        let mut builder = Request::builder().method(request.method.as_str()).uri(&request.url);
        for header in &request.headers {
            builder = builder.header(&header.name, &header.value);
        }
        let body = request.body.as_ref().map_or("", |body| body.expose());
        let answer = match request.method {
            Method::Get => self.0.run(builder.body(()).map_err(|e| failed(e.into()))?),
            Method::Post => self.0.run(builder.body(body).map_err(|e| failed(e.into()))?),
        };
        let mut answer = answer.map_err(failed)?;
        let status = answer.status().as_u16();
        let headers = answer.headers().iter().filter_map(|(name, value)| {
            value.to_str().ok().map(|value| Header::new(name.as_str(), value))
        });
        let headers = headers.collect();
        let body = answer
            .body_mut()
            .with_config()
            .limit(MAX_BODY.min(request.max_body))
            .read_to_vec()
            .map_err(failed)?;
        Ok(HttpResponse::new(status, headers, body))
    }

    /// A GET with these header fields.
    pub fn get(&self, url: &str, headers: Vec<Header>) -> Result<HttpResponse, CliError> {
        self.send(&HttpRequest {
            method: Method::Get,
            url: url.to_owned(),
            headers,
            body: None,
            max_body: MAX_BODY,
            timeout_ms: 5_000,
        })
    }
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
