//! What the vectors of ID tokens do not show: algorithms that are there by a feature. The
//! tokens were signed by PyJWT with keys that were thrown away.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests fail by panicking")]

use proofkey::Error;
use proofkey::id_token::{IdTokenRequest, Identity, Verified, verify};
use proofkey::jose::KeySet;

const NOW: u64 = 1_800_000_000;

const ED25519_X: &str = "ssUZQi0WIOfazishvjxDVjWPSFoxb1Ut5EvTFRjFLxo";

const EDDSA: &str = concat!(
    "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiJzIiwiYXV",
    "kIjoiYWdlbnQiLCJleHAiOjE4MDAwMDM2MDAsImlhdCI6MTgwMDAwMDAwMCwiYXRfaGFzaCI6IjRKOFVheU05cVVHbk5",
    "xSGFxSzJycENoQV9NNkNNVUlmbDVnY1pxdnRoQkUifQ.7uYbkV6qBZtolp8ookLmtnLYGIYceR33gYmEtb8sfNLkylJ5",
    "f2ApeCFgYu9RSphbmTiPA6p5OuoViQgJ_tgzAQ",
);

const RSA_N: &str = concat!(
    "moWHHqBUmVQLoTF5TrqdsJvlQAd-unePNopY_A7HSHBXzhiACBWi2ZjtSngekp1j3O7XroB9Ry10-SiiPYdm5SxvHba3",
    "ruRga1EzYKc3YjVpojGxtEhDurLpXr9Dzr7baCXBXXSsKu9Dc2oqqbW8yJCTUfTnjvaeSlfoxbnnsG_yQ9xZk0isOjwq",
    "ExHUDka9BhAse52lr7LXabnc0gg38GeT86jZVlcCEcgCurN1ZLaq8NiTabO7ZbI93y1E36oDrGUxA51PmfkPrlvaSFnL",
    "nig7YdTbqFSgCx2YeDFqDRcpkt_fQH1CGhVIEJ_ggGoYpewAsntroEuSd8Y9uHR-Aw",
);

const PS256: &str = concat!(
    "eyJhbGciOiJQUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiJzIiwiYXV",
    "kIjoiYWdlbnQiLCJleHAiOjE4MDAwMDM2MDAsImlhdCI6MTgwMDAwMDAwMCwiYXRfaGFzaCI6IlI4UFlhSVFkY1lFZGt",
    "TYzlUZUd5aVEifQ.EWBQSgT4DM90FweJtzP7rdWFfuWbdjM-5pET_j7XOljtEkEupMNdNoH6aOfr2RxF0q1LVaw06Puf",
    "BzC-Jbj-vkbnjlPEgzp5JVTzWQezH-ATdM5hNLYyLA9f7F0iI0qa9muk8hMssaMlF9_CKhXP4mAjnWJYXI-Kau1XOsev",
    "IFC34pfF7ltAkaTUhcxse9nN9Rs1__zZjVKmuf1nVOmNqghOB2Ez2HQBEdxh03JTRac4HJP8fsm5iXwFhK83p9kteDND",
    "GI0RRrZlbkz40T3Va74FZKHFagQwO8aQ738tq7hNNFkHCk9BJ0tyg5VBgUSPp7EyZAWqSuuoB8Fkncv9UA",
);

const RS256: &str = concat!(
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiJzIiwiYXV",
    "kIjoiYWdlbnQiLCJleHAiOjE4MDAwMDM2MDAsImlhdCI6MTgwMDAwMDAwMCwiYXRfaGFzaCI6IlI4UFlhSVFkY1lFZGt",
    "TYzlUZUd5aVEifQ.ZqoJ2-SjU_ZizKqN-WYojDuGnB67S1khvh3LIPbpHWFjEShOjcx284nUaBmyuZBjiIe2mrkcaLPj",
    "24G1UVwwq2IjNyuv0BcI7zuAplXSHJTK4zQy_W1wiTRHQ058Rg_Z-fzA7jfHkZr0Sc-BfnBvzuHKeKlR8Ja9eq8ATjsF",
    "I6w0QqZTT1LB6U7DJvPgkAMPPWoingY8DLmBarAfsSQCJzHBV0zSX3o8CqWwk9ZEw_FOQdv2poChZgR7gbtq1jYRGKhG",
    "ytxuUJvtuKjsniphIx6Dii1i6i_AERSuGME4-m0xPwu-4C6H1QxNxLHuFnnMkQ43QwsqbMdwpj52ZU3jSg",
);

fn judge(token: &str, jwk: &str, access_token: &str) -> Result<Verified, Error> {
    let keys = KeySet::read(format!("{{\"keys\":[{jwk}]}}").as_bytes()).unwrap();
    let asked = IdTokenRequest {
        issuer: "https://as.example",
        client_id: "agent",
        nonce: None,
        access_token: Some(access_token),
        max_age: None,
        now: NOW,
    };
    verify(token, &keys, &asked)
}

fn good(token: &str, jwk: &str) -> Identity {
    match judge(token, jwk, "at-1") {
        Ok(Verified::Good(identity)) => *identity,
        other => panic!("{other:?}"),
    }
}

fn rsa_key(more: &str) -> String {
    format!(r#"{{"kty":"RSA","n":"{RSA_N}","e":"AQAB"{more}}}"#)
}

/// P16, RFC 7518 §3.5, RFC 8037 §3.1.
#[test]
fn an_algorithm_is_there_by_its_feature_alone() {
    let ed25519 = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{ED25519_X}"}}"#);
    for (there, token, jwk) in [
        (cfg!(feature = "ps256"), PS256, rsa_key("")),
        (cfg!(feature = "ps256"), PS256, rsa_key(r#","alg":"PS256""#)),
        (cfg!(feature = "eddsa"), EDDSA, ed25519.clone()),
    ] {
        if there {
            assert_eq!(good(token, &jwk).subject, "s");
            // The signature holds, the access token is another one.
            assert_eq!(judge(token, &jwk, "at-2").unwrap_err().code(), "id_token_refused");
            let cut = &token[..token.len() - 4];
            assert_eq!(judge(cut, &jwk, "at-1").unwrap_err().code(), "id_token_refused");
        } else {
            assert_eq!(judge(token, &jwk, "at-1").unwrap_err().code(), "id_token_refused");
        }
    }
    let set = KeySet::read(format!("{{\"keys\":[{ed25519}]}}").as_bytes()).unwrap();
    assert_eq!(set.len(), usize::from(cfg!(feature = "eddsa")));
    // A key of RSA for one padding is none for the other (RFC 8725 §3.2).
    assert_eq!(judge(RS256, &rsa_key(r#","alg":"PS256""#), "at-1"), Ok(Verified::UnknownKey));
    assert_eq!(good(RS256, &rsa_key(r#","alg":"RS256""#)).subject, "s");
    // The identity element of the curve signs everything (RFC 8032 §5.1.7).
    let weak =
        format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"AQ{}"}}]}}"#, "A".repeat(41));
    assert!(KeySet::read(weak.as_bytes()).unwrap().is_empty());
}
