//! What the tests over `tests/vectors` and `tests/transcripts` share: reading the files, the text type
//! of the format, and the canonical spelling of a verdict (`tests/vectors/README.md`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    dead_code,
    reason = "a test support module: it fails by panicking, and each test binary uses a part of it"
)]

pub mod transcript;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// One vector or transcript, as it stands in its file.
pub struct Case {
    pub id: String,
    pub data: Value,
}

impl Case {
    pub fn expect(&self) -> &str {
        string(&self.data, "expect")
    }
}

/// The folder of the data: the project's own, unless the environment names another.
pub fn directory(variable: &str, name: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests").join(name),
        PathBuf::from,
    )
}

/// The kinds (file names without `.json`) in a folder, sorted.
pub fn kinds(folder: &Path) -> Vec<String> {
    let mut kinds: Vec<String> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    kinds.sort();
    kinds
}

/// The cases of one file.
pub fn cases(folder: &Path, kind: &str, list: &str) -> Vec<Case> {
    let path = folder.join(format!("{kind}.json"));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file: Value = serde_json::from_slice(&bytes)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(file["kind"], kind, "{}", path.display());
    let list = file[list].as_array().unwrap_or_else(|| panic!("{}: no {list}", path.display()));
    list.iter().map(|data| Case { id: string(data, "id").to_owned(), data: data.clone() }).collect()
}

/// A member that must be a string.
pub fn string<'a>(data: &'a Value, name: &str) -> &'a str {
    data[name].as_str().unwrap_or_else(|| panic!("{name} is not a string in {data}"))
}

/// A member that is a string or null.
pub fn optional(data: &Value, name: &str) -> Option<String> {
    match &data[name] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => panic!("{name} is neither a string nor null: {other}"),
    }
}

pub fn number(data: &Value, name: &str) -> u64 {
    data[name].as_u64().unwrap_or_else(|| panic!("{name} is not a number in {data}"))
}

pub fn truth(data: &Value, name: &str) -> bool {
    data[name].as_bool().unwrap_or_else(|| panic!("{name} is not a truth value in {data}"))
}

pub fn strings(data: &Value) -> Vec<String> {
    let list = data.as_array().expect("a list of strings");
    list.iter().map(|text| text.as_str().expect("a string").to_owned()).collect()
}

/// A text of the format: a string, or a list of strings and `{"repeat": …, "times": …}`.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .map(|part| match part {
                Value::String(text) => text.clone(),
                part => {
                    string(part, "repeat").repeat(usize::try_from(number(part, "times")).unwrap())
                }
            })
            .collect(),
        other => panic!("not a text: {other}"),
    }
}

/// `body`, a text, or `body_base64`, bytes.
pub fn body(data: &Value) -> Vec<u8> {
    match &data["body_base64"] {
        Value::String(encoded) => STANDARD.decode(encoded).expect("base64"),
        _ => text(&data["body"]).into_bytes(),
    }
}

/// A value in a verdict: percent-encoded but for RFC 3986's unreserved characters, `:` and `/`.
pub fn quote(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b':' | b'/' => out.push(char::from(byte)),
            _ => write!(out, "%{byte:02X}").unwrap(),
        }
    }
    out
}

/// Adds ` name=value` to a verdict, if there is a value.
pub fn word(verdict: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        write!(verdict, " {name}={}", quote(value)).unwrap();
    }
}

/// A query or form body, decoded by a reader that is not the core's: the names and values in order.
pub fn form(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unquote(name), unquote(value))
        })
        .collect()
}

fn unquote(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            out.push(u8::from_str_radix(&text[at + 1..at + 3], 16).expect("two digits"));
            at += 3;
        } else {
            out.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
            at += 1;
        }
    }
    String::from_utf8(out).expect("UTF-8")
}

/// Splits a URL into what stands before the query, and the query's parameters.
pub fn url_parts(url: &str) -> (String, Vec<(String, String)>) {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    (base.to_owned(), form(query))
}

/// Fails once, with every case whose verdict is not what the file expects.
pub fn compare(kind: &str, verdicts: &[(Case, String)]) {
    let wrong: Vec<String> = verdicts
        .iter()
        .filter(|(case, verdict)| case.expect() != verdict)
        .map(|(case, verdict)| {
            let why = string(&case.data, "why");
            format!("{}: {why}\n  expected {}\n  got      {verdict}", case.id, case.expect())
        })
        .collect();
    assert!(!verdicts.is_empty(), "{kind} is empty");
    assert!(
        wrong.is_empty(),
        "{} of {} {kind} differ:\n{}",
        wrong.len(),
        verdicts.len(),
        wrong.join("\n")
    );
}
