//! The statements: one conditional write each. What takes several is [`whole`], because the
//! transaction is shared with other calls.

use super::batch::whole;
use crate::store::{StoreError, rotation, signed};
use proofkey::challenge::CodeChallenge;
use proofkey::grant::{FoundGrant, FoundToken, Grant, Hash, NewGrant, NewToken, Terms, TokenKind};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

/// The columns that make a [`Grant`], in the order of [`grant_of`].
macro_rules! grant_columns {
    () => {
        "g.grant_id, g.client_id, g.subject, g.redirect_uri, g.redirect_uri_was_sent, \
         g.code_challenge, g.scope, g.resource, g.refreshable, g.dpop_jkt, g.nonce, g.auth_time, \
         g.acr, g.authorization_details"
    };
}

pub(super) fn put(
    connection: &Connection,
    new: &NewGrant,
    now: u64,
    max_grants: i64,
) -> Result<bool, StoreError> {
    // At most 32 expired grants, and more than the one that is added: a backlog shrinks. With the number as a
    // parameter SQLite would compile the statement anew each time.
    connection
        .prepare_cached(
            "DELETE FROM grants WHERE entry IN
               (SELECT entry FROM grants WHERE keep_until <= ?1 LIMIT 32)",
        )?
        .execute(params![signed(now)])?;
    let expires_at = signed(now.saturating_add(new.lifetime_s));
    let grant = &new.grant;
    let written = connection
        .prepare_cached(
            "INSERT INTO grants (grant_id, code_hash, code_challenge, client_id, subject,
               redirect_uri, redirect_uri_was_sent, scope, resource, refreshable, dpop_jkt, nonce,
               auth_time, acr, authorization_details, expires_at, keep_until)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16
             WHERE (SELECT grants FROM tally) < ?17
             ON CONFLICT (grant_id) DO NOTHING",
        )?
        .execute(params![
            grant.grant_id,
            new.code_hash,
            grant.code_challenge.map(|challenge| challenge.to_text()),
            grant.client_id,
            grant.subject,
            grant.redirect_uri,
            grant.redirect_uri_was_sent,
            grant.scope,
            grant.resource,
            grant.refreshable,
            grant.terms.dpop_jkt,
            grant.terms.nonce,
            grant.terms.auth_time.map(signed),
            grant.terms.acr,
            grant.terms.authorization_details,
            expires_at,
            max_grants,
        ])?;
    Ok(written == 1)
}

pub(super) fn find(
    connection: &Connection,
    grant_id: &str,
    code_hash: &Hash,
) -> Result<Option<FoundGrant>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        grant_columns!(),
        ", g.expires_at, g.used, g.revoked, g.mismatches
         FROM grants g WHERE g.grant_id = ?1 AND g.code_hash = ?2"
    );
    let mut statement = connection.prepare_cached(SQL)?;
    let mut rows = statement.query(params![grant_id, code_hash])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(FoundGrant {
        grant: grant_of(row)?,
        expires_at: number(row, 14, "grants.expires_at")?,
        used: row.get(15)?,
        revoked: row.get(16)?,
        mismatches: row.get(17)?,
    }))
}

/// The claim is the one UPDATE: whoever changes the row has won (P24, CVE-2026-47386). The winner's
/// tokens are in the file before any other request can revoke them, and a crash leaves both or
/// neither.
pub(super) fn claim(
    connection: &Connection,
    grant_id: &str,
    code_hash: &Hash,
    max_mismatches: u32,
    tokens: &[NewToken],
    now: u64,
) -> Result<bool, StoreError> {
    // The row is kept as long as its tokens from the first: else each of them would move it in the index.
    let longest = tokens.iter().map(|token| token.lifetime_s).max().unwrap_or_default();
    whole(connection, |together| {
        let claimed = together
            .prepare_cached(
                "UPDATE grants SET used = 1, keep_until = max(keep_until, ?5)
                 WHERE grant_id = ?1 AND code_hash = ?2 AND used = 0 AND revoked = 0
                   AND mismatches < ?3 AND expires_at > ?4
                 RETURNING entry, generation",
            )?
            .query_row(
                params![
                    grant_id,
                    code_hash,
                    max_mismatches,
                    signed(now),
                    signed(now.saturating_add(longest))
                ],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let Some(place) = claimed else {
            return Ok(false);
        };
        write(together, place, tokens, now)?;
        Ok(true)
    })
}

/// Writes tokens of a grant's entry into a generation.
fn write(
    connection: &Connection,
    (entry, generation): (i64, i64),
    tokens: &[NewToken],
    now: u64,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO tokens (entry, token_hash, kind, expires_at, scope, dpop_jkt, generation)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for token in tokens {
        statement.execute(params![
            entry,
            token.token_hash,
            token.kind.as_str(),
            signed(now.saturating_add(token.lifetime_s)),
            token.scope,
            token.dpop_jkt,
            generation,
        ])?;
    }
    Ok(())
}

/// The rotation is the one UPDATE: whoever begins the next generation has won (P27, CVE-2026-1035). Of
/// a predecessor that is spared, the tokens are written beside those that are there.
pub(super) fn rotate(
    connection: &Connection,
    grant_id: &str,
    token_hash: &Hash,
    reuse_window_s: u64,
    (tokens, max_tokens): (&[NewToken], i64),
    now: u64,
) -> Result<bool, StoreError> {
    whole(connection, |together| {
        let place = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let begun = together
            .prepare_cached(
                "UPDATE grants SET generation = generation + 1, rotated_at = ?3
                 WHERE grant_id = ?1 AND revoked = 0 AND generation =
                   (SELECT generation FROM tokens t WHERE t.entry = grants.entry AND token_hash = ?2
                      AND kind = 'refresh' AND t.expires_at > ?3)
                 RETURNING entry, generation",
            )?
            .query_row(params![grant_id, token_hash, signed(now)], place)
            .optional()?;
        let spared = || {
            together
                .prepare_cached(
                    "SELECT g.entry, g.generation FROM tokens t JOIN grants g USING (entry)
                     WHERE g.grant_id = ?1 AND t.token_hash = ?2 AND t.kind = 'refresh'
                       AND t.expires_at > ?3 AND g.revoked = 0 AND g.generation = t.generation + 1
                       AND g.rotated_at <= ?3 AND ?3 - g.rotated_at < ?4",
                )?
                .query_row(
                    params![grant_id, token_hash, signed(now), signed(reuse_window_s)],
                    place,
                )
                .optional()
        };
        let found: Option<(i64, i64)> = match begun {
            Some(place) => Some(place),
            None => spared()?,
        };
        let Some(place) = found else {
            return Ok(false);
        };
        together
            .prepare_cached("DELETE FROM tokens WHERE entry = ?1 AND expires_at <= ?2")?
            .execute(params![place.0, signed(now)])?;
        write(together, place, tokens, now)?;
        let kept: i64 = together
            .prepare_cached("SELECT count(*) FROM tokens WHERE entry = ?1")?
            .query_row(params![place.0], |row| row.get(0))?;
        Ok(kept <= max_tokens)
    })
}

pub(super) fn count(connection: &Connection, grant_id: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE grants SET mismatches = mismatches + 1
             WHERE grant_id = ?1 AND mismatches < 4294967295",
        )?
        .execute(params![grant_id])?;
    Ok(())
}

pub(super) fn revoke(connection: &Connection, grant_id: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE grants SET revoked = 1 WHERE grant_id = ?1 AND revoked = 0")?
        .execute(params![grant_id])?;
    Ok(())
}

pub(super) fn find_token(
    connection: &Connection,
    grant_id: &str,
    token_hash: &Hash,
) -> Result<Option<FoundToken>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        grant_columns!(),
        ", t.expires_at, t.kind, g.revoked, t.scope, t.generation, g.generation, g.rotated_at,
         t.dpop_jkt
         FROM tokens t JOIN grants g USING (entry)
         WHERE g.grant_id = ?1 AND t.token_hash = ?2"
    );
    let mut statement = connection.prepare_cached(SQL)?;
    let mut rows = statement.query(params![grant_id, token_hash])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let kind = TokenKind::parse(&row.get::<_, String>(15)?)
        .ok_or(StoreError::Corrupt { column: "tokens.kind" })?;
    let (of_token, newest) =
        (number(row, 18, "tokens.generation")?, number(row, 19, "grants.generation")?);
    Ok(Some(FoundToken {
        kind,
        expires_at: number(row, 14, "tokens.expires_at")?,
        revoked: row.get(16)?,
        scope: row.get(17)?,
        rotation: rotation(kind, of_token, newest, number(row, 20, "grants.rotated_at")?),
        dpop_jkt: row.get(21)?,
        grant: grant_of(row)?,
    }))
}

pub(super) fn tally(connection: &Connection) -> Result<u64, StoreError> {
    let grants = connection
        .query_row("SELECT grants FROM tally", [], |row| row.get::<_, i64>(0))
        .optional()?;
    grants
        .and_then(|grants| u64::try_from(grants).ok())
        .ok_or(StoreError::Corrupt { column: "tally.grants" })
}

fn grant_of(row: &Row<'_>) -> Result<Grant, StoreError> {
    // A challenge that cannot be read must never become "no challenge" (P22).
    let code_challenge = match row.get::<_, Option<String>>(5)? {
        None => None,
        Some(text) => Some(
            CodeChallenge::parse(&text)
                .map_err(|_| StoreError::Corrupt { column: "grants.code_challenge" })?,
        ),
    };
    Ok(Grant {
        grant_id: row.get(0)?,
        client_id: row.get(1)?,
        subject: row.get(2)?,
        redirect_uri: row.get(3)?,
        redirect_uri_was_sent: row.get(4)?,
        code_challenge,
        scope: row.get(6)?,
        resource: row.get(7)?,
        refreshable: row.get(8)?,
        terms: Box::new(Terms {
            dpop_jkt: row.get(9)?,
            nonce: row.get(10)?,
            auth_time: match row.get::<_, Option<i64>>(11)? {
                None => None,
                Some(_) => Some(number(row, 11, "grants.auth_time")?),
            },
            acr: row.get(12)?,
            authorization_details: row.get(13)?,
        }),
    })
}

fn number(row: &Row<'_>, at: usize, column: &'static str) -> Result<u64, StoreError> {
    u64::try_from(row.get::<_, i64>(at)?).map_err(|_| StoreError::Corrupt { column })
}
