//! The forms of the device page and of the sign-out page, as they come back.

/// A form that was posted.
pub(super) struct Posted<'a>(pub(super) &'a [u8]);

impl Posted<'_> {
    /// The field of this name, if it is there exactly once.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        let mut all = form_urlencoded::parse(self.0).filter(|(known, _)| known == name);
        let value = all.next().map(|(_, value)| value.into_owned());
        value.filter(|_| all.next().is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_stands_there_once() {
        let form = Posted(b"a=1&b=2&b=3");
        assert_eq!(form.field("a").as_deref(), Some("1"));
        assert_eq!((form.field("b"), form.field("c")), (None, None));
    }
}
