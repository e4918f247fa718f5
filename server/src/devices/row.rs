//! A device's sign-in as bytes, for a store that several nodes share.

use crate::store::StoreError;
use proofkey::grant::device::{Decision, DeviceRequest, Waiting};
use serde_json::{Value, json};

pub(super) fn write(waiting: &Waiting) -> Vec<u8> {
    let Waiting { request, expires_at, interval_s, polled_at, decision } = waiting;
    let decision = match decision {
        Decision::None => Value::Null,
        Decision::Denied => json!(false),
        Decision::Allowed { subject, auth_time } => json!([subject, auth_time]),
    };
    let row = json!({
        "client_id": request.client_id,
        "scopes": request.scopes,
        "resource": request.resource,
        "authorization_details": request.authorization_details,
        "may_refresh": request.may_refresh,
        "expires_at": expires_at,
        "interval_s": interval_s,
        "polled_at": polled_at,
        "decision": decision,
    });
    row.to_string().into_bytes()
}

pub(super) fn read(bytes: &[u8]) -> Result<Waiting, StoreError> {
    parse(bytes).ok_or_else(|| StoreError::Database {
        detail: "the sign-in of a device cannot be understood".into(),
    })
}

fn parse(bytes: &[u8]) -> Option<Waiting> {
    let row: Value = serde_json::from_slice(bytes).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let decision = match &row["decision"] {
        Value::Null => Decision::None,
        Value::Bool(false) => Decision::Denied,
        Value::Array(allowed) => {
            let [subject, auth_time] = allowed.as_slice() else {
                return None;
            };
            Decision::Allowed { subject: text(subject)?, auth_time: auth_time.as_u64()? }
        }
        _ => return None,
    };
    let scopes: Option<Vec<String>> = row["scopes"].as_array()?.iter().map(text).collect();
    let request = DeviceRequest {
        client_id: text(&row["client_id"])?,
        scopes: scopes?,
        resource: text(&row["resource"]),
        authorization_details: text(&row["authorization_details"]),
        may_refresh: row["may_refresh"].as_bool()?,
    };
    Some(Waiting {
        request,
        expires_at: row["expires_at"].as_u64()?,
        interval_s: row["interval_s"].as_u64()?,
        polled_at: row["polled_at"].as_u64(),
        decision,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends with its first wrong step")]
    use super::*;

    #[test]
    fn a_row_comes_back_as_it_was() {
        let request = DeviceRequest {
            client_id: "a\"ü".into(),
            scopes: vec!["read".into(), "write".into()],
            resource: Some("https://api.example/".into()),
            authorization_details: Some("[{\"type\":\"t\"}]".into()),
            may_refresh: true,
        };
        let bare = DeviceRequest { scopes: Vec::new(), resource: None, ..request.clone() };
        let bare = DeviceRequest { authorization_details: None, may_refresh: false, ..bare };
        let allowed = Decision::Allowed { subject: "ada".into(), auth_time: 7 };
        for (request, polled_at, decision) in [
            (request.clone(), None, Decision::None),
            (bare, Some(9), Decision::Denied),
            (request, Some(u64::MAX), allowed),
        ] {
            let waiting = Waiting { request, expires_at: 10, interval_s: 5, polled_at, decision };
            assert_eq!(read(&write(&waiting)).unwrap(), waiting);
        }
    }

    #[test]
    fn what_is_no_row_is_an_error() {
        for wrong in ["", "{}", "[]", "null", "{\"decision\":true}"] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
