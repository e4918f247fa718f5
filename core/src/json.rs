//! The strict JSON reader: one object, the members that are asked for, nothing else built.
//!
//! A member name that stands twice at the top level is an error also where the name is unknown (two
//! readers would choose differently), names are exact, and unknown values are skipped unread. The
//! values that are asked for stay as they were written until a typed reader takes them, so `1e999` is
//! never a number on the way.

mod seen;

use crate::secret::Secret;
use seen::Seen;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use zeroize::Zeroizing;

/// An object may have so many members.
const MAX_MEMBERS: usize = 256;

/// The members that were asked for, each as its JSON text, in the order of the names.
pub(crate) struct Members<'a, const N: usize> {
    names: [&'static str; N],
    values: [Option<&'a str>; N],
}

/// Reads the named members of the object that is the whole text.
pub(crate) fn read<'a, const N: usize>(
    body: &'a [u8],
    names: [&'static str; N],
) -> Result<Members<'a, N>, &'static str> {
    let mut values = [None; N];
    read_object(body, &names, &mut values)?;
    Ok(Members { names, values })
}

/// The part of [`read`] that is the same whatever the number of names: it is compiled once.
fn read_object<'a>(
    body: &'a [u8],
    names: &[&'static str],
    values: &mut [Option<&'a str>],
) -> Result<(), &'static str> {
    let text = core::str::from_utf8(body).map_err(|_| "is not UTF-8")?;
    let mut reader = serde_json::Deserializer::from_str(text);
    reader
        .deserialize_map(Object { names, values })
        .and_then(|()| reader.end())
        .map_err(|error| if error.is_data() { DUPLICATE } else { "is not a JSON object" })
}

const DUPLICATE: &str = "is not a JSON object whose members each stand once";

struct Object<'n, 'a> {
    names: &'n [&'static str],
    values: &'n mut [Option<&'a str>],
}

impl<'a> Visitor<'a> for Object<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = Seen::new();
        while let Some(name) = map.next_key_seed(Name)? {
            let known = self.names.iter().position(|known| *known == name);
            if seen.count() == MAX_MEMBERS || name.contains('\0') || !seen.is_first(name) {
                return Err(A::Error::custom("members"));
            }
            match known {
                Some(at) => self.values[at] = Some(map.next_value::<&RawValue>()?.get()),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// A member's name: as it stands there where nothing in it is escaped, so that none is copied.
struct Name;

impl<'a> DeserializeSeed<'a> for Name {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Name {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'a str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

impl<'a, const N: usize> Members<'a, N> {
    /// The JSON text of a member; `null` counts as absent.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a str> {
        let at = self.names.iter().position(|known| *known == name)?;
        self.values[at].filter(|text| *text != "null")
    }

    /// A text, or why it is none.
    pub(crate) fn text(&self, name: &str) -> Result<Option<Zeroizing<String>>, NotText> {
        self.raw(name).map(text).transpose()
    }
}

impl<const N: usize> Members<'_, N> {
    /// A truth value, or why it is none: `"true"` and `1` are not.
    pub(crate) fn truth(&self, name: &str) -> Result<Option<bool>, NotTruth> {
        match self.raw(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(NotTruth),
        }
    }

    /// A list of strings, or why it is none. One string is not a list of one.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, NotTexts> {
        self.raw(name).map(texts).transpose()
    }
}

impl<const N: usize> Members<'_, N> {
    /// A number of digits alone, or why it is none: a sign, a fraction and an exponent are refused.
    pub(crate) fn natural(&self, name: &str) -> Result<Option<u64>, NotNatural> {
        self.raw(name).map(|raw| raw.parse().map_err(|_| NotNatural)).transpose()
    }
}

/// The member is there and is not an integer from 0 to 2^64 - 1, written without sign, fraction or exponent.
pub(crate) struct NotNatural;

/// The member is there and is neither `true` nor `false`.
pub(crate) struct NotTruth;

/// The member is there and is not a list of at most [`MAX_ITEMS`] strings.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotTexts;

/// A list may have so many entries.
const MAX_ITEMS: usize = 1024;

/// A JSON array of strings, decoded.
fn texts(raw: &str) -> Result<Vec<String>, NotTexts> {
    serde_json::Deserializer::from_str(raw).deserialize_seq(Texts).map_err(|_| NotTexts)
}

struct Texts;

impl<'a> Visitor<'a> for Texts {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("strings")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<String>()? {
            if items.len() == MAX_ITEMS {
                return Err(A::Error::custom("items"));
            }
            items.push(item);
        }
        Ok(items)
    }
}

/// A JSON array of at most `most` values, each as its JSON text.
pub(crate) fn items(raw: &str, most: usize) -> Result<Vec<&str>, NotItems> {
    let mut reader = serde_json::Deserializer::from_str(raw);
    let items = reader.deserialize_seq(Items { most });
    items.map_err(|error| if error.is_data() { NotItems::TooMany } else { NotItems::NoArray })
}

/// Why a text is not an array that may be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotItems {
    /// It is an array with more entries.
    TooMany,
    /// It is no array.
    NoArray,
}

struct Items {
    most: usize,
}

impl<'a> Visitor<'a> for Items {
    type Value = Vec<&'a str>;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<&RawValue>()? {
            if items.len() == self.most {
                return Err(A::Error::custom("items"));
            }
            items.push(item.get());
        }
        Ok(items)
    }
}

/// The member is there and is not a string.
pub(crate) struct NotText;

/// A JSON string, decoded. It was read before, as the value of a member or as an item.
pub(crate) fn text(raw: &str) -> Result<Zeroizing<String>, NotText> {
    if let Some(plain) = plain(raw) {
        return Ok(Zeroizing::new(plain.to_owned()));
    }
    serde_json::from_str::<String>(raw).map(Zeroizing::new).map_err(|_| NotText)
}

/// What stands between the quotes, where nothing in it is escaped: so it is the text itself (RFC 8259 §7).
/// The reader that found the value has refused what may not stand there.
fn plain(raw: &str) -> Option<&str> {
    let text = raw.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('\\')).then_some(text)
}

/// Writes one JSON object of texts and lists of texts.
pub(crate) struct JsonWriter(String);

impl JsonWriter {
    pub(crate) fn new() -> Self {
        Self("{".to_owned())
    }

    pub(crate) fn text(&mut self, name: &'static str, value: &str) {
        self.name(name);
        self.quoted(value);
    }

    pub(crate) fn texts(&mut self, name: &'static str, values: &[impl AsRef<str>]) {
        self.name(name);
        self.0.push('[');
        for (n, value) in values.iter().enumerate() {
            if n > 0 {
                self.0.push(',');
            }
            self.quoted(value.as_ref());
        }
        self.0.push(']');
    }

    pub(crate) fn number(&mut self, name: &'static str, value: u64) {
        self.raw(name, &value.to_string());
    }

    /// A value that is JSON already.
    pub(crate) fn raw(&mut self, name: &'static str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    fn name(&mut self, name: &'static str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.quoted(name);
        self.0.push(':');
    }

    /// RFC 8259 §7. What is not ASCII stays as it is: the text is UTF-8.
    fn quoted(&mut self, text: &str) {
        self.0.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.0.extend(['\\', c]),
                '\0'..='\u{1f}' | '\u{7f}' => {
                    self.0.push_str("\\u00");
                    let byte = u32::from(c);
                    self.0.extend(
                        [byte >> 4, byte & 15].map(|d| char::from_digit(d, 16).unwrap_or('0')),
                    );
                }
                c => self.0.push(c),
            }
        }
        self.0.push('"');
    }

    /// The object. It holds no secret; a request's body is a secret all the same.
    pub(crate) fn finish(self) -> Secret {
        Secret::new(self.into_text())
    }

    pub(crate) fn into_text(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use super::*;

    fn a(body: &str) -> Result<Option<String>, &'static str> {
        let members = read(body.as_bytes(), ["a"])?;
        Ok(members.raw("a").map(str::to_owned))
    }

    #[test]
    fn members_are_exact_and_unique() {
        assert_eq!(a(r#"{"A":1,"a":"x","b":{"a":2,"a":3}}"#), Ok(Some(r#""x""#.into())));
        assert_eq!(a(r#"{"b":1}"#), Ok(None));
        assert_eq!(a(r#"{"a":null}"#), Ok(None));
        assert_eq!(a(r#"{"a":1,"a":1}"#), Err(DUPLICATE));
        assert_eq!(a(r#"{"a":1,"\u0061":1}"#), Err(DUPLICATE));
        assert_eq!(a(r#"{"b":1,"b":1}"#), Err(DUPLICATE));
        assert_eq!(a("{\"a\\u0000\":1}"), Err(DUPLICATE));
    }

    #[test]
    fn no_object_has_too_many_members_or_one_twice() {
        let names: Vec<String> = (0..MAX_MEMBERS).map(|n| format!("a{n:03}b")).collect();
        let object = |names: &[String]| {
            let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":1")).collect();
            a(&format!("{{{}}}", members.join(",")))
        };
        assert_eq!(object(&names), Ok(None));
        for twice in [0, 100, MAX_MEMBERS - 2] {
            let mut names = names.clone();
            names[MAX_MEMBERS - 1] = names[twice].clone();
            assert_eq!(object(&names), Err(DUPLICATE));
        }
        let more: Vec<String> = (0..=MAX_MEMBERS).map(|n| n.to_string()).collect();
        assert_eq!(object(&more), Err(DUPLICATE));
        assert_eq!(a(r#"{"":1,"":2}"#), Err(DUPLICATE));
    }

    #[test]
    fn a_text_is_the_same_escaped_or_not() {
        for (raw, text) in [
            (r#""""#, ""),
            (r#""x""#, "x"),
            (r#""\u0078""#, "x"),
            (r#""\"""#, "\""),
            (r#""\\""#, "\\"),
            ("\"ü\"", "ü"),
        ] {
            let member = format!("{{\"a\":{raw}}}");
            let Ok(members) = read(member.as_bytes(), ["a"]) else { panic!("{member}") };
            assert_eq!(members.text("a").ok().flatten().map(|a| a.to_string()), Some(text.into()));
        }
        for bad in ["\"a\n\"", "\"a\0\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "'a'", "\"a"] {
            let member = format!("{{\"a\":{bad}}}");
            let read = read(member.as_bytes(), ["a"]);
            assert!(!read.is_ok_and(|members| members.text("a").is_ok()), "{member}");
        }
    }

    #[test]
    fn anything_but_one_object_is_refused() {
        for body in ["", "[]", "1", "{", "{}x", "{}{}", "\u{feff}{}", "{'a':1}", "{\"a\":1,}"] {
            assert!(a(body).is_err(), "{body}");
        }
        assert!(read(b"{\"a\":\"\xff\"}", ["a"]).is_err());
    }

    #[test]
    fn numbers_stay_as_written_and_depth_is_harmless() {
        assert_eq!(a(r#"{"a":1e999}"#), Ok(Some("1e999".into())));
        let deep = format!("{{\"b\":{}1{},\"a\":2}}", "[".repeat(30_000), "]".repeat(30_000));
        assert_eq!(a(&deep), Ok(Some("2".into())));
    }

    #[test]
    fn what_is_written_reads_back() {
        let mut writer = JsonWriter::new();
        writer.text("a", "q\"b\\n\n\u{7f}\0ü\u{1f600}");
        writer.texts("b", &["x", "y\t"]);
        writer.texts("c", &[] as &[&str]);
        let json = writer.into_text();
        let members = read(json.as_bytes(), ["a", "b", "c"]);
        assert!(members.is_ok(), "{json}");
        let Ok(members) = members else { return };
        let a = members.text("a").ok().flatten();
        assert_eq!(a.as_ref().map(|a| a.as_str()), Some("q\"b\\n\n\u{7f}\0ü\u{1f600}"));
        assert_eq!(members.texts("b"), Ok(Some(vec!["x".into(), "y\t".into()])));
        assert_eq!(members.texts("c"), Ok(Some(vec![])));
    }

    #[test]
    fn truth_values_and_lists_are_exact() {
        let truth = |value: &str| {
            let body = format!("{{\"a\":{value}}}");
            read(body.as_bytes(), ["a"]).ok().map(|members| members.truth("a").ok())
        };
        assert_eq!(truth("true"), Some(Some(Some(true))));
        assert_eq!(truth("false"), Some(Some(Some(false))));
        assert_eq!(truth("null"), Some(Some(None)));
        for other in ["1", "\"true\"", "[]", "{}", "0"] {
            assert_eq!(truth(other), Some(None), "{other}");
        }
        assert_eq!(texts("[]"), Ok(vec![]));
        assert_eq!(texts(r#"["a", "\u0062"]"#), Ok(vec!["a".into(), "b".into()]));
        for other in ["\"a\"", "[1]", "[null]", "[[\"a\"]]", "{}", "true"] {
            assert_eq!(texts(other), Err(NotTexts), "{other}");
        }
        assert_eq!(items("[]", 2), Ok(vec![]));
        assert_eq!(items(r#"[{"a": 1}, [2]]"#, 2), Ok(vec![r#"{"a": 1}"#, "[2]"]));
        assert_eq!(items("[1,2,3]", 2), Err(NotItems::TooMany));
        for other in ["{}", "\"a\"", "null", "1", "[1", ""] {
            assert!(items(other, 2).is_err(), "{other}");
        }
        let many = |n: usize| format!("[{}]", vec!["\"\""; n].join(","));
        assert!(texts(&many(MAX_ITEMS)).is_ok());
        assert_eq!(texts(&many(MAX_ITEMS + 1)), Err(NotTexts));
        let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
        assert_eq!(texts(&deep), Err(NotTexts));
    }
}
