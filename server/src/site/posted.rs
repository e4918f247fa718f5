//! The forms of the pages, as browsers send them.

use crate::endpoint::{is_coded, only};
use http::HeaderMap;
use proofkey::grant::posted::check_form;

/// A form that was posted.
pub(super) struct Posted<'a>(&'a [u8]);

impl<'a> Posted<'a> {
    /// A body that is a form, and has one meaning.
    pub(super) fn read(headers: &HeaderMap, body: &'a [u8]) -> Option<Self> {
        let content_type = only(headers, "content-type").ok().flatten()?;
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let form = media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        (form && !is_coded(headers) && check_form(body).is_ok()).then_some(Self(body))
    }

    /// The field of this name.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        let found = form_urlencoded::parse(self.0).find(|(known, _)| known == name);
        found.map(|(_, value)| value.into_owned())
    }

    /// Whether there are these fields and no others.
    pub(super) fn has_only(&self, names: &[&str]) -> bool {
        form_urlencoded::parse(self.0).all(|(name, _)| names.contains(&&*name))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends with its first wrong step")]
    use super::*;

    fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_form_is_one_and_has_one_meaning() {
        const TYPE: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
        let form = Posted::read(&headers(&[TYPE]), b"a=1&b=").unwrap();
        assert_eq!((form.field("a").as_deref(), form.field("b").as_deref()), (Some("1"), Some("")));
        assert_eq!(form.field("c"), None);
        assert!(form.has_only(&["a", "b", "c"]) && !form.has_only(&["a"]));
        for body in [&b"a=1&a=1"[..], b"a=%", b"a=\xff", b"a=%00"] {
            assert!(Posted::read(&headers(&[TYPE]), body).is_none(), "{body:?}");
        }
        for wrong in [
            &[][..],
            &[("content-type", "text/plain")],
            &[TYPE, TYPE],
            &[TYPE, ("content-encoding", "gzip")],
        ] {
            assert!(Posted::read(&headers(wrong), b"a=1").is_none(), "{wrong:?}");
        }
    }
}
