//! Proofs of possession to test with, made from what RFC 9449 §4.2 says and not by the crate.

use crate::common::*;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A client's key.
pub struct Key(SigningKey);

/// Each proof has an identifier of its own.
static PROOFS: AtomicU64 = AtomicU64::new(0);

impl Key {
    pub fn new(seed: u8) -> Self {
        Self(SigningKey::from_slice(&[seed; 32]).unwrap())
    }

    fn jwk(&self) -> Value {
        let point = self.0.verifying_key().to_sec1_point(false);
        let half = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (x, y) = (half(point.x().unwrap()), half(point.y().unwrap()));
        json!({ "crv": "P-256", "kty": "EC", "x": x, "y": y })
    }

    /// RFC 7638 §3: the members in the order of their names, which is how they are kept.
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.jwk().to_string()))
    }

    /// A proof for this request; `more` is put over its claims.
    pub fn proof(&self, method: &str, url: &str, more: Value) -> String {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let jti = format!("proof-{}", PROOFS.fetch_add(1, Ordering::Relaxed));
        let mut claims = json!({ "jti": jti, "htm": method, "htu": url, "iat": since.as_secs() });
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk() });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", part(&header), part(&claims));
        let signature: Signature = self.0.sign(input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    /// A proof for the token endpoint.
    pub fn for_token(&self, server: &Running, more: Value) -> String {
        self.proof("POST", &format!("{}/token", server.issuer), more)
    }

    /// A proof for `GET /api` with this token.
    pub fn for_api(&self, server: &Running, token: &str, more: Value) -> String {
        let mut claims = json!({ "ath": URL_SAFE_NO_PAD.encode(Sha256::digest(token)) });
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        self.proof("GET", &format!("{}/api", server.issuer), claims)
    }
}

/// A token request with this proof.
pub async fn token_with(server: &Running, pairs: &[(&str, &str)], proof: &str) -> Answer {
    send(server, "POST", "/token", &[FORM, ("DPoP", proof)], &form(pairs)).await
}

/// A request to the resource with a token and a proof.
pub async fn api_with(server: &Running, token: &str, proof: &str) -> Answer {
    let authorization = format!("DPoP {token}");
    let headers = [("Authorization", authorization.as_str()), ("DPoP", proof)];
    send(server, "GET", "/api", &headers, "").await
}
