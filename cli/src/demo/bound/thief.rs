//! The thief. He has read the agent's tokens and one of its requests word for word. The key he has not: it has never
//! left the agent.

use super::scene::Trick;
use crate::demo::wire;
use crate::error::CliError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use proofkey::http::{Header, HttpRequest, HttpResponse, Method};
use proofkey::secret::Secret;
use proofkey::verifier::CodeVerifier;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::time::{SystemTime, UNIX_EPOCH};

/// What he knows.
pub struct Thief {
    /// Where tokens are refreshed.
    pub token_endpoint: String,
    /// The agent's identifier: no secret.
    pub client_id: &'static str,
    /// The resource.
    pub url: String,
    /// Stolen.
    pub access_token: Secret,
    /// Stolen.
    pub refresh_token: Secret,
    /// Recorded.
    pub proof: Secret,
}

impl Thief {
    /// Tries it, as a real request.
    pub fn tries(&self, trick: Trick) -> Result<HttpResponse, CliError> {
        let token = self.access_token.expose();
        match trick {
            Trick::AsBearer => self.fetches("Bearer", None),
            Trick::WithoutProof => self.fetches("DPoP", None),
            Trick::ReplayedProof => self.fetches("DPoP", Some(self.proof.expose())),
            Trick::AnotherKey => {
                let ath = URL_SAFE_NO_PAD.encode(Sha256::digest(token));
                let proof = proof("GET", &self.url, json!({ "ath": ath }))?;
                self.fetches("DPoP", Some(&proof))
            }
            Trick::RefreshWithAnotherKey => self.refreshes(),
        }
    }

    fn fetches(&self, scheme: &str, proof: Option<&str>) -> Result<HttpResponse, CliError> {
        let token = self.access_token.expose();
        let mut headers = vec![Header::new("Authorization", format!("{scheme} {token}"))];
        headers.extend(proof.map(|proof| Header::new("DPoP", proof)));
        wire::get(&self.url, headers)
    }

    /// RFC 6749 §6, with a proof that is right in all but the key.
    fn refreshes(&self) -> Result<HttpResponse, CliError> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "refresh_token")
            .append_pair("refresh_token", self.refresh_token.expose())
            .append_pair("client_id", self.client_id);
        let proof = proof("POST", &self.token_endpoint, json!({}))?;
        wire::send(&HttpRequest {
            method: Method::Post,
            url: self.token_endpoint.clone(),
            headers: vec![
                Header::new("Content-Type", "application/x-www-form-urlencoded"),
                Header::new("Accept", "application/json"),
                Header::new("DPoP", proof),
            ],
            body: Some(Secret::new(form.finish())),
            max_body: 64 * 1024,
            timeout_ms: 5_000,
        })
    }
}

/// A proof by a key that was made just now (RFC 9449 §4.2), from what the RFC says and not by the library.
fn proof(method: &str, url: &str, more: Value) -> Result<String, CliError> {
    let failed = |what: &str| CliError::new("signing_failed", what, "Run it again.");
    // The random bytes that the library has at hand; of 2^32 such numbers one is no key.
    let number = Sha256::digest(CodeVerifier::generate()?.expose_verifier());
    let key = SigningKey::from_slice(&number).map_err(|_| failed("no key could be made"))?;
    let point = key.verifying_key().to_sec1_point(false);
    let (Some(x), Some(y)) = (point.x(), point.y()) else {
        return Err(failed("the key has no point"));
    };
    let half = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let jwk = json!({ "kty": "EC", "crv": "P-256", "x": half(x), "y": half(y) });
    let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk });
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let jti = CodeVerifier::generate()?;
    let mut claims = json!({ "jti": jti.expose_verifier(), "htm": method, "htu": url, "iat": now });
    if let (Some(claims), Value::Object(more)) = (claims.as_object_mut(), more) {
        claims.extend(more);
    }
    let part = |value: &Value| half(value.to_string().as_bytes());
    let input = format!("{}.{}", part(&header), part(&claims));
    let signature: Signature = key.sign(input.as_bytes());
    Ok(format!("{input}.{}", half(&signature.to_bytes())))
}
