//! The resources: what each wants of a token and of its sign-in.

use super::handlers::{API, Shared};
use super::state::Dev;
use crate::endpoint::Reply;
use crate::endpoint::resource::{self, Protected};
use axum::extract::State;
use http::{HeaderMap, Method};
use proofkey::grant::check::Authentication;

/// Wants the scope `admin`.
pub(super) const ADMIN: &str = "/api/admin";

/// Wants a sign-in of another class, and a new one (RFC 9470).
pub(super) const FRESH: &str = "/api/fresh";

/// Is never content.
pub(super) const GREEDY: &str = "/api/greedy";

pub(super) async fn api(State(dev): Shared, method: Method, headers: HeaderMap) -> Reply {
    let scopes = &dev.resource.required_scopes;
    echo(&dev, &method, &headers, (API, scopes, &Authentication::default())).await
}

pub(super) async fn admin(State(dev): Shared, method: Method, headers: HeaderMap) -> Reply {
    let scopes = [dev.resource.required_scopes.as_slice(), &["admin".to_owned()]].concat();
    echo(&dev, &method, &headers, (ADMIN, &scopes, &Authentication::default())).await
}

pub(super) async fn fresh(State(dev): Shared, method: Method, headers: HeaderMap) -> Reply {
    echo(&dev, &method, &headers, (FRESH, &dev.resource.required_scopes, &dev.fresh)).await
}

pub(super) async fn greedy(State(dev): Shared, method: Method, headers: HeaderMap) -> Reply {
    if !served(&method) {
        return Reply::method_not_allowed("GET, POST");
    }
    let url = dev.site.server.address_of(GREEDY);
    let none = Authentication::default();
    let protected = protected(&dev, &url, &dev.resource.required_scopes, &none);
    let demanded = Authentication { max_age_s: Some(0), ..dev.fresh.clone() };
    resource::insist(&dev.site.server, &method, &headers, protected, &demanded).await
}

async fn echo(
    dev: &Dev,
    method: &Method,
    headers: &HeaderMap,
    (path, scopes, authentication): (&str, &[String], &Authentication),
) -> Reply {
    if !served(method) {
        return Reply::method_not_allowed("GET, POST");
    }
    let url = dev.site.server.address_of(path);
    let protected = protected(dev, &url, scopes, authentication);
    resource::echo(&dev.site.server, method, headers, protected).await
}

fn served(method: &Method) -> bool {
    method == Method::GET || method == Method::POST
}

/// All of them are one resource: one audience, one document of metadata.
fn protected<'a>(
    dev: &'a Dev,
    url: &'a str,
    required_scopes: &'a [String],
    authentication: &'a Authentication,
) -> Protected<'a> {
    let (audience, metadata_url) = (&dev.resource.uri, &dev.resource.metadata_url);
    Protected { audience, required_scopes, metadata_url, url, authentication }
}
