//! DPoP (RFC 9449), the client's half: the proof that a request comes from the holder of a key.
//!
//! A proof is made in two pieces, so that a key may lie where nobody can copy it: the text that is signed,
//! and the proof once the platform has signed it.

use crate::error::Error;
use crate::jose::{PublicKey, raw_signature};
use crate::json::JsonWriter;
use crate::random;
use crate::uri;
use sha2::{Digest as _, Sha256};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many origins are remembered; a client talks to two.
const MAX_ORIGINS: usize = 64;

/// A longer nonce is not sent back, in bytes.
const MAX_NONCE: usize = 1024;

/// The newest `DPoP-Nonce` of each origin (RFC 9449 §8.2), for authorization servers and resources alike.
///
/// A nonce is no secret. Where there is none a server that wants one says so, and the request is made once
/// more; so it may be forgotten at any time, and is after 64 other origins.
#[derive(Default)]
pub struct DpopNonces(Mutex<Vec<(String, String)>>);

impl DpopNonces {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Remembers the value of the header field `DPoP-Nonce` of an answer from `url`. Whether it was taken:
    /// a text that is no nonce (RFC 9449 §8.1), or longer than 1 KiB, is not, and the one before stays.
    pub fn heard(&self, url: &str, nonce: &str) -> bool {
        let Some(origin) = origin(url).filter(|_| is_nonce(nonce)) else {
            return false;
        };
        let mut known = self.known();
        known.retain(|(other, _)| *other != origin);
        if known.len() == MAX_ORIGINS {
            known.remove(0);
        }
        known.push((origin, nonce.to_owned()));
        true
    }

    /// The nonce for the next request to `url`, if its origin has given one.
    #[must_use]
    pub fn of(&self, url: &str) -> Option<String> {
        let origin = origin(url)?;
        self.known().iter().find(|(known, _)| *known == origin).map(|(_, nonce)| nonce.clone())
    }

    fn known(&self) -> MutexGuard<'_, Vec<(String, String)>> {
        // Each change leaves the list whole, so a panic elsewhere has not broken it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl core::fmt::Debug for DpopNonces {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "DpopNonces({})", self.known().len())
    }
}

/// Scheme, host and port of an http or https URL (RFC 6454 §4), in lower case and with the port that is the
/// default.
pub(crate) fn origin(url: &str) -> Option<String> {
    let url = url.split('#').next().unwrap_or_default();
    let uri = uri::parts(url).ok()?;
    let scheme = uri.scheme.to_ascii_lowercase();
    let default = match scheme.as_str() {
        "https" => "443",
        "http" => "80",
        _ => return None,
    };
    let port = uri.port.filter(|port| !port.is_empty()).unwrap_or(default);
    Some(format!("{scheme}://{}:{port}", uri.host.to_ascii_lowercase()))
}

/// `1*NQCHAR` of RFC 6749 §A.
fn is_nonce(text: &str) -> bool {
    let allowed = |b: u8| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    (1..=MAX_NONCE).contains(&text.len()) && text.bytes().all(allowed)
}

/// What a proof is for (RFC 9449 §4.2).
pub(crate) struct Proof<'a> {
    /// The HTTP method.
    pub(crate) method: &'a str,
    /// The request's URL; its query and fragment do not enter the proof.
    pub(crate) url: &'a str,
    /// The server's nonce.
    pub(crate) nonce: Option<&'a str>,
    /// The access token of a request to a resource; at the token endpoint there is none.
    pub(crate) access_token: Option<&'a str>,
    /// The time, in seconds since the epoch.
    pub(crate) issued_at: u64,
}

/// What is signed: header and payload of the proof, with a fresh `jti` of 128 bits from the system's
/// generator.
///
/// # Errors
/// [`Error::RandomUnavailable`].
pub(crate) fn signing_input(public: &PublicKey, proof: &Proof<'_>) -> Result<String, Error> {
    let mut header = JsonWriter::new();
    header.text("typ", "dpop+jwt");
    header.text("alg", "ES256");
    header.raw("jwk", &public.jwk());
    let mut payload = JsonWriter::new();
    payload.text("jti", &random::text(&*random::bytes::<16>()?));
    payload.text("htm", proof.method);
    payload.text("htu", proof.url.split(['?', '#']).next().unwrap_or_default());
    payload.number("iat", proof.issued_at);
    if let Some(nonce) = proof.nonce {
        payload.text("nonce", nonce);
    }
    if let Some(access_token) = proof.access_token {
        payload.text("ath", &token_hash(access_token));
    }
    let part = |json: JsonWriter| random::text(json.into_text().as_bytes());
    Ok([part(header), part(payload)].join("."))
}

/// `ath`: SHA-256 of the access token, in base64url (RFC 9449 §4.2).
pub(crate) fn token_hash(access_token: &str) -> String {
    random::text(&Sha256::digest(access_token))
}

/// The proof: what was signed, and its signature, in whichever spelling the platform gave it.
///
/// # Errors
/// [`Error::SigningFailed`] where the bytes are no ES256 signature.
pub(crate) fn assemble(input: &str, signature: &[u8]) -> Result<String, Error> {
    let raw = raw_signature(signature).ok_or_else(|| Error::SigningFailed {
        detail: "what it gave is not an ECDSA signature of P-256".to_owned(),
    })?;
    Ok([input, ".", &random::text(&raw)].concat())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::grant::dpop::{ProofRequest, check_proof};
    use crate::jose::SigningKey;
    use std::collections::BTreeSet;

    const URL: &str = "https://as.example/token?a=b#c";

    fn proof() -> Proof<'static> {
        Proof { method: "POST", url: URL, nonce: None, access_token: None, issued_at: 1000 }
    }

    #[test]
    fn the_servers_half_takes_a_proof() {
        let key = SigningKey::from_random().unwrap();
        let made = Proof { nonce: Some("n-1"), access_token: Some("at-1"), ..proof() };
        let input = signing_input(&key.public(), &made).unwrap();
        let field = assemble(&input, &key.sign(input.as_bytes())).unwrap();
        let asked = ProofRequest {
            method: "POST",
            url: "https://as.example/token",
            access_token: Some("at-1"),
            nonce: Some("n-1"),
            now: 1000,
            window_s: 60,
        };
        let checked = check_proof(&field, &asked).unwrap();
        assert_eq!(checked.thumbprint, key.public().thumbprint());
        assert_eq!(checked.nonce.as_deref(), Some("n-1"));
        assert_eq!(checked.issued_at, 1000);
        assert_eq!(assemble(&input, b"0").unwrap_err().code(), "signing_failed");
    }

    #[test]
    fn the_payload_is_what_the_rfc_names() {
        let key = SigningKey::from_random().unwrap();
        let input = signing_input(&key.public(), &proof()).unwrap();
        let (header, payload) = input.split_once('.').unwrap();
        let text = |part| String::from_utf8(random::bytes_of(part).unwrap().to_vec()).unwrap();
        let jwk = key.public().jwk();
        assert_eq!(text(header), format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{jwk}}}"#));
        let payload = text(payload);
        let rest = r#"","htm":"POST","htu":"https://as.example/token","iat":1000}"#;
        assert!(payload.starts_with(r#"{"jti":""#) && payload.ends_with(rest), "{payload}");
        assert_eq!(payload.len(), r#"{"jti":""#.len() + 22 + rest.len());
    }

    #[test]
    fn no_two_proofs_have_one_jti() {
        let key = SigningKey::from_random().unwrap().public();
        let inputs: BTreeSet<String> =
            (0..1000).map(|_| signing_input(&key, &proof()).unwrap()).collect();
        assert_eq!(inputs.len(), 1000);
    }

    /// RFC 9449 §7.1.
    #[test]
    fn the_hash_of_a_token_is_that_of_the_rfc() {
        assert_eq!(
            token_hash("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
            "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
        );
    }

    #[test]
    fn nonces_are_kept_for_their_origin_and_the_newest_wins() {
        let nonces = DpopNonces::new();
        assert_eq!(nonces.of(URL), None);
        assert!(nonces.heard(URL, "n-1"));
        assert!(nonces.heard("HTTPS://AS.example:443/other", "n-2"));
        assert!(nonces.heard("https://as.example:8443/token", "n-3"));
        assert_eq!(nonces.of(URL).as_deref(), Some("n-2"));
        assert_eq!(nonces.of("http://as.example/token"), None);
        for wrong in ["", "a b", "a\"b", "a\\b", "ü", "a\r\nb", &"n".repeat(1025)] {
            assert!(!nonces.heard(URL, wrong), "{wrong}");
        }
        assert!(!nonces.heard("not a URL", "n-4"));
        assert_eq!(nonces.of(URL).as_deref(), Some("n-2"));
        assert!(nonces.heard(URL, &"n".repeat(1024)));
        assert_eq!(format!("{nonces:?}"), "DpopNonces(2)");
    }

    #[test]
    fn origins_are_bounded_and_the_quietest_is_forgotten() {
        let nonces = DpopNonces::new();
        let url = |n: usize| format!("https://rs{n}.example/");
        for n in 0..MAX_ORIGINS {
            assert!(nonces.heard(&url(n), "n"));
        }
        assert!(nonces.heard(&url(0), "n-2"));
        assert!(nonces.heard("https://one.more.example/", "n"));
        assert_eq!(nonces.of(&url(1)), None);
        assert_eq!(nonces.of(&url(0)).as_deref(), Some("n-2"));
        assert_eq!(format!("{nonces:?}"), "DpopNonces(64)");
    }
}
