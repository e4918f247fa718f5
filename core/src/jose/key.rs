//! One key of a key set (RFC 7517 §4), if it can verify.

use super::algorithm::Algorithm;
use super::public_key::PublicKey;
use super::rsa_key::RsaKey;
use crate::json::{self, Members};
use crate::random;
use crate::uri::Reason;
use zeroize::Zeroizing;

/// A key that verifies signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) kid: Option<String>,
    /// `alg`, where the set says which one the key is for (RFC 7517 §4.4).
    algorithm: Option<Algorithm>,
    material: Material,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Material {
    Ec(PublicKey),
    Rsa(RsaKey),
    #[cfg(feature = "eddsa")]
    Ed25519(ed25519_dalek::VerifyingKey),
}

type Jwk<'a> = Members<'a, 11>;

const NAMES: [&str; 11] = ["kty", "kid", "use", "key_ops", "alg", "crv", "x", "y", "n", "e", "d"];

impl Key {
    /// Reads a JWK. One that cannot verify is passed over (RFC 7517 §5): another type or curve, another use,
    /// a member that is missing or out of range. So is one whose private half stands there, for everybody
    /// can sign with it.
    ///
    /// # Errors
    /// Text that is no JSON object, or one in which a member stands twice.
    pub(super) fn read(json: &str) -> Result<Option<Self>, Reason> {
        let jwk = json::read(json.as_bytes(), NAMES)
            .map_err(|_| "holds a key that is not a JSON object whose members each stand once")?;
        Ok(Self::verifying(&jwk))
    }

    fn verifying(jwk: &Jwk<'_>) -> Option<Self> {
        let signs = text(jwk, "use")?.is_none_or(|used| used.as_str() == "sig");
        let verifies =
            jwk.texts("key_ops").ok()?.is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        if !signs || !verifies || jwk.raw("d").is_some() {
            return None;
        }
        let key = Self {
            kid: text(jwk, "kid")?.map(into_string),
            algorithm: match text(jwk, "alg")? {
                Some(alg) => Some(Algorithm::parse(&alg)?),
                None => None,
            },
            material: Material::read(jwk)?,
        };
        // A key that says it is for an algorithm of another type is for nothing.
        key.algorithm.is_none_or(|alg| key.material.is_for(alg)).then_some(key)
    }

    /// Whether the key may verify signatures of this algorithm.
    pub(super) fn is_for(&self, algorithm: Algorithm) -> bool {
        self.material.is_for(algorithm) && self.algorithm.is_none_or(|own| own == algorithm)
    }

    /// Whether this is the key's signature over the message.
    pub(super) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (&self.material, algorithm) {
            (Material::Ec(key), Algorithm::Es256) => key.verifies(message, signature),
            (Material::Rsa(key), Algorithm::Rs256) => key.verifies_rs256(message, signature),
            #[cfg(feature = "ps256")]
            (Material::Rsa(key), Algorithm::Ps256) => key.verifies_ps256(message, signature),
            #[cfg(feature = "eddsa")]
            (Material::Ed25519(key), Algorithm::EdDsa) => {
                let signature = ed25519_dalek::Signature::from_slice(signature);
                signature.is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
            }
            _ => false,
        }
    }
}

impl Material {
    fn read(jwk: &Jwk<'_>) -> Option<Self> {
        match text(jwk, "kty")??.as_str() {
            "EC" if text(jwk, "crv")??.as_str() == "P-256" => {
                let (x, y) = (bytes(jwk, "x")?, bytes(jwk, "y")?);
                PublicKey::from_coordinates(&x, &y).map(Self::Ec)
            }
            "RSA" => RsaKey::new(&bytes(jwk, "n")?, &bytes(jwk, "e")?).map(Self::Rsa),
            #[cfg(feature = "eddsa")]
            "OKP" if text(jwk, "crv")??.as_str() == "Ed25519" => {
                let x = bytes(jwk, "x")?;
                let key = ed25519_dalek::VerifyingKey::from_bytes(x.as_slice().try_into().ok()?);
                key.ok().filter(|key| !key.is_weak()).map(Self::Ed25519)
            }
            _ => None,
        }
    }

    fn is_for(&self, algorithm: Algorithm) -> bool {
        match self {
            Self::Ec(_) => algorithm == Algorithm::Es256,
            #[cfg(not(feature = "ps256"))]
            Self::Rsa(_) => algorithm == Algorithm::Rs256,
            #[cfg(feature = "ps256")]
            Self::Rsa(_) => matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256),
            #[cfg(feature = "eddsa")]
            Self::Ed25519(_) => algorithm == Algorithm::EdDsa,
        }
    }
}

/// A text, nothing where there is none, and `None` where it is something else.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
fn text(jwk: &Jwk<'_>, name: &str) -> Option<Option<Zeroizing<String>>> {
    jwk.text(name).ok()
}

fn bytes(jwk: &Jwk<'_>, name: &str) -> Option<Zeroizing<Vec<u8>>> {
    random::bytes_of(&text(jwk, name)??)
}

fn into_string(mut text: Zeroizing<String>) -> String {
    core::mem::take(&mut *text)
}
