//! Small HTML pages without script: dark and light, everything escaped, nothing loaded.

use super::{Body, Reply};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY};
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

const STYLE: &str = include_str!("page.css");

/// The one style element of a page, as a Content-Security-Policy names it.
static STYLE_SOURCE: LazyLock<String> =
    LazyLock::new(|| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(STYLE.as_bytes()))));

/// Where a page's forms may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forms<'a> {
    /// There is no form.
    None,
    /// To this server, which may redirect to this origin; where it is empty, nowhere else.
    ThenTo(&'a str),
    /// To this server, which may redirect to where no policy can name it.
    ThenAnywhere,
}

/// A page. `title` is plain text and is escaped here; `body` is HTML, in which the caller has escaped
/// whatever came from outside.
#[must_use]
pub fn html(status: StatusCode, title: &str, body: &str, forms: Forms<'_>) -> Reply {
    let mut reply = Reply::new(status);
    reply.set(CONTENT_TYPE, "text/html; charset=utf-8");
    reply.set_text(CONTENT_SECURITY_POLICY, &policy(forms));
    reply.set(HeaderName::from_static("x-frame-options"), "DENY");
    // `no-referrer` would make browsers send `Origin: null` with the consent form (Fetch, "append a
    // request Origin header"), and that could not be told from a forged one. `same-origin` tells
    // other origins as little.
    let referrer = if forms == Forms::None { "no-referrer" } else { "same-origin" };
    reply.set(REFERRER_POLICY, referrer);
    let title = escape(title);
    reply.body = Body::Text(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    ));
    reply
}

/// Nothing is loaded, nobody frames the page (P28). Chromium applies `form-action` to the redirect
/// that answers a form as well, so the redirect's origin is named beside our own; where a policy
/// cannot name it (a private-use scheme, an IPv6 literal, a site that redirects on), it is left out.
fn policy(forms: Forms<'_>) -> String {
    let form_action = match forms {
        Forms::None => "; form-action 'none'".to_owned(),
        Forms::ThenTo("") => "; form-action 'self'".to_owned(),
        Forms::ThenTo(origin) => format!("; form-action 'self' {origin}"),
        Forms::ThenAnywhere => String::new(),
    };
    let style = &*STYLE_SOURCE;
    format!(
        "default-src 'none'; style-src {style}; base-uri 'none'; frame-ancestors 'none'{form_action}"
    )
}

/// A page that says what is wrong. `description` is a sentence of ours.
#[must_use]
pub fn problem(status: StatusCode, error: &str, description: &str) -> Reply {
    let body = format!(
        "<p>The server stopped here: {}.</p>\n<p class=\"soft\"><code>{}</code>. Nothing was \
         granted. You can close this page and go back to your program.</p>",
        escape(description),
        escape(error)
    );
    html(status, "This sign-in cannot go on", &body, Forms::None)
}

/// Text as it may stand in HTML, also within a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends with its first wrong step")]
    use super::*;

    #[test]
    fn whatever_stands_in_a_page_is_text() {
        assert_eq!(
            escape("<a href='x'>\"&\"</a>"),
            "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;"
        );
        let reply = problem(StatusCode::BAD_REQUEST, "<b>", "<i>");
        let page = String::from_utf8(reply.body.as_bytes().to_vec()).unwrap();
        assert!(!page.contains("<b>") && !page.contains("<i>"));
    }

    #[test]
    fn the_policy_names_the_style_that_is_in_the_page() {
        let reply = html(StatusCode::OK, "t", "", Forms::None);
        let page = String::from_utf8(reply.body.as_bytes().to_vec()).unwrap();
        let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next());
        let hash = STANDARD.encode(Sha256::digest(style.unwrap().as_bytes()));
        let policy = reply.headers.get(CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap();
        assert!(policy.contains(&format!("style-src 'sha256-{hash}'")), "{policy}");
        assert!(policy.contains("form-action 'none'"), "{policy}");
    }
}
