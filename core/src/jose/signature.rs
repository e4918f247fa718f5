//! ECDSA signatures in their two spellings. A JWS holds the numbers r and s, each in 32 bytes (RFC 7518
//! §3.4); the keystores of phones give them in DER.

use p256::ecdsa::Signature;

/// The 64 bytes of an ES256 signature, however a platform has spelt it.
///
/// A text of exactly 64 bytes is taken for r and s side by side, also where it could be read as DER: that a
/// keystore gives DER of this length has a chance below 2^-40, and the proof is then refused, not forged.
/// Everything else has to be an ECDSA-Sig-Value (RFC 3279 §2.2.3) in strict DER: shortest lengths, shortest
/// positive integers, nothing after the end. Nothing is returned where it is neither, or where r or s is zero
/// or not below the order of P-256.
#[must_use]
pub fn raw_signature(bytes: &[u8]) -> Option<[u8; 64]> {
    let raw = match bytes.try_into() {
        Ok(raw) => raw,
        Err(_) => from_der(bytes)?,
    };
    Signature::from_slice(&raw).ok().map(|_| raw)
}

/// SEQUENCE { r INTEGER, s INTEGER }. A length below 128 is one byte, and no longer one can be due.
fn from_der(bytes: &[u8]) -> Option<[u8; 64]> {
    let (body, rest) = value(0x30, bytes)?;
    let (r, body) = value(0x02, body)?;
    let (s, body) = value(0x02, body)?;
    if !rest.is_empty() || !body.is_empty() {
        return None;
    }
    let mut raw = [0; 64];
    let (left, right) = raw.split_at_mut(32);
    place(r, left)?;
    place(s, right)?;
    Some(raw)
}

/// The value of a tag, and what stands after it.
fn value(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[found, length], rest) = bytes.split_first_chunk::<2>()?;
    if found != tag || length >= 0x80 {
        return None;
    }
    rest.split_at_checked(usize::from(length))
}

/// A positive integer in its shortest form (X.690 §8.3.2), into the end of `out`.
fn place(integer: &[u8], out: &mut [u8]) -> Option<()> {
    let digits = match integer {
        [0, first, ..] if first & 0x80 != 0 => &integer[1..],
        [first, ..] if *first != 0 && first & 0x80 == 0 => integer,
        _ => return None,
    };
    let from = out.len().checked_sub(digits.len())?;
    out[from..].copy_from_slice(digits);
    Some(())
}
