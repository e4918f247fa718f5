//! ID tokens: made (OpenID Connect Core §2), and read again as a hint (RP-Initiated Logout §2).

use super::OpenId;
use super::key::Key;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proofkey::grant::answer::Issuance;
use proofkey::secret::Secret;
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

/// How long an ID token is valid, in seconds.
const LIFETIME_S: u64 = 300;

/// No hint is longer, in bytes.
const MAX_HINT: usize = 4 * 1024;

/// What an ID token is made of.
#[derive(Debug, Clone, Copy)]
pub struct Claims<'a> {
    /// The server's issuer identifier.
    pub issuer: &'a str,
    /// What was issued beside it.
    pub issued: &'a Issuance,
    /// Whether this is the first one of its sign-in. Later ones leave the nonce out (OpenID Connect Core §12.2).
    pub first: bool,
}

/// Whom an ID token was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The client that it was issued to.
    pub client_id: String,
    /// The user.
    pub subject: String,
}

/// The JWS of a header and a payload (RFC 7515 §3.1).
fn signed(key: &Key, header: &Value, payload: &Value) -> Option<Secret> {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let input = format!("{}.{}", part(header), part(payload));
    let signature = key.sign(&input)?;
    Some(Secret::new(format!("{input}.{signature}")))
}

impl OpenId {
    /// Signs an ID token. `None` if there is no key or it cannot sign.
    #[must_use]
    pub fn id_token(&self, claims: Claims<'_>, now: u64) -> Option<Secret> {
        let key = self.published(now).pop()?;
        let Claims { issuer, issued, first } = claims;
        let grant = &issued.grant;
        let mut payload = json!({
            "iss": issuer,
            "sub": grant.subject,
            "aud": grant.client_id,
            "iat": now,
            "exp": now.saturating_add(LIFETIME_S),
            "preferred_username": grant.subject,
            // §3.1.3.6: the left half, of a hash that is as long as that of the signature.
            "at_hash": URL_SAFE_NO_PAD.encode(&issued.access_token_hash[..16]),
        });
        let terms = &grant.terms;
        if let Some(auth_time) = terms.auth_time {
            payload["auth_time"] = auth_time.into();
        }
        if let Some(acr) = &terms.acr {
            payload["acr"] = acr.as_str().into();
        }
        if let Some(nonce) = terms.nonce.as_ref().filter(|_| first) {
            payload["nonce"] = nonce.as_str().into();
        }
        let header = json!({ "typ": "JWT", "alg": key.algorithm().as_str(), "kid": key.kid });
        signed(&key, &header, &payload)
    }

    /// Signs whatever it is, by the newest key. For faults.
    #[cfg(feature = "dev-server")]
    pub(crate) fn sign(&self, header: &Value, payload: &Value) -> Option<Secret> {
        let key = self.lock().last()?.key.clone();
        signed(&key, header, payload)
    }

    /// Reads an ID token of ours that came back as a hint. One that has expired is as good (RP-Initiated Logout §2).
    #[must_use]
    pub fn hint(&self, token: &str, issuer: &str, now: u64) -> Option<Hint> {
        if token.len() > MAX_HINT {
            return None;
        }
        let (input, signature) = token.rsplit_once('.')?;
        let (header, payload) = input.split_once('.')?;
        let json = |part: &str| -> Option<Value> {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
        };
        let kid = json(header)?.get("kid")?.as_str()?.to_owned();
        let key = self.published(now).into_iter().find(|key| key.kid == kid)?;
        // Whoever has the key and signs the same text gets the same signature. The header's `alg` is not asked.
        let right: bool = key.sign(input)?.as_bytes().ct_eq(signature.as_bytes()).into();
        let payload = json(payload).filter(|_| right)?;
        let text = |name: &str| payload.get(name)?.as_str().map(str::to_owned);
        (text("iss")? == issuer).then_some(())?;
        Some(Hint { client_id: text("aud")?, subject: text("sub")? })
    }
}
