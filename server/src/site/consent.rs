//! The consent page: who asks, for what, and where the answer goes (P28).

use crate::endpoint::Reply;
use crate::endpoint::authorize::Asked;
use crate::endpoint::page::{self, Forms, escape};
use http::StatusCode;
use iri_string::types::UriStr;
use std::fmt::Write as _;

/// Where the form is posted to, behind the issuer's path.
pub(crate) const DECISION: &str = "/authorize/decision";

/// The page for a request. `field` is its CSRF field, `base` the issuer's path.
pub(super) fn page(asked: &Asked, user: &str, field: &str, base: &str) -> Reply {
    let Asked { query, request, client } = asked;
    let target = Target::of(request.redirect_uri());
    let mut rows = String::new();
    let mut row = |name: &str, value: &str| {
        // Writing into a String cannot fail.
        let _ = writeln!(rows, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    };
    row("Client ID", &format!("<code>{}</code>", escape(&client.client_id)));
    row("The answer goes to", &format!("<code>{}</code>", escape(&target.shown)));
    let scopes: Vec<String> =
        request.scopes().iter().map(|scope| format!("<code>{}</code>", escape(scope))).collect();
    row("It may", &if scopes.is_empty() { "know who you are".into() } else { scopes.join(" ") });
    if client.may_refresh {
        row("For how long", "until you or the program ends it");
    }
    if let Some(resource) = request.resource() {
        row("For the resource", &format!("<code>{}</code>", escape(resource)));
    }
    if let Some(details) = request.authorization_details() {
        row("In detail", &format!("<code>{}</code>", escape(details)));
    }
    let body = format!(
        "<p>You are signed in as <strong>{}</strong>.</p>\n<dl>\n{rows}</dl>\n\
         <p class=\"soft\">Allow it only if you have just started this sign-in yourself.</p>\n\
         <form method=\"post\" action=\"{base}{DECISION}\">\n\
         <input type=\"hidden\" name=\"csrf\" value=\"{}\">\n\
         <input type=\"hidden\" name=\"query\" value=\"{}\">\n\
         <button name=\"decision\" value=\"deny\">Deny</button>\n\
         <button class=\"allow\" name=\"decision\" value=\"allow\">Allow</button>\n</form>",
        escape(user),
        escape(field),
        escape(query),
    );
    let forms = target.origin.as_deref().map_or(Forms::ThenAnywhere, Forms::ThenTo);
    page::html(StatusCode::OK, &format!("{} asks for access", client.name), &body, forms)
}

/// Where the answer will go.
pub(super) struct Target {
    /// For the user: the host, or the scheme where there is none.
    pub(super) shown: String,
    /// For `form-action`, where a policy can name it and no further redirect is to be expected: our
    /// own kind, a loopback receiver on IPv4.
    pub(super) origin: Option<String>,
}

impl Target {
    pub(super) fn of(redirect_uri: &str) -> Self {
        let Ok(uri) = UriStr::new(redirect_uri) else {
            return Self { shown: redirect_uri.to_owned(), origin: None };
        };
        let scheme = uri.scheme_str();
        let (Some(authority), Some(parts)) = (uri.authority_str(), uri.authority_components())
        else {
            return Self { shown: format!("{scheme}: (a program on this device)"), origin: None };
        };
        let loopback = scheme == "http" && matches!(parts.host(), "127.0.0.1" | "localhost");
        let origin = loopback.then(|| format!("http://{authority}"));
        Self { shown: authority.to_owned(), origin }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P28: the page shows where the answer goes; the policy names it only where it can.
    #[test]
    fn the_target_is_the_host_or_the_scheme() {
        for (uri, shown, origin) in [
            ("http://127.0.0.1:7/cb", "127.0.0.1:7", Some("http://127.0.0.1:7")),
            ("http://[::1]:7/cb", "[::1]:7", None),
            ("https://app.example/cb", "app.example", None),
            ("com.example.app:/cb", "com.example.app: (a program on this device)", None),
        ] {
            let target = Target::of(uri);
            assert_eq!(target.shown, shown);
            assert_eq!(target.origin.as_deref(), origin, "{uri}");
        }
    }
}
