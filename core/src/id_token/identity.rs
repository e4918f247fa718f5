//! What a verified ID token says.

use super::claims::Claims;
use crate::error::Error;
use crate::seal::unreadable;

/// Who has signed in, by a verified ID token (OpenID Connect Core §2, §5.1). `Debug` shows the issuer only.
///
/// A person is told from others by `issuer` and `subject` together; names and addresses change and may be
/// given to somebody else (§5.7).
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// `iss`: who says so.
    pub issuer: String,
    /// `sub`: whom the issuer means; 1 to 255 ASCII characters.
    pub subject: String,
    /// `aud`: the clients that it was said to, this one among them.
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
    /// `sid`: the session at the issuer (OpenID Connect Front-Channel Logout §3).
    pub session_id: Option<String>,
    /// `name`: the whole name, fit to be shown.
    pub name: Option<String>,
    /// `preferred_username`: by which name the user wants to be called. It tells nobody from others.
    pub preferred_username: Option<String>,
    /// `email`: an address.
    pub email: Option<String>,
    /// `email_verified`: whether the issuer has seen that the address is the user's.
    pub email_verified: Option<bool>,
    /// All claims, these and others: the token's payload, a JSON object.
    pub claims: String,
}

impl Identity {
    /// Reads claims that were verified when they were kept.
    ///
    /// # Errors
    /// [`Error::RecordUnreadable`].
    pub(crate) fn from_claims(json: &str) -> Result<Self, Error> {
        let claims = Claims::read(json.as_bytes()).and_then(Claims::into_identity);
        claims.map_err(|_| unreadable("the claims of its ID token are damaged"))
    }
}

impl core::fmt::Debug for Identity {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Identity").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn claims_are_typed() {
        let json = r#"{"iss":"https://as.example","sub":"s","aud":["agent","other"],"iat":1,"exp":2,
            "auth_time":3,"acr":"phr","amr":["hwk","pin"],"sid":"08a5","name":"J\u00fcrgen",
            "preferred_username":"j","email":"j@example.com","email_verified":false,"groups":[{}]}"#;
        let identity = Identity::from_claims(json).unwrap();
        let expected = Identity {
            issuer: "https://as.example".into(),
            subject: "s".into(),
            audience: vec!["agent".into(), "other".into()],
            issued_at: 1,
            expires_at: 2,
            auth_time: Some(3),
            acr: Some("phr".into()),
            amr: vec!["hwk".into(), "pin".into()],
            session_id: Some("08a5".into()),
            name: Some("Jürgen".into()),
            preferred_username: Some("j".into()),
            email: Some("j@example.com".into()),
            email_verified: Some(false),
            claims: json.into(),
        };
        assert!(identity == expected);
        assert!(Identity::from_claims(&identity.claims) == Ok(identity));
    }

    #[test]
    fn claims_of_other_types_count_as_absent() {
        let json = r#"{"iss":"i","sub":"s","aud":"agent","iat":1,"exp":2,"acr":1,"amr":"pwd","sid":[],
            "name":{},"email":null,"email_verified":"true"}"#;
        let identity = Identity::from_claims(json).unwrap();
        let absent = [&identity.acr, &identity.session_id, &identity.name, &identity.email];
        assert!(absent.iter().all(|claim| claim.is_none()));
        assert!(identity.amr.is_empty() && identity.auth_time.is_none());
        assert_eq!(identity.email_verified, Some(true));
        for damaged in ["", "{}", "[]", r#"{"iss":"i","sub":"s","aud":"a","iat":1}"#] {
            assert_eq!(Identity::from_claims(damaged).unwrap_err().code(), "record_unreadable");
        }
    }
}
