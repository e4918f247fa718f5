//! Who signed in: verified ID tokens (OpenID Connect Core).

use crate::error::Outcome;
use crate::guard::{call, shows};
use proofkey::id_token as core;
use proofkey::jose::KeySet;

/// Who has signed in, by a verified ID token (OpenID Connect Core §2, §5.1). A person is told from others by
/// `issuer` and `subject` together; names and addresses change. Only the issuer is shown.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Identity {
    /// `iss`: who says so.
    pub issuer: String,
    /// `sub`: whom the issuer means; 1 to 255 ASCII characters.
    pub subject: String,
    /// `aud`: the clients that it was said to.
    pub audience: Vec<String>,
    /// `iat`: when it was said, in seconds since the epoch.
    pub issued_at: u64,
    /// `exp`: until when it may be believed by one who has not seen it before, in seconds since the epoch.
    pub expires_at: u64,
    /// `auth_time`: when the user authenticated, in seconds since the epoch.
    pub auth_time: Option<u64>,
    /// `acr`: how strong the authentication was, in words that issuer and client have agreed upon.
    pub acr: Option<String>,
    /// `amr`: the ways of authentication (RFC 8176); empty where the token names none.
    pub amr: Vec<String>,
    /// `sid`: the session at the issuer.
    pub session_id: Option<String>,
    /// `name`: the whole name, fit to be shown.
    pub name: Option<String>,
    /// `preferred_username`: by which name the user wants to be called. It tells nobody from others.
    pub preferred_username: Option<String>,
    /// `email`: an address.
    pub email: Option<String>,
    /// `email_verified`: whether the issuer has seen that the address is the user's.
    pub email_verified: Option<bool>,
    /// All claims, these and others: a JSON object.
    pub claims: String,
}

shows!(Identity, |it| format!("Identity(issuer: {:?})", it.issuer));

crate::mirror::mirrors!(
    Identity,
    core::Identity {
        issuer,
        subject,
        audience,
        issued_at,
        expires_at,
        auth_time,
        acr,
        amr,
        session_id,
        name,
        preferred_username,
        email,
        email_verified,
        claims,
    }
);

/// Checks an ID token as OpenID Connect Core §3.1.3.7 demands, with the keys of its issuer (RFC 7517 §5, JSON).
/// `nonce`, `access_token` and `max_age` (seconds) are those of the sign-in; `now` is in seconds since the
/// epoch. Nothing where the key that it names is not among them: they are fetched once more then.
/// `id_token_refused` and `invalid_key_set` say what is wrong.
#[uniffi::export]
#[allow(clippy::too_many_arguments)] // named in each language
pub fn verify_id_token(
    id_token: String,
    key_set: Vec<u8>,
    issuer: String,
    client_id: String,
    nonce: Option<String>,
    access_token: Option<String>,
    max_age: Option<u64>,
    now: u64,
) -> Outcome<Option<Identity>> {
    call("verify_id_token", || {
        let keys = KeySet::read(&key_set)?;
        let asked = core::IdTokenRequest {
            issuer: &issuer,
            client_id: &client_id,
            nonce: nonce.as_deref(),
            access_token: access_token.as_deref(),
            max_age,
            now,
        };
        Ok(match core::verify(&id_token, &keys, &asked)? {
            core::Verified::Good(identity) => Some((*identity).into()),
            core::Verified::UnknownKey => None,
        })
    })
}

/// How many keys of a key set can verify a signature (RFC 7517 §5). `invalid_key_set` says what is wrong.
#[uniffi::export]
pub fn count_keys(key_set: Vec<u8>) -> Outcome<u64> {
    call("count_keys", || Ok(KeySet::read(&key_set)?.len() as u64))
}
