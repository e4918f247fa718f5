//! What the development server answers beside its site.

use super::state::Dev;
use crate::endpoint::page::{self, Forms, escape};
use crate::endpoint::{Reply, jwks, metadata};
use axum::extract::State;
use http::{Method, StatusCode};
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
    let (site, server) = (&dev.site, &dev.site.server);
    let mut rows = String::new();
    let mut row = |name: &str, address: &str| {
        let address = escape(address);
        rows.push_str(&format!("<div><dt>{name}</dt><dd><code>{address}</code></dd></div>\n"));
    };
    for path in &site.place.metadata {
        row("Metadata", &format!("{}{path}", site.place.origin));
    }
    row("Authorization endpoint", &server.address_of(metadata::AUTHORIZE));
    row("Token endpoint", &server.address_of(metadata::TOKEN));
    row("Revocation endpoint", &server.address_of(metadata::REVOKE));
    if server.clients.registrations().is_some() {
        row("Registration endpoint", &server.address_of(metadata::REGISTER));
    }
    if server.introspection.is_some() {
        row("Introspection endpoint", &server.address_of(metadata::INTROSPECT));
    }
    row("Endpoint for pushed requests", &server.address_of(metadata::PAR));
    row("Device authorization endpoint", &server.address_of(metadata::DEVICE_AUTHORIZATION));
    row("Keys of ID tokens", &server.address_of(metadata::JWKS));
    row("A resource to try a token at", &dev.resource.uri);
    row("Its metadata", &dev.resource.metadata_url);
    row("What has happened so far", &server.address_of(COUNTERS));
    let body = format!(
        "<p>An OAuth authorization server that runs on this computer, to develop and test programs \
         that sign in with PKCE.</p>\n<dl>\n{rows}</dl>\n<p class=\"soft\">It is not for the \
         public network.</p>"
    );
    page::html(StatusCode::OK, "ProofKey development server", &body, Forms::None)
}

pub(super) async fn describe_resource(State(dev): Shared, method: Method) -> Reply {
    if method == Method::GET {
        metadata::resource(&dev.site.server, &dev.resource.uri)
    } else {
        Reply::method_not_allowed("GET")
    }
}

pub(super) async fn count(State(dev): Shared, method: Method) -> Reply {
    if method == Method::GET {
        Reply::json(StatusCode::OK, &dev.site.server.counters.to_json())
    } else {
        Reply::method_not_allowed("GET")
    }
}

/// For tests, and only where it was asked for.
pub(super) async fn rotate_keys(State(dev): Shared, method: Method) -> Reply {
    if method == Method::POST {
        jwks::rotate(&dev.site.server).await
    } else {
        Reply::method_not_allowed("POST")
    }
}
