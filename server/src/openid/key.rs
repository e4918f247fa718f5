//! A key that ID tokens are signed with, and what it is published as (RFC 7517).

use crate::random;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::{RandomizedSigner as _, SignatureEncoding as _, Signer as _};
use rand::rngs::SysRng;
use rsa::PrivateKey;
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};
use sha2::Sha256;
use zeroize::Zeroizing;

/// How ID tokens are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Algorithm {
    /// ECDSA with P-256 and SHA-256.
    #[default]
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256 and 2048 bits, which every relying party must know (OpenID Connect Core
    /// §15.1).
    Rs256,
}

impl Algorithm {
    /// Its name (RFC 7518 §3.1).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }
}

/// The system's random generator failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoKey;

/// A key with its identifier. Both halves of it are wiped on drop by their crates.
pub(super) struct Key {
    pub(super) kid: String,
    signer: Signer,
}

enum Signer {
    Es256(p256::ecdsa::SigningKey),
    Rs256(Box<rsa::pkcs1v15::SigningKey<Sha256>>),
}

impl Key {
    /// A new one. For RS256 it takes a while, and blocks.
    pub(super) fn generate(algorithm: Algorithm) -> Result<Self, NoKey> {
        let kid = random::text::<9>().map_err(|_| NoKey)?.expose().to_owned();
        let signer = match algorithm {
            Algorithm::Es256 => Signer::Es256(es256()?),
            Algorithm::Rs256 => {
                let key = PrivateKey::new(&mut SysRng, 2048).map_err(|_| NoKey)?;
                Signer::Rs256(Box::new(rsa::pkcs1v15::SigningKey::new(key)))
            }
        };
        Ok(Self { kid, signer })
    }

    /// The ES256 key of this name among those that come of one secret: the same wherever the secret is.
    pub(super) fn derive(secret: &[u8; 32], name: u64) -> Result<Self, NoKey> {
        let kid = URL_SAFE_NO_PAD.encode(&derived(secret, "kid", name, 0)?[..9]);
        // One in 2^32 is no key (FIPS 186-5 A.2.2): then the next one is.
        for counter in 0..4 {
            let bytes = Zeroizing::new(derived(secret, "ES256", name, counter)?);
            if let Ok(key) = p256::ecdsa::SigningKey::from_slice(&*bytes) {
                return Ok(Self { kid, signer: Signer::Es256(key) });
            }
        }
        Err(NoKey)
    }

    pub(super) const fn algorithm(&self) -> Algorithm {
        match self.signer {
            Signer::Es256(_) => Algorithm::Es256,
            Signer::Rs256(_) => Algorithm::Rs256,
        }
    }

    /// The signature as it stands in a JWS. The same text has the same signature: RFC 6979, RFC 8017 §8.2.
    pub(super) fn sign(&self, text: &str) -> Option<String> {
        let bytes = match &self.signer {
            Signer::Es256(key) => {
                let signature: p256::ecdsa::Signature = key.try_sign(text.as_bytes()).ok()?;
                signature.to_bytes().to_vec()
            }
            // Blinded: how long it takes says nothing of the key (RUSTSEC-2023-0071).
            Signer::Rs256(key) => {
                key.try_sign_with_rng(&mut SysRng, text.as_bytes()).ok()?.to_vec()
            }
        };
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The half that is published.
    pub(super) fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut jwk = match &self.signer {
            Signer::Es256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                let half = |half: Option<&_>| half.map(|bytes: &p256::FieldBytes| text(bytes));
                json!({ "kty": "EC", "crv": "P-256", "x": half(point.x()), "y": half(point.y()) })
            }
            Signer::Rs256(key) => {
                let key: &PrivateKey = (**key).as_ref();
                let (n, e) =
                    (key.n().to_be_bytes_trimmed_vartime(), key.e().to_be_bytes_trimmed_vartime());
                json!({ "kty": "RSA", "n": text(&n), "e": text(&e) })
            }
        };
        jwk["kid"] = self.kid.as_str().into();
        jwk["use"] = "sig".into();
        jwk["alg"] = self.algorithm().as_str().into();
        jwk
    }
}

/// HMAC as a pseudorandom function of what the bytes are for (NIST SP 800-108).
fn derived(secret: &[u8; 32], purpose: &str, name: u64, counter: u8) -> Result<[u8; 32], NoKey> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|_| NoKey)?;
    mac.update(b"proofkey id_token ");
    mac.update(purpose.as_bytes());
    mac.update(&name.to_be_bytes());
    mac.update(&[counter]);
    Ok(mac.finalize().into_bytes().into())
}

/// A number that is zero or not below the order of the curve is thrown away (FIPS 186-5 A.2.2); one in 2^32 is.
fn es256() -> Result<p256::ecdsa::SigningKey, NoKey> {
    for _ in 0..4 {
        let bytes = random::bytes::<32>().map_err(|_| NoKey)?;
        if let Ok(key) = p256::ecdsa::SigningKey::from_slice(&*bytes) {
            return Ok(key);
        }
    }
    Err(NoKey)
}
