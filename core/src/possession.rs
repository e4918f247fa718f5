//! The key that tokens are bound to (RFC 9449): ours, kept with them, or one that the platform keeps.

use crate::dpop::{self, DpopNonces, Proof};
use crate::error::Error;
use crate::http::Header;
use crate::jose::{PublicKey, SigningKey};
use crate::keep::codec::{Reader, Writer};
use crate::seal::unreadable;
use crate::secret::Secret;

/// The algorithm of every proof: the one that Secure Enclave and Keystore have (RFC 9449 §5.1).
pub(crate) const ALG: &str = "ES256";

/// The header field of a proof (RFC 9449 §4.1).
pub(crate) const FIELD: &str = "DPoP";

/// A key that can prove its possession.
#[derive(Debug)]
pub(crate) enum Binding {
    /// A key of ours: kept with the tokens, sealed like them.
    Ours(SigningKey),
    /// A key of the platform: it never leaves it, and is known here by its name.
    Platform { key_id: String, public: PublicKey },
}

/// The tags that a binding takes in a record.
const OURS: u8 = 21;
const KEY_ID: u8 = 22;
const PUBLIC: u8 = 23;

/// What a proof needs before it is one.
pub(crate) enum Prepared {
    /// It is one.
    Proof(String),
    /// The platform signs this with its key of that name.
    Sign { key_id: String, input: String },
}

impl Binding {
    pub(crate) fn public(&self) -> PublicKey {
        match self {
            Self::Ours(key) => key.public(),
            Self::Platform { public, .. } => *public,
        }
    }

    /// The key's thumbprint (RFC 7638), as `dpop_jkt` names it (RFC 9449 §10).
    pub(crate) fn thumbprint(&self) -> String {
        self.public().thumbprint()
    }

    /// A proof for this request, signed where the key is ours.
    pub(crate) fn prepare(&self, proof: &Proof<'_>) -> Result<Prepared, Error> {
        let input = dpop::signing_input(&self.public(), proof)?;
        match self {
            Self::Ours(key) => {
                let signature = key.sign(input.as_bytes());
                dpop::assemble(&input, &signature).map(Prepared::Proof)
            }
            Self::Platform { key_id, .. } => Ok(Prepared::Sign { key_id: key_id.clone(), input }),
        }
    }

    pub(crate) fn write(&self, record: &mut Writer) {
        match self {
            Self::Ours(key) => {
                record.bytes(OURS, key.to_bytes().expose());
            }
            Self::Platform { key_id, public } => {
                record.text(KEY_ID, key_id).bytes(PUBLIC, &public.to_sec1());
            }
        }
    }

    pub(crate) fn read(record: &Reader<'_>) -> Result<Option<Self>, Error> {
        const NO_KEY: Error = unreadable("the key of its tokens is none");
        if let Some(bytes) = record.bytes_if(OURS)? {
            let key = bytes.try_into().ok().and_then(SigningKey::from_bytes).ok_or(NO_KEY)?;
            return Ok(Some(Self::Ours(key)));
        }
        let Some(key_id) = record.text_if(KEY_ID)? else {
            return Ok(None);
        };
        let public = record.bytes_if(PUBLIC)?.and_then(PublicKey::from_sec1).ok_or(NO_KEY)?;
        Ok(Some(Self::Platform { key_id, public }))
    }
}

/// What a request to the resource carries.
#[derive(Debug)]
#[must_use]
pub enum Authorized {
    /// Nothing: the access token must be refreshed first.
    Stale,
    /// These header fields, in place of any of the same names. Copies made of them are the caller's to
    /// wipe.
    Ready(AuthorizationFields),
    /// The platform signs first.
    Sign(UnsignedProof),
}

/// The header fields of an authorized request; wiped on drop.
#[derive(Debug)]
pub struct AuthorizationFields {
    /// The value of `Authorization` (RFC 6750 §2.1, RFC 9449 §7.1).
    pub authorization: Secret,
    /// The value of `DPoP`, where the token is bound to a key. It is good for one request.
    pub dpop: Option<Secret>,
}

/// A request whose proof the platform's key has yet to sign.
#[derive(Debug)]
pub struct UnsignedProof {
    /// The key's name.
    pub key_id: String,
    /// The algorithm: always `ES256`.
    pub alg: &'static str,
    /// What is signed, ASCII.
    pub input: String,
    authorization: Secret,
}

impl UnsignedProof {
    /// The header fields, with this signature: 64 bytes (RFC 7518 §3.4) or DER.
    ///
    /// # Errors
    /// [`Error::SigningFailed`] where the bytes are no signature.
    pub fn signed(self, signature: &[u8]) -> Result<AuthorizationFields, Error> {
        let proof = dpop::assemble(&self.input, signature)?;
        let dpop = Some(Secret::new(proof));
        Ok(AuthorizationFields { authorization: self.authorization, dpop })
    }
}

/// The header fields for a request with this token.
pub(crate) fn fields(
    access_token: &str,
    binding: Option<&Binding>,
    method: &str,
    url: &str,
    now: u64,
    nonces: &DpopNonces,
) -> Result<Authorized, Error> {
    let Some(binding) = binding else {
        let authorization = Secret::new(["Bearer ", access_token].concat());
        return Ok(Authorized::Ready(AuthorizationFields { authorization, dpop: None }));
    };
    let authorization = Secret::new(["DPoP ", access_token].concat());
    let nonce = nonces.of(url);
    let proof = Proof {
        method,
        url,
        nonce: nonce.as_deref(),
        access_token: Some(access_token),
        issued_at: now,
    };
    Ok(match binding.prepare(&proof)? {
        Prepared::Proof(proof) => {
            let dpop = Some(Secret::new(proof));
            Authorized::Ready(AuthorizationFields { authorization, dpop })
        }
        Prepared::Sign { key_id, input } => {
            Authorized::Sign(UnsignedProof { key_id, alg: ALG, input, authorization })
        }
    })
}

/// The nonce that a server's answer demands from now on, if there is one (RFC 9449 §8.2).
pub(crate) fn nonce(headers: &[Header]) -> Option<&str> {
    let mut fields = headers.iter().filter(|header| header.name.eq_ignore_ascii_case("dpop-nonce"));
    match (fields.next(), fields.next()) {
        (Some(field), None) => Some(&field.value),
        _ => None,
    }
}
