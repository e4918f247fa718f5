//! A site that wants proofs of possession with nonces (RFC 9449), at the token endpoint and at the resource.

#![allow(clippy::panic)]

use super::{Server, json};
use serde_json::Value;
use std::io::Write as _;

/// The nonce of the token endpoint, and that of the resource.
pub const NONCES: [&str; 2] = ["as-1", "rs-1"];

/// Issues `canary-at-1`, `canary-at-2`, … of this type, of which the first is old when it comes.
pub fn bound_site(token_type: &'static str) -> Server {
    let issued = std::sync::atomic::AtomicUsize::new(0);
    Server::start(move |request, stream| {
        let token_endpoint = request.starts_with("POST /token ");
        let [nonce, other] = if token_endpoint { NONCES } else { [NONCES[1], NONCES[0]] };
        let proof = field(request, "dpop").map(claims);
        let heard = proof.as_ref().is_some_and(|proof| proof["nonce"] == nonce);
        assert!(
            proof.is_none_or(|proof| proof["nonce"] != other),
            "a nonce went to another origin"
        );
        let answer = match (heard, token_endpoint) {
            (false, true) => json("400 Bad Request", r#"{"error":"use_dpop_nonce"}"#),
            (false, false) => challenge("use_dpop_nonce"),
            (true, true) => {
                let n = issued.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
                let lives = if n == 1 { 0 } else { 3600 };
                json(
                    "200 OK",
                    &format!(
                        r#"{{"access_token":"canary-at-{n}","refresh_token":"canary-rt-{n}","token_type":"{token_type}","expires_in":{lives}}}"#
                    ),
                )
            }
            (true, false) => json("200 OK", "{}"),
        };
        let told = format!("\r\nDPoP-Nonce: {nonce}\r\n");
        // The client may have heard enough and left.
        let _ = stream.write_all(answer.replacen("\r\n", &told, 1).as_bytes());
    })
}

/// A 401 with this error.
pub fn challenge(error: &str) -> String {
    format!(
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: DPoP error=\"{error}\"\r\nContent-Length: 0\r\n\r\n"
    )
}

/// A header field of a request; there is one of that name at most.
pub fn field<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    let head = request.split("\r\n\r\n").next().unwrap();
    let mut fields = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// What a proof says.
pub fn claims(proof: &str) -> Value {
    serde_json::from_slice(&decoded(proof.split('.').nth(1).unwrap())).unwrap()
}

/// base64url without padding (RFC 7515 §2).
pub fn decoded(text: &str) -> Vec<u8> {
    let sextet = |b: u8| match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        other => panic!("{other} is no base64url"),
    };
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for b in text.bytes() {
        (bits, held) = (bits << 6 | u32::from(sextet(b)), held + 6);
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    bytes
}
