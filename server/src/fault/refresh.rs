//! Sins of the answer to a refresh token (RFC 6749 §6, OpenID Connect Core §12.2).

use super::Group::Refresh;
use super::Right::{KeepsAfter, Refuses, RefusesTwice};
use super::Sin::{After, Instead};
use super::answer::Answer;
use super::id_token::{Signed, forge};
use super::redirect::FOREIGN;
use super::scene::{At, Scene};
use super::wire::Ending;
use super::{Fault, Meets, Right, Sin, fault};
use http::StatusCode;

pub(super) const FAULTS: &[Fault] = &[
    entry(
        "refresh-subject-other",
        "The ID token of a refresh is of another user.",
        Refuses("id_token_refused"),
        "OpenID Connect Core §12.2",
        After(|a, s| claim(a, s, "sub", "somebody-else")),
    ),
    entry(
        "refresh-issuer-other",
        "The ID token of a refresh is of another issuer.",
        Refuses("id_token_refused"),
        "OpenID Connect Core §12.2",
        After(|a, s| claim(a, s, "iss", FOREIGN)),
    ),
    entry(
        "refresh-audience-other",
        "The ID token of a refresh is for another client.",
        Refuses("id_token_refused"),
        "OpenID Connect Core §12.2",
        After(|a, s| claim(a, s, "aud", "another-client")),
    ),
    entry(
        "refresh-answer-lost",
        "The server rotates the refresh token, and cuts the line before its answer.",
        RefusesTwice("unreachable", "refresh_outcome_lost"),
        "RFC 9700 §4.14.2",
        After(|a, s| {
            if s.at == At::Refresh && !s.again {
                a.ending = Ending::CutBefore;
            }
        }),
    ),
    entry(
        "refresh-500",
        "The server fails once; the refresh token is good.",
        KeepsAfter("server_unavailable"),
        "RFC 6749 §5.2",
        Instead(|s| first(s, || Answer::html(StatusCode::INTERNAL_SERVER_ERROR))),
    ),
    entry(
        "refresh-503",
        "The server has no time once, and says so as OAuth does.",
        KeepsAfter("server_unavailable"),
        "RFC 6749 §5.2",
        Instead(|s| {
            first(s, || Answer::error(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"))
        }),
    ),
    entry(
        "refresh-html",
        "The answer is a page once, with the status 200; the refresh token is good.",
        KeepsAfter("malformed_response"),
        "RFC 6749 §5.1",
        Instead(|s| first(s, || Answer::html(StatusCode::OK))),
    ),
    entry(
        "refresh-invalid-client",
        "The server does not know the client once; the refresh token is good.",
        KeepsAfter("client_refused"),
        "RFC 6749 §5.2",
        Instead(|s| first(s, || Answer::error(StatusCode::UNAUTHORIZED, "invalid_client"))),
    ),
    entry(
        "refresh-redirect",
        "The refresh token is once sent on to another address, by a 307.",
        KeepsAfter("redirect_refused"),
        "RFC 9700 §4.12",
        Instead(|s| first(s, || Answer::redirect(StatusCode::TEMPORARY_REDIRECT, &s.elsewhere()))),
    ),
];

const fn entry(
    name: &'static str,
    does: &'static str,
    right: Right,
    rule: &'static str,
    sin: Sin,
) -> Fault {
    fault(Refresh, name, does, right, rule, Meets::Refresh, sin)
}

/// In place of the first answer to this refresh token.
fn first(scene: &Scene<'_>, answer: impl FnOnce() -> Answer) -> Option<Answer> {
    (scene.at == At::Refresh && !scene.again).then(answer)
}

fn claim(answer: &mut Answer, scene: &Scene<'_>, name: &str, value: &str) {
    if scene.at == At::Refresh {
        let change = |_: &mut _, claims: &mut serde_json::Map<String, serde_json::Value>| {
            claims.insert(name.to_owned(), value.into());
        };
        forge(answer, scene, change, Signed::After);
    }
}
