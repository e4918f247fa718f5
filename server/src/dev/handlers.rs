//! What each address answers.

use super::consent;
use super::guard::read;
use super::state::Dev;
use crate::endpoint::authorize::SignIn;
use crate::endpoint::page::{self, Forms, escape};
use crate::endpoint::{
    AuthorizationServer, Reply, authorize, device, introspect, jwks, metadata, only, par, register,
    revoke, token,
};
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use http::{HeaderMap, Method, StatusCode};
use proofkey::grant::issue::Approval;
use proofkey::grant::request::{GrantRequest, Needed};
use std::sync::Arc;

/// The resource's path, behind the issuer's.
pub(super) const API: &str = "/api";

/// The counters' path, behind the issuer's.
pub(super) const COUNTERS: &str = "/counters";

pub(super) type Shared = State<Arc<Dev>>;

pub(super) async fn home(State(dev): Shared, method: Method) -> Reply {
    if method != Method::GET {
        return Reply::method_not_allowed("GET");
    }
    let mut rows = String::new();
    let mut row = |name: &str, address: &str| {
        let address = escape(address);
        rows.push_str(&format!("<div><dt>{name}</dt><dd><code>{address}</code></dd></div>\n"));
    };
    for path in &dev.place.metadata {
        row("Metadata", &format!("{}{path}", dev.place.origin));
    }
    row("Authorization endpoint", &dev.server.address_of(metadata::AUTHORIZE));
    row("Token endpoint", &dev.server.address_of(metadata::TOKEN));
    row("Revocation endpoint", &dev.server.address_of(metadata::REVOKE));
    if dev.server.clients.registrations().is_some() {
        row("Registration endpoint", &dev.server.address_of(metadata::REGISTER));
    }
    if dev.server.introspection.is_some() {
        row("Introspection endpoint", &dev.server.address_of(metadata::INTROSPECT));
    }
    row("Endpoint for pushed requests", &dev.server.address_of(metadata::PAR));
    row("Device authorization endpoint", &dev.server.address_of(metadata::DEVICE_AUTHORIZATION));
    row("Keys of ID tokens", &dev.server.address_of(metadata::JWKS));
    row("A resource to try a token at", &dev.resource.uri);
    row("Its metadata", &dev.resource.metadata_url);
    row("What has happened so far", &dev.server.address_of(COUNTERS));
    let body = format!(
        "<p>An OAuth authorization server that runs on this computer, to develop and test programs \
         that sign in with PKCE.</p>\n<dl>\n{rows}</dl>\n<p class=\"soft\">It is not for the \
         public network.</p>"
    );
    page::html(StatusCode::OK, "ProofKey development server", &body, Forms::None)
}

pub(super) async fn describe(State(dev): Shared, method: Method) -> Reply {
    if method == Method::GET {
        metadata::reply(&dev.server)
    } else {
        Reply::method_not_allowed("GET")
    }
}

pub(super) async fn describe_resource(State(dev): Shared, method: Method) -> Reply {
    if method == Method::GET {
        metadata::resource(&dev.server, &dev.resource.uri)
    } else {
        Reply::method_not_allowed("GET")
    }
}

pub(super) async fn count(State(dev): Shared, method: Method) -> Reply {
    if method == Method::GET {
        Reply::json(StatusCode::OK, &dev.server.counters.to_json())
    } else {
        Reply::method_not_allowed("GET")
    }
}

/// GET of the authorization endpoint: the consent page, or the answer at once where the server was
/// told to approve by itself.
pub(super) async fn ask(State(dev): Shared, request: Request) -> Reply {
    if request.method() != Method::GET {
        return Reply::method_not_allowed("GET");
    }
    let query = request.uri().query().unwrap_or_default();
    let asked = match authorize::arrive(&dev.server, query).await {
        Ok(asked) => asked,
        Err(reply) => return *reply,
    };
    if dev.auto_approve {
        dev.server.narrator.say("authorize", || "approved without asking, as configured".into());
        return allow(&dev, asked.request).await;
    }
    if asked.request.is_unattended() {
        return authorize::cannot_ask(&dev.server, &asked.request, Needed::Consent);
    }
    let Ok(value) = dev.csrf.value(request.headers()) else {
        let description = "no form can be made";
        return page::problem(StatusCode::INTERNAL_SERVER_ERROR, "server_error", description);
    };
    let field = dev.csrf.field(value.expose(), &asked.query).unwrap_or_default();
    let mut reply = consent::page(&asked, &dev.user_name, &field, &dev.place.base);
    reply.set_cookie(&dev.csrf.set_cookie(&value));
    dev.server.narrator.say("authorize", || "the user is asked".into());
    reply
}

/// POST of the consent form. Whose form it is comes first; then the request is judged anew.
pub(super) async fn decide(State(dev): Shared, request: Request) -> Reply {
    if request.method() != Method::POST {
        return Reply::method_not_allowed("POST");
    }
    let (parts, body) = request.into_parts();
    let body = match read(body).await {
        Ok(body) => body,
        Err(reply) => return *reply,
    };
    let Some(form) = Decision::read(&parts.headers, &body) else {
        let description = "the form is not one that this server showed";
        return page::problem(StatusCode::BAD_REQUEST, "invalid_request", description);
    };
    let ours = comes_from_us(&parts.headers, &dev.place.origin)
        && dev.csrf.is_right(&parts.headers, &form.csrf, &form.query);
    if !ours {
        dev.server.narrator.say("authorize", || "a consent form that is not ours: refused".into());
        let description = "the form was not sent from the page that this server showed";
        return page::problem(StatusCode::FORBIDDEN, "invalid_request", description);
    }
    match authorize::judge(&dev.server, &form.query).await {
        Err(reply) => *reply,
        Ok(asked) if form.allow => allow(&dev, asked.request).await,
        Ok(asked) => authorize::deny(&dev.server, &asked.request),
    }
}

async fn allow(dev: &Dev, request: GrantRequest) -> Reply {
    let scopes = request.scopes().to_vec();
    let approval = Approval { subject: dev.user_name.clone(), scopes };
    let Ok(now) = dev.server.clock.now() else {
        let description = "the server has no time";
        return page::problem(StatusCode::INTERNAL_SERVER_ERROR, "server_error", description);
    };
    let sign_in = SignIn::as_asked(&request, now);
    authorize::allow(&dev.server, request, approval, sign_in).await
}

pub(super) async fn redeem(State(dev): Shared, request: Request<Body>) -> Reply {
    posted(&dev.server, request, async |server, headers, body| {
        token::reply(server, headers, body).await
    })
    .await
}

pub(super) async fn give_back(State(dev): Shared, request: Request<Body>) -> Reply {
    posted(&dev.server, request, async |server, headers, body| {
        revoke::reply(server, headers, body).await
    })
    .await
}

/// Only where it was asked for.
pub(super) async fn introspect(State(dev): Shared, request: Request<Body>) -> Reply {
    let Some(asking) = dev.server.introspection.as_deref() else {
        return Reply::text(StatusCode::NOT_FOUND, "there is nothing at this address");
    };
    posted(&dev.server, request, async |server, headers, body| {
        introspect::reply(server, asking, headers, body).await
    })
    .await
}

pub(super) async fn push(State(dev): Shared, request: Request<Body>) -> Reply {
    posted(&dev.server, request, async |server, headers, body| {
        par::reply(server, headers, body).await
    })
    .await
}

pub(super) async fn begin_device(State(dev): Shared, request: Request<Body>) -> Reply {
    posted(&dev.server, request, async |server, headers, body| {
        device::reply(server, headers, body).await
    })
    .await
}

pub(super) async fn keys(State(dev): Shared, method: Method) -> Reply {
    if method == Method::GET {
        jwks::reply(&dev.server).await
    } else {
        Reply::method_not_allowed("GET")
    }
}

/// For tests, and only where it was asked for.
pub(super) async fn rotate_keys(State(dev): Shared, method: Method) -> Reply {
    if method == Method::POST {
        jwks::rotate(&dev.server).await
    } else {
        Reply::method_not_allowed("POST")
    }
}

pub(super) async fn take_in(State(dev): Shared, request: Request<Body>) -> Reply {
    posted(&dev.server, request, async |server, headers, body| {
        register::reply(server, headers, body)
    })
    .await
}

/// A POST with its body, for an endpoint that programs talk to.
async fn posted(
    server: &AuthorizationServer,
    request: Request<Body>,
    endpoint: impl AsyncFnOnce(&AuthorizationServer, &HeaderMap, &[u8]) -> Reply,
) -> Reply {
    if request.method() != Method::POST {
        return Reply::method_not_allowed("POST");
    }
    let (parts, body) = request.into_parts();
    let body: Bytes = match read(body).await {
        Ok(body) => body,
        Err(reply) => {
            return token::problem(reply.status, "invalid_request", "the body cannot be taken");
        }
    };
    endpoint(server, &parts.headers, &body).await
}

pub(super) async fn take_out(
    State(dev): Shared,
    Path(client_id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Reply {
    if method != Method::DELETE {
        return Reply::method_not_allowed("DELETE");
    }
    register::unregister(&dev.server, &client_id, &headers)
}

/// What a browser says of where a form comes from. Old ones say nothing; then the CSRF field decides
/// alone.
pub(super) fn comes_from_us(headers: &HeaderMap, ours: &str) -> bool {
    let origin = match only(headers, "origin") {
        Ok(origin) => origin.is_none_or(|origin| origin == ours),
        Err(_) => false,
    };
    let site = match only(headers, "sec-fetch-site") {
        Ok(site) => site.is_none_or(|site| site == "same-origin"),
        Err(_) => false,
    };
    origin && site
}

/// The consent form as it came back.
struct Decision {
    csrf: String,
    query: String,
    allow: bool,
}

impl Decision {
    /// `None` unless each field is there exactly once.
    fn read(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let content_type = only(headers, "content-type").ok().flatten()?;
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return None;
        }
        let (mut csrf, mut query, mut decision) = (None, None, None);
        for (name, value) in form_urlencoded::parse(body) {
            let field = match &*name {
                "csrf" => &mut csrf,
                "query" => &mut query,
                "decision" => &mut decision,
                _ => return None,
            };
            if field.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        let allow = match decision?.as_str() {
            "allow" => true,
            "deny" => false,
            _ => return None,
        };
        Some(Self { csrf: csrf?, query: query?, allow })
    }
}
