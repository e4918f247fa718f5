//! Which URIs are accepted where. A URI is parsed by RFC 3986 without mending anything: what a
//! platform's HTTP stack would quietly correct (backslashes, spaces, non-ASCII hosts) is refused.

use crate::error::Error;
use crate::step::LoopbackHost;
use fluent_uri::Uri;

/// No URI in a configuration is longer, in bytes.
const MAX_URI: usize = 2048;

/// Parameters of an authorization response. A redirect URI may not bring its own.
pub(crate) const RESPONSE_PARAMETERS: [&str; 6] = [
    "code",
    "state",
    "iss",
    "error",
    "error_description",
    "error_uri",
];

type Reason = &'static str;

/// A URI that passed [`parts`].
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
    let uri = Uri::parse(text).map_err(|_| "is not an absolute URI (RFC 3986)")?;
    if uri.fragment().is_some() {
        return Err("has a fragment, which is not allowed here");
    }
    let authority = uri.authority();
    if authority.as_ref().is_some_and(|a| a.userinfo().is_some()) {
        return Err("has a user name before the host, which is not allowed here");
    }
    Ok(Parts {
        scheme: uri.scheme().as_str(),
        authority: authority.as_ref().map(|a| a.as_str()),
        host: authority.as_ref().map_or("", |a| a.host()),
        port: authority
            .as_ref()
            .and_then(|a| a.port())
            .map(|port| port.as_str()),
        path: uri.path().as_str(),
        query: uri.query().map(|query| query.as_str()),
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
fn check_web(uri: &Parts<'_>) -> Result<(), Reason> {
    match (uri.scheme, loopback(uri.host)) {
        ("https", _) | ("http", Some(_)) => {}
        ("http", None) => return Err("is http; only https is allowed, and http to loopback"),
        _ => return Err("is not an https URL"),
    }
    check_host(uri.host)?;
    check_port(uri.port)
}

fn named(field: &'static str, result: Result<(), Reason>) -> Result<(), Error> {
    result.map_err(|reason| Error::InvalidConfiguration { field, reason })
}

/// An endpoint. It may have a query (RFC 6749 §3.1, §3.2).
pub(crate) fn check_endpoint(field: &'static str, text: &str) -> Result<(), Error> {
    named(field, parts(text).and_then(|uri| check_web(&uri)))
}

/// An issuer: no query (RFC 8414 §2). It is compared as a string and never normalized.
pub(crate) fn check_issuer(text: &str) -> Result<(), Error> {
    let check = |uri: Parts<'_>| {
        check_web(&uri)?;
        if uri.query.is_some() {
            Err("has a query, which an issuer has not")
        } else {
            Ok(())
        }
    };
    named("issuer", parts(text).and_then(check))
}

/// A resource indicator: an absolute URI without fragment (RFC 8707 §2).
pub(crate) fn check_resource(text: &str) -> Result<(), Error> {
    named("resource", parts(text).map(drop))
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
        let query = crate::form::Form::parse(uri.query.unwrap_or_default());
        if query.defect.is_some() || query.has_any(&RESPONSE_PARAMETERS) {
            return Err("has a query that could be taken for the server's answer");
        }
        Ok(())
    };
    named("redirect_uri", parts(text).and_then(check))
}
