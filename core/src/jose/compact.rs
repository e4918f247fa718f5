//! A JWS in its compact serialization (RFC 7515 §7.1): three texts in base64url with dots between them.
//! Nothing of it is proven here.

use crate::json::{self, Members};
use crate::random;
use crate::uri::Reason;
use zeroize::Zeroizing;

/// A text of three parts, decoded.
pub(crate) struct Compact<'a> {
    /// What the signature is over: the first two parts and the dot (RFC 7515 §5.1).
    pub(crate) signed: &'a str,
    header: Zeroizing<Vec<u8>>,
    pub(crate) payload: Zeroizing<Vec<u8>>,
    pub(crate) signature: Zeroizing<Vec<u8>>,
}

/// The members of a header that are looked at. Keys and addresses of keys that a token brings itself
/// (`jku`, `x5u`, `x5c`) are not: who forges a token chooses them (RFC 8725 §3.10).
pub(crate) type Header<'a> = Members<'a, 7>;

impl<'a> Compact<'a> {
    /// Splits and decodes a text of at most `most` bytes.
    pub(crate) fn read(text: &'a str, most: usize) -> Result<Self, Reason> {
        if text.len() > most {
            return Err("is too long");
        }
        // Never split without bound: four parts are too many, and so are ten thousand dots.
        let mut parts = text.splitn(4, '.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err("is not a JWS of three parts");
        };
        let decoded =
            |part| random::bytes_of(part).ok_or("has a part that is not base64url without padding");
        Ok(Self {
            signed: &text[..header.len() + 1 + payload.len()],
            header: decoded(header)?,
            payload: decoded(payload)?,
            signature: decoded(signature)?,
        })
    }

    /// Reads the header. What changes the meaning of the rest is refused: extensions that must be
    /// understood (RFC 7515 §4.1.11), payloads without base64url (RFC 7797 §3), compression.
    pub(crate) fn header(&self) -> Result<Header<'_>, Reason> {
        let names = ["alg", "typ", "kid", "jwk", "crit", "b64", "zip"];
        let header = json::read(&self.header, names)
            .map_err(|_| "has a header that is not a JSON object whose members each stand once")?;
        if ["crit", "b64", "zip"].iter().any(|name| header.raw(name).is_some()) {
            return Err("has a header with crit, b64 or zip, which is not supported");
        }
        Ok(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_parts_and_no_more() {
        assert!(Compact::read("e30.e30.AA", 100).is_ok());
        assert!(Compact::read("e30.e30.", 100).is_ok());
        for text in [
            "",
            "e30",
            "e30.e30",
            "e30.e30.AA.AA",
            "e30.e30.A=",
            "e30=.e30.AA",
            "e30.e30.A",
            "e30.e3+.AA",
            "e30.e30.AB",
            " e30.e30.AA",
            "e30.e30.AA\n",
        ] {
            assert!(Compact::read(text, 100).is_err(), "{text:?}");
        }
        assert!(Compact::read(&".".repeat(16 * 1024), 16 * 1024).is_err());
        assert!(Compact::read("e30.e30.AA", 9).is_err());
    }
}
