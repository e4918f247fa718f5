//! Sins of pushed authorization requests (RFC 9126).

use super::Group::Par;
use super::Right::Refuses;
use super::Sin::{After, Instead};
use super::answer::Answer;
use super::scene::{At, Scene};
use super::{Fault, Meets, Right, Sin, fault};
use http::StatusCode;
use serde_json::json;

pub(super) const FAULTS: &[Fault] = &[
    entry(
        "par-request-uri-missing",
        "The answer to a pushed request holds no reference to it.",
        Refuses("malformed_response"),
        "RFC 9126 §2.2",
        After(|a, s| at(a, s, |a| a.without("request_uri"))),
    ),
    entry(
        "par-request-uri-unknown",
        "The reference has expired before the browser brings it: the refusal ends on a page.",
        Refuses("redirect_timeout"),
        "RFC 9126 §2.2",
        After(|a, s| at(a, s, |a| a.member("request_uri", "urn:ietf:params:oauth:request_uri:x"))),
    ),
    entry(
        "par-request-uri-number",
        "The reference is a number.",
        Refuses("malformed_response"),
        "RFC 9126 §2.2",
        After(|a, s| at(a, s, |a| a.member("request_uri", json!(7)))),
    ),
    entry(
        "par-html",
        "The answer to a pushed request is a page.",
        Refuses("malformed_response"),
        "RFC 9126 §2.2",
        Instead(|s| (s.at == At::Push).then(|| Answer::html(StatusCode::CREATED))),
    ),
    entry(
        "par-redirect",
        "The pushed request is sent on to another address, by a 307.",
        Refuses("redirect_refused"),
        "RFC 9700 §4.12",
        Instead(|s| {
            let sins = s.at == At::Push && !s.moved;
            sins.then(|| Answer::redirect(StatusCode::TEMPORARY_REDIRECT, &s.elsewhere()))
        }),
    ),
];

const fn entry(
    name: &'static str,
    does: &'static str,
    right: Right,
    rule: &'static str,
    sin: Sin,
) -> Fault {
    fault(Par, name, does, right, rule, Meets::Push, sin)
}

fn at(answer: &mut Answer, scene: &Scene<'_>, change: impl FnOnce(&mut Answer)) {
    if scene.at == At::Push {
        change(answer);
    }
}
