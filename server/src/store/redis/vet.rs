//! Whether a server can keep grants at all, asked on every new connection.

use crate::store::StoreError;
use redis::aio::MultiplexedConnection;
use redis::{RedisResult, Script};
use std::sync::LazyLock;

/// What the keys mean that this program writes: 2 has registered clients, and all of 1.
const LAYOUT: i64 = 2;
const LAYOUT_KEY: &str = "proofkey:layout";

/// Notes the layout unless it is this one or a newer one, and says which it then is.
static NOTE_LAYOUT: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/layout.lua")));

/// Looks at the server of this address: what is wrong with it, if something is.
pub(super) async fn vet(
    connection: &mut MultiplexedConnection,
    store: &str,
) -> RedisResult<Result<(), StoreError>> {
    let unfit = |why: String| Err(StoreError::Unfit { store: store.to_owned(), unfit: why });
    let info: String = redis::cmd("INFO").query_async(connection).await?;
    if value(&info, "role") != Some("master") {
        return Ok(unfit("it is a replica: give the address of its primary".into()));
    }
    // Whatever is evicted may be a revocation, and a code whose use is forgotten can be used again.
    let policy = value(&info, "maxmemory_policy").unwrap_or("unknown");
    if policy != "noeviction" {
        return Ok(unfit(format!(
            "its maxmemory-policy is {policy}, which would forget revocations: set it to noeviction"
        )));
    }
    if value(&info, "cluster_enabled") == Some("1") {
        let cluster: String = redis::cmd("CLUSTER").arg("INFO").query_async(connection).await?;
        let whole = value(&cluster, "cluster_size") == Some("1")
            && value(&cluster, "cluster_state") == Some("ok");
        if !whole {
            return Ok(unfit(
                "it is a part of a cluster: give a server that has all keys to itself".into(),
            ));
        }
    }
    let mut note = NOTE_LAYOUT.prepare_invoke();
    let found: i64 = note.key(LAYOUT_KEY).arg(LAYOUT).invoke_async(connection).await?;
    if found > LAYOUT {
        return Ok(Err(StoreError::NewerSchema { store: store.to_owned(), found, known: LAYOUT }));
    }
    if value(&info, "aof_enabled") != Some("1") {
        tracing::warn!(
            "{store} keeps no append-only file: what was answered is lost when it ends (see docs/decisions/stores.md)"
        );
    }
    Ok(Ok(()))
}

/// A value of the answer of `INFO`: lines of a name, a colon and the value.
fn value<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}
