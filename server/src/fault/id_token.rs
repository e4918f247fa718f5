//! Sins of the ID token (OpenID Connect Core §3.1.3.7): of those, each that a relying party must refuse.

use super::Group::IdToken;
use super::Right::Refuses;
use super::Sin::After;
use super::answer::Answer;
use super::redirect::FOREIGN;
use super::scene::{At, Scene};
use super::{Fault, Meets, Sin, fault};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

pub(super) const FAULTS: &[Fault] = &[
    entry(
        "id-token-iss-wrong",
        "The ID token is of another issuer.",
        "OpenID Connect Core §3.1.3.7 no. 2",
        After(|a, s| claims(a, s, |c| put(c, "iss", FOREIGN))),
    ),
    entry(
        "id-token-aud-wrong",
        "The ID token is for another client.",
        "OpenID Connect Core §3.1.3.7 no. 3",
        After(|a, s| claims(a, s, |c| put(c, "aud", "another-client"))),
    ),
    entry(
        "id-token-aud-missing",
        "The ID token is for nobody.",
        "OpenID Connect Core §2",
        After(|a, s| claims(a, s, |c| take(c, "aud"))),
    ),
    entry(
        "id-token-azp-wrong",
        "The ID token was issued to another client, and this one is in its audience.",
        "OpenID Connect Core §3.1.3.7 no. 5",
        After(|a, s| claims(a, s, |c| put(c, "azp", "another-client"))),
    ),
    entry(
        "id-token-iat-missing",
        "The ID token does not say when it was made.",
        "OpenID Connect Core §2",
        After(|a, s| claims(a, s, |c| take(c, "iat"))),
    ),
    entry(
        "id-token-sub-missing",
        "The ID token does not say who signed in.",
        "OpenID Connect Core §2",
        After(|a, s| claims(a, s, |c| take(c, "sub"))),
    ),
    entry(
        "id-token-exp-missing",
        "The ID token never expires.",
        "OpenID Connect Core §2",
        After(|a, s| claims(a, s, |c| take(c, "exp"))),
    ),
    entry(
        "id-token-expired",
        "The ID token has expired an hour ago.",
        "OpenID Connect Core §3.1.3.7 no. 9",
        After(|a, s| {
            claims(a, s, |c| {
                put(c, "iat", s.now.saturating_sub(7200));
                put(c, "exp", s.now.saturating_sub(3600));
            });
        }),
    ),
    entry(
        "id-token-nonce-wrong",
        "The ID token is that of another sign-in.",
        "OpenID Connect Core §3.1.3.7 no. 11",
        After(|a, s| claims(a, s, |c| put(c, "nonce", "n-0S6_WzA2Mj"))),
    ),
    entry(
        "id-token-nonce-missing",
        "The ID token does not say of which sign-in it is.",
        "OpenID Connect Core §3.1.3.7 no. 11",
        After(|a, s| claims(a, s, |c| take(c, "nonce"))),
    ),
    entry(
        "id-token-at-hash-wrong",
        "The ID token is beside another access token than its own.",
        "OpenID Connect Core §3.1.3.8",
        After(|a, s| claims(a, s, |c| put(c, "at_hash", "AAAAAAAAAAAAAAAAAAAAAA"))),
    ),
    entry(
        "id-token-signature-bad",
        "The ID token says something else than was signed.",
        "OpenID Connect Core §3.1.3.7 no. 6",
        After(|a, s| forged(a, s, |_, c| put(c, "sub", "admin"), Signed::Before)),
    ),
    entry(
        "id-token-alg-none",
        "The ID token says that it needs no signature, and has none.",
        "OpenID Connect Core §2",
        After(|a, s| forged(a, s, |h, _| put(h, "alg", "none"), Signed::Not)),
    ),
    entry(
        "id-token-alg-other",
        "The ID token says that it is signed by a shared secret.",
        "OpenID Connect Core §3.1.3.7 no. 7",
        After(|a, s| forged(a, s, |h, _| put(h, "alg", "HS256"), Signed::After)),
    ),
    entry(
        "id-token-kid-unknown",
        "The ID token is of a key that is not in the key set, which holds several.",
        "OpenID Connect Core §10.1",
        After(|a, s| {
            if s.at == At::Keys {
                super::keys::twice(a);
            }
            forged(a, s, |h, _| put(h, "kid", "a-key-that-nobody-has"), Signed::After);
        }),
    ),
    entry(
        "id-token-not-a-jws",
        "The ID token is no JWS.",
        "OpenID Connect Core §2",
        After(|a, s| {
            if s.at == At::Code {
                a.member("id_token", "not.a-jws");
            }
        }),
    ),
];

const fn entry(name: &'static str, does: &'static str, rule: &'static str, sin: Sin) -> Fault {
    fault(IdToken, name, does, Refuses("id_token_refused"), rule, Meets::OpenId, sin)
}

fn put(members: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    members.insert(name.to_owned(), value.into());
}

fn take(members: &mut Map<String, Value>, name: &str) {
    members.remove(name);
}

/// What the signature is of.
pub(super) enum Signed {
    /// What the token says now.
    After,
    /// What it said before.
    Before,
    /// There is none.
    Not,
}

/// Claims that are signed as they should be.
fn claims(answer: &mut Answer, scene: &Scene<'_>, change: impl FnOnce(&mut Map<String, Value>)) {
    forged(answer, scene, |_, claims| change(claims), Signed::After);
}

fn forged(
    answer: &mut Answer,
    scene: &Scene<'_>,
    change: impl FnOnce(&mut Map<String, Value>, &mut Map<String, Value>),
    signed: Signed,
) {
    if scene.at == At::Code {
        forge(answer, scene, change, signed);
    }
}

/// Changes the ID token of an answer: its header and its claims.
pub(super) fn forge(
    answer: &mut Answer,
    scene: &Scene<'_>,
    change: impl FnOnce(&mut Map<String, Value>, &mut Map<String, Value>),
    signed: Signed,
) {
    answer.members(|members| {
        let token = members.get("id_token").and_then(Value::as_str).unwrap_or_default();
        let mut parts = token.split('.').map(str::to_owned);
        let (Some(header), Some(payload), Some(signature)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return;
        };
        let read = |part: &str| -> Option<Map<String, Value>> {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
        };
        let (Some(mut header), Some(mut payload)) = (read(&header), read(&payload)) else {
            return;
        };
        change(&mut header, &mut payload);
        let (header, payload) = (json!(header), json!(payload));
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let token = match signed {
            Signed::After => scene.openid.sign(&header, &payload).map(|t| t.expose().to_owned()),
            Signed::Before => Some(format!("{}.{}.{signature}", part(&header), part(&payload))),
            Signed::Not => Some(format!("{}.{}.", part(&header), part(&payload))),
        };
        if let Some(token) = token {
            put(members, "id_token", token);
        }
    });
}
