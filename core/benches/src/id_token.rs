//! An ID token is verified by the peers. The issuer's keys are read beforehand, as a program keeps them.

use crate::Failure;
use crate::inputs::NOW;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJwsSigningAlgorithm};
use openidconnect::{AccessToken, AccessTokenHash, ClientId, IssuerUrl, Nonce};
use proofkey_bench_alone::id_token::Input;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::str::FromStr as _;
use std::time::Duration;

/// The side of the crate `openidconnect`, as its documentation does it: with the hash of the access token.
pub struct OpenIdConnect {
    input: Input,
    verifier: CoreIdTokenVerifier<'static>,
    nonce: Nonce,
    access_token: AccessToken,
}

impl OpenIdConnect {
    /// Makes the verifier.
    ///
    /// # Errors
    /// When the keys cannot be read.
    pub fn new(input: Input) -> Result<Self, Failure> {
        let verifier = CoreIdTokenVerifier::new_public_client(
            ClientId::new(input.client_id.clone()),
            IssuerUrl::new(input.issuer.clone())?,
            serde_json::from_str(&input.keys)?,
        )
        .set_allowed_algs([
            CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        ])
        .set_time_fn(|| DateTime::UNIX_EPOCH + Duration::from_secs(NOW));
        let nonce = Nonce::new(input.nonce.clone());
        let access_token = AccessToken::new(input.access_token.clone());
        Ok(Self { input, verifier, nonce, access_token })
    }

    /// Whom the token names.
    ///
    /// # Errors
    /// When it is not believed.
    pub fn subject(&self) -> Result<String, Failure> {
        let token = CoreIdToken::from_str(&self.input.token)?;
        let claims = token.claims(&self.verifier, &self.nonce)?;
        if let Some(expected) = claims.access_token_hash() {
            let (alg, key) = (token.signing_alg()?, token.signing_key(&self.verifier)?);
            if AccessTokenHash::from_token(&self.access_token, alg, key)? != *expected {
                return Err("another access token".into());
            }
        }
        Ok(claims.subject().to_string())
    }
}

/// The side of the crate `jsonwebtoken`, with its pure-Rust cryptography: what a program writes by hand around it.
pub struct JsonWebToken {
    input: Input,
    keys: JwkSet,
    validation: Validation,
}

/// What it reads.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: u64,
    nonce: String,
    at_hash: Option<String>,
}

impl JsonWebToken {
    /// Reads the keys and says what is to be checked.
    ///
    /// # Errors
    /// When the keys cannot be read.
    pub fn new(input: Input) -> Result<Self, Failure> {
        let keys = serde_json::from_str(&input.keys)?;
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_audience(&[&input.client_id]);
        validation.set_issuer(&[&input.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // It knows the system's clock alone.
        validation.validate_exp = false;
        Ok(Self { input, keys, validation })
    }

    /// Whom the token names.
    ///
    /// # Errors
    /// When it is not believed.
    pub fn subject(&self) -> Result<String, Failure> {
        let header = decode_header(&self.input.token)?;
        if !matches!(header.alg, Algorithm::RS256 | Algorithm::ES256) {
            return Err("another algorithm".into());
        }
        let kid = header.kid.ok_or("no kid")?;
        let key = DecodingKey::from_jwk(self.keys.find(&kid).ok_or("an unknown key")?)?;
        let validation = Validation { algorithms: vec![header.alg], ..self.validation.clone() };
        let claims: Claims = decode(&self.input.token, &key, &validation)?.claims;
        if claims.exp + 60 <= NOW || claims.nonce != self.input.nonce {
            return Err("an old token, or of another sign-in".into());
        }
        let hash = Sha256::digest(&self.input.access_token);
        let half = hash.get(..16).ok_or("half of 32 bytes are 16")?;
        if claims.at_hash.is_some_and(|given| given != URL_SAFE_NO_PAD.encode(half)) {
            return Err("another access token".into());
        }
        Ok(claims.sub)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proofkey_bench_alone::id_token::Ours;

    #[test]
    fn the_jobs_do_what_they_say() -> Result<(), Failure> {
        for algorithm in ["rs256", "es256"] {
            let input = Input::signed_by(algorithm)?;
            let other = Input { nonce: "other".into(), ..input.clone() };
            let token = Input { access_token: "other".into(), ..input.clone() };
            assert_eq!(Ours::new(input.clone())?.subject()?, "248289761001");
            assert_eq!(OpenIdConnect::new(input.clone())?.subject()?, "248289761001");
            assert_eq!(JsonWebToken::new(input)?.subject()?, "248289761001");
            for wrong in [other, token] {
                assert!(Ours::new(wrong.clone())?.subject().is_err());
                assert!(OpenIdConnect::new(wrong.clone())?.subject().is_err());
                assert!(JsonWebToken::new(wrong)?.subject().is_err());
            }
        }
        Ok(())
    }
}
