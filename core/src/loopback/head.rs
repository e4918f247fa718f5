//! The head of a request, read strictly (RFC 9112 §2 to §5): every input has a verdict.

use super::page::Answer;

/// A head, its final empty line included, is at most 8 KiB.
pub(super) const MAX_HEAD: usize = 8 * 1024;

/// What a head asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict<'a> {
    /// The redirect: a `GET` of the right path at the right host. The query as it came, if any.
    Redirect(Option<&'a str>),
    /// Anything else.
    Refused {
        answer: Answer,
        /// The request was `HEAD`: the answer has no content.
        head_only: bool,
    },
}

/// Where the head ends, the empty line included.
pub(super) fn end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

/// The answer to a head that fills [`MAX_HEAD`] without an end.
pub(super) fn too_large(bytes: &[u8]) -> Answer {
    if bytes.windows(2).any(|window| window == b"\r\n") {
        Answer::HeadTooLarge
    } else {
        Answer::TargetTooLong
    }
}

/// Judges a head. `authority` and `path` are those of the redirect URI.
pub(super) fn judge<'a>(head: &'a [u8], authority: &str, path: &str) -> Verdict<'a> {
    let head_only = head.starts_with(b"HEAD ");
    match redirect(head, authority, path) {
        Ok(query) => Verdict::Redirect(query),
        Err(answer) => Verdict::Refused { answer, head_only },
    }
}

fn redirect<'a>(head: &'a [u8], authority: &str, path: &str) -> Result<Option<&'a str>, Answer> {
    // Nothing outside ASCII, and no control character, can be part of a request that is meant for
    // us; browsers encode both in the target.
    let text = core::str::from_utf8(head).map_err(|_| Answer::BadRequest)?;
    let text = text.strip_suffix("\r\n\r\n").ok_or(Answer::BadRequest)?;
    let mut lines = text.split("\r\n");
    let (method, target) = request_line(lines.next().unwrap_or_default())?;
    let fields = Fields::read(lines)?;
    // DNS rebinding (RFC 8252 §8.3, CVE-2025-66414): the host comes before everything else.
    let host = fields.host.ok_or(Answer::BadRequest)?;
    let default_port = authority.strip_suffix(":80"); // left out by browsers (RFC 9110 §4.2.1)
    if host != authority && Some(host) != default_port {
        return Err(Answer::Misdirected);
    }
    if method != "GET" {
        return Err(Answer::MethodNotAllowed);
    }
    if fields.has_body {
        return Err(Answer::BadRequest);
    }
    let (asked, query) = match target.split_once('?') {
        Some((asked, query)) => (asked, Some(query)),
        None => (target, None),
    };
    if asked == path { Ok(query) } else { Err(Answer::NotFound) }
}

/// Method and target in origin form (RFC 9112 §3.2.1).
fn request_line(line: &str) -> Result<(&str, &str), Answer> {
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Answer::BadRequest);
    };
    if !is_token(method) || !target.bytes().all(|b| b.is_ascii_graphic()) || target.contains('#') {
        return Err(Answer::BadRequest);
    }
    match version {
        "HTTP/1.1" | "HTTP/1.0" => {}
        other if other.starts_with("HTTP/") => return Err(Answer::Version),
        _ => return Err(Answer::BadRequest),
    }
    // `OPTIONS *` is a request for another method, not a broken one (RFC 9112 §3.2.4).
    if target.starts_with('/') || (method == "OPTIONS" && target == "*") {
        Ok((method, target))
    } else {
        Err(Answer::BadRequest)
    }
}

/// The fields that matter.
#[derive(Default)]
struct Fields<'a> {
    host: Option<&'a str>,
    has_body: bool,
}

impl<'a> Fields<'a> {
    fn read(lines: impl Iterator<Item = &'a str>) -> Result<Self, Answer> {
        let mut fields = Self::default();
        for line in lines {
            // A line that begins with a space (obs-fold) has no token before the colon, nor has a
            // name with a space behind it (RFC 9112 §5.1, §5.2): both are refused.
            let (name, value) = line.split_once(':').ok_or(Answer::BadRequest)?;
            if !is_token(name) || value.bytes().any(|b| b != b'\t' && b.is_ascii_control()) {
                return Err(Answer::BadRequest);
            }
            let value = value.trim_matches([' ', '\t']);
            if name.eq_ignore_ascii_case("host") {
                // Twice is an attempt to be two hosts at once (RFC 9112 §3.2).
                if fields.host.replace(value).is_some() {
                    return Err(Answer::BadRequest);
                }
            } else if name.eq_ignore_ascii_case("transfer-encoding")
                || (name.eq_ignore_ascii_case("content-length") && value != "0")
            {
                fields.has_body = true;
            }
        }
        Ok(fields)
    }
}

/// RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

#[cfg(test)]
#[path = "head_tests.rs"]
mod tests;
