//! An ID token of any text, and any claims under a good signature: what is believed is what was asked for,
//! and an error shows nothing of it.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use proofkey::id_token::{IdTokenRequest, Verified, verify};
use proofkey::jose::KeySet;
use std::sync::LazyLock;

const NOW: u64 = 1_800_000_000;

/// A key that nobody trusts, and the set that holds it.
static KEY: LazyLock<(SigningKey, KeySet)> = LazyLock::new(|| {
    let key = SigningKey::from_slice(&[7; 32]).expect("a number below the order");
    let point = key.verifying_key().to_sec1_point(false);
    let (x, y) = point.as_bytes()[1..].split_at(32);
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    let set = format!(r#"{{"keys":[{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}]}}"#);
    (key, KeySet::read(set.as_bytes()).expect("a key set"))
});

fn judge(token: &str) {
    let asked = IdTokenRequest {
        issuer: "https://as.example",
        client_id: "agent",
        nonce: Some("n-0S6_WzA2Mj"),
        access_token: Some("at-1"),
        max_age: None,
        now: NOW,
    };
    match verify(token, &KEY.1, &asked) {
        Ok(Verified::Good(identity)) => {
            assert_eq!(identity.issuer, asked.issuer);
            assert!(identity.audience.iter().any(|client| client == asked.client_id));
            assert!((1..=255).contains(&identity.subject.len()) && identity.subject.is_ascii());
            assert!(identity.expires_at.saturating_add(60) > NOW && identity.issued_at <= NOW + 60);
            assert!(identity.claims.contains("n-0S6_WzA2Mj") || identity.claims.contains('\\'));
        }
        Ok(Verified::UnknownKey) => {}
        Err(error) => assert_eq!(error.code(), "id_token_refused"),
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(token) = core::str::from_utf8(bytes) {
        judge(token);
    }
    let payload = URL_SAFE_NO_PAD.encode(bytes);
    let signed = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256"}"#));
    let signature: Signature = KEY.0.sign(signed.as_bytes());
    judge(&format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes())));
});
