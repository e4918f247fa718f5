//! Authorization details (RFC 9396), as far as they mean the same to every server: each has a type. What else
//! stands in one is between the program and its server.

use crate::json;

/// The parameter, and the member of the answer (RFC 9396 §2, §7).
pub(crate) const NAME: &str = "authorization_details";

/// A list may have so many entries.
const MAX_ITEMS: usize = 256;

/// The types of a list, each once and in their order; nothing where it is no list of objects of which each has
/// one (RFC 9396 §2).
pub(crate) fn types(list: &str) -> Option<Vec<String>> {
    let mut types = Vec::new();
    for item in json::items(list, MAX_ITEMS).ok()? {
        let kind = type_of(item)?;
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    Some(types)
}

/// The types that were asked for and that no granted entry has. What is granted may hold less, and each entry of it
/// other things than were asked for (RFC 9396 §7); a server that does not know the parameter answers with none.
pub(crate) fn missing(requested: &[String], granted: Option<&str>) -> Vec<String> {
    let items = granted.and_then(|list| json::items(list, MAX_ITEMS).ok()).unwrap_or_default();
    let granted: Vec<String> = items.into_iter().filter_map(type_of).collect();
    requested.iter().filter(|kind| !granted.contains(kind)).cloned().collect()
}

fn type_of(item: &str) -> Option<String> {
    let members = json::read(item.as_bytes(), ["type"]).ok()?;
    members.text("type").ok()?.map(|kind| kind.to_string()).filter(|kind| !kind.is_empty())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|&text| text.to_owned()).collect()
    }

    /// P15.
    #[test]
    fn a_list_has_the_types_of_its_entries() {
        let list =
            r#"[{"type":"payment","amount":{"type":"x"}},{"type":"files"},{"type":"payment"}]"#;
        assert_eq!(types(list).unwrap(), ["payment", "files"]);
        assert_eq!(types("[]").unwrap(), [""; 0]);
        for bad in [
            "",
            "{}",
            "payment",
            r#"["payment"]"#,
            r#"[{"kind":"payment"}]"#,
            r#"[{"type":7}]"#,
            r#"[{"type":""}]"#,
            r#"[{"type":null}]"#,
            r#"[{"type":"a","type":"b"}]"#,
            r#"[{"type":"a"}"#,
        ] {
            assert_eq!(types(bad), None, "{bad}");
        }
        let many = format!("[{}]", vec![r#"{"type":"a"}"#; MAX_ITEMS + 1].join(","));
        assert_eq!(types(&many), None);
    }

    /// P15.
    #[test]
    fn what_no_granted_entry_has_is_missing() {
        let asked = texts(&["payment", "files"]);
        let granted = r#"[{"type":"files","actions":["read"]},{"type":"more"}]"#;
        assert_eq!(missing(&asked, Some(granted)), ["payment"]);
        assert_eq!(missing(&asked, Some(r#"[{"type":"files"},{"type":"payment"}]"#)), [""; 0]);
        // A server that ignores the parameter grants none of it.
        assert_eq!(missing(&asked, None), asked);
        assert_eq!(missing(&asked, Some(r#"["payment", {"kind":"files"}]"#)), asked);
        assert_eq!(missing(&[], Some(granted)), [""; 0]);
    }
}
