//! The statements of the calls, and the rows they bring.

use super::schema::filled;
use crate::store::{Seen, StoreError, rotation, signed};
use proofkey::challenge::CodeChallenge;
use proofkey::grant::{FoundGrant, FoundToken, Grant, NewToken, Terms, TokenKind};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

/// The statements, for one schema.
pub(super) struct Statements {
    pub(super) put: String,
    pub(super) find: String,
    pub(super) claim: String,
    pub(super) rotate: String,
    pub(super) count: String,
    pub(super) revoke: String,
    pub(super) find_token: String,
    pub(super) len: String,
}

/// The columns that make a [`Grant`], in the order of [`grant_of`], from the second on.
macro_rules! grant_columns {
    () => {
        "g.grant_id, g.client_id, g.subject, g.redirect_uri, g.redirect_uri_was_sent, \
         g.code_challenge, g.scope, g.resource, g.refreshable, g.dpop_jkt, g.nonce, g.auth_time, \
         g.acr, g.authorization_details"
    };
}

impl Statements {
    pub(super) fn new(schema: &str) -> Self {
        let sql = |text: &str| filled(text, schema);
        Self {
            put: sql("SELECT {schema}.put($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"),
            // One row comes in any case: the clock's.
            find: sql(concat!(
                "SELECT c.now_s, ",
                grant_columns!(),
                ", g.expires_at, g.used, g.revoked, g.mismatches
                 FROM (SELECT {schema}.now_s()) AS c (now_s)
                 LEFT JOIN {schema}.grants g ON g.grant_id = $1 AND g.code_hash = $2"
            )),
            claim: sql("SELECT {schema}.claim($1, $2, $3, $4, $5, $6, $7, $8)"),
            rotate: sql("SELECT {schema}.rotate($1, $2, $3, $4, $5, $6, $7, $8, $9)"),
            count: sql(
                "WITH done AS (UPDATE {schema}.grants SET mismatches = mismatches + 1
                    WHERE grant_id = $1 AND mismatches < 4294967295 RETURNING 1)
                 SELECT count(*) FROM done",
            ),
            revoke: sql(
                "WITH done AS (UPDATE {schema}.grants SET revoked = true
                    WHERE grant_id = $1 AND NOT revoked RETURNING 1)
                 SELECT count(*) FROM done",
            ),
            find_token: sql(concat!(
                "SELECT c.now_s, ",
                grant_columns!(),
                ", t.expires_at, t.kind, g.revoked, t.scope, t.generation, g.generation, g.rotated_at, t.dpop_jkt
                 FROM (SELECT {schema}.now_s()) AS c (now_s)
                 LEFT JOIN ({schema}.tokens t JOIN {schema}.grants g USING (grant_id))
                    ON t.grant_id = $1 AND t.token_hash = $2"
            )),
            len: sql("SELECT sum(grants)::bigint FROM {schema}.tally"),
        }
    }
}

/// New tokens as arrays, a column each.
pub(super) struct Columns {
    pub(super) kinds: Vec<&'static str>,
    pub(super) hashes: Vec<Vec<u8>>,
    pub(super) lifetimes: Vec<i64>,
    pub(super) scopes: Vec<Option<String>>,
    pub(super) keys: Vec<Option<String>>,
}

impl From<Vec<NewToken>> for Columns {
    fn from(tokens: Vec<NewToken>) -> Self {
        let mut columns = Self {
            kinds: Vec::new(),
            hashes: Vec::new(),
            lifetimes: Vec::new(),
            scopes: Vec::new(),
            keys: Vec::new(),
        };
        for NewToken { kind, token_hash, lifetime_s, scope, dpop_jkt } in tokens {
            columns.kinds.push(kind.as_str());
            columns.hashes.push(token_hash.to_vec());
            columns.lifetimes.push(signed(lifetime_s));
            columns.scopes.push(scope);
            columns.keys.push(dpop_jkt);
        }
        columns
    }
}

pub(super) fn value<'a, T: FromSql<'a>>(row: &'a Row, at: usize) -> Result<T, StoreError> {
    row.try_get(at).map_err(|error| StoreError::Database { detail: error.to_string() })
}

fn number(row: &Row, at: usize, column: &'static str) -> Result<u64, StoreError> {
    u64::try_from(value::<i64>(row, at)?).map_err(|_| StoreError::Corrupt { column })
}

fn now(row: &Row) -> Result<u64, StoreError> {
    u64::try_from(value::<i64>(row, 0)?).map_err(|_| StoreError::Clock)
}

pub(super) fn found_grant(row: &Row) -> Result<Seen<FoundGrant>, StoreError> {
    let now = now(row)?;
    if value::<Option<&str>>(row, 1)?.is_none() {
        return Ok(Seen { row: None, now });
    }
    let mismatches = number(row, 18, "grants.mismatches")?;
    let found = FoundGrant {
        grant: grant_of(row)?,
        expires_at: number(row, 15, "grants.expires_at")?,
        used: value(row, 16)?,
        revoked: value(row, 17)?,
        mismatches: u32::try_from(mismatches)
            .map_err(|_| StoreError::Corrupt { column: "grants.mismatches" })?,
    };
    Ok(Seen { row: Some(found), now })
}

pub(super) fn found_token(row: &Row) -> Result<Seen<FoundToken>, StoreError> {
    let now = now(row)?;
    if value::<Option<&str>>(row, 1)?.is_none() {
        return Ok(Seen { row: None, now });
    }
    let kind =
        TokenKind::parse(value(row, 16)?).ok_or(StoreError::Corrupt { column: "tokens.kind" })?;
    let (of_token, newest) =
        (number(row, 19, "tokens.generation")?, number(row, 20, "grants.generation")?);
    let found = FoundToken {
        kind,
        expires_at: number(row, 15, "tokens.expires_at")?,
        revoked: value(row, 17)?,
        scope: value(row, 18)?,
        rotation: rotation(kind, of_token, newest, number(row, 21, "grants.rotated_at")?),
        dpop_jkt: value(row, 22)?,
        grant: grant_of(row)?,
    };
    Ok(Seen { row: Some(found), now })
}

fn grant_of(row: &Row) -> Result<Grant, StoreError> {
    // A challenge that cannot be read must never become "no challenge" (P22).
    let code_challenge = match value::<Option<&str>>(row, 6)? {
        None => None,
        Some(text) => Some(
            CodeChallenge::parse(text)
                .map_err(|_| StoreError::Corrupt { column: "grants.code_challenge" })?,
        ),
    };
    Ok(Grant {
        grant_id: value(row, 1)?,
        client_id: value(row, 2)?,
        subject: value(row, 3)?,
        redirect_uri: value(row, 4)?,
        redirect_uri_was_sent: value(row, 5)?,
        code_challenge,
        scope: value(row, 7)?,
        resource: value(row, 8)?,
        refreshable: value(row, 9)?,
        terms: Box::new(Terms {
            dpop_jkt: value(row, 10)?,
            nonce: value(row, 11)?,
            auth_time: match value::<Option<i64>>(row, 12)? {
                None => None,
                Some(_) => Some(number(row, 12, "grants.auth_time")?),
            },
            acr: value(row, 13)?,
            authorization_details: value(row, 14)?,
        }),
    })
}
