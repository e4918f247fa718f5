//! Which address is answered by what.

use super::consent::DECISION;
use super::handlers::{
    ask, begin_device, decide, describe, give_back, introspect, keys, push, redeem, take_in,
    take_out,
};
use super::{Site, device, logout};
use crate::endpoint::metadata;
use axum::Router;
use axum::routing::{MethodRouter, any};
use std::sync::Arc;

/// A path, and what answers at it. Methods are checked by the handlers: a HEAD must not run what a GET does.
pub(crate) type Route<S> = (String, MethodRouter<S>);

/// The routes of a site: what it serves depends on what it was given.
pub(crate) fn table(site: &Site) -> Vec<Route<Arc<Site>>> {
    let base = &site.place.base;
    let at = |path: &str| format!("{base}{path}");
    let mut routes = vec![
        (at(metadata::AUTHORIZE), any(ask)),
        (at(DECISION), any(decide)),
        (at(metadata::TOKEN), any(redeem)),
        (at(metadata::REVOKE), any(give_back)),
        (at(metadata::PAR), any(push)),
        (at(metadata::DEVICE_AUTHORIZATION), any(begin_device)),
        (at(metadata::DEVICE), any(device::ask)),
        (at(device::DECISION), any(device::decide)),
        (at(metadata::JWKS), any(keys)),
        (at(metadata::END_SESSION), any(logout::ask)),
        (at(logout::DECISION), any(logout::decide)),
    ];
    if site.server.introspection.is_some() {
        routes.push((at(metadata::INTROSPECT), any(introspect)));
    }
    routes.extend(site.place.metadata.iter().map(|path| (path.clone(), any(describe))));
    if site.server.clients.registrations().is_some() {
        routes.push((at(metadata::REGISTER), any(take_in)));
        routes.push((at(&format!("{}/{{client_id}}", metadata::REGISTER)), any(take_out)));
    }
    routes
}

/// The paths of these routes.
pub(crate) fn paths<S>(routes: &[Route<S>]) -> impl Iterator<Item = String> {
    routes.iter().map(|(path, _)| path.clone())
}

pub(crate) fn router<S: Clone + Send + Sync + 'static>(routes: Vec<Route<S>>, state: S) -> Router {
    let add = |router: Router<S>, (path, answer): Route<S>| router.route(&path, answer);
    routes.into_iter().fold(Router::new(), add).with_state(state)
}
