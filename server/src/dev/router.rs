//! Which address is answered by what.

use super::handlers::{API, COUNTERS, count, describe_resource, home, rotate_keys};
use super::protected::{ADMIN, FRESH, GREEDY, admin, api, fresh, greedy};
use super::state::Dev;
use crate::fault::layer::{Seen, Sinner, sin};
use crate::site::consent::DECISION;
use crate::site::{guard, routes};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use std::sync::Arc;

/// Where a new key is made, for tests.
const ROTATE_KEYS: &str = "/rotate-keys";

/// Methods are checked by the handlers: a HEAD must not run what a GET does.
pub(super) fn router(dev: Arc<Dev>) -> Router {
    let site = dev.site.clone();
    let base = &site.place.base;
    let home_path = if base.is_empty() { "/" } else { base };
    let at = |path: &str| format!("{base}{path}");
    let mut router = Router::new()
        .route(home_path, any(home))
        .route(&at(API), any(api))
        .route(&at(ADMIN), any(admin))
        .route(&at(FRESH), any(fresh))
        .route(&at(GREEDY), any(greedy))
        .route(&at(COUNTERS), any(count))
        .route(&dev.resource.metadata_path, any(describe_resource));
    if dev.may_rotate {
        router = router.route(&at(ROTATE_KEYS), any(rotate_keys));
    }
    let sinner = (dev.fault.is_some() || dev.fault_clients).then(|| Arc::new(sinner(&dev)));
    let mut router = routes(&site).merge(router.with_state(dev));
    if let Some(sinner) = sinner {
        router = router.layer(from_fn_with_state(sinner, sin));
    }
    guard::around(router, site)
}

/// What the layer of faults knows of the server.
fn sinner(dev: &Dev) -> Sinner {
    let place = &dev.site.place;
    Sinner {
        server: dev.site.server.clone(),
        fault: dev.fault,
        metadata: place.metadata.clone(),
        resource_metadata: dev.resource.metadata_path.clone(),
        base: place.base.clone(),
        decision: DECISION,
        api: API,
        allows_devices: dev.allows_devices.clone(),
        seen: Seen::default(),
    }
}
