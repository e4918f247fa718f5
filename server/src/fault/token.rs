//! Sins of the answer to a code (RFC 6749 §5).

use super::Group::Token;
use super::Right::{GoesOn, Refuses};
use super::Sin::{After, Instead};
use super::answer::Answer;
use super::metadata::MEBIBYTE;
use super::scene::{At, Scene};
use super::wire::Ending;
use super::{Fault, Meets, Right, Sin, fault};
use http::StatusCode;

pub(super) const FAULTS: &[Fault] = &[
    entry(
        "token-type-mac",
        "The token is of the type `mac`.",
        Refuses("unsupported_token_type"),
        "RFC 6749 §7.1",
        After(|a, s| at(a, s, |a| a.member("token_type", "mac"))),
    ),
    entry(
        "token-type-missing",
        "The token has no type.",
        Refuses("malformed_response"),
        "RFC 6749 §5.1",
        After(|a, s| at(a, s, |a| a.without("token_type"))),
    ),
    entry(
        "access-token-missing",
        "The answer holds no access token.",
        Refuses("malformed_response"),
        "RFC 6749 §5.1",
        After(|a, s| at(a, s, |a| a.without("access_token"))),
    ),
    entry(
        "access-token-with-newline",
        "The access token holds a line end and a header field.",
        Refuses("malformed_response"),
        "RFC 6750 §2.1",
        After(|a, s| at(a, s, |a| a.member("access_token", "a\r\nX-Admin: yes"))),
    ),
    entry(
        "expires-in-negative",
        "The token has expired an hour ago.",
        Refuses("malformed_response"),
        "RFC 6749 §5.1",
        After(|a, s| at(a, s, |a| a.member("expires_in", -3600))),
    ),
    entry(
        "expires-in-fraction",
        "The token lives for a fraction of seconds.",
        Refuses("malformed_response"),
        "RFC 6749 §5.1",
        After(|a, s| at(a, s, |a| a.member("expires_in", 3600.5))),
    ),
    entry(
        "expires-in-infinite",
        "The token lives for 1e999 seconds.",
        Refuses("malformed_response"),
        "RFC 6749 §5.1",
        After(|a, s| at(a, s, |a| a.raw_member("expires_in", "1e999"))),
    ),
    entry(
        "expires-in-huge",
        "The token lives for 2^63 seconds.",
        GoesOn,
        "RFC 6749 §5.1",
        After(|a, s| at(a, s, |a| a.raw_member("expires_in", "9223372036854775808"))),
    ),
    entry(
        "expires-in-string",
        "The token's lifetime is a string of digits.",
        GoesOn,
        "RFC 6749 §5.1",
        After(|a, s| at(a, s, |a| a.member("expires_in", "3600"))),
    ),
    entry(
        "expires-in-words",
        "The token's lifetime is `an hour`.",
        Refuses("malformed_response"),
        "RFC 6749 §5.1",
        After(|a, s| at(a, s, |a| a.member("expires_in", "an hour"))),
    ),
    entry(
        "scope-broader",
        "The token is for more than was asked.",
        GoesOn,
        "RFC 6749 §5.1",
        After(|a, s| at(a, s, |a| a.member("scope", "read write admin"))),
    ),
    entry(
        "scope-other",
        "The token is for another scope than was asked.",
        GoesOn,
        "RFC 6749 §5.1",
        After(|a, s| at(a, s, |a| a.member("scope", "write"))),
    ),
    entry(
        "token-duplicate-member",
        "The answer holds two access tokens.",
        Refuses("malformed_response"),
        "RFC 8259 §4",
        After(|a, s| at(a, s, |a| a.prepend("access_token", "\"another\""))),
    ),
    entry(
        "token-html",
        "The answer is a page with the status 200.",
        Refuses("malformed_response"),
        "RFC 6749 §5.1",
        After(|a, s| at(a, s, |a| *a = Answer::html(StatusCode::OK))),
    ),
    entry(
        "token-not-json",
        "The answer breaks off in the middle of its JSON, which is all that was to come.",
        Refuses("malformed_response"),
        "RFC 6749 §5.1",
        After(|a, s| at(a, s, |a| a.body.truncate(a.body.len() / 2))),
    ),
    entry(
        "token-error-with-200",
        "The answer is an error with the status 200.",
        Refuses("invalid_grant"),
        "RFC 6749 §5.2",
        After(|a, s| at(a, s, |a| *a = Answer::error(StatusCode::OK, "invalid_grant"))),
    ),
    entry(
        "token-empty-401",
        "The answer is a 401 without a body.",
        Refuses("malformed_response"),
        "RFC 6749 §5.2",
        After(|a, s| at(a, s, |a| *a = Answer::new(StatusCode::UNAUTHORIZED, "text/plain", ""))),
    ),
    entry(
        "token-redirect",
        "The code and the verifier are sent on to another address, by a 307.",
        Refuses("redirect_refused"),
        "RFC 9700 §4.12",
        Instead(|s| {
            let sins = s.at == At::Code && !s.moved;
            sins.then(|| Answer::redirect(StatusCode::TEMPORARY_REDIRECT, &s.elsewhere()))
        }),
    ),
    entry(
        "token-megabyte",
        "The answer is a mebibyte long.",
        Refuses("unreachable"),
        "RFC 6749 §5.1",
        After(|a, s| at(a, s, |a| a.grow(MEBIBYTE))),
    ),
    entry(
        "token-500",
        "The server fails once, and would answer a second time.",
        Refuses("server_unavailable"),
        "RFC 6749 §4.1.2",
        Instead(|s| {
            let fails = s.at == At::Code && !s.again;
            fails.then(|| Answer::html(StatusCode::INTERNAL_SERVER_ERROR))
        }),
    ),
    entry(
        "token-line-cut",
        "The server reads the code, redeems it, and cuts the line.",
        Refuses("unreachable"),
        "RFC 6749 §4.1.2",
        After(|a, s| at(a, s, |a| a.ending = Ending::CutBefore)),
    ),
    entry(
        "token-line-cut-in-body",
        "The server cuts the line in the middle of its answer.",
        Refuses("unreachable"),
        "RFC 9112 §8",
        After(|a, s| at(a, s, |a| a.ending = Ending::CutInside)),
    ),
];

const fn entry(
    name: &'static str,
    does: &'static str,
    right: Right,
    rule: &'static str,
    sin: Sin,
) -> Fault {
    fault(Token, name, does, right, rule, Meets::SignIn, sin)
}

fn at(answer: &mut Answer, scene: &Scene<'_>, change: impl FnOnce(&mut Answer)) {
    if scene.at == At::Code {
        change(answer);
    }
}
