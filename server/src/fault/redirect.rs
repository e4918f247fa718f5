//! Sins of the authorization response (RFC 6749 §4.1.2, RFC 9207).

use super::Group::Redirect;
use super::Right::Refuses;
use super::Sin::After;
use super::answer::{Answer, add, set};
use super::scene::{At, Scene};
use super::{Fault, Meets, Right, Sin, fault};

/// An issuer that is not ours.
pub(super) const FOREIGN: &str = "https://other.example";

/// Where a state proves nothing the redirect may be anybody's: it is passed over, and the wait goes on to its end.
const NOISE: Right = Refuses("redirect_timeout");

pub(super) const FAULTS: &[Fault] = &[
    entry(
        "iss-wrong",
        "The redirect names another issuer.",
        Refuses("issuer_mismatch"),
        "RFC 9207 §2.4",
        After(|a, s| parameters(a, s, |p| set(p, "iss", Some(FOREIGN)))),
    ),
    entry(
        "iss-missing",
        "The redirect names no issuer, although the metadata promise it.",
        Refuses("issuer_missing"),
        "RFC 9207 §2.4",
        After(|a, s| parameters(a, s, |p| set(p, "iss", None))),
    ),
    entry(
        "iss-trailing-slash",
        "The redirect names the issuer with a slash at its end.",
        Refuses("issuer_mismatch"),
        "RFC 9207 §2.4",
        After(|a, s| {
            let iss = format!("{}/", s.issuer);
            parameters(a, s, |p| set(p, "iss", Some(&iss)));
        }),
    ),
    entry(
        "iss-other-case",
        "The redirect names the issuer with its scheme in capitals, which is the same to who normalizes.",
        Refuses("issuer_mismatch"),
        "RFC 9207 §2.4",
        After(|a, s| {
            let iss = s.issuer.replacen("http", "HTTP", 1);
            parameters(a, s, |p| set(p, "iss", Some(&iss)));
        }),
    ),
    entry(
        "iss-twice",
        "The redirect names the issuer, and another one after it.",
        Refuses("redirect_malformed"),
        "RFC 6749 §3.1",
        After(|a, s| parameters(a, s, |p| add(p, "iss", FOREIGN))),
    ),
    entry(
        "state-wrong",
        "The redirect carries another state.",
        NOISE,
        "RFC 6749 §10.12",
        After(|a, s| parameters(a, s, |p| set(p, "state", Some(OTHER_STATE)))),
    ),
    entry(
        "state-missing",
        "The redirect carries no state.",
        NOISE,
        "RFC 6749 §4.1.2",
        After(|a, s| parameters(a, s, |p| set(p, "state", None))),
    ),
    entry(
        "state-twice",
        "The redirect carries another state after the right one.",
        NOISE,
        "RFC 6749 §3.1",
        After(|a, s| parameters(a, s, |p| add(p, "state", OTHER_STATE))),
    ),
    entry(
        "code-twice",
        "The redirect carries a second code.",
        Refuses("redirect_malformed"),
        "RFC 6749 §3.1",
        After(|a, s| parameters(a, s, |p| add(p, "code", "a-second-code"))),
    ),
    entry(
        "code-missing",
        "The redirect carries neither a code nor an error.",
        Refuses("redirect_malformed"),
        "RFC 6749 §4.1.2",
        After(|a, s| parameters(a, s, |p| set(p, "code", None))),
    ),
    entry(
        "code-empty",
        "The redirect carries a code of no length.",
        Refuses("redirect_malformed"),
        "RFC 6749 §4.1.2",
        After(|a, s| parameters(a, s, |p| set(p, "code", Some("")))),
    ),
    entry(
        "code-with-error",
        "The redirect carries a code and an error.",
        Refuses("redirect_malformed"),
        "RFC 6749 §4.1.2",
        After(|a, s| parameters(a, s, |p| add(p, "error", "access_denied"))),
    ),
    entry(
        "code-broken-encoding",
        "The redirect carries a code that is not UTF-8.",
        Refuses("redirect_malformed"),
        "RFC 6749 §3.1, Appendix B",
        After(|a, s| location(a, s, |url| url.replacen("code=", "code=%ff%fe", 1))),
    ),
    entry(
        "error-in-fragment",
        "The server refuses, and says so in the fragment, which no receiver on loopback sees.",
        NOISE,
        "RFC 6749 §4.1.2.1",
        After(|a, s| {
            location(a, s, |url| {
                url.replacen('?', "#", 1).replacen("code=", "error=access_denied&was=", 1)
            });
        }),
    ),
    entry(
        "error-of-another-issuer",
        "The redirect carries an error, and the name of another issuer.",
        Refuses("issuer_mismatch"),
        "RFC 9207 §2.4",
        After(|a, s| {
            parameters(a, s, |p| {
                set(p, "code", None);
                set(p, "iss", Some(FOREIGN));
                add(p, "error", "access_denied");
                add(p, "error_description", "call 555-0100 to have your account unlocked");
            });
        }),
    ),
];

const OTHER_STATE: &str = "c3RhdGUgb2YgYW5vdGhlciBzaWduLWlu";

const fn entry(
    name: &'static str,
    does: &'static str,
    right: Right,
    rule: &'static str,
    sin: Sin,
) -> Fault {
    fault(Redirect, name, does, right, rule, Meets::SignIn, sin)
}

fn parameters(
    answer: &mut Answer,
    scene: &Scene<'_>,
    change: impl FnOnce(&mut Vec<(String, String)>),
) {
    if scene.at == At::Authorize {
        answer.parameters(change);
    }
}

fn location(answer: &mut Answer, scene: &Scene<'_>, change: impl FnOnce(&str) -> String) {
    if scene.at == At::Authorize {
        answer.location(change);
    }
}
