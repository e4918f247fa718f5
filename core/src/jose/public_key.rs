//! A public key of P-256: the half of a DPoP key that is shown, and the keys of issuers.

use super::signature::raw_signature;
use crate::json::JsonWriter;
use crate::random;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// A point of P-256 that is not at infinity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PublicKey(VerifyingKey);

impl PublicKey {
    /// A point as SEC 1 §2.3.4 writes it, in 65 bytes, or in 33 where it is compressed; nothing where it is
    /// not on the curve.
    pub(crate) fn from_sec1(bytes: &[u8]) -> Option<Self> {
        match (bytes.first(), bytes.len()) {
            (Some(4), 65) | (Some(2 | 3), 33) => {
                VerifyingKey::from_sec1_bytes(bytes).ok().map(Self)
            }
            _ => None,
        }
    }

    /// A point from the members `x` and `y` of a JWK, each 32 bytes (RFC 7518 §6.2.1.2).
    pub(crate) fn from_coordinates(x: &[u8], y: &[u8]) -> Option<Self> {
        if x.len() != 32 || y.len() != 32 {
            return None;
        }
        Self::from_sec1(&[&[4], x, y].concat())
    }

    pub(super) fn of(key: &VerifyingKey) -> Self {
        Self(*key)
    }

    /// The point in 65 bytes, not compressed.
    pub(crate) fn to_sec1(self) -> [u8; 65] {
        let mut bytes = [0; 65];
        bytes.copy_from_slice(self.0.to_sec1_point(false).as_bytes());
        bytes
    }

    /// The JWK with the members of RFC 7638 §3.2 alone, in their order and without spaces.
    pub(crate) fn jwk(self) -> String {
        let point = self.to_sec1();
        let mut json = JsonWriter::new();
        json.text("crv", "P-256");
        json.text("kty", "EC");
        json.text("x", &random::text(&point[1..33]));
        json.text("y", &random::text(&point[33..]));
        json.into_text()
    }

    /// RFC 7638 §3: SHA-256 of [`Self::jwk`], in base64url.
    pub(crate) fn thumbprint(self) -> String {
        random::text(&Sha256::digest(self.jwk()))
    }

    /// Whether these 64 bytes are this key's ES256 signature over the message (RFC 7518 §3.4).
    pub(crate) fn verifies(self, message: &[u8], signature: &[u8]) -> bool {
        if signature.len() != 64 {
            return false; // A JWS never holds DER.
        }
        let signature = raw_signature(signature).and_then(|raw| Signature::from_slice(&raw).ok());
        signature.is_some_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The key of RFC 9449 §4.1, whose thumbprint stands in its §6.1.
    #[test]
    fn the_thumbprint_is_that_of_rfc_9449() {
        let bytes = |text| random::bytes_of(text).unwrap();
        let x = bytes("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs");
        let y = bytes("9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA");
        let key = PublicKey::from_coordinates(&x, &y).unwrap();
        assert_eq!(key.thumbprint(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
        assert_eq!(PublicKey::from_sec1(&key.to_sec1()), Some(key));
        let mut compressed = [0; 33];
        compressed[0] = 2 + (y[31] & 1);
        compressed[1..].copy_from_slice(&x);
        assert_eq!(PublicKey::from_sec1(&compressed), Some(key));
        assert_eq!(PublicKey::from_coordinates(&x[1..], &y), None);
        assert_eq!(PublicKey::from_coordinates(&y, &x), None, "off the curve");
        for wrong in [&[][..], &[0], &[4; 65], &[5; 33], &[2; 32]] {
            assert_eq!(PublicKey::from_sec1(wrong), None);
        }
    }
}
