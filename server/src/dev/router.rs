//! Which address is answered by what.

use super::consent::DECISION;
use super::guard::guard;
use super::handlers::{
    API, COUNTERS, ask, begin_device, count, decide, describe, describe_resource, give_back, home,
    keys, push, redeem, rotate_keys, take_in, take_out,
};
use super::protected::{ADMIN, FRESH, GREEDY, admin, api, fresh, greedy};
use super::state::Dev;
use super::{device, logout};
use crate::endpoint::{Reply, metadata};
use crate::fault::layer::{Seen, Sinner, sin};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use http::StatusCode;
use std::sync::Arc;

/// Where a new key is made, for tests.
const ROTATE_KEYS: &str = "/rotate-keys";

/// Methods are checked by the handlers: a HEAD must not run what a GET does.
pub(super) fn router(dev: Arc<Dev>) -> Router {
    let base = &dev.place.base;
    let home_path = if base.is_empty() { "/" } else { base };
    let at = |path: &str| format!("{base}{path}");
    let mut router = Router::new()
        .route(home_path, any(home))
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
        .route(&at(logout::DECISION), any(logout::decide))
        .route(&at(API), any(api))
        .route(&at(ADMIN), any(admin))
        .route(&at(FRESH), any(fresh))
        .route(&at(GREEDY), any(greedy))
        .route(&at(COUNTERS), any(count))
        .route(&dev.resource.metadata_path, any(describe_resource));
    for path in &dev.place.metadata {
        router = router.route(path, any(describe));
    }
    if dev.may_rotate {
        router = router.route(&at(ROTATE_KEYS), any(rotate_keys));
    }
    if dev.server.clients.registrations().is_some() {
        router = router
            .route(&at(metadata::REGISTER), any(take_in))
            .route(&format!("{base}{}/{{client_id}}", metadata::REGISTER), any(take_out));
    }
    let mut router = router
        .fallback(async || Reply::text(StatusCode::NOT_FOUND, "there is nothing at this address"));
    if dev.fault.is_some() || dev.fault_clients {
        router = router.layer(from_fn_with_state(Arc::new(sinner(&dev)), sin));
    }
    router.layer(from_fn_with_state(dev.clone(), guard)).with_state(dev)
}

/// What the layer of faults knows of the server.
fn sinner(dev: &Dev) -> Sinner {
    Sinner {
        server: dev.server.clone(),
        fault: dev.fault,
        metadata: dev.place.metadata.clone(),
        resource_metadata: dev.resource.metadata_path.clone(),
        base: dev.place.base.clone(),
        decision: DECISION,
        api: API,
        auto_approve: dev.auto_approve,
        user_name: dev.user_name.clone(),
        seen: Seen::default(),
    }
}
