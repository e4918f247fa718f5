//! A proof of possession (RFC 9449) by the crate `jsonwebtoken`, with what a program writes around it by hand.

use crate::Failure;
use crate::inputs::{ACCESS_TOKEN, NOW};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use jsonwebtoken::{decode, decode_header, encode};
use proofkey_bench_alone::dpop::{NONCE, RESOURCE, WINDOW};
use rand::TryRng as _;
use rand::rngs::SysRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

#[derive(Serialize, Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: u64,
    nonce: String,
    ath: String,
}

/// The hash of the access token (RFC 9449 §4.2).
fn ath() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(ACCESS_TOKEN))
}

/// The client by hand.
pub struct Peer {
    key: EncodingKey,
    header: Header,
}

impl Peer {
    /// Reads its key, which is of this benchmark alone.
    ///
    /// # Errors
    /// When it is none.
    pub fn new() -> Result<Self, Failure> {
        let key = EncodingKey::from_ec_der(include_bytes!("key.der"));
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some("dpop+jwt".into());
        header.jwk = Some(Jwk::from_encoding_key(&key, Algorithm::ES256)?);
        Ok(Self { key, header })
    }

    /// The header fields of a request.
    ///
    /// # Errors
    /// When the generator or the signing fails.
    pub fn fields(&self) -> Result<(String, String), Failure> {
        let mut jti = [0; 16];
        SysRng.try_fill_bytes(&mut jti)?;
        let claims = Claims {
            jti: URL_SAFE_NO_PAD.encode(jti),
            htm: "GET".into(),
            htu: RESOURCE.into(),
            iat: NOW,
            nonce: NONCE.into(),
            ath: ath(),
        };
        let proof = encode(&self.header, &claims, &self.key)?;
        Ok((format!("DPoP {ACCESS_TOKEN}"), proof))
    }
}

/// Checks a proof as the resource does, by hand, and gives the thumbprint of its key.
///
/// # Errors
/// When it is not taken.
pub fn check_by_peer(proof: &str) -> Result<String, Failure> {
    let header = decode_header(proof)?;
    if header.typ.as_deref() != Some("dpop+jwt") {
        return Err("no proof".into());
    }
    let jwk = header.jwk.ok_or("no key")?;
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_required_spec_claims::<&str>(&[]);
    validation.validate_exp = false;
    let claims: Claims = decode(proof, &DecodingKey::from_jwk(&jwk)?, &validation)?.claims;
    let fits = claims.htm == "GET"
        && claims.htu == RESOURCE
        && claims.iat.abs_diff(NOW) <= WINDOW
        && claims.nonce == NONCE
        && claims.ath == ath();
    if fits { Ok(jwk.thumbprint(ThumbprintHash::SHA256)?) } else { Err("another request".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proofkey_bench_alone::dpop::{Ours, check};

    #[test]
    fn the_jobs_do_what_they_say() -> Result<(), Failure> {
        let fields = Ours::new()?.fields()?;
        assert_eq!(fields.authorization.expose(), format!("DPoP {ACCESS_TOKEN}"));
        let ours = fields.dpop.ok_or("no proof")?;
        let (authorization, theirs) = Peer::new()?.fields()?;
        assert_eq!(authorization, fields.authorization.expose());
        // Each side takes the other's, and sees the same key in it.
        for proof in [ours.expose(), &theirs] {
            assert_eq!(check(proof)?, check_by_peer(proof)?);
            let (rest, last) = proof.split_at(proof.len() - 8);
            let other =
                format!("{rest}{}", if last == "AAAAAAAA" { "BBBBBBBB" } else { "AAAAAAAA" });
            assert!(check(&other).is_err() && check_by_peer(&other).is_err());
        }
        Ok(())
    }
}
