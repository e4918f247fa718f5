//! Proof of possession (RFC 9449): what a client remembers of nonces, what a request carries, and the server's
//! check of a proof.

use crate::error::Outcome;
use crate::guard::{Guarded, call, shows};
use proofkey::dpop as core;
use proofkey::grant::dpop::{ProofRequest, check_proof};
use proofkey::token;
use std::sync::Arc;

/// The newest `DPoP-Nonce` of each origin (RFC 9449 §8.2): one object for a client, for all its flows and
/// requests. A nonce is no secret.
#[derive(uniffi::Object)]
pub struct DpopNonces(Arc<core::DpopNonces>);

impl DpopNonces {
    pub(crate) fn shared(&self) -> Arc<core::DpopNonces> {
        Arc::clone(&self.0)
    }

    pub(crate) fn core(&self) -> &core::DpopNonces {
        &self.0
    }
}

#[uniffi::export]
impl DpopNonces {
    /// None yet.
    #[uniffi::constructor]
    pub fn new() -> Outcome<Arc<Self>> {
        call("DpopNonces.new", || Ok(Arc::new(Self(Arc::default()))))
    }

    /// Remembers the value of the header field `DPoP-Nonce` of an answer from `url`. Whether it was taken: a
    /// text that is no nonce, or longer than 1 KiB, is not.
    pub fn heard(&self, url: String, nonce: String) -> Outcome<bool> {
        call("DpopNonces.heard", || Ok(self.0.heard(&url, &nonce)))
    }
}

/// The header fields of an authorized request. They hold the token and are not shown.
#[derive(uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AuthorizationFields {
    /// The value of `Authorization` (RFC 6750 §2.1, RFC 9449 §7.1).
    pub authorization: String,
    /// The value of `DPoP`, where the token is bound to a key. It is good for one request.
    pub dpop: Option<String>,
}

shows!(AuthorizationFields, |_it| "AuthorizationFields(…)".to_owned());

impl From<token::AuthorizationFields> for AuthorizationFields {
    fn from(fields: token::AuthorizationFields) -> Self {
        Self {
            authorization: fields.authorization.expose().to_owned(),
            dpop: fields.dpop.map(|proof| proof.expose().to_owned()),
        }
    }
}

/// What a request to the resource carries.
#[derive(uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Authorized {
    /// Nothing: the access token must be refreshed first.
    Stale,
    /// These header fields, in place of any of the same names. Copies made of them are the caller's to wipe.
    Ready {
        /// The header fields.
        fields: AuthorizationFields,
    },
    /// The platform signs first.
    Sign {
        /// The key's name.
        key_id: String,
        /// The algorithm: always `ES256`.
        alg: String,
        /// What is signed: the ASCII bytes of this text.
        input: String,
        /// Takes the signature.
        proof: Arc<UnsignedProof>,
    },
}

shows!(Authorized, |it| match it {
    Authorized::Stale => "Stale",
    Authorized::Ready { .. } => "Ready",
    Authorized::Sign { .. } => "Sign",
}
.to_owned());

impl From<token::Authorized> for Authorized {
    fn from(authorized: token::Authorized) -> Self {
        match authorized {
            token::Authorized::Stale => Self::Stale,
            token::Authorized::Ready(fields) => Self::Ready { fields: fields.into() },
            token::Authorized::Sign(proof) => Self::Sign {
                key_id: proof.key_id.clone(),
                alg: proof.alg.to_owned(),
                input: proof.input.clone(),
                proof: Arc::new(UnsignedProof(Guarded::new(Some(proof)))),
            },
        }
    }
}

/// A request whose proof the platform's key has yet to sign. It is used once.
#[derive(uniffi::Object)]
pub struct UnsignedProof(Guarded<Option<token::UnsignedProof>>);

#[uniffi::export]
impl UnsignedProof {
    /// The header fields, with this signature: 64 bytes (RFC 7518 §3.4) or DER. `signing_failed` where the
    /// bytes are no signature, or one was given before.
    pub fn signed(&self, signature: Vec<u8>) -> Outcome<AuthorizationFields> {
        self.0.with("UnsignedProof.signed", |proof| {
            let detail = "the proof was signed before".to_owned();
            let proof = proof.take().ok_or(proofkey::Error::SigningFailed { detail })?;
            Ok(proof.signed(&signature)?.into())
        })
    }
}

/// What a server's check of a DPoP proof came to (RFC 9449 §4.3).
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum CheckedProof {
    /// It belongs to the request. That its key is the token's and its identifier new is the caller's to see.
    Good {
        /// The SHA-256 thumbprint of its key, in base64url (RFC 7638).
        thumbprint: String,
        /// Its identifier, 1 to 256 bytes.
        jti: String,
        /// When it was made, in seconds since the epoch.
        issued_at: u64,
        /// Its nonce, whether or not one was demanded.
        nonce: Option<String>,
    },
    /// It does not.
    Refused {
        /// The stable name of the defect: `not_a_proof`, `alg`, `key`, `signature`, `htm`, `htu`, `iat`,
        /// `nonce_missing`, `nonce`, `ath`, `jti`.
        code: String,
    },
}

/// Checks the value of the header field `DPoP` of a request, for authorization servers and resource servers
/// (RFC 9449 §4.3). `url` is the request's as the client sees it; `access_token` is that of a request to a
/// resource; `nonce` is the one that is demanded; `now` is in seconds since the epoch, and the proof may be
/// `window_s` seconds older or younger.
#[uniffi::export]
pub fn check_dpop_proof(
    proof: String,
    method: String,
    url: String,
    access_token: Option<String>,
    nonce: Option<String>,
    now: u64,
    window_s: u64,
) -> Outcome<CheckedProof> {
    call("check_dpop_proof", || {
        let asked = ProofRequest {
            method: &method,
            url: &url,
            access_token: access_token.as_deref(),
            nonce: nonce.as_deref(),
            now,
            window_s,
        };
        Ok(match check_proof(&proof, &asked) {
            Ok(good) => CheckedProof::Good {
                thumbprint: good.thumbprint,
                jti: good.jti,
                issued_at: good.issued_at,
                nonce: good.nonce,
            },
            Err(defect) => CheckedProof::Refused { code: defect.code().to_owned() },
        })
    })
}

/// The 64 bytes of an ES256 signature (RFC 7518 §3.4), from these or from strict DER; nothing where it is
/// neither.
#[uniffi::export]
pub fn raw_signature(signature: Vec<u8>) -> Outcome<Option<Vec<u8>>> {
    call("raw_signature", || Ok(proofkey::jose::raw_signature(&signature).map(Vec::from)))
}
