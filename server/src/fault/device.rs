//! Sins of the device grant (RFC 8628).

use super::Group::Device;
use super::Right::{GoesOn, Refuses};
use super::Sin::{After, Instead};
use super::answer::Answer;
use super::scene::{At, Scene};
use super::{Fault, Meets, Right, Sin, fault};
use http::StatusCode;

pub(super) const FAULTS: &[Fault] = &[
    entry(
        "device-slow-down-for-ever",
        "The server tells the device to slow down at each poll, until the code has expired.",
        Refuses("device_code_expired"),
        "RFC 8628 §3.5",
        Instead(|s| match s.at {
            At::Poll => Some(Answer::error(StatusCode::BAD_REQUEST, "slow_down")),
            _ => None,
        }),
    ),
    entry(
        "device-interval-missing",
        "The server does not say how long a device waits between polls.",
        GoesOn,
        "RFC 8628 §3.2",
        After(|a, s| at(a, s, |a| a.without("interval"))),
    ),
    entry(
        "device-interval-negative",
        "The server lets the device wait for less than no time.",
        Refuses("malformed_response"),
        "RFC 8628 §3.2",
        After(|a, s| at(a, s, |a| a.member("interval", -5))),
    ),
    entry(
        "device-code-missing",
        "The server gives no device code.",
        Refuses("malformed_response"),
        "RFC 8628 §3.2",
        After(|a, s| at(a, s, |a| a.without("device_code"))),
    ),
    entry(
        "device-verification-uri-javascript",
        "The user is to open a `javascript:` address.",
        Refuses("malformed_response"),
        "RFC 8628 §3.2",
        After(|a, s| {
            at(a, s, |a| {
                a.member("verification_uri", "javascript:alert(1)");
                a.without("verification_uri_complete");
            });
        }),
    ),
    entry(
        "device-verification-uri-tel",
        "The user's device is to dial a number.",
        Refuses("malformed_response"),
        "RFC 8628 §3.2",
        After(|a, s| {
            at(a, s, |a| {
                a.member("verification_uri", "tel:+15550100");
                a.without("verification_uri_complete");
            });
        }),
    ),
    entry(
        "device-user-code-with-escape",
        "The user code holds a sequence that a terminal obeys.",
        Refuses("malformed_response"),
        "RFC 8628 §3.2",
        After(|a, s| at(a, s, |a| a.member("user_code", "\u{1b}[2JWDJB"))),
    ),
    entry(
        "device-expires-at-once",
        "The codes have expired when they come.",
        Refuses("malformed_response"),
        "RFC 8628 §3.2",
        After(|a, s| at(a, s, |a| a.member("expires_in", 0))),
    ),
    entry(
        "device-token-type-mac",
        "The token that the device gets is of the type `mac`.",
        Refuses("unsupported_token_type"),
        "RFC 6749 §7.1",
        After(|a, s| {
            if s.at == At::Poll {
                a.member("token_type", "mac");
            }
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
    fault(Device, name, does, right, rule, Meets::Device, sin)
}

fn at(answer: &mut Answer, scene: &Scene<'_>, change: impl FnOnce(&mut Answer)) {
    if scene.at == At::DeviceAuthorization {
        change(answer);
    }
}
