//! Which address is answered by what.

use super::consent::DECISION;
use super::handlers::{
    ask, begin_device, decide, describe, give_back, introspect, keys, push, redeem, take_in,
    take_out,
};
use super::{Site, device, logout};
use crate::endpoint::metadata;
use axum::Router;
use axum::routing::any;
use std::sync::Arc;

/// Methods are checked by the handlers: a HEAD must not run what a GET does.
pub(crate) fn routes(site: &Arc<Site>) -> Router {
    let base = &site.place.base;
    let at = |path: &str| format!("{base}{path}");
    let mut router = Router::new()
        .route(&at(metadata::AUTHORIZE), any(ask))
        .route(&at(DECISION), any(decide))
        .route(&at(metadata::TOKEN), any(redeem))
        .route(&at(metadata::REVOKE), any(give_back))
        .route(&at(metadata::PAR), any(push))
        .route(&at(metadata::DEVICE_AUTHORIZATION), any(begin_device))
        .route(&at(metadata::DEVICE), any(device::ask))
        .route(&at(device::DECISION), any(device::decide))
        .route(&at(metadata::JWKS), any(keys))
        .route(&at(metadata::END_SESSION), any(logout::ask))
        .route(&at(logout::DECISION), any(logout::decide));
    if site.server.introspection.is_some() {
        router = router.route(&at(metadata::INTROSPECT), any(introspect));
    }
    for path in &site.place.metadata {
        router = router.route(path, any(describe));
    }
    if site.server.clients.registrations().is_some() {
        router = router
            .route(&at(metadata::REGISTER), any(take_in))
            .route(&at(&format!("{}/{{client_id}}", metadata::REGISTER)), any(take_out));
    }
    router.with_state(site.clone())
}
