//! Which address is answered by what.

use super::handlers::{API, COUNTERS, count, describe_resource, home, rotate_keys};
use super::protected::{ADMIN, FRESH, GREEDY, admin, api, fresh, greedy};
use super::state::Dev;
use crate::site::{guard, routes};
use axum::Router;
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
    guard::around(routes(&site).merge(router.with_state(dev)), site)
}
