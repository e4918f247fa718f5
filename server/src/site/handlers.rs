//! What the addresses of a site answer.

use super::Site;
use super::browser::{Form, Shared, form, is_ours, no_form, not_ours, way_back, who};
use super::csrf::Shown;
use super::guard::{Peer, read};
use super::limit::Limiter;
use super::people::{Consent, User};
use super::posted::Posted;
use crate::endpoint::authorize::{self, Asked};
use crate::endpoint::{
    AuthorizationServer, Reply, device, introspect, jwks, metadata, par, register, revoke, token,
};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use http::header::RETRY_AFTER;
use http::{HeaderMap, Method, StatusCode};
use proofkey::grant::issue::Approval;
use proofkey::grant::request::Decline;

pub(super) async fn describe(State(site): Shared, method: Method) -> Reply {
    if method == Method::GET {
        metadata::reply(&site.server)
    } else {
        Reply::method_not_allowed("GET")
    }
}

pub(super) async fn keys(State(site): Shared, method: Method) -> Reply {
    if method == Method::GET {
        jwks::reply(&site.server).await
    } else {
        Reply::method_not_allowed("GET")
    }
}

/// GET of the authorization endpoint: the consent page, or the answer at once where the user has consented before.
pub(super) async fn ask(State(site): Shared, request: Request) -> Reply {
    if request.method() != Method::GET {
        return Reply::method_not_allowed("GET");
    }
    let (parts, _) = request.into_parts();
    match asked_for(&site, &parts.headers, parts.uri.query().unwrap_or_default()).await {
        Ok(reply) => reply,
        Err(reply) => *reply,
    }
}

async fn asked_for(site: &Site, headers: &HeaderMap, query: &str) -> Result<Reply, Box<Reply>> {
    let asked = authorize::arrive(&site.server, query).await?;
    let return_to = way_back(site, metadata::AUTHORIZE, query);
    let user = match who(site, headers, Some(&asked), return_to).await {
        Ok(user) => user,
        Err(_) if asked.request.is_unattended() => {
            return Ok(authorize::decline(&site.server, &asked.request, Decline::LoginRequired));
        }
        Err(elsewhere) => {
            // The user comes back with the same address: what was pushed has to be there then.
            authorize::come_again(&site.server, query, &asked).await?;
            return Err(elsewhere);
        }
    };
    if !is_recent(site, &asked, &user, 0) {
        return Ok(authorize::decline(&site.server, &asked.request, Decline::LoginRequired));
    }
    match consent(site, &asked, &user).await {
        Consent::Allow { scopes } => {
            site.server
                .narrator
                .say("authorize", || "approved without asking, as configured".into());
            Ok(allow(site, asked, user, scopes).await)
        }
        Consent::Deny => Ok(authorize::decline(&site.server, &asked.request, Decline::Denied)),
        Consent::Ask if asked.request.is_unattended() => {
            Ok(authorize::decline(&site.server, &asked.request, Decline::ConsentRequired))
        }
        Consent::Ask => {
            let shown = Shown { subject: &user.subject, request: &asked.query };
            let form = Form::new(&site.consent_form, headers, shown)?;
            let reply = super::consent::page(&asked, &user.name, &form.field, &site.place.base);
            site.server.narrator.say("authorize", || "the user is asked".into());
            Ok(form.on(reply, &site.consent_form))
        }
    }
}

/// A user may look at a form for so long, in seconds, before the sign-in that it was shown after counts as older.
const READING_S: u64 = 600;

/// Whether the user has signed in as lately as the request wants (`max_age`, OpenID Connect Core §3.1.2.1), at most
/// `since_s` ago. The owner has heard of it, so a user who has not cannot.
fn is_recent(site: &Site, asked: &Asked, user: &User, since_s: u64) -> bool {
    let signed_in = user.sign_in.auth_time;
    asked.request.max_age().is_none_or(|max_age| {
        let longest = max_age.saturating_add(since_s);
        site.server.clock.now().is_ok_and(|now| now.saturating_sub(signed_in) <= longest)
    })
}

/// What the owner says, unless the client wants the user to be asked anew (`prompt=consent`, OpenID Connect Core
/// §3.1.2.1).
async fn consent(site: &Site, asked: &Asked, user: &User) -> Consent {
    let anew = asked.request.prompt().iter().any(|value| value == "consent");
    match site.people.consent(asked, user).await {
        Consent::Allow { .. } if anew && site.people.asks() => Consent::Ask,
        consent => consent,
    }
}

/// POST of the consent form. Its request is judged anew, and nothing of that is answered before it is known whose
/// form it is.
pub(super) async fn decide(State(site): Shared, request: Request) -> Reply {
    match decided(&site, request).await {
        Ok(reply) => reply,
        Err(reply) => *reply,
    }
}

async fn decided(site: &Site, request: Request) -> Result<Reply, Box<Reply>> {
    let (parts, body) = form(request).await?;
    let decision = Decision::read(&parts.headers, &body).ok_or_else(|| Box::new(no_form()))?;
    let judged = authorize::judge(&site.server, &decision.query).await;
    let return_to = way_back(site, metadata::AUTHORIZE, &decision.query);
    let user = who(site, &parts.headers, judged.as_ref().ok(), return_to).await?;
    let shown = Shown { subject: &user.subject, request: &decision.query };
    if !is_ours(site, &site.consent_form, &parts.headers, &decision.csrf, shown) {
        site.server.narrator.say("authorize", || "a consent form that is not ours: refused".into());
        return Err(Box::new(not_ours()));
    }
    let asked = judged?;
    // It was recent when the form was shown, and reading takes its time: else `max_age=0` could never be met.
    if !is_recent(site, &asked, &user, READING_S) {
        return Ok(authorize::decline(&site.server, &asked.request, Decline::LoginRequired));
    }
    if !decision.allow {
        return Ok(authorize::decline(&site.server, &asked.request, Decline::Denied));
    }
    site.people.allowed(&asked, &user).await;
    let scopes = asked.request.scopes().to_vec();
    Ok(allow(site, asked, user, scopes).await)
}

async fn allow(site: &Site, asked: Asked, user: User, scopes: Vec<String>) -> Reply {
    let approval = Approval { subject: user.subject, scopes };
    authorize::allow(&site.server, asked.request, approval, user.sign_in).await
}

pub(super) async fn redeem(State(site): Shared, request: Request<Body>) -> Reply {
    posted(&site, (&site.token_limit, "token"), request, async |server, headers, body| {
        token::reply(server, headers, body).await
    })
    .await
}

pub(super) async fn give_back(State(site): Shared, request: Request<Body>) -> Reply {
    posted(&site, (&site.token_limit, "revoke"), request, async |server, headers, body| {
        revoke::reply(server, headers, body).await
    })
    .await
}

/// Only where a resource may ask.
pub(super) async fn introspect(State(site): Shared, request: Request<Body>) -> Reply {
    let Some(asking) = site.server.introspection.as_deref() else {
        return Reply::text(StatusCode::NOT_FOUND, "there is nothing at this address");
    };
    posted(&site, (&site.token_limit, "introspect"), request, async |server, headers, body| {
        introspect::reply(server, asking, headers, body).await
    })
    .await
}

pub(super) async fn push(State(site): Shared, request: Request<Body>) -> Reply {
    posted(&site, (&site.token_limit, "par"), request, async |server, headers, body| {
        par::reply(server, headers, body).await
    })
    .await
}

pub(super) async fn begin_device(State(site): Shared, request: Request<Body>) -> Reply {
    posted(&site, (&site.token_limit, "device"), request, async |server, headers, body| {
        device::reply(server, headers, body).await
    })
    .await
}

pub(super) async fn take_in(State(site): Shared, request: Request<Body>) -> Reply {
    posted(&site, (&site.registration_limit, "register"), request, async |server, headers, body| {
        register::reply(server, headers, body).await
    })
    .await
}

pub(super) async fn take_out(State(site): Shared, request: Request<Body>) -> Reply {
    if request.method() != Method::DELETE {
        return Reply::method_not_allowed("DELETE");
    }
    // As it stands there: an identifier of a registration needs no encoding.
    let client_id = request.uri().path().rsplit('/').next().unwrap_or_default();
    register::unregister(&site.server, client_id, request.headers()).await
}

/// A POST with its body, for an endpoint that programs talk to.
async fn posted(
    site: &Site,
    (limit, endpoint): (&Limiter, &str),
    request: Request<Body>,
    answer: impl AsyncFnOnce(&AuthorizationServer, &HeaderMap, &[u8]) -> Reply,
) -> Reply {
    if request.method() != Method::POST {
        return Reply::method_not_allowed("POST");
    }
    let (parts, body) = request.into_parts();
    let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
    let address = site.people.address(&parts.headers, peer);
    let now = site.server.clock.now().unwrap_or_default();
    if let Err(too_many) = limit.admit(endpoint, &address, now) {
        let status = StatusCode::TOO_MANY_REQUESTS;
        let description = "too many requests came from this address";
        let mut reply = token::problem(status, "temporarily_unavailable", description);
        reply.set_text(RETRY_AFTER, &too_many.retry_after_s.to_string());
        return reply;
    }
    let body: Bytes = match read(body).await {
        Ok(body) => body,
        Err(reply) => {
            return token::problem(reply.status, "invalid_request", "the body cannot be taken");
        }
    };
    answer(&site.server, &parts.headers, &body).await
}

/// The consent form as it came back.
struct Decision {
    csrf: String,
    query: String,
    allow: bool,
}

impl Decision {
    /// `None` unless each field is there exactly once, and no other.
    fn read(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let posted = Posted::read(headers, body)?;
        if !posted.has_only(&["csrf", "query", "decision"]) {
            return None;
        }
        let allow = match posted.field("decision")?.as_str() {
            "allow" => true,
            "deny" => false,
            _ => return None,
        };
        Some(Self { csrf: posted.field("csrf")?, query: posted.field("query")?, allow })
    }
}
