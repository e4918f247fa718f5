//! The layer around the router: which fault a request meets, and what becomes of its answer.

use super::answer::Answer;
use super::scene::{At, MOVED, Scene};
use super::wire::{Ending, Slow};
use super::{CLIENT_PREFIX, Fault, Sin};
use crate::endpoint::{AuthorizationServer, Reply, device, metadata, token};
use crate::serve::Cut;
use crate::site::guard::read;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::Method;
use http::header::CONTENT_LENGTH;
use http_body_util::BodyExt as _;
use proofkey::grant::device::GRANT_TYPE;
use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, PoisonError};

/// So many codes and tokens are remembered; then it begins anew.
const MAX_SEEN: usize = 100_000;

/// What the server sins in, and where.
pub(crate) struct Sinner {
    pub(crate) server: AuthorizationServer,
    /// For every client. None: only for those whose identifier names a fault.
    pub(crate) faults: Vec<&'static Fault>,
    /// The paths of what is not behind the issuer's.
    pub(crate) metadata: Vec<String>,
    pub(crate) resource_metadata: String,
    /// The issuer's path.
    pub(crate) base: String,
    /// The path where the form of the authorization endpoint goes, and that of the resource.
    pub(crate) decision: &'static str,
    pub(crate) api: &'static str,
    /// As whom a device is signed in, where nobody is to be asked.
    pub(crate) allows_devices: Option<String>,
    pub(crate) seen: Seen,
}

/// Which codes and tokens were brought: a hash of each, which is of no use elsewhere.
#[derive(Default)]
pub(crate) struct Seen(Mutex<HashSet<u64>>, RandomState);

impl Seen {
    /// Whether it was brought before.
    fn again(&self, text: &str) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MAX_SEEN {
            seen.clear();
        }
        !seen.insert(self.1.hash_one(text))
    }
}

pub(crate) async fn sin(
    State(sinner): State<Arc<Sinner>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let Some((mut at, grant)) = sinner.place(&path) else {
        return next.run(request).await;
    };
    let mut asked = request.uri().query().unwrap_or_default().to_owned();
    let moved = asked == MOVED;
    let mut request = request;
    if grant || matches!(at, At::DeviceAuthorization | At::Push) {
        if request.method() != Method::POST {
            return next.run(request).await;
        }
        let (parts, body) = request.into_parts();
        let body = match read(body).await {
            Ok(body) => body,
            Err(reply) => return refused(at, *reply),
        };
        asked = String::from_utf8_lossy(&body).into_owned();
        request = Request::from_parts(parts, Body::from(body));
    }
    if at == At::Authorize && grant {
        asked = value(&asked, "query").unwrap_or_default();
    } else if grant {
        at = match value(&asked, "grant_type").as_deref() {
            Some("refresh_token") => At::Refresh,
            Some(GRANT_TYPE) => At::Poll,
            _ => At::Code,
        };
    }
    let chosen;
    let faults = match (sinner.faults.as_slice(), named(&asked)) {
        ([], None) => return next.run(request).await,
        ([], Some(fault)) => {
            chosen = [fault];
            &chosen[..]
        }
        (faults, _) => faults,
    };
    let brought = ["refresh_token", "code", "device_code"]
        .into_iter()
        .find_map(|name| value(&asked, name).filter(|_| grant));
    let scene = Scene {
        at,
        path: &path,
        moved,
        issuer: &sinner.server.policy.issuer,
        openid: &sinner.server.openid,
        again: brought.is_some_and(|brought| sinner.seen.again(&brought)),
        now: sinner.server.clock.now().unwrap_or_default(),
    };
    let instead = faults.iter().find_map(|fault| match fault.sin {
        Sin::Instead(sin) => sin(&scene),
        Sin::After(_) => None,
    });
    let after: Vec<_> = faults
        .iter()
        .filter_map(|fault| match fault.sin {
            Sin::After(sin) => Some(sin),
            Sin::Instead(_) => None,
        })
        .collect();
    let mut answer = match instead {
        Some(answer) => answer,
        None if after.is_empty() => return next.run(request).await,
        None => whole(next.run(request).await).await,
    };
    if at == At::DeviceAuthorization && !after.is_empty() {
        sinner.allow_device(&answer.body, scene.now).await;
    }
    for sin in after {
        sin(&mut answer, &scene);
    }
    sent(answer)
}

/// An answer of an endpoint. It is one of ours, and small.
async fn whole(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    Answer { status: parts.status, headers: parts.headers, body, ending: Ending::Whole }
}

impl Sinner {
    /// Where nobody is to be asked, there is nobody who would enter the code.
    async fn allow_device(&self, begun: &[u8], now: u64) {
        let begun: serde_json::Value = serde_json::from_slice(begun).unwrap_or_default();
        if let (Some(user), Some(user_code)) = (&self.allows_devices, begun["user_code"].as_str()) {
            // A store that fails leaves the device waiting, as for a user who does not come.
            drop(device::decide(&self.server, user_code, Some((user, now))).await);
        }
    }

    /// Which endpoint is at the path; and whether what is asked of it stands in a form that is posted.
    fn place(&self, path: &str) -> Option<(At, bool)> {
        if self.metadata.iter().any(|known| known == path) {
            return Some((At::Metadata, false));
        }
        if path == self.resource_metadata {
            return Some((At::ResourceMetadata, false));
        }
        match path.strip_prefix(self.base.as_str())? {
            metadata::AUTHORIZE => Some((At::Authorize, false)),
            path if path == self.decision => Some((At::Authorize, true)),
            metadata::TOKEN => Some((At::Code, true)),
            metadata::DEVICE_AUTHORIZATION => Some((At::DeviceAuthorization, false)),
            metadata::PAR => Some((At::Push, false)),
            metadata::JWKS => Some((At::Keys, false)),
            path if path == self.api => Some((At::Resource, false)),
            _ => None,
        }
    }
}

/// What the endpoint would say to a body that cannot be taken.
fn refused(at: At, reply: Reply) -> Response {
    match at {
        At::Authorize => reply.into_response(),
        _ => token::problem(reply.status, "invalid_request", "the body cannot be taken")
            .into_response(),
    }
}

/// The fault that the client's identifier names.
fn named(asked: &str) -> Option<&'static Fault> {
    let client_id = value(asked, "client_id")?;
    let fault = Fault::find(client_id.strip_prefix(CLIENT_PREFIX)?)?;
    fault.group.knows_the_client().then_some(fault)
}

/// The first value of a form's field.
fn value(form: &str, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(form.as_bytes());
    pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// The answer as the server sends it.
fn sent(answer: Answer) -> Response {
    let Answer { status, mut headers, body, ending } = answer;
    headers.remove(CONTENT_LENGTH);
    let body = match ending {
        Ending::Whole => Body::from(body),
        _ => Body::new(Slow::new(body, ending)),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    if ending == Ending::CutBefore {
        response.extensions_mut().insert(Cut);
    }
    response
}
