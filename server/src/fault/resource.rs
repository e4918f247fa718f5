//! Sins of the protected resource and of its metadata (RFC 6750, RFC 9470, RFC 9728).

use super::Group::Resource;
use super::Right::{HandsOver, Refuses};
use super::Sin::After;
use super::answer::Answer;
use super::scene::{At, Scene};
use super::{Fault, Meets, Right, Sin, fault};
use http::StatusCode;
use http::header::WWW_AUTHENTICATE;
use serde_json::json;

pub(super) const FAULTS: &[Fault] = &[
    entry(
        "resource-step-up-for-ever",
        "No sign-in is new enough for the resource.",
        Refuses("step_up_refused"),
        "RFC 9470 §3",
        After(|a, s| {
            refuses(a, s, "Bearer error=\"insufficient_user_authentication\", max_age=\"0\"");
        }),
    ),
    entry(
        "resource-scope-for-ever",
        "No scope is enough for the resource.",
        Refuses("step_up_refused"),
        "RFC 6750 §3.1",
        After(|a, s| {
            if s.at == At::Resource && a.status.is_success() {
                *a = Answer::new(StatusCode::FORBIDDEN, "text/plain", "");
                a.set(WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\", scope=\"read\"");
            }
        }),
    ),
    entry(
        "resource-challenge-garbage",
        "The resource refuses, and its challenge cannot be read.",
        HandsOver("http_401"),
        "RFC 9110 §11.6.1",
        After(|a, s| refuses(a, s, "Bearer error=\"invalid_token, =,\"\" \\ scope==")),
    ),
    entry(
        "resource-refuses-for-ever",
        "Every token is invalid to the resource, however fresh.",
        Refuses("step_up_refused"),
        "RFC 6750 §3.1",
        After(|a, s| refuses(a, s, "Bearer error=\"invalid_token\"")),
    ),
    entry(
        "resource-metadata-of-another",
        "The metadata of the resource are those of another.",
        Refuses("metadata_resource_mismatch"),
        "RFC 9728 §3.3",
        After(|a, s| at(a, s, |a| a.member("resource", "https://other.example/api"))),
    ),
    entry(
        "resource-metadata-no-server",
        "The resource names no authorization server.",
        Refuses("invalid_metadata"),
        "RFC 9728 §2",
        After(|a, s| at(a, s, |a| a.member("authorization_servers", json!([])))),
    ),
    entry(
        "resource-metadata-server-http",
        "The resource names an authorization server by plain http on another machine.",
        Refuses("invalid_metadata"),
        "RFC 9728 §2",
        After(|a, s| {
            at(a, s, |a| a.member("authorization_servers", json!(["http://login.example"])));
        }),
    ),
    entry(
        "resource-metadata-redirect",
        "The metadata of the resource are answered with a redirect.",
        Refuses("redirect_refused"),
        "RFC 9728 §3.2",
        After(moved),
    ),
];

const fn entry(
    name: &'static str,
    does: &'static str,
    right: Right,
    rule: &'static str,
    sin: Sin,
) -> Fault {
    fault(Resource, name, does, right, rule, Meets::Request, sin)
}

/// A redirect to where the document is indeed.
fn moved(answer: &mut Answer, scene: &Scene<'_>) {
    if scene.at == At::ResourceMetadata && !scene.moved {
        *answer = Answer::redirect(StatusCode::FOUND, &scene.elsewhere());
    }
}

fn at(answer: &mut Answer, scene: &Scene<'_>, change: impl FnOnce(&mut Answer)) {
    if scene.at == At::ResourceMetadata {
        change(answer);
    }
}

/// A 401 in place of what the resource would have said to a good token.
fn refuses(answer: &mut Answer, scene: &Scene<'_>, challenge: &str) {
    if scene.at == At::Resource && answer.status.is_success() {
        *answer = Answer::new(StatusCode::UNAUTHORIZED, "text/plain", "");
        answer.set(WWW_AUTHENTICATE, challenge);
    }
}
