//! The router: which address is answered by which endpoint.

use super::consent::{self, DECISION};
use super::guard::{guard, read};
use super::state::Dev;
use crate::endpoint::page::{self, Forms, escape};
use crate::endpoint::{Reply, authorize, metadata, only, resource, token};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use http::{HeaderMap, Method, StatusCode};
use proofkey::grant::issue::Approval;
use proofkey::grant::request::GrantRequest;
use std::sync::Arc;

/// The resource's path.
pub(super) const API: &str = "/api";

type Shared = State<Arc<Dev>>;

/// Methods are checked by the handlers: a HEAD must not run what a GET does.
pub(super) fn router(dev: Arc<Dev>) -> Router {
    Router::new()
        .route("/", any(home))
        .route(metadata::WELL_KNOWN, any(describe))
        .route(metadata::AUTHORIZE, any(ask))
        .route(DECISION, any(decide))
        .route(metadata::TOKEN, any(redeem))
        .route(API, any(api))
        .fallback(async || Reply::text(StatusCode::NOT_FOUND, "there is nothing at this address"))
        .layer(from_fn_with_state(dev.clone(), guard))
        .with_state(dev)
}

async fn home(State(dev): Shared, method: Method) -> Reply {
    if method != Method::GET {
        return Reply::method_not_allowed("GET");
    }
    let row = |name: &str, path: &str| {
        let address = escape(&dev.server.address_of(path));
        format!("<div><dt>{name}</dt><dd><code>{address}</code></dd></div>\n")
    };
    let body = format!(
        "<p>An OAuth authorization server that runs on this computer, to develop and test programs \
         that sign in with PKCE.</p>\n<dl>\n{}{}{}{}</dl>\n<p class=\"soft\">It is not for the \
         public network.</p>",
        row("Metadata (RFC 8414)", metadata::WELL_KNOWN),
        row("Authorization endpoint", metadata::AUTHORIZE),
        row("Token endpoint", metadata::TOKEN),
        row("A resource to try a token at", API),
    );
    page::html(StatusCode::OK, "ProofKey development server", &body, Forms::None)
}

async fn describe(State(dev): Shared, method: Method) -> Reply {
    if method == Method::GET {
        metadata::reply(&dev.server)
    } else {
        Reply::method_not_allowed("GET")
    }
}

/// GET of the authorization endpoint: the consent page, or the answer at once where the server was
/// told to approve by itself.
async fn ask(State(dev): Shared, request: Request) -> Reply {
    if request.method() != Method::GET {
        return Reply::method_not_allowed("GET");
    }
    let query = request.uri().query().unwrap_or_default();
    let asked = match authorize::judge(&dev.server, query) {
        Ok(asked) => asked,
        Err(reply) => return *reply,
    };
    if dev.auto_approve {
        dev.server.narrator.say("authorize", || "approved without asking, as configured".into());
        return allow(&dev, asked.request).await;
    }
    let Ok(value) = dev.csrf.value(request.headers()) else {
        let description = "no form can be made";
        return page::problem(StatusCode::INTERNAL_SERVER_ERROR, "server_error", description);
    };
    let field = dev.csrf.field(value.expose(), query).unwrap_or_default();
    let mut reply = consent::page(&asked, &dev.user_name, query, &field);
    reply.set_cookie(&dev.csrf.set_cookie(&value));
    dev.server.narrator.say("authorize", || "the user is asked".into());
    reply
}

/// POST of the consent form. Whose form it is comes first; then the request is judged anew.
async fn decide(State(dev): Shared, request: Request) -> Reply {
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
    let ours = comes_from_us(&parts.headers, &dev.server.policy.issuer)
        && dev.csrf.is_right(&parts.headers, &form.csrf, &form.query);
    if !ours {
        dev.server.narrator.say("authorize", || "a consent form that is not ours: refused".into());
        let description = "the form was not sent from the page that this server showed";
        return page::problem(StatusCode::FORBIDDEN, "invalid_request", description);
    }
    match authorize::judge(&dev.server, &form.query) {
        Err(reply) => *reply,
        Ok(asked) if form.allow => allow(&dev, asked.request).await,
        Ok(asked) => authorize::deny(&dev.server, &asked.request),
    }
}

async fn allow(dev: &Dev, request: GrantRequest) -> Reply {
    let scopes = request.scopes().to_vec();
    let approval = Approval { subject: dev.user_name.clone(), scopes };
    authorize::allow(&dev.server, request, approval).await
}

async fn redeem(State(dev): Shared, request: Request<Body>) -> Reply {
    if request.method() != Method::POST {
        return Reply::method_not_allowed("POST");
    }
    let (parts, body) = request.into_parts();
    match read(body).await {
        Ok(body) => token::reply(&dev.server, &parts.headers, &body).await,
        Err(reply) => token::problem(reply.status, "invalid_request", "the body cannot be taken"),
    }
}

async fn api(State(dev): Shared, method: Method, headers: HeaderMap) -> Reply {
    if method != Method::GET && method != Method::POST {
        return Reply::method_not_allowed("GET, POST");
    }
    resource::echo(&dev.server, &method, &headers, &dev.server.address_of(API)).await
}

/// What a browser says of where a form comes from. Old ones say nothing; then the CSRF field decides
/// alone.
fn comes_from_us(headers: &HeaderMap, issuer: &str) -> bool {
    let origin = match only(headers, "origin") {
        Ok(origin) => origin.is_none_or(|origin| origin == issuer),
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
