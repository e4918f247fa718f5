//! Grants and tokens as the text that lies in Redis.

use crate::store::{StoreError, rotation};
use proofkey::challenge::CodeChallenge;
use proofkey::grant::{FoundGrant, FoundToken, Grant, NewToken, Terms, TokenKind};
use serde_json::{Map, Value, json};

/// What a script of a read answers: the clock, then the columns; a column that is not there is `None`.
pub(super) type Columns = Vec<Option<String>>;

/// The part of a grant that never changes, as JSON. Its id is in the key.
pub(super) fn of_grant(grant: &Grant) -> String {
    let Terms { dpop_jkt, nonce, auth_time, acr, authorization_details } = &*grant.terms;
    json!({
        "client_id": grant.client_id,
        "subject": grant.subject,
        "redirect_uri": grant.redirect_uri,
        "redirect_uri_was_sent": grant.redirect_uri_was_sent,
        "code_challenge": grant.code_challenge.map(|challenge| challenge.to_text()),
        "scope": grant.scope,
        "resource": grant.resource,
        "refreshable": grant.refreshable,
        "dpop_jkt": dpop_jkt,
        "nonce": nonce,
        "auth_time": auth_time,
        "acr": acr,
        "authorization_details": authorization_details,
    })
    .to_string()
}

/// What is written of a token behind its generation and its expiry.
pub(super) fn of_token(token: &NewToken) -> String {
    let rest = json!({ "scope": token.scope, "dpop_jkt": token.dpop_jkt });
    format!("{} {rest}", token.kind.as_str())
}

/// The clock in an answer.
pub(super) fn now(columns: &Columns) -> Result<u64, StoreError> {
    number(columns, 0, "clock")
}

/// The grant in the answer of `find.lua`.
pub(super) fn found_grant(
    grant_id: &str,
    columns: &Columns,
) -> Result<Option<FoundGrant>, StoreError> {
    if columns.len() == 1 {
        return Ok(None);
    }
    let mismatches = number(columns, 5, "mismatches")?;
    Ok(Some(FoundGrant {
        grant: grant(grant_id, text(columns, 1, "grant")?)?,
        expires_at: number(columns, 2, "expires_at")?,
        used: there(columns, 3),
        revoked: !there(columns, 4),
        mismatches: u32::try_from(mismatches).map_err(|_| corrupt("mismatches"))?,
    }))
}

/// The token in the answer of `find_token.lua`.
pub(super) fn found_token(
    grant_id: &str,
    columns: &Columns,
) -> Result<Option<FoundToken>, StoreError> {
    if columns.len() == 1 {
        return Ok(None);
    }
    let mut parts = text(columns, 1, "token")?.splitn(4, ' ');
    let mut part = || parts.next().ok_or(corrupt("token"));
    let (generation, expires_at, kind, rest) = (part()?, part()?, part()?, part()?);
    let seconds = |text: &str| text.parse::<u64>().map_err(|_| corrupt("token"));
    let kind = TokenKind::parse(kind).ok_or(corrupt("token"))?;
    let rest = object(rest, "token")?;
    let (newest, rotated_at) =
        (number(columns, 4, "generation")?, number(columns, 5, "rotated_at")?);
    Ok(Some(FoundToken {
        kind,
        expires_at: seconds(expires_at)?,
        revoked: !there(columns, 3),
        scope: optional(&rest, "scope")?,
        rotation: rotation(kind, seconds(generation)?, newest, rotated_at),
        dpop_jkt: optional(&rest, "dpop_jkt")?,
        grant: grant(grant_id, text(columns, 2, "grant")?)?,
    }))
}

fn grant(grant_id: &str, json: &str) -> Result<Grant, StoreError> {
    let members = object(json, "grant")?;
    // A challenge that cannot be read must never become "no challenge" (P22).
    let code_challenge = match optional(&members, "code_challenge")? {
        None => None,
        Some(text) => {
            Some(CodeChallenge::parse(&text).map_err(|_| corrupt("grant.code_challenge"))?)
        }
    };
    let text = |name| optional(&members, name)?.ok_or(corrupt(name));
    let flag = |name| members.get(name).and_then(Value::as_bool).ok_or(corrupt(name));
    let auth_time = match members.get("auth_time") {
        Some(Value::Null) => None,
        Some(Value::Number(number)) => Some(number.as_u64().ok_or(corrupt("auth_time"))?),
        _ => return Err(corrupt("auth_time")),
    };
    Ok(Grant {
        grant_id: grant_id.to_owned(),
        client_id: text("client_id")?,
        subject: text("subject")?,
        redirect_uri: text("redirect_uri")?,
        redirect_uri_was_sent: flag("redirect_uri_was_sent")?,
        code_challenge,
        scope: text("scope")?,
        resource: optional(&members, "resource")?,
        refreshable: flag("refreshable")?,
        terms: Box::new(Terms {
            dpop_jkt: optional(&members, "dpop_jkt")?,
            nonce: optional(&members, "nonce")?,
            auth_time,
            acr: optional(&members, "acr")?,
            authorization_details: optional(&members, "authorization_details")?,
        }),
    })
}

fn object(json: &str, column: &'static str) -> Result<Map<String, Value>, StoreError> {
    serde_json::from_str(json).map_err(|_| corrupt(column))
}

/// A member that is text or null. One that is not there was never written so: what is lost must not become
/// "none", for that would open what it closes.
fn optional(
    members: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<String>, StoreError> {
    match members.get(name) {
        Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        _ => Err(corrupt(name)),
    }
}

fn there(columns: &Columns, at: usize) -> bool {
    columns.get(at).is_some_and(Option::is_some)
}

pub(super) fn text<'a>(
    columns: &'a Columns,
    at: usize,
    name: &'static str,
) -> Result<&'a str, StoreError> {
    columns.get(at).and_then(Option::as_deref).ok_or(corrupt(name))
}

pub(super) fn number(columns: &Columns, at: usize, name: &'static str) -> Result<u64, StoreError> {
    text(columns, at, name)?.parse().map_err(|_| corrupt(name))
}

const fn corrupt(column: &'static str) -> StoreError {
    StoreError::Corrupt { column }
}
