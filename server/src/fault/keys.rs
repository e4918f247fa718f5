//! Sins of the key set (RFC 7517 §5): keys that vanish, and too many of them.

use super::Group::Keys;
use super::Right::Refuses;
use super::Sin::After;
use super::answer::Answer;
use super::metadata::inflate;
use super::scene::{At, Scene};
use super::{Fault, Meets, Right, Sin, fault};
use http::StatusCode;
use serde_json::{Value, json};

pub(super) const FAULTS: &[Fault] = &[
    entry(
        "keys-not-found",
        "There is no key set.",
        Refuses("invalid_key_set"),
        "OpenID Connect Core §10.1",
        After(|a, s| at(a, s, |a| *a = Answer::html(StatusCode::NOT_FOUND))),
    ),
    entry(
        "keys-empty",
        "The key set holds no key.",
        Refuses("id_token_refused"),
        "OpenID Connect Core §10.1",
        After(|a, s| at(a, s, |a| a.member("keys", json!([])))),
    ),
    entry(
        "keys-of-another-kind",
        "The key set holds keys for encryption alone.",
        Refuses("id_token_refused"),
        "RFC 7517 §4.2",
        After(|a, s| at(a, s, |a| each(a, |key| key["use"] = "enc".into()))),
    ),
    entry(
        "keys-broken",
        "The key set holds a point that is not on its curve.",
        Refuses("id_token_refused"),
        "RFC 7518 §6.2.1",
        After(|a, s| at(a, s, |a| each(a, |key| key["y"] = key["x"].clone()))),
    ),
    entry(
        "keys-ten-thousand",
        "The key set holds ten thousand keys.",
        Refuses("unreachable"),
        "RFC 7517 §5",
        After(|a, s| at(a, s, many)),
    ),
    entry(
        "keys-bomb",
        "The key set is small, and eight mebibytes when inflated.",
        Refuses("invalid_key_set"),
        "RFC 9110 §8.4",
        After(|a, s| at(a, s, |a| inflate(a, 8 << 20))),
    ),
    entry(
        "keys-redirect",
        "The key set is answered with a redirect.",
        Refuses("redirect_refused"),
        "OpenID Connect Core §10.1",
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
    fault(Keys, name, does, right, rule, Meets::OpenId, sin)
}

/// A redirect to where the document is indeed.
fn moved(answer: &mut Answer, scene: &Scene<'_>) {
    if scene.at == At::Keys && !scene.moved {
        *answer = Answer::redirect(StatusCode::FOUND, &scene.elsewhere());
    }
}

fn at(answer: &mut Answer, scene: &Scene<'_>, change: impl FnOnce(&mut Answer)) {
    if scene.at == At::Keys {
        change(answer);
    }
}

fn each(answer: &mut Answer, change: impl Fn(&mut Value)) {
    answer.members(|members| {
        if let Some(Value::Array(keys)) = members.get_mut("keys") {
            keys.iter_mut().for_each(change);
        }
    });
}

fn first(answer: &mut Answer, change: impl FnOnce(&mut Vec<Value>, Value)) {
    answer.members(|members| {
        if let Some(Value::Array(keys)) = members.get_mut("keys")
            && let Some(first) = keys.first().cloned()
        {
            change(keys, first);
        }
    });
}

/// The same key once more, under another name.
pub(super) fn twice(answer: &mut Answer) {
    first(answer, |keys, mut key| {
        key["kid"] = "another".into();
        keys.push(key);
    });
}

fn many(answer: &mut Answer) {
    first(answer, |keys, key| {
        for n in 1..10_000 {
            let mut another = key.clone();
            another["kid"] = n.to_string().into();
            keys.push(another);
        }
    });
}
