//! An RSA public key (RFC 7518 §6.3.1). Signatures are verified, never made: what is known about the time
//! that private keys take (RUSTSEC-2023-0071) does not touch this.

use rsa::BoxedUint;
use sha2::Sha256;

/// Shorter ones are broken; RFC 7518 §3.3 forbids them.
const MIN_BITS: usize = 2048;

/// Longer ones make a client calculate for a long time.
const MAX_BITS: usize = 8192;

/// Modulus and exponent, in bytes without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RsaKey {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl RsaKey {
    /// A modulus of 2048 to 8192 bits and an odd exponent from 3 to 2^32 - 1; else nothing.
    pub(super) fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let key = Self {
            modulus: without_zeros(modulus).to_vec(),
            exponent: without_zeros(exponent).to_vec(),
        };
        let odd = key.exponent.last()? & 1 == 1;
        if !odd || key.exponent == [1] || key.exponent.len() > 4 {
            return None;
        }
        key.parsed().map(|_| key)
    }

    fn parsed(&self) -> Option<rsa::PublicKey> {
        // Before any number is made of it.
        if self.modulus.len() > MAX_BITS / 8 {
            return None;
        }
        let modulus = BoxedUint::from_be_slice_vartime(&self.modulus);
        let exponent = BoxedUint::from_be_slice_vartime(&self.exponent);
        rsa::PublicKey::new_with_size_limits(modulus, exponent, MIN_BITS..=MAX_BITS).ok()
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3). The signature is as long as the modulus (RFC 8017
    /// §8.2.2).
    pub(super) fn verifies_rs256(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = |key: rsa::PublicKey| key.pkcs1v15_verify::<Sha256>(message, signature);
        signature.len() == self.modulus.len()
            && self.parsed().is_some_and(|key| verified(key).is_ok())
    }

    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes (RFC 7518 §3.5).
    #[cfg(feature = "ps256")]
    pub(super) fn verifies_ps256(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = |key: rsa::PublicKey| key.pss_verify::<Sha256>(message, signature);
        signature.len() == self.modulus.len()
            && self.parsed().is_some_and(|key| verified(key).is_ok())
    }
}

/// RFC 7518 §6.3.1.1 wants numbers without leading zeros and says that some write one.
fn without_zeros(bytes: &[u8]) -> &[u8] {
    let from = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    &bytes[from..]
}
