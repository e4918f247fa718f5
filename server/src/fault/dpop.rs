//! Sins around proofs of possession (RFC 9449).

use super::Group::Dpop;
use super::Right::Refuses;
use super::Sin::{After, Instead};
use super::answer::Answer;
use super::scene::Scene;
use super::{Fault, Meets, Right, Sin, fault};
use http::StatusCode;
use http::header::HeaderName;

pub(super) const FAULTS: &[Fault] = &[
    entry(
        "dpop-nonce-for-ever",
        "The server wants another nonce, however many a client brings.",
        Refuses("request_refused"),
        "RFC 9449 §8",
        Instead(|s| s.is_token().then(|| wants("another-nonce"))),
    ),
    entry(
        "dpop-nonce-ten-kibibytes",
        "The nonce that the server wants is ten KiB long.",
        Refuses("request_refused"),
        "RFC 9449 §8.1",
        Instead(|s| s.is_token().then(|| wants(&"n".repeat(10 * 1024)))),
    ),
    entry(
        "dpop-nonce-missing",
        "The server wants a nonce, and gives none.",
        Refuses("request_refused"),
        "RFC 9449 §8",
        Instead(|s| s.is_token().then(|| Answer::error(StatusCode::BAD_REQUEST, "use_dpop_nonce"))),
    ),
    entry(
        "dpop-token-bearer",
        "The token is not bound to the key that was proven.",
        Refuses("token_not_bound"),
        "RFC 9449 §5",
        After(bearer),
    ),
];

const fn entry(
    name: &'static str,
    does: &'static str,
    right: Right,
    rule: &'static str,
    sin: Sin,
) -> Fault {
    fault(Dpop, name, does, right, rule, Meets::Dpop, sin)
}

fn wants(nonce: &str) -> Answer {
    let mut answer = Answer::error(StatusCode::BAD_REQUEST, "use_dpop_nonce");
    answer.set(HeaderName::from_static("dpop-nonce"), nonce);
    answer
}

fn bearer(answer: &mut Answer, scene: &Scene<'_>) {
    if scene.is_token() {
        answer.member("token_type", "Bearer");
    }
}
