//! A registered client as the text that lies in a database.

use crate::store::StoreError;
use proofkey::grant::client::ClientRecord;
use serde_json::{Map, Value, json};

/// All but the identifier, by the names of RFC 7591 §2 where it has one.
pub(crate) fn text(client: &ClientRecord) -> String {
    json!({
        "client_name": client.name,
        "redirect_uris": client.redirect_uris,
        "scopes": client.scopes,
        "may_refresh": client.may_refresh,
    })
    .to_string()
}

/// The client of this text. What is not as it was written is an error: a redirect URI or a scope must not come of
/// damage.
pub(crate) fn read(client_id: &str, text: &str) -> Result<ClientRecord, StoreError> {
    read_members(client_id, text).ok_or(StoreError::Corrupt { column: "clients.metadata" })
}

fn read_members(client_id: &str, text: &str) -> Option<ClientRecord> {
    let mut members: Map<String, Value> = serde_json::from_str(text).ok()?;
    let mut texts = |name: &str| match members.remove(name)? {
        Value::Array(values) => values
            .into_iter()
            .map(|value| if let Value::String(text) = value { Some(text) } else { None })
            .collect::<Option<Vec<String>>>(),
        _ => None,
    };
    let (redirect_uris, scopes) = (texts("redirect_uris")?, texts("scopes")?);
    Some(ClientRecord {
        client_id: client_id.to_owned(),
        name: members.get("client_name")?.as_str()?.to_owned(),
        redirect_uris,
        scopes,
        may_refresh: members.get("may_refresh")?.as_bool()?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test ends with its first wrong step")]
mod tests {
    use super::*;

    fn client() -> ClientRecord {
        ClientRecord {
            client_id: "registered-x".into(),
            name: "An \"agent\" – ü".into(),
            redirect_uris: vec!["http://127.0.0.1/callback".into(), "com.example:/cb".into()],
            scopes: vec!["read".into()],
            may_refresh: true,
        }
    }

    #[test]
    fn a_client_comes_back_as_it_was() {
        for client in [
            client(),
            ClientRecord { redirect_uris: vec![], scopes: vec![], may_refresh: false, ..client() },
        ] {
            assert_eq!(read("registered-x", &text(&client)).unwrap(), client);
        }
    }

    #[test]
    fn what_is_damaged_is_no_client() {
        let whole = text(&client());
        for (from, to) in [
            ("\"client_name\":", "\"lost\":"),
            ("\"redirect_uris\":", "\"lost\":"),
            ("\"scopes\":", "\"lost\":"),
            ("\"may_refresh\":", "\"lost\":"),
            ("true", "1"),
            ("[\"read\"]", "\"read\""),
            ("[\"read\"]", "[1]"),
            ("}", ""),
        ] {
            assert!(whole.contains(from), "{from}");
            let error = read("registered-x", &whole.replace(from, to)).unwrap_err();
            assert!(matches!(error, StoreError::Corrupt { column: "clients.metadata" }), "{error}");
        }
    }
}
