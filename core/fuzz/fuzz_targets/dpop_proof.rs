//! A DPoP proof of any text, and any claims under a good signature: what is taken is for this request.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use proofkey::dpop::DpopNonces;
use proofkey::grant::dpop::{ProofRequest, check_proof};
use std::sync::LazyLock;

const NOW: u64 = 1_800_000_000;

/// A key that nobody trusts, and the header of its proofs.
static KEY: LazyLock<(SigningKey, String)> = LazyLock::new(|| {
    let key = SigningKey::from_slice(&[7; 32]).expect("a number below the order");
    let point = key.verifying_key().to_sec1_point(false);
    let (x, y) = point.as_bytes()[1..].split_at(32);
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    let jwk = format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}"#);
    (key, format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{jwk}}}"#))
});

fn judge(field: &str) {
    let asked = ProofRequest {
        method: "POST",
        url: "https://as.example/token",
        access_token: None,
        nonce: None,
        now: NOW,
        window_s: 60,
    };
    if let Ok(proof) = check_proof(field, &asked) {
        assert_eq!(proof.thumbprint.len(), 43);
        assert!((1..=256).contains(&proof.jti.len()));
        assert!(proof.issued_at.abs_diff(NOW) <= 60);
        let nonces = DpopNonces::new();
        if let Some(nonce) = &proof.nonce {
            let heard = nonces.heard(asked.url, nonce);
            assert_eq!(nonces.of(asked.url).as_ref() == Some(nonce), heard);
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = core::str::from_utf8(bytes) {
        judge(text);
        let _ = DpopNonces::new().heard(text, "nonce");
    }
    let payload = URL_SAFE_NO_PAD.encode(bytes);
    let signed = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(&KEY.1));
    let signature: Signature = KEY.0.sign(signed.as_bytes());
    judge(&format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes())));
});
