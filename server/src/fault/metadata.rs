//! Sins of the metadata (RFC 8414).

use super::Group::Metadata;
use super::Right::Refuses;
use super::Sin::After;
use super::answer::Answer;
use super::redirect::FOREIGN;
use super::scene::{At, Scene};
use super::wire::{Ending, bomb};
use super::{Fault, Meets, Right, Sin, fault};
use http::StatusCode;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::json;

pub(super) const MEBIBYTE: usize = 1 << 20;

pub(super) const FAULTS: &[Fault] = &[
    entry(
        "metadata-s256-absent",
        "The metadata do not say which methods of PKCE there are.",
        Refuses("pkce_unsupported"),
        "RFC 8414 §2, RFC 7636 §7.2",
        After(|a, s| at(a, s, |a| a.without(METHODS))),
    ),
    entry(
        "metadata-plain-only",
        "The metadata offer the method `plain` alone.",
        Refuses("pkce_unsupported"),
        "RFC 7636 §7.2",
        After(|a, s| at(a, s, |a| a.member(METHODS, json!(["plain"])))),
    ),
    entry(
        "metadata-s256-lower-case",
        "The metadata offer the method `s256`, which is none.",
        Refuses("pkce_unsupported"),
        "RFC 7636 §4.3",
        After(|a, s| at(a, s, |a| a.member(METHODS, json!(["s256", "plain"])))),
    ),
    entry(
        "metadata-issuer-foreign",
        "The metadata are those of another issuer.",
        Refuses("metadata_issuer_mismatch"),
        "RFC 8414 §3.3",
        After(|a, s| at(a, s, |a| a.member("issuer", FOREIGN))),
    ),
    entry(
        "metadata-issuer-trailing-slash",
        "The metadata name the issuer with a slash at its end.",
        Refuses("metadata_issuer_mismatch"),
        "RFC 8414 §3.3",
        After(|a, s| at(a, s, |a| a.member("issuer", format!("{}/", s.issuer)))),
    ),
    entry(
        "metadata-issuer-missing",
        "The metadata name no issuer.",
        Refuses("invalid_metadata"),
        "RFC 8414 §2",
        After(|a, s| at(a, s, |a| a.without("issuer"))),
    ),
    entry(
        "metadata-token-endpoint-http",
        "The token endpoint is plain http on another machine.",
        Refuses("invalid_metadata"),
        "RFC 6749 §3.2",
        After(|a, s| at(a, s, |a| a.member("token_endpoint", "http://login.example/token"))),
    ),
    entry(
        "metadata-token-endpoint-link-local",
        "The token endpoint is an address inside of a cloud's machine.",
        Refuses("invalid_metadata"),
        "RFC 9700 §4.11",
        After(|a, s| at(a, s, |a| a.member("token_endpoint", "http://169.254.169.254/token"))),
    ),
    entry(
        "metadata-token-endpoint-missing",
        "The metadata name no token endpoint.",
        Refuses("invalid_metadata"),
        "RFC 8414 §2",
        After(|a, s| at(a, s, |a| a.without("token_endpoint"))),
    ),
    entry(
        "metadata-authorization-endpoint-javascript",
        "The authorization endpoint is a `javascript:` address.",
        Refuses("invalid_metadata"),
        "RFC 8414 §2, RFC 6749 §3.1",
        After(|a, s| {
            at(a, s, |a| a.member("authorization_endpoint", "javascript:alert(document.domain)//"));
        }),
    ),
    entry(
        "metadata-authorization-endpoint-file",
        "The authorization endpoint is a file.",
        Refuses("invalid_metadata"),
        "RFC 8414 §2, RFC 6749 §3.1",
        After(|a, s| at(a, s, |a| a.member("authorization_endpoint", "file:///etc/passwd"))),
    ),
    entry(
        "metadata-duplicate-member",
        "The metadata name a token endpoint twice, another one first.",
        Refuses("invalid_metadata"),
        "RFC 8259 §4",
        After(|a, s| at(a, s, |a| a.prepend("token_endpoint", "\"https://other.example/token\""))),
    ),
    entry(
        "metadata-redirect",
        "The metadata are answered with a redirect to another address.",
        Refuses("redirect_refused"),
        "RFC 8414 §3.2",
        After(moved),
    ),
    entry(
        "metadata-megabyte",
        "The metadata are a mebibyte long.",
        Refuses("unreachable"),
        "RFC 8414 §3.2",
        After(|a, s| at(a, s, |a| a.grow(MEBIBYTE))),
    ),
    entry(
        "metadata-slow-drip",
        "The metadata come a byte at a time, and never end.",
        Refuses("unreachable"),
        "RFC 8414 §3.2",
        After(|a, s| at(a, s, |a| a.ending = Ending::Drip)),
    ),
    entry(
        "metadata-bomb",
        "The metadata are a gibibyte when inflated.",
        Refuses("unreachable"),
        "RFC 9110 §8.4",
        After(|a, s| at(a, s, |a| inflate(a, 1 << 30))),
    ),
    entry(
        "metadata-html",
        "The metadata are a page.",
        Refuses("metadata_not_found"),
        "RFC 8414 §3.2",
        After(|a, s| at(a, s, |a| *a = Answer::html(StatusCode::OK))),
    ),
    entry(
        "metadata-not-json",
        "The metadata say that they are JSON, and are not.",
        Refuses("invalid_metadata"),
        "RFC 8414 §3.2",
        After(|a, s| at(a, s, |a| a.body.insert(0, b'\''))),
    ),
    entry(
        "metadata-array",
        "The metadata stand in an array.",
        Refuses("invalid_metadata"),
        "RFC 8414 §3.2",
        After(|a, s| {
            at(a, s, |a| {
                a.body.insert(0, b'[');
                a.body.push(b']');
            });
        }),
    ),
];

const METHODS: &str = "code_challenge_methods_supported";

const fn entry(
    name: &'static str,
    does: &'static str,
    right: Right,
    rule: &'static str,
    sin: Sin,
) -> Fault {
    fault(Metadata, name, does, right, rule, Meets::SignIn, sin)
}

/// A redirect to where the document is indeed.
fn moved(answer: &mut Answer, scene: &Scene<'_>) {
    if scene.at == At::Metadata && !scene.moved {
        *answer = Answer::redirect(StatusCode::FOUND, &scene.elsewhere());
    }
}

fn at(answer: &mut Answer, scene: &Scene<'_>, change: impl FnOnce(&mut Answer)) {
    if scene.at == At::Metadata {
        change(answer);
    }
}

/// Sends the bomb in place of what was there.
pub(super) fn inflate(answer: &mut Answer, inflated: usize) {
    answer.set(CONTENT_TYPE, "application/json");
    answer.set(CONTENT_ENCODING, "gzip");
    answer.body = bomb(inflated);
}
