//! Where the documents are (RFC 8414 §3.1, OpenID Connect Discovery 1.0 §4, RFC 9728 §3.1).

use crate::error::Error;
use crate::uri::{self, Parts, Reason};

/// The addresses of an authorization server's metadata, in the order in which they are asked.
///
/// For an issuer with a path: RFC 8414 with the path inserted, OpenID with the path inserted, OpenID
/// appended to the path. Without one: RFC 8414, then OpenID. One slash at the end of the issuer's path is
/// left out; nothing else is changed.
///
/// # Errors
/// [`Error::InvalidConfiguration`] that names `issuer`: not an https URL (http on loopback), a user
/// name, a query, a fragment, or a path that HTTP stacks would change.
pub fn authorization_server_urls(issuer: &str) -> Result<Vec<String>, Error> {
    uri::check_issuer(issuer)?;
    uri::named("issuer", uri::parts(issuer).and_then(|uri| issuer_urls(&uri)))
}

/// [`authorization_server_urls`] of an issuer that was parsed and checked.
pub(crate) fn issuer_urls(uri: &Parts<'_>) -> Result<Vec<String>, Reason> {
    let origin = origin(uri)?;
    let path = uri.path.strip_suffix('/').unwrap_or(uri.path);
    let mut urls = vec![
        format!("{origin}/.well-known/oauth-authorization-server{path}"),
        format!("{origin}/.well-known/openid-configuration{path}"),
    ];
    if !path.is_empty() {
        urls.push(format!("{origin}{path}/.well-known/openid-configuration"));
    }
    Ok(urls)
}

/// The addresses of a protected resource's metadata: with its path and query, then at the root of its
/// host. Only the slash that stands alone after the host is left out: `/mcp/` keeps its own.
///
/// # Errors
/// [`Error::InvalidConfiguration`] that names `resource`: not an https URL (http on loopback), a user
/// name, a fragment, or a path that HTTP stacks would change.
pub fn protected_resource_urls(resource: &str) -> Result<Vec<String>, Error> {
    uri::named("resource", uri::parts(resource).and_then(|uri| resource_urls(&uri)))
}

fn resource_urls(uri: &Parts<'_>) -> Result<Vec<String>, Reason> {
    uri::check_web(uri)?;
    let root = format!("{}/.well-known/oauth-protected-resource", origin(uri)?);
    let path = if uri.path == "/" { "" } else { uri.path };
    let query = uri.query.map(|query| format!("?{query}")).unwrap_or_default();
    let inserted = format!("{root}{path}{query}");
    Ok(if inserted == root { vec![root] } else { vec![inserted, root] })
}

/// Scheme, host and port as they stand there.
fn origin(uri: &Parts<'_>) -> Result<String, Reason> {
    if uri::has_dot_segment(uri.path) {
        return Err("has a segment '.' or '..' in its path, which HTTP stacks remove");
    }
    Ok(format!("{}://{}", uri.scheme, uri.authority.unwrap_or_default()))
}
