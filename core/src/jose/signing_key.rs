//! The key that proves possession, where the platform keeps none of its own.

use super::public_key::PublicKey;
use crate::error::Error;
use crate::random;
use crate::secret::SecretBytes;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey as Scalar};
use zeroize::Zeroizing;

/// So many numbers in a row that are no key, of which each has a chance of 2^-32, mean that the generator
/// is broken.
const TRIES: usize = 4;

/// A private key of P-256. It is wiped on drop, by `ecdsa`, and `Debug` shows nothing of it.
pub(crate) struct SigningKey(Scalar);

impl SigningKey {
    /// A new key from the system's generator. A number that is zero or not below the order of the curve is
    /// thrown away, so that all keys are equally likely (FIPS 186-5 A.2.2).
    pub(crate) fn from_random() -> Result<Self, Error> {
        for _ in 0..TRIES {
            if let Some(key) = Self::from_bytes(&*random::bytes()?) {
                return Ok(key);
            }
        }
        Err(Error::RandomUnavailable)
    }

    /// A key that was kept; nothing where the number is none.
    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        Scalar::from_slice(bytes).ok().map(Self)
    }

    /// The 32 bytes, to be kept sealed.
    pub(crate) fn to_bytes(&self) -> SecretBytes {
        let bytes = Zeroizing::new(self.0.to_bytes());
        SecretBytes::new(bytes.to_vec())
    }

    /// The half that is shown.
    pub(crate) fn public(&self) -> PublicKey {
        PublicKey::of(self.0.verifying_key())
    }

    /// The ES256 signature in its 64 bytes (RFC 7518 §3.4). Its nonce is made from the key and the message
    /// (RFC 6979), so a generator that repeats itself does not give the key away.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature: Signature = self.0.sign(message);
        signature.to_bytes().into()
    }
}

impl core::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier as _;

    #[test]
    fn what_is_signed_verifies_and_what_is_kept_comes_back() {
        let key = SigningKey::from_random().unwrap();
        let signature = key.sign(b"a message");
        let theirs = VerifyingKey::from_sec1_bytes(&key.public().to_sec1()).unwrap();
        let parsed = Signature::from_slice(&signature).unwrap();
        assert!(theirs.verify(b"a message", &parsed).is_ok());
        assert!(theirs.verify(b"another message", &parsed).is_err());
        assert!(key.public().verifies(b"a message", &signature));
        assert!(!key.public().verifies(b"another message", &signature));
        let kept: [u8; 32] = key.to_bytes().expose().try_into().unwrap();
        let again = SigningKey::from_bytes(&kept).unwrap();
        assert_eq!(again.public(), key.public());
        assert_eq!(again.sign(b"a message"), signature);
        assert_ne!(SigningKey::from_random().unwrap().public(), key.public());
    }

    /// RFC 6979 §A.2.5, P-256 with SHA-256, message "sample".
    #[test]
    fn the_signature_is_that_of_rfc_6979() {
        let hex = |text: &str| -> Vec<u8> {
            (0..text.len() / 2)
                .map(|n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).unwrap())
                .collect()
        };
        let key = hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
        let signature = hex(concat!(
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
        ));
        let key = SigningKey::from_bytes(&key.try_into().unwrap()).unwrap();
        assert_eq!(key.sign(b"sample").to_vec(), signature);
    }

    #[test]
    fn a_key_is_wiped_on_drop() {
        fn wiped<T: zeroize::ZeroizeOnDrop>() {}
        wiped::<Scalar>();
    }

    #[test]
    fn zero_and_the_order_are_no_keys_and_nothing_is_shown() {
        assert!(SigningKey::from_bytes(&[0; 32]).is_none());
        assert!(SigningKey::from_bytes(&[0xff; 32]).is_none());
        let mut one = [0; 32];
        one[31] = 1;
        let key = SigningKey::from_bytes(&one).unwrap();
        assert_eq!(format!("{key:?}"), "SigningKey(…)");
    }
}
