//! An ID token is verified: one of `tests/vectors/id_tokens.json`, by RS256 or ES256. The issuer's keys are read
//! beforehand, as a program keeps them.

use crate::Failure;
use crate::inputs::NOW;
use proofkey::id_token::{IdTokenRequest, Verified, verify};
use proofkey::jose::KeySet;
use serde_json::Value;

const VECTORS: &str = include_str!("../../../../tests/vectors/id_tokens.json");

/// What all sides are given.
#[derive(Debug, Clone)]
pub struct Input {
    /// The token.
    pub token: String,
    /// The issuer's key set, as it publishes it.
    pub keys: String,
    /// The issuer.
    pub issuer: String,
    /// The client that the token has to be for.
    pub client_id: String,
    /// The nonce of the authorization request.
    pub nonce: String,
    /// The access token that came with it.
    pub access_token: String,
}

impl Input {
    /// The good token that is signed by this algorithm.
    ///
    /// # Errors
    /// When the vectors have none.
    pub fn signed_by(algorithm: &str) -> Result<Self, Failure> {
        let vectors: Value = serde_json::from_str(VECTORS)?;
        let id = format!("id-token-good-{algorithm}");
        let mut all = vectors["vectors"].as_array().ok_or("no vectors")?.iter();
        let input = &all.find(|vector| vector["id"] == *id).ok_or("the vector is gone")?["input"];
        let text = |name: &str| input[name].as_str().map(str::to_owned).ok_or("no text");
        Ok(Self {
            token: text("token")?,
            keys: text("keys")?,
            issuer: text("issuer")?,
            client_id: text("client_id")?,
            nonce: text("nonce")?,
            access_token: text("access_token")?,
        })
    }
}

/// ProofKey's side.
#[derive(Debug)]
pub struct Ours(Input, KeySet);

impl Ours {
    /// Reads the keys.
    ///
    /// # Errors
    /// When they cannot be used.
    pub fn new(input: Input) -> Result<Self, Failure> {
        let keys = KeySet::read(input.keys.as_bytes())?;
        Ok(Self(input, keys))
    }

    /// Whom the token names.
    ///
    /// # Errors
    /// When it is not believed.
    pub fn subject(&self) -> Result<String, Failure> {
        let Self(input, keys) = self;
        let asked = IdTokenRequest {
            issuer: &input.issuer,
            client_id: &input.client_id,
            nonce: Some(&input.nonce),
            access_token: Some(&input.access_token),
            max_age: None,
            now: NOW,
        };
        match verify(&input.token, keys, &asked)? {
            Verified::Good(identity) => Ok(identity.subject),
            Verified::UnknownKey => Err("an unknown key".into()),
        }
    }
}
