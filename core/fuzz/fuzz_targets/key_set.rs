//! A key set of any bytes: it is read within its bounds, and no key of it verifies what none has signed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proofkey::id_token::{IdTokenRequest, Verified, verify};
use proofkey::jose::{KeySet, raw_signature};

/// `{"alg":"ES256"}` and `{"alg":"RS256"}`, no claims, a signature of 64 bytes and one of 256.
fn tokens() -> [String; 2] {
    let zeros = |bytes: usize| "A".repeat((bytes * 4).div_ceil(3));
    [
        format!("eyJhbGciOiJFUzI1NiJ9.e30.{}", zeros(64)),
        format!("eyJhbGciOiJSUzI1NiJ9.e30.{}", zeros(256)),
    ]
}

fuzz_target!(|bytes: &[u8]| {
    if let Some(raw) = raw_signature(bytes) {
        assert_eq!(raw_signature(&raw), Some(raw));
    }
    let Ok(keys) = KeySet::read(bytes) else {
        return;
    };
    assert!(keys.len() <= 100);
    let asked = IdTokenRequest {
        issuer: "https://as.example",
        client_id: "agent",
        nonce: None,
        access_token: None,
        max_age: None,
        now: 0,
    };
    for token in tokens() {
        assert!(!matches!(verify(&token, &keys, &asked), Ok(Verified::Good(_))));
    }
});
