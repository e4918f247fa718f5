//! What every request passes before an endpoint sees it, and every answer after.

use super::Site;
use crate::endpoint::{Body, Reply, only};
use axum::Router;
use axum::body::{Body as AxumBody, Bytes, HttpBody as _};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::header::{HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, StatusCode, Uri};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use proofkey::secret::Secret;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// No request target is longer, in bytes.
const MAX_TARGET: usize = 8 * 1024;

/// No request body is longer, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// How long a request's body may take to arrive.
const BODY_DEADLINE: Duration = Duration::from_secs(10);

/// How long an answer may take to be made.
const ANSWER_DEADLINE: Duration = Duration::from_secs(30);

/// Where a request comes from, among its extensions: [`serve`](crate::serve::serve) puts it there.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Puts the guard before all of a router.
pub(crate) fn around(router: Router, site: Arc<Site>) -> Router {
    router
        .fallback(async || Reply::text(StatusCode::NOT_FOUND, "there is nothing at this address"))
        .layer(from_fn_with_state(site, guard))
}

/// Checks host and length of a request; gives every answer its headers.
async fn guard(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let mut response = match check(&site, request.uri(), request.headers()) {
        Err(reply) => reply.into_response(),
        Ok(()) => match tokio::time::timeout(ANSWER_DEADLINE, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Reply::text(StatusCode::SERVICE_UNAVAILABLE, "the answer took too long")
                .into_response(),
        },
    };
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    headers
        .entry(HeaderName::from_static("content-security-policy"))
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}

fn refusal(status: StatusCode, line: &str) -> Box<Reply> {
    Box::new(Reply::text(status, line))
}

fn check(site: &Site, uri: &Uri, headers: &HeaderMap) -> Result<(), Box<Reply>> {
    let target = uri.path_and_query().map_or(0, |target| target.as_str().len());
    if target > MAX_TARGET {
        return Err(refusal(StatusCode::URI_TOO_LONG, "the address is longer than 8 KiB"));
    }
    if site.any_host {
        return Ok(());
    }
    // RFC 9112 §3.2.
    let Ok(Some(named)) = only(headers, "host") else {
        return Err(refusal(StatusCode::BAD_REQUEST, "the request has no Host, or more than one"));
    };
    // A page of another site whose name was made to point here (DNS rebinding) sends its own name. Names of hosts
    // know no case (RFC 9110 §4.2.3). Of a target with a host both count: who sends two is up to something.
    let ours = |name: &str| name.eq_ignore_ascii_case(&site.place.host);
    if !ours(named) || !uri.authority().is_none_or(|authority| ours(authority.as_str())) {
        let line = format!("this server is reached as {} only", site.place.host);
        return Err(refusal(StatusCode::MISDIRECTED_REQUEST, &line));
    }
    Ok(())
}

/// The whole body of a request, within its cap and its deadline.
pub(crate) async fn read(body: AxumBody) -> Result<Bytes, Box<Reply>> {
    let too_large = || refusal(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 64 KiB");
    // One that says so is refused unread, and not asked for by a 100 (RFC 9110 §10.1.1).
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(too_large());
    }
    let collected = Limited::new(body, MAX_BODY).collect();
    match tokio::time::timeout(BODY_DEADLINE, collected).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(refusal(StatusCode::BAD_REQUEST, "the body did not arrive whole")),
        Err(_) => Err(refusal(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time")),
    }
}

/// A secret as the body of an answer: the buffer that hyper sends from is wiped when it is done.
struct Wiped(Secret);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        self.0.expose().as_bytes()
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let body = match self.body {
            Body::Empty => Bytes::new(),
            Body::Text(text) => Bytes::from(text),
            Body::Secret(secret) => Bytes::from_owner(Wiped(secret)),
        };
        let mut response = Response::new(AxumBody::from(body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
