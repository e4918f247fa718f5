//! `application/x-www-form-urlencoded`, strictly: the encoding of every query and form body here
//! (RFC 6749 Appendix B).

use crate::grammar::{all_unreserved, is_unreserved};
use crate::secret::{Secret, SecretBuilder};

use zeroize::Zeroizing;

/// Why a query or a body is not a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormDefect {
    /// `%` without two hexadecimal digits.
    Percent,
    /// The bytes are not UTF-8.
    Utf8,
    /// A NUL, raw or encoded.
    Nul,
    /// A name that stands more than once.
    Duplicate,
    /// More parameters than any request has.
    TooMany,
}

impl FormDefect {
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Percent => "its percent-encoding is broken",
            Self::Utf8 => "it is not UTF-8",
            Self::Nul => "it contains a NUL",
            Self::Duplicate => "a parameter stands in it twice (RFC 6749 §3.1)",
            Self::TooMany => "it has more than 64 parameters",
        }
    }
}

/// No request or redirect has more parameters than this.
const MAX_PARAMETERS: usize = 64;

/// A form, decoded. Where something is wrong it still holds what could be read, because a redirect's
/// state must be looked for before a defect may end anything.
pub(crate) struct Form {
    pairs: Vec<(String, Zeroizing<String>)>,
    /// The first defect.
    pub(crate) defect: Option<FormDefect>,
}

impl Form {
    pub(crate) fn parse(text: &str) -> Self {
        let mut form = Self { pairs: Vec::new(), defect: None };
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            if form.pairs.len() == MAX_PARAMETERS {
                form.mark(FormDefect::TooMany);
                break;
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (decode(name), decode(value)) {
                (Ok(mut name), Ok(value)) => {
                    if form.pairs.iter().any(|(known, _)| *known == *name) {
                        form.mark(FormDefect::Duplicate);
                    }
                    form.pairs.push((core::mem::take(&mut *name), value));
                }
                (Err(defect), _) | (_, Err(defect)) => form.mark(defect),
            }
        }
        form
    }

    fn mark(&mut self, defect: FormDefect) {
        self.defect.get_or_insert(defect);
    }

    /// The value of the first parameter of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value, unless it is absent or empty: RFC 6749 §3.1 treats both alike.
    pub(crate) fn non_empty(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// All values of this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether one of these names is there.
    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        self.pairs.iter().any(|(known, _)| names.contains(&known.as_str()))
    }
}

fn decode(text: &str) -> Result<Zeroizing<String>, FormDefect> {
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%' | 0)) {
        return Ok(Zeroizing::new(text.to_owned()));
    }
    // Decoding never makes a text longer: this buffer does not grow.
    let mut out = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let decoded = match byte {
            b'+' => b' ',
            b'%' => match (bytes.next().and_then(hex), bytes.next().and_then(hex)) {
                (Some(high), Some(low)) => high << 4 | low,
                _ => return Err(FormDefect::Percent),
            },
            other => other,
        };
        if decoded == 0 {
            return Err(FormDefect::Nul);
        }
        out.push(decoded);
    }
    let bytes = core::mem::take(&mut *out);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(broken) => {
            drop(Zeroizing::new(broken.into_bytes()));
            Err(FormDefect::Utf8)
        }
    }
}

const fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Writes a form. The text may hold secrets, so it lives in a buffer that is wiped.
pub(crate) struct FormWriter {
    out: SecretBuilder,
    first: bool,
}

impl FormWriter {
    /// A form body.
    pub(crate) fn body() -> Self {
        Self { out: SecretBuilder::with_capacity(512), first: true }
    }

    /// A query after this URL, which may have one already (RFC 6749 §3.1).
    pub(crate) fn query(url: &str) -> Self {
        let mut out = SecretBuilder::with_capacity(url.len() + 512);
        out.push_str(url);
        if !url.contains('?') {
            out.push('?');
        }
        Self { first: url.ends_with('?') || !url.contains('?'), out }
    }

    pub(crate) fn pair(&mut self, name: &'static str, value: &str) -> &mut Self {
        debug_assert!(all_unreserved(name), "the names of parameters need no encoding");
        self.begin(name);
        self.encode(value);
        self
    }

    /// A pair whose name was checked to need no encoding.
    pub(crate) fn checked_pair(&mut self, name: &str, value: &str) -> &mut Self {
        self.begin(name);
        self.encode(value);
        self
    }

    /// The name of a pair, which needs no encoding.
    fn begin(&mut self, name: &str) {
        if !core::mem::take(&mut self.first) {
            self.out.push('&');
        }
        self.out.push_str(name);
        self.out.push('=');
    }

    /// The pair, if there is a value.
    pub(crate) fn pair_if(&mut self, name: &'static str, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            self.pair(name, value);
        }
        self
    }

    /// A space becomes `%20`, not `+`: every decoder of forms and of URIs reads it the same.
    fn encode(&mut self, text: &str) {
        const STAYS: [bool; 256] = {
            let mut stays = [false; 256];
            let mut byte = 0;
            while byte < 256 {
                stays[byte] = is_unreserved(byte as u8);
                byte += 1;
            }
            stays
        };
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|byte| !STAYS[usize::from(byte)]) {
            self.out.push_str(&rest[..at]);
            let end = at + rest[at..].chars().next().map_or(1, char::len_utf8);
            rest[at..end].bytes().for_each(|byte| self.out.push_encoded(byte));
            rest = &rest[end..];
        }
        self.out.push_str(rest);
    }

    pub(crate) fn finish(self) -> Secret {
        self.out.finish()
    }

    /// A URL that holds no secret: it goes to the browser.
    pub(crate) fn into_public(self) -> String {
        self.out.into_public()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let mut writer = FormWriter::query("https://as.example/authorize?a=1");
        writer.pair("b", "x y&=+%/ü~").pair_if("c", None).pair("d", "");
        let url = writer.finish();
        assert_eq!(
            url.expose(),
            "https://as.example/authorize?a=1&b=x%20y%26%3D%2B%25%2F%C3%BC~&d="
        );
        let form = Form::parse(url.expose().split_once('?').map_or("", |(_, query)| query));
        assert_eq!(form.defect, None);
        assert_eq!(form.get("b"), Some("x y&=+%/ü~"));
        assert_eq!(form.get("d"), Some(""));
        assert_eq!(form.non_empty("d"), None);
    }

    #[test]
    fn defects_are_named_and_the_rest_is_still_read() {
        for (text, defect) in [
            ("state=s&a=%", FormDefect::Percent),
            ("state=s&a=%4", FormDefect::Percent),
            ("state=s&a=%g0", FormDefect::Percent),
            ("state=s&a=%+1", FormDefect::Percent),
            ("state=s&a=%ff", FormDefect::Utf8),
            ("state=s&a=%00", FormDefect::Nul),
            ("state=s&a=1&a=1", FormDefect::Duplicate),
            ("state=s&a&%61=", FormDefect::Duplicate),
        ] {
            let form = Form::parse(text);
            assert_eq!(form.defect, Some(defect), "{text}");
            assert_eq!(form.get("state"), Some("s"), "{text}");
        }
        let many: String = (0..65).map(|n| format!("p{n}=&")).collect();
        assert_eq!(Form::parse(&many).defect, Some(FormDefect::TooMany));
    }
}
