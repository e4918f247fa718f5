//! ID tokens (OpenID Connect Core §2): who has signed in, as the issuer has signed it.
//!
//! An ID token is believed after its signature and its claims have been checked (§3.1.3.7), also where it
//! came straight from the token endpoint.

mod claims;
mod identity;

use crate::error::Error;
use crate::jose::compact::{Compact, Header};
use crate::jose::{Algorithm, Found, KeySet};
use crate::seal::unreadable;
use crate::uri::Reason;
use claims::Claims;
pub use identity::Identity;

/// An ID token is no longer, in bytes.
const MAX_TOKEN: usize = 16 * 1024;

/// What an ID token is checked against: what was pinned when the sign-in began. `Debug` shows neither the
/// nonce nor the access token.
#[derive(Clone, Copy)]
pub struct IdTokenRequest<'a> {
    /// The issuer, compared byte for byte with `iss`.
    pub issuer: &'a str,
    /// This client, which has to be in `aud`.
    pub client_id: &'a str,
    /// The nonce of the authorization request, if one was sent: the token has to hold it.
    pub nonce: Option<&'a str>,
    /// The access token that came with it: `at_hash` has to fit, where the token has one.
    pub access_token: Option<&'a str>,
    /// The `max_age` of the authorization request, in seconds, if one was sent: the token then has to say
    /// when the user authenticated, and it must not be longer ago.
    pub max_age: Option<u64>,
    /// The time, in seconds since the epoch. Clocks may differ by 60 seconds.
    pub now: u64,
}

impl core::fmt::Debug for IdTokenRequest<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("IdTokenRequest")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// What came of the check of a token in which nothing was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// Everything is right.
    Good(Box<Identity>),
    /// The key set holds no key that the token could be signed with. The issuer may have changed its keys:
    /// they are fetched once more, and a token that is not verified then is refused.
    UnknownKey,
}

/// Checks an ID token as OpenID Connect Core §3.1.3.7 demands. ES256 and RS256 are always accepted, PS256
/// and EdDSA where the features of these names are on, and nothing else ever.
///
/// # Errors
/// [`Error::IdTokenRefused`], which shows nothing of the token.
pub fn verify(token: &str, keys: &KeySet, asked: &IdTokenRequest<'_>) -> Result<Verified, Error> {
    verify_or_reason(token, keys, asked).map_err(refused)
}

fn refused(reason: Reason) -> Error {
    Error::IdTokenRefused { reason }
}

fn verify_or_reason(
    token: &str,
    keys: &KeySet,
    asked: &IdTokenRequest<'_>,
) -> Result<Verified, Reason> {
    let compact = Compact::read(token, MAX_TOKEN)?;
    let header = compact.header()?;
    let algorithm = algorithm(&header)?;
    let kid = header.text("kid").map_err(|_| "has a kid that is not a text")?;
    let key = match keys.find(kid.as_ref().map(|kid| kid.as_str()), algorithm) {
        Found::One(key) => key,
        Found::None => return Ok(Verified::UnknownKey),
        Found::Several if kid.is_none() => {
            return Err("names no key, and the issuer has several that it could be signed with");
        }
        Found::Several => return Err("names a key that stands more than once in the key set"),
    };
    if !key.verifies(compact.signed.as_bytes(), &compact.signature) {
        return Err("has a signature that does not verify");
    }
    let claims = Claims::read(&compact.payload)?;
    claims.check(asked, algorithm)?;
    Ok(Verified::Good(Box::new(claims.into_identity()?)))
}

fn algorithm(header: &Header<'_>) -> Result<Algorithm, Reason> {
    // Tokens of other kinds are signed with the same keys: an access token is `at+jwt` (RFC 9068 §2.1),
    // a logout token `logout+jwt` (RFC 8725 §3.11).
    let typ = header.text("typ").map_err(|_| "has a typ that is not a text")?;
    if typ.is_some_and(|typ| {
        !typ.eq_ignore_ascii_case("JWT") && !typ.eq_ignore_ascii_case("application/jwt")
    }) {
        return Err("is a token of another type: its typ is not JWT");
    }
    let alg = header.text("alg").ok().flatten().ok_or("has no alg")?;
    Algorithm::parse(&alg).ok_or_else(|| Algorithm::refusal(&alg))
}

/// The subject of a token that came with a refresh (OpenID Connect Core §12.2). Its signature is not looked
/// at: it may only show that the tokens belong to somebody else, never who that is.
///
/// # Errors
/// [`Error::IdTokenRefused`] for a token that cannot be read, of another issuer or for another client.
pub(crate) fn subject_of(token: &str, issuer: &str, client_id: &str) -> Result<String, Error> {
    let subject = || {
        let compact = Compact::read(token, MAX_TOKEN)?;
        let claims = Claims::read(&compact.payload)?;
        claims.check_parties(issuer, client_id)?;
        Ok(claims.subject.clone())
    };
    subject().map_err(refused)
}

/// What a token says that was verified when it was kept.
///
/// # Errors
/// [`Error::RecordUnreadable`].
pub(crate) fn kept(token: &str) -> Result<Identity, Error> {
    let damaged = || unreadable("the ID token in it is damaged");
    let compact = Compact::read(token, MAX_TOKEN).map_err(|_| damaged())?;
    Identity::from_claims(core::str::from_utf8(&compact.payload).map_err(|_| damaged())?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::random;

    fn token(claims: &str) -> String {
        format!("{}.{}.AA", random::text(br#"{"alg":"ES256"}"#), random::text(claims.as_bytes()))
    }

    #[test]
    fn a_refreshed_token_has_the_issuer_and_the_client_of_the_first() {
        let claims = |iss: &str, aud: &str| {
            token(&format!(r#"{{"iss":"{iss}","aud":"{aud}","sub":"s","iat":1,"exp":2}}"#))
        };
        let subject = |token: &str| subject_of(token, "https://as.example", "agent");
        assert_eq!(subject(&claims("https://as.example", "agent")), Ok("s".into()));
        for (iss, aud) in [("https://as.example/", "agent"), ("https://as.example", "other")] {
            assert_eq!(subject(&claims(iss, aud)).unwrap_err().code(), "id_token_refused");
        }
        assert!(subject("a.b.c").is_err());
    }

    #[test]
    fn nothing_of_a_token_is_shown() {
        let asked = IdTokenRequest {
            issuer: "https://as.example",
            client_id: "agent",
            nonce: Some("canary"),
            access_token: Some("canary"),
            max_age: None,
            now: 0,
        };
        let keys = KeySet::read(br#"{"keys":[]}"#).unwrap();
        let known = verify(&token(r#"{"iss":"canary"}"#), &keys, &asked);
        assert_eq!(known, Ok(Verified::UnknownKey));
        let json = r#"{"iss":"https://as.example","aud":"canary","sub":"canary","iat":1,"exp":2,
            "email":"canary","name":"canary"}"#;
        let identity = kept(&token(json)).unwrap();
        let shown = format!(
            "{asked:?} {known:?} {identity:?} {:?}",
            Verified::Good(identity.clone().into())
        );
        assert!(!shown.contains("canary"), "{shown}");
    }
}
