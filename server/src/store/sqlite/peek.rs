//! A row as it lies in the file, for people to look at.

use crate::store::StoreError;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::fmt::Write as _;

/// A grant's row. Times are seconds since the epoch by the store's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredGrant {
    /// The first half of the code.
    pub grant_id: String,
    /// SHA-256 of the code, in hexadecimal. The code itself is nowhere in the file.
    pub code_hash: String,
    /// The challenge that came with the authorization request.
    pub code_challenge: Option<String>,
    /// Who asked.
    pub client_id: String,
    /// Who allowed it.
    pub subject: String,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// The granted scopes, separated by spaces.
    pub scope: String,
    /// The resource that the tokens are for.
    pub resource: Option<String>,
    /// When the code expires.
    pub expires_at: i64,
    /// Whether the code was claimed.
    pub used: bool,
    /// Whether the grant was revoked.
    pub revoked: bool,
    /// How many wrong verifiers came for it.
    pub mismatches: u32,
    /// The tokens issued from it.
    pub tokens: Vec<StoredToken>,
}

/// A token's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredToken {
    /// SHA-256 of the token, in hexadecimal. The token itself is nowhere in the file.
    pub token_hash: String,
    /// What it is for: `access`.
    pub kind: String,
    /// When it expires.
    pub expires_at: i64,
}

pub(super) fn row(
    connection: &mut Connection,
    grant_id: &str,
) -> Result<Option<StoredGrant>, StoreError> {
    // Together: grant and tokens are of one moment.
    let together = connection.savepoint()?;
    let grant = together
        .query_row(
            "SELECT grant_id, code_hash, code_challenge, client_id, subject, redirect_uri, scope,
               resource, expires_at, used, revoked, mismatches
             FROM grants WHERE grant_id = ?1",
            params![grant_id],
            |row| {
                Ok(StoredGrant {
                    grant_id: row.get(0)?,
                    code_hash: hex(&row.get::<_, Vec<u8>>(1)?),
                    code_challenge: row.get(2)?,
                    client_id: row.get(3)?,
                    subject: row.get(4)?,
                    redirect_uri: row.get(5)?,
                    scope: row.get(6)?,
                    resource: row.get(7)?,
                    expires_at: row.get(8)?,
                    used: row.get(9)?,
                    revoked: row.get(10)?,
                    mismatches: row.get(11)?,
                    tokens: Vec::new(),
                })
            },
        )
        .optional()?;
    let Some(mut grant) = grant else {
        return Ok(None);
    };
    let mut statement = together.prepare(
        "SELECT t.token_hash, t.kind, t.expires_at FROM tokens t JOIN grants g USING (entry)
         WHERE g.grant_id = ?1 ORDER BY t.expires_at",
    )?;
    let tokens = statement.query_map(params![grant_id], |row| {
        Ok(StoredToken {
            token_hash: hex(&row.get::<_, Vec<u8>>(0)?),
            kind: row.get(1)?,
            expires_at: row.get(2)?,
        })
    })?;
    for token in tokens {
        grant.tokens.push(token?);
    }
    Ok(Some(grant))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing into a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}
