//! The schema: made by whichever node comes first, brought up to date by the first newer one.

use super::pool::Connections;
use crate::store::StoreError;
use std::time::Duration;
use tokio_postgres::GenericClient;

/// What brings the schema from each version to the next; the first makes it.
const MIGRATIONS: [&str; 3] =
    [include_str!("schema_1.sql"), include_str!("schema_2.sql"), include_str!("schema_3.sql")];

/// The newest schema that this program knows.
const KNOWN: i64 = MIGRATIONS.len() as i64;

/// How long a node waits for another one that is changing the schema, and how long changing it may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// Makes the schema, or brings it up to date, or leaves it alone where it is that already: then no right to change
/// it is needed.
pub(super) async fn prepare(connections: &Connections, schema: &str) -> Result<(), StoreError> {
    let mut client = connections.client().await?;
    let whole = async {
        if version(&**client, connections, schema).await? == Some(KNOWN) {
            return Ok(());
        }
        let failed = |error| connections.failed(&error);
        let transaction = client.transaction().await.map_err(failed)?;
        let seconds = DEADLINE.as_secs();
        transaction
            .batch_execute(&format!("SET LOCAL statement_timeout = '{seconds}s'"))
            .await
            .map_err(failed)?;
        // Of nodes that start at once the first has it; the others wait, and find the work done.
        transaction
            .execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('proofkey ' || $1, 0))",
                &[&schema],
            )
            .await
            .map_err(failed)?;
        let found = version(&*transaction, connections, schema).await?;
        if found.is_none() {
            let sql = format!("CREATE SCHEMA {}", quoted(schema));
            transaction.batch_execute(&sql).await.map_err(failed)?;
        }
        for migration in
            MIGRATIONS.iter().skip(usize::try_from(found.unwrap_or_default()).unwrap_or_default())
        {
            transaction.batch_execute(&filled(migration, schema)).await.map_err(failed)?;
        }
        let sql = filled("UPDATE {schema}.proofkey_schema SET version = $1", schema);
        transaction.execute(&sql, &[&(KNOWN as i32)]).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)
    };
    let done = tokio::time::timeout(DEADLINE, whole).await;
    done.unwrap_or(Err(StoreError::TimedOut { seconds: DEADLINE.as_secs() }))
}

/// The version of the schema: `None` where there is no schema of that name, 0 where it is empty.
async fn version(
    client: &impl GenericClient,
    connections: &Connections,
    schema: &str,
) -> Result<Option<i64>, StoreError> {
    const SQL: &str = "SELECT n.oid IS NOT NULL, count(c.oid),
            count(c.oid) FILTER (WHERE c.relname = 'proofkey_schema')
        FROM (SELECT $1::text AS name) AS wanted
        LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.name
        LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
        GROUP BY n.oid";
    let failed = |error| connections.failed(&error);
    let store = || format!("{} (schema {schema})", connections.shown());
    let row = client.query_one(SQL, &[&schema]).await.map_err(failed)?;
    let (there, all, ours): (bool, i64, i64) = (row.get(0), row.get(1), row.get(2));
    match (there, all, ours) {
        (false, ..) => return Ok(None),
        (true, 0, _) => return Ok(Some(0)),
        (true, _, 0) => return Err(StoreError::NotAGrantStore { store: store() }),
        _ => {}
    }
    let sql = filled("SELECT version::bigint FROM {schema}.proofkey_schema", schema);
    let found = client.query_one(&sql, &[]).await.map_err(failed)?.get(0);
    if found > KNOWN {
        return Err(StoreError::NewerSchema { store: store(), found, known: KNOWN });
    }
    Ok(Some(found))
}

/// The statement for this schema.
pub(super) fn filled(sql: &str, schema: &str) -> String {
    sql.replace("{schema}", &quoted(schema))
}

fn quoted(schema: &str) -> String {
    format!("\"{}\"", schema.replace('"', "\"\""))
}
