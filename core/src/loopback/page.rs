//! What a visitor gets to see: constants, whatever was asked.
//!
//! Nothing of a request is ever shown (CVE-2025-62800), so the page cannot carry anybody's words,
//! and the page is the same for a redirect that will be accepted and for one that will be refused:
//! it tells a forger nothing.

/// How a request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// The path and the host were right: the page.
    Page,
    /// Not a request that this receiver understands.
    BadRequest,
    /// Another path; `/favicon.ico` too.
    NotFound,
    /// Another method than `GET`.
    MethodNotAllowed,
    /// The target alone is longer than a head may be.
    TargetTooLong,
    /// Another host than that of the redirect URI (RFC 9110 §7.4).
    Misdirected,
    /// The head is longer than 8 KiB.
    HeadTooLarge,
    /// Another version than HTTP/1.0 and HTTP/1.1.
    Version,
}

/// The style sheet, a literal so that the page can be put together at compile time.
macro_rules! style {
    () => {
        "\
:root{color-scheme:light dark;--ink:#1d2433;--soft:#5a6478;--paper:#f6f7fa;--card:#fff;--mark:#1f7a4d}\
@media(prefers-color-scheme:dark){:root{--ink:#e8ebf2;--soft:#a3adc2;--paper:#12151c;--card:#1b202b;--mark:#5fd39a}}\
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);color:var(--ink);\
font:1rem/1.5 system-ui,sans-serif}\
main{margin:1rem;padding:2rem 2.5rem;border-radius:1rem;background:var(--card);text-align:center}\
b{display:block;width:2.5rem;height:2.5rem;margin:0 auto 1rem;border-radius:50%;border:.2rem solid var(--mark)}\
h1{margin:0 0 .25rem;font-size:1.25rem}p{margin:0;color:var(--soft)}"
    };
}

/// SHA-256 of the style sheet in base64; a test recomputes it.
macro_rules! style_hash {
    () => {
        "YxL/kY2H+D9idoZSrxK5rY2VVj1IOwN80Alh5PVJ3oo="
    };
}

const PAGE: &str = concat!(
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
    "<meta name=\"viewport\" content=\"width=device-width\">\n",
    "<title>ProofKey</title>\n<style>",
    style!(),
    "</style>\n</head>\n<body>\n<main>\n<b></b>\n<h1>You can go back to your program.</h1>\n",
    "<p>This page can be closed.</p>\n</main>\n</body>\n</html>\n"
);

/// The fields of every answer beside type and length. Nothing is kept (`no-store`), nothing is
/// told to others (`no-referrer`: the page's own address holds the code), nothing is loaded.
const FIELDS: &str = concat!(
    "Content-Security-Policy: default-src 'none'; style-src 'sha256-",
    style_hash!(),
    "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n",
    "X-Content-Type-Options: nosniff\r\n",
    "Cache-Control: no-store\r\n",
    "Referrer-Policy: no-referrer\r\n",
    "Connection: close\r\n"
);

impl Answer {
    const fn status(self) -> &'static str {
        match self {
            Self::Page => "200 OK",
            Self::BadRequest => "400 Bad Request",
            Self::NotFound => "404 Not Found",
            Self::MethodNotAllowed => "405 Method Not Allowed",
            Self::TargetTooLong => "414 URI Too Long",
            Self::Misdirected => "421 Misdirected Request",
            Self::HeadTooLarge => "431 Request Header Fields Too Large",
            Self::Version => "505 HTTP Version Not Supported",
        }
    }

    /// The whole answer. To `HEAD` no content is sent (RFC 9110 §9.3.2).
    pub(super) fn to_bytes(self, head_only: bool) -> Vec<u8> {
        let status = self.status();
        let (kind, body) = match self {
            Self::Page => ("text/html", PAGE),
            _ => ("text/plain", status),
        };
        let allow = if self == Self::MethodNotAllowed { "Allow: GET\r\n" } else { "" };
        let shown = if head_only { "" } else { body };
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\n\
             {allow}{FIELDS}\r\n{shown}",
            body.len(),
        )
        .into_bytes()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use base64::Engine as _;
    use sha2::{Digest as _, Sha256};

    #[test]
    fn the_policy_names_the_hash_of_the_style_that_the_page_has() {
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style!()));
        assert_eq!(hash, style_hash!());
        assert!(PAGE.contains(concat!("<style>", style!(), "</style>")));
    }

    #[test]
    fn the_page_is_plain_small_and_loads_nothing() {
        assert!(PAGE.len() < 2048, "{}", PAGE.len());
        for foreign in ["<script", "http", "src=", "href=", "url(", "onload", "@import"] {
            assert!(!PAGE.contains(foreign), "{foreign}");
        }
    }

    #[test]
    fn every_answer_is_a_whole_http_message() {
        for answer in [
            Answer::Page,
            Answer::BadRequest,
            Answer::NotFound,
            Answer::MethodNotAllowed,
            Answer::TargetTooLong,
            Answer::Misdirected,
            Answer::HeadTooLarge,
            Answer::Version,
        ] {
            let text = String::from_utf8(answer.to_bytes(false)).unwrap();
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{head}");
            assert!(head.lines().all(|line| !line.is_empty() && !line.contains('\r')));
            let short = String::from_utf8(answer.to_bytes(true)).unwrap();
            assert_eq!(short, format!("{head}\r\n\r\n"));
        }
    }
}
