//! What a record says of a sign-in, without its tokens: for a list of all that a store holds.

use super::grant::Grant;
use super::key;
use crate::error::Error;
use crate::id_token::Identity;
use crate::seal::DataKey;

/// A sign-in that is kept. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeptSignIn {
    /// Who issued the tokens.
    pub issuer: String,
    /// Whom they were issued to.
    pub client_id: String,
    /// The resource that they are for (RFC 8707).
    pub resource: Option<String>,
    /// Which of several accounts of the user it is.
    pub account: Option<String>,
    /// The scopes that were granted.
    pub scopes: Vec<String>,
    /// When the access token expires, in seconds since the epoch; none where the server did not say.
    pub expires_at: Option<u64>,
    /// When the tokens came, in seconds since the epoch.
    pub obtained_at: u64,
    /// Whether there is a refresh token, by which the next use of an old one gets a new one.
    pub refreshable: bool,
    /// Whether the answer to the last use of the refresh token was lost (P14).
    pub outcome_lost: bool,
    /// The type of the access token: `Bearer`, or `DPoP` where it is bound to a key (RFC 9449 §5).
    pub token_type: &'static str,
    /// Who signed in, where an ID token said so.
    pub identity: Option<Box<Identity>>,
}

impl KeptSignIn {
    /// Reads what a store has under this key; nothing where it is a record of another kind.
    ///
    /// # Errors
    /// [`Error::RecordUnreadable`].
    pub fn read(
        data_key: Option<&DataKey>,
        key: &str,
        value: &[u8],
    ) -> Result<Option<Self>, Error> {
        if !key::is_of_tokens(key) {
            return Ok(None);
        }
        let Grant { tokens, account, outcome_lost, .. } = Grant::open(data_key, key, value)?;
        let token_type = tokens.token_type();
        Ok(Some(Self {
            token_type,
            identity: tokens.identity,
            issuer: tokens.issuer,
            client_id: tokens.client_id,
            resource: tokens.resource,
            account,
            scopes: tokens.scopes,
            expires_at: tokens.expires_at,
            obtained_at: tokens.obtained_at,
            refreshable: tokens.refresh_token.is_some(),
            outcome_lost,
        }))
    }

    /// Whether the access token can still be used at `now`, in seconds since the epoch, as far as can be
    /// known without its server.
    #[must_use]
    pub fn is_valid(&self, now: u64) -> bool {
        self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::secret::Secret;
    use crate::token::TokenSet;

    #[test]
    fn it_tells_all_of_a_sign_in_but_its_tokens() {
        let place = key::tokens("https://as.example", "agent", None, Some("work"));
        let grant = Grant {
            tokens: TokenSet {
                access_token: Secret::new("canary-access".into()),
                refresh_token: Some(Secret::new("canary-refresh".into())),
                expires_at: Some(1000),
                obtained_at: 900,
                scopes: vec!["read".into()],
                issuer: "https://as.example".into(),
                client_id: "agent".into(),
                resource: None,
                requested: vec!["read".into()],
                authorization_details: None,
                requested_details: Vec::new(),
                bound: false,
                binding: None,
                id_token: None,
                identity: None,
                jitter: 0,
            },
            token_endpoint: "https://as.example/token".into(),
            revocation_endpoint: None,
            end_session_endpoint: None,
            account: Some("work".into()),
            registered_as: None,
            outcome_lost: false,
        };
        let data_key = DataKey::generate().unwrap();
        let bytes = grant.seal(Some(&data_key), &place).unwrap();
        let read = |place| KeptSignIn::read(Some(&data_key), place, bytes.expose());
        let kept = read(&place).unwrap().unwrap();
        assert_eq!(
            (kept.issuer.as_str(), kept.client_id.as_str()),
            ("https://as.example", "agent")
        );
        assert_eq!((kept.account.as_deref(), kept.refreshable), (Some("work"), true));
        assert!(kept.is_valid(999) && !kept.is_valid(1000));
        assert!(!format!("{kept:?}").contains("canary"));
        // Another kind is none of ours, and another place does not open.
        assert_eq!(read("signin-0").unwrap(), None);
        assert_eq!(read("tokens-0").unwrap_err().code(), "record_unreadable");
    }
}
