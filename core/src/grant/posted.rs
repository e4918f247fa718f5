//! Forms as they arrive at a server, looked at before its flows: who posts one, and whether it can be read at all.

use super::answer::TokenAnswer;
use super::redeem::Named;
use super::token_request;
use crate::form::Form;

/// Whether a query or the body of a form has one meaning: UTF-8, whole percent-encoding, no NUL, no parameter twice
/// (RFC 6749 §3.1), and at most 64 of them. Only what has can be read by a lenient parser without harm.
///
/// # Errors
/// What is wrong, as a sentence without its full stop. Nothing of the form stands in it.
pub fn check_form(form: &[u8]) -> Result<(), &'static str> {
    let text = core::str::from_utf8(form).map_err(|_| "it is not UTF-8")?;
    match Form::parse(text).defect {
        None => Ok(()),
        Some(defect) => Err(defect.reason()),
    }
}

/// Reads what a form of a public client says of itself: body, `Content-Type` and `Authorization` of its POST as they
/// came. For a server that has to look its client up before the flow that judges the rest.
///
/// # Errors
/// The whole answer, the refusal of a form that no public client posts (RFC 6749 §3.2, §5.2).
pub fn posted(
    body: &[u8],
    content_type: Option<&str>,
    authorization: Option<&str>,
) -> Result<Named, TokenAnswer> {
    let form = token_request::form(body, content_type, authorization)
        .map_err(|refusal| refusal.answer())?;
    let text = |name| form.non_empty(name).map(str::to_owned);
    Ok(Named { grant_type: text("grant_type"), client_id: text("client_id") })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

    #[test]
    fn a_form_has_one_meaning_or_none() {
        assert_eq!(check_form(b""), Ok(()));
        assert_eq!(check_form(b"a=1&b=%C3%BC&c=&=&d"), Ok(()));
        for form in [&b"a=\xff"[..], b"a=%ff", b"a=%", b"%4=a", b"a=%00", b"a=1&%61=1", b"a\0=1"] {
            assert!(check_form(form).is_err(), "{form:?}");
        }
    }

    /// RFC 6749 §5.2: a client that tried to authenticate hears of that, before it is asked who it is.
    #[test]
    fn a_form_says_who_posts_it() {
        let named = posted(b"client_id=a&grant_type=b", FORM, None).unwrap_or_default();
        assert_eq!(
            (named.client_id.as_deref(), named.grant_type.as_deref()),
            (Some("a"), Some("b"))
        );
        let status = |body: &[u8], content_type, authorization| {
            posted(body, content_type, authorization).map_err(|answer| answer.status)
        };
        assert_eq!(status(b"", FORM, Some("Basic YTpi")).err(), Some(401));
        assert_eq!(status(b"client_id=a", None, None).err(), Some(400));
        assert_eq!(status(b"client_id=a&client_id=a", FORM, None).err(), Some(400));
        assert_eq!(status(b"client_id=", FORM, None), Ok(Named::default()));
    }
}
