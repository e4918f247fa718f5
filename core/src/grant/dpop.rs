//! DPoP (RFC 9449), the server's half: whether a proof belongs to this request (§4.3), for authorization
//! servers and resource servers.
//!
//! What a proof alone cannot tell is the caller's: that its key is the one that the token is bound to
//! ([`CheckedProof::thumbprint`], §6), and that its identifier did not come before
//! ([`CheckedProof::jti`], §11.1).

use crate::dpop::{origin, token_hash};
use crate::jose::PublicKey;
use crate::jose::compact::{Compact, Header};
use crate::json::{self, Members};
use crate::random;
use crate::uri;
use subtle::ConstantTimeEq as _;

/// A proof is no longer, in bytes.
const MAX_PROOF: usize = 8 * 1024;

/// Nor is a `jti`, which the caller may have to remember.
const MAX_JTI: usize = 256;

/// The request that came with a proof.
#[derive(Clone, Copy)]
pub struct ProofRequest<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its URL as the client sees it; query and fragment are not compared.
    pub url: &'a str,
    /// The access token that came with it, at a resource: the proof has to hold its hash.
    pub access_token: Option<&'a str>,
    /// The nonce that the server demands, if it does (§8).
    pub nonce: Option<&'a str>,
    /// The time, in seconds since the epoch.
    pub now: u64,
    /// By how many seconds the proof may be older or younger.
    pub window_s: u64,
}

/// What a proof that was taken says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedProof {
    /// The SHA-256 thumbprint of its key, in base64url (RFC 7638): `jkt` (§6.1), `dpop_jkt` (§10).
    pub thumbprint: String,
    /// Its identifier, 1 to 256 bytes, which is to be taken once while [`ProofRequest::window_s`] runs.
    pub jti: String,
    /// When it was made, in seconds since the epoch.
    pub issued_at: u64,
    /// Its nonce, whether or not one was demanded.
    pub nonce: Option<String>,
}

/// Why a proof was not taken. All but the two about the nonce are `invalid_dpop_proof` to the client (§5);
/// those two are `use_dpop_nonce` (§8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProofDefect {
    /// It is not one JWT of the type `dpop+jwt`, or a header extension that must be understood stands in it.
    NotAProof,
    /// Its algorithm is not ES256, the one that is offered.
    Algorithm,
    /// Its key is missing, is not a public key of P-256, or comes with its private half.
    Key,
    /// The signature is not its key's.
    Signature,
    /// It is for another method.
    Method,
    /// It is for another URL.
    Url,
    /// It has no time, or one outside of the window.
    Time,
    /// It has no nonce, and one is demanded.
    NonceMissing,
    /// It has another nonce than the one that is demanded.
    Nonce,
    /// It has no hash of the access token, or that of another one.
    AccessToken,
    /// It has no identifier, or one that is too long.
    Identifier,
    /// Its identifier came before. That is for the caller to find; [`check_proof`] does not say it.
    Replayed,
}

impl ProofDefect {
    /// The stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAProof => "not_a_proof",
            Self::Algorithm => "alg",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Method => "htm",
            Self::Url => "htu",
            Self::Time => "iat",
            Self::NonceMissing => "nonce_missing",
            Self::Nonce => "nonce",
            Self::AccessToken => "ath",
            Self::Identifier => "jti",
            Self::Replayed => "replayed",
        }
    }
}

/// Checks the value of the header field `DPoP`, of which a request has exactly one (§4.3).
///
/// # Errors
/// What is wrong first, in the order of §4.3: form, algorithm, key, signature, then the claims.
pub fn check_proof(field: &str, asked: &ProofRequest<'_>) -> Result<CheckedProof, ProofDefect> {
    let compact = Compact::read(field, MAX_PROOF).map_err(|_| ProofDefect::NotAProof)?;
    let header = compact.header().map_err(|_| ProofDefect::NotAProof)?;
    let key = key(&header)?;
    if !key.verifies(compact.signed.as_bytes(), &compact.signature) {
        return Err(ProofDefect::Signature);
    }
    let claims = Claims::read(&compact.payload)?;
    claims.check(asked, key)
}

/// `typ`, `alg`, `jwk` (§4.2).
fn key(header: &Header<'_>) -> Result<PublicKey, ProofDefect> {
    let is = |name, wanted: &str| {
        header.text(name).ok().flatten().is_some_and(|text| text.as_str() == wanted)
    };
    if !is("typ", "dpop+jwt") {
        return Err(ProofDefect::NotAProof);
    }
    if !is("alg", "ES256") {
        return Err(ProofDefect::Algorithm);
    }
    header.raw("jwk").and_then(read_key).ok_or(ProofDefect::Key)
}

fn read_key(jwk: &str) -> Option<PublicKey> {
    let jwk = json::read(jwk.as_bytes(), ["kty", "crv", "x", "y", "d", "k"]).ok()?;
    let text = |name| jwk.text(name).ok().flatten();
    if text("kty")?.as_str() != "EC" || text("crv")?.as_str() != "P-256" {
        return None;
    }
    if jwk.raw("d").is_some() || jwk.raw("k").is_some() {
        return None;
    }
    let (x, y) = (random::bytes_of(&text("x")?)?, random::bytes_of(&text("y")?)?);
    PublicKey::from_coordinates(&x, &y)
}

struct Claims<'a>(Members<'a, 6>);

impl<'a> Claims<'a> {
    fn read(payload: &'a [u8]) -> Result<Self, ProofDefect> {
        let names = ["jti", "htm", "htu", "iat", "nonce", "ath"];
        json::read(payload, names).map(Self).map_err(|_| ProofDefect::NotAProof)
    }

    fn text(&self, name: &str) -> Option<String> {
        let mut text = self.0.text(name).ok().flatten()?;
        Some(core::mem::take(&mut *text))
    }

    fn check(&self, asked: &ProofRequest<'_>, key: PublicKey) -> Result<CheckedProof, ProofDefect> {
        let jti = self.text("jti").filter(|jti| (1..=MAX_JTI).contains(&jti.len()));
        let jti = jti.ok_or(ProofDefect::Identifier)?;
        if self.text("htm").as_deref() != Some(asked.method) {
            return Err(ProofDefect::Method);
        }
        let url = self.text("htu").and_then(|url| comparable(&url)).ok_or(ProofDefect::Url)?;
        if comparable(asked.url) != Some(url) {
            return Err(ProofDefect::Url);
        }
        let issued_at = self.0.natural("iat").ok().flatten().ok_or(ProofDefect::Time)?;
        if issued_at.abs_diff(asked.now) > asked.window_s {
            return Err(ProofDefect::Time);
        }
        let nonce = self.text("nonce");
        if let Some(demanded) = asked.nonce {
            let nonce = nonce.as_ref().ok_or(ProofDefect::NonceMissing)?;
            if !same(nonce, demanded) {
                return Err(ProofDefect::Nonce);
            }
        }
        if let Some(access_token) = asked.access_token {
            let hash = self.text("ath").ok_or(ProofDefect::AccessToken)?;
            if !same(&hash, &token_hash(access_token)) {
                return Err(ProofDefect::AccessToken);
            }
        }
        Ok(CheckedProof { thumbprint: key.thumbprint(), jti, issued_at, nonce })
    }
}

fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// A URL as §4.3 compares it: without query and fragment, normalized by syntax and by scheme (RFC 3986
/// §6.2.2, §6.2.3). Segments of dots are not removed; no client sends them.
fn comparable(url: &str) -> Option<String> {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let path = uri::parts(url).ok()?.path;
    let path = if path.is_empty() { "/" } else { path };
    Some(origin(url)? + &percent_normalized(path))
}

/// Unreserved characters are decoded, the digits of the others written in upper case.
fn percent_normalized(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut pieces = path.split('%');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        // The parser has seen two digits after each.
        let (digits, rest) = piece.split_at_checked(2).unwrap_or((piece, ""));
        match u8::from_str_radix(digits, 16) {
            Ok(b) if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => out.push(char::from(b)),
            _ => {
                out.push('%');
                out.push_str(&digits.to_ascii_uppercase());
            }
        }
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_equal_where_normalization_makes_them_so() {
        let url = comparable("https://as.example/a/b~c");
        assert!(url.is_some());
        for same in [
            "https://as.example/a/b~c?x=y",
            "https://as.example/a/b~c#x",
            "HTTPS://AS.Example:443/a/b~c",
            "https://as.example:/a/b%7ec",
            "https://as.example/%61/b%7Ec",
        ] {
            assert_eq!(comparable(same), url, "{same}");
        }
        for other in [
            "http://as.example/a/b~c",
            "https://as.example:8443/a/b~c",
            "https://as.example/a/b~c/",
            "https://as.example/A/b~c",
            "https://as.example/a%2fb~c",
            "https://other.example/a/b~c",
            "https://user@as.example/a/b~c",
        ] {
            assert_ne!(comparable(other), url, "{other}");
        }
        assert_eq!(comparable("https://as.example"), comparable("https://as.example/"));
        assert_eq!(comparable("https://a.b/%2f"), comparable("https://a.b/%2F"));
        assert_eq!(comparable(""), None);
    }
}
