//! Which URIs are accepted where. A URI is parsed by RFC 3986 without mending anything: what a
//! platform's HTTP stack would quietly correct (backslashes, spaces, non-ASCII hosts) is refused.

mod plain;

use crate::error::Error;
use crate::form::Form;
use crate::listen::LoopbackHost;
use iri_string::types::UriStr;

/// No URI in a configuration is longer, in bytes.
const MAX_URI: usize = 2048;

/// Parameters of an authorization response. A redirect URI may not bring its own.
pub(crate) const RESPONSE_PARAMETERS: [&str; 6] =
    ["code", "state", "iss", "error", "error_description", "error_uri"];

/// Parameters of an authorization request. An authorization endpoint may not bring its own: they would
/// stand in the request twice (RFC 6749 §3.1).
pub(crate) const REQUEST_PARAMETERS: [&str; 9] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "resource",
];

/// What was wrong, as the end of a sentence.
pub(crate) type Reason = &'static str;

/// A URI that passed [`parts`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    pub(crate) scheme: &'a str,
    /// Host and port as they stand there; none for `scheme:/path`.
    pub(crate) authority: Option<&'a str>,
    pub(crate) host: &'a str,
    pub(crate) port: Option<&'a str>,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
}

/// Parses an absolute URI without userinfo and fragment.
pub(crate) fn parts(text: &str) -> Result<Parts<'_>, Reason> {
    if text.len() > MAX_URI {
        return Err("is longer than 2048 bytes");
    }
    match plain::read(text) {
        Some(parts) => Ok(parts),
        None => parse(text),
    }
}

fn parse(text: &str) -> Result<Parts<'_>, Reason> {
    let uri = UriStr::new(text).map_err(|_| "is not an absolute URI (RFC 3986)")?;
    if uri.fragment().is_some() {
        return Err("has a fragment, which is not allowed here");
    }
    let authority = uri.authority_components();
    if authority.is_some_and(|a| a.userinfo().is_some()) {
        return Err("has a user name before the host, which is not allowed here");
    }
    Ok(Parts {
        scheme: uri.scheme_str(),
        authority: uri.authority_str(),
        host: authority.map_or("", |a| a.host()),
        port: authority.and_then(|a| a.port()),
        path: uri.path_str(),
        query: uri.query_str(),
    })
}

/// The loopback host that this host is, if it is one (RFC 8252 §7.3).
pub(crate) fn loopback(host: &str) -> Option<LoopbackHost> {
    [LoopbackHost::V4, LoopbackHost::V6, LoopbackHost::Localhost]
        .into_iter()
        .find(|known| known.as_str() == host)
}

/// A host as every URI parser and every browser reads it the same way.
fn check_host(host: &str) -> Result<(), Reason> {
    if host.is_empty() {
        return Err("has no host");
    }
    if host.starts_with('[') {
        return Ok(()); // an IP literal, checked by the parser
    }
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    if host.bytes().all(plain) {
        Ok(())
    } else {
        Err("has a host that is not written in lower-case letters, digits, '-' and '.'")
    }
}

fn check_port(port: Option<&str>) -> Result<(), Reason> {
    match port {
        None => Ok(()),
        Some(digits) if !digits.starts_with('0') && digits.parse::<u16>().is_ok() => Ok(()),
        Some(_) => Err("has a port that is not a number from 1 to 65535"),
    }
}

/// `https` to any host, `http` to a loopback host (P11); the endpoints, the issuer, the resource.
pub(crate) fn check_web(uri: &Parts<'_>) -> Result<(), Reason> {
    match (uri.scheme, loopback(uri.host)) {
        ("https", _) | ("http", Some(_)) => {}
        ("http", None) => return Err("is http; only https is allowed, and http to loopback"),
        _ => return Err("is not an https URL"),
    }
    check_host(uri.host)?;
    check_port(uri.port)
}

/// What was wrong, with the name of the setting.
pub(crate) fn named<T>(field: &'static str, result: Result<T, Reason>) -> Result<T, Error> {
    result.map_err(|reason| Error::InvalidConfiguration { field, reason })
}

/// Another endpoint. It may have a query (RFC 6749 §3.2).
pub(crate) fn check_endpoint(field: &'static str, text: &str) -> Result<(), Error> {
    named(field, parts(text).and_then(|uri| check_web(&uri)))
}

/// The authorization endpoint, to whose query the request's parameters are added.
pub(crate) fn check_authorization_endpoint(text: &str) -> Result<(), Error> {
    let check = |uri: Parts<'_>| check_web(&uri).and_then(|()| check_request_query(&uri));
    named("authorization_endpoint", parts(text).and_then(check))
}

/// The query of an authorization endpoint.
pub(crate) fn check_request_query(uri: &Parts<'_>) -> Result<(), Reason> {
    let query = Form::parse(uri.query.unwrap_or_default());
    if query.defect.is_some() || query.has_any(&REQUEST_PARAMETERS) {
        return Err("has a query with a parameter of the request, which would stand there twice");
    }
    Ok(())
}

/// An issuer: no query (RFC 8414 §2). It is compared as a string and never normalized.
pub(crate) fn check_issuer(text: &str) -> Result<(), Error> {
    let check = |uri: Parts<'_>| {
        check_web(&uri)?;
        if uri.query.is_some() { Err("has a query, which an issuer has not") } else { Ok(()) }
    };
    named("issuer", parts(text).and_then(check))
}

/// A resource indicator: an absolute URI without fragment (RFC 8707 §2).
pub(crate) fn check_resource(text: &str) -> Result<(), Error> {
    named("resource", parts(text).map(drop))
}

/// Whether a request to `url` is one to the resource: the same scheme, host and port, and a path at or
/// below the resource's. What HTTP stacks would change on the way is refused.
///
/// # Errors
/// [`Error::InvalidConfiguration`] that names `url`.
pub(crate) fn lies_in(url: &str, resource: &str) -> Result<bool, Error> {
    let url = url.split('#').next().unwrap_or_default();
    let uri = named("url", parts(url))?;
    named("url", check_web(&uri))?;
    if has_dot_segment(uri.path) {
        return named(
            "url",
            Err("has a segment '.' or '..' in its path, which HTTP stacks remove"),
        );
    }
    let Ok(own) = parts(resource) else {
        return Ok(false);
    };
    let port = |uri: &Parts<'_>| {
        let default = if uri.scheme == "https" { "443" } else { "80" };
        uri.port.unwrap_or(default).to_owned()
    };
    if (uri.scheme, uri.host, port(&uri)) != (own.scheme, own.host, port(&own)) {
        return Ok(false);
    }
    if own.query.is_some() {
        // A resource that is told from others by its query alone.
        return Ok(uri.path == own.path && uri.query == own.query);
    }
    let below = own.path.strip_suffix('/').unwrap_or(own.path);
    let rest = uri.path.strip_prefix(below);
    Ok(rest.is_some_and(|rest| rest.starts_with('/') || (rest.is_empty() && below == own.path)))
}

/// A redirect URI: https, http on loopback, or a private-use scheme that is a reversed domain
/// (RFC 8252 §7). Also the check for a redirect URI that a client wants to register.
///
/// # Errors
/// [`Error::InvalidConfiguration`] that names `redirect_uri`.
pub fn check_redirect_uri(text: &str) -> Result<(), Error> {
    let check = |uri: Parts<'_>| {
        match uri.scheme {
            "https" | "http" => {
                check_web(&uri)?;
                if uri.path.is_empty() {
                    return Err("has no path; write at least '/', as the browser will send it");
                }
            }
            scheme if scheme.bytes().any(|b| b.is_ascii_uppercase()) => {
                return Err("has a scheme with capital letters; write it in lower case");
            }
            scheme if !scheme.contains('.') => {
                return Err(
                    "has a private-use scheme without a dot; use a reversed domain (RFC 8252 §7.1)",
                );
            }
            _ if uri.authority.is_none() && !uri.path.starts_with('/') => {
                return Err("has no path that begins with '/'");
            }
            _ => {}
        }
        let query = Form::parse(uri.query.unwrap_or_default());
        if query.defect.is_some() || query.has_any(&RESPONSE_PARAMETERS) {
            return Err("has a query that could be taken for the server's answer");
        }
        Ok(())
    };
    named("redirect_uri", parts(text).and_then(check))
}

/// A path is compared byte for byte with what the browser asks for, so it must be one that a browser
/// leaves as it is (RFC 3986 §3.3, §5.2.4).
pub(crate) fn check_loopback_path(path: &str) -> Result<(), Error> {
    let refuse = |reason| Err(Error::InvalidConfiguration { field: "redirect_path", reason });
    if path.len() > 1024 {
        return refuse("is longer than 1024 bytes");
    }
    if !path.starts_with('/') {
        return refuse("does not begin with '/'; expected a path such as /callback");
    }
    if path.starts_with("//") {
        return refuse("begins with two slashes, which reads as a host; expected one");
    }
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%".contains(&b);
    if !path.bytes().all(plain) {
        return refuse("has a character that does not belong in a path (RFC 3986 §3.3)");
    }
    let whole = |tail: &str| tail.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if path.split('%').skip(1).any(|tail| !whole(tail)) {
        return refuse("has a '%' without two hexadecimal digits after it");
    }
    if has_dot_segment(path) {
        return refuse("has a segment '.' or '..', which a browser removes");
    }
    Ok(())
}

/// Whether a path has a segment that HTTP stacks and browsers remove (RFC 3986 §5.2.4).
pub(crate) fn has_dot_segment(path: &str) -> bool {
    let dot = |rest: &mut &str| {
        let after = [".", "%2e", "%2E"].into_iter().find_map(|dot| rest.strip_prefix(dot));
        after.inspect(|after| *rest = after).is_some()
    };
    path.split('/')
        .any(|mut rest| dot(&mut rest) && (rest.is_empty() || dot(&mut rest) && rest.is_empty()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{check_loopback_path, has_dot_segment};

    #[test]
    fn a_segment_of_dots_is_seen_however_it_is_written() {
        for yes in ["/.", "/..", "/a/./b", "/a/../b", "/%2e", "/.%2E", "/%2e%2E/a", "..", "."] {
            assert!(has_dot_segment(yes), "{yes}");
        }
        for no in
            ["", "/", "/a", "/...", "/.a", "/..a", "/%2f", "/a.", "/%2e%2e%2e", "/.%2ex", "/%2"]
        {
            assert!(!has_dot_segment(no), "{no}");
        }
    }

    #[test]
    fn a_path_is_one_that_a_browser_leaves_alone() {
        for good in ["/", "/callback", "/a/b", "/a%20b", "/a;b=c", "/...", "/a//b"] {
            assert!(check_loopback_path(good).is_ok(), "{good}");
        }
        let long = format!("/{}", "a".repeat(1024));
        for bad in [
            "",
            "callback",
            "//evil",
            "/a?b",
            "/a#b",
            "/a b",
            "/ä",
            "/a\\b",
            "/%",
            "/%2",
            "/%zz",
            "/a%",
            "/..",
            "/a/../b",
            "/./a",
            "/%2e%2E/a",
            "/.%2e",
            "/a\r\nb",
            "/a\0",
            &long,
        ] {
            assert_eq!(
                check_loopback_path(bad).unwrap_err().code(),
                "invalid_configuration",
                "{bad:?}"
            );
        }
    }
}
