//! Whether a server can keep grants at all, asked on every new connection.

use redis::aio::MultiplexedConnection;
use redis::RedisResult;

/// What the keys mean that this program writes.
const LAYOUT: u64 = 1;
const LAYOUT_KEY: &str = "proofkey:layout";

/// Looks at the server. `None`: it is fit; else what is wrong and what to do.
pub(super) async fn vet(connection: &mut MultiplexedConnection) -> RedisResult<Option<String>> {
    let info: String = redis::cmd("INFO").query_async(connection).await?;
    let told = |name: &str| {
        info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    };
    let role = told("role").unwrap_or_default();
    if role != "master" {
        return unfit("it is a replica: give the address of its primary");
    }
    // Whatever is evicted may be a revocation, and a code whose use is forgotten can be used again.
    let policy = told("maxmemory_policy").unwrap_or("unknown");
    if policy != "noeviction" {
        return unfit(&format!(
            "its maxmemory-policy is {policy}, which would forget revocations: set it to noeviction"
        ));
    }
    if told("cluster_enabled") == Some("1") {
        let cluster: String = redis::cmd("CLUSTER").arg("INFO").query_async(connection).await?;
        let size = cluster.lines().find_map(|line| line.strip_prefix("cluster_size:"));
        if size.map(str::trim) != Some("1") {
            return unfit("it is one of a cluster of several primaries: give a server that is none");
        }
    }
    let mut layout = layout(connection).await?;
    if layout.is_none() {
        let mut write = redis::cmd("SET");
        let () = write.arg(LAYOUT_KEY).arg(LAYOUT).arg("NX").query_async(connection).await?;
        layout = self::layout(connection).await?;
    }
    match layout {
        Some(LAYOUT) => {}
        found => {
            let found = found.map_or_else(|| "unknown".to_owned(), |found| found.to_string());
            return unfit(&format!(
                "its keys have layout {found}, this program knows {LAYOUT}: update it"
            ));
        }
    }
    if told("aof_enabled") != Some("1") {
        tracing::warn!(
            "the grant store's Redis keeps no append-only file: what was answered is lost with its process"
        );
    }
    Ok(None)
}

async fn layout(connection: &mut MultiplexedConnection) -> RedisResult<Option<u64>> {
    redis::cmd("GET").arg(LAYOUT_KEY).query_async(connection).await
}

fn unfit(why: &str) -> RedisResult<Option<String>> {
    Ok(Some(why.to_owned()))
}
