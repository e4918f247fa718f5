//! Which address is answered by what.

use super::handlers::{API, COUNTERS, count, describe_resource, home, rotate_keys};
use super::protected::{ADMIN, FRESH, GREEDY, admin, api, fresh, greedy};
use super::state::Dev;
use crate::fault::layer::{Seen, Sinner, sin};
use crate::site::consent::DECISION;
use crate::site::guard;
use crate::site::routes::{self, Route};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use std::sync::Arc;

/// Where a new key is made, for tests.
const ROTATE_KEYS: &str = "/rotate-keys";

/// What is served beside the site.
fn table(dev: &Dev) -> Vec<Route<Arc<Dev>>> {
    let base = &dev.site.place.base;
    let home_path = if base.is_empty() { "/" } else { base };
    let at = |path: &str| format!("{base}{path}");
    let mut routes = vec![
        (home_path.to_owned(), any(home)),
        (at(API), any(api)),
        (at(ADMIN), any(admin)),
        (at(FRESH), any(fresh)),
        (at(GREEDY), any(greedy)),
        (at(COUNTERS), any(count)),
        (dev.resource.metadata_path.clone(), any(describe_resource)),
    ];
    if dev.may_rotate {
        routes.push((at(ROTATE_KEYS), any(rotate_keys)));
    }
    routes
}

/// All that is answered at.
pub(super) fn paths(dev: &Dev) -> Vec<String> {
    dev.site.paths().into_iter().chain(routes::paths(&table(dev))).collect()
}

pub(super) fn router(dev: Arc<Dev>) -> Router {
    let site = dev.site.clone();
    let sinner = (!dev.faults.is_empty() || dev.fault_clients).then(|| Arc::new(sinner(&dev)));
    let sites = routes::router(routes::table(&site), site.clone());
    let mut router = sites.merge(routes::router(table(&dev), dev));
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
        faults: dev.faults.clone(),
        metadata: place.metadata.clone(),
        resource_metadata: dev.resource.metadata_path.clone(),
        base: place.base.clone(),
        decision: DECISION,
        api: API,
        allows_devices: dev.allows_devices.clone(),
        seen: Seen::default(),
    }
}
