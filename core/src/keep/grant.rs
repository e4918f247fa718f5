//! The record of a grant: its tokens, and all that a refresh and a revocation need, so that neither has to
//! ask the metadata first.

use super::codec::{Reader, Writer};
use crate::error::Error;
use crate::id_token;
use crate::possession::Binding;
use crate::seal::{self, DataKey};
use crate::secret::{Secret, SecretBytes};
use crate::token::{self, TokenSet};
use crate::uri;

/// A grant that is kept.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) tokens: TokenSet,
    pub(crate) token_endpoint: String,
    pub(crate) revocation_endpoint: Option<String>,
    /// The account, where the program names one: so that a list of what is kept can name it too.
    pub(crate) account: Option<String>,
    /// The name that the client was registered by, where that is how it came to its identifier.
    pub(crate) registered_as: Option<String>,
    /// Where the user signs out of the browser's session (OpenID Connect RP-Initiated Logout).
    pub(crate) end_session_endpoint: Option<String>,
    /// The last use of the refresh token got no whole answer: the server may have replaced it (P14).
    pub(crate) outcome_lost: bool,
}

const KIND: u8 = 1;

mod tag {
    pub(super) const ACCESS_TOKEN: u8 = 1;
    pub(super) const REFRESH_TOKEN: u8 = 2;
    pub(super) const EXPIRES_AT: u8 = 3;
    pub(super) const OBTAINED_AT: u8 = 4;
    pub(super) const SCOPE: u8 = 5;
    pub(super) const ISSUER: u8 = 6;
    pub(super) const CLIENT_ID: u8 = 7;
    pub(super) const RESOURCE: u8 = 8;
    pub(super) const TOKEN_ENDPOINT: u8 = 9;
    pub(super) const REVOCATION_ENDPOINT: u8 = 10;
    pub(super) const OUTCOME_LOST: u8 = 11;
    pub(super) const ACCOUNT: u8 = 12;
    pub(super) const REGISTERED_AS: u8 = 13;
    /// Only where it is not what was granted.
    pub(super) const REQUESTED: u8 = 20;
    // 21 to 23: the key that the tokens are bound to.
    pub(super) const ID_TOKEN: u8 = 24;
    pub(super) const END_SESSION_ENDPOINT: u8 = 25;
    pub(super) const AUTHORIZATION_DETAILS: u8 = 26;
    pub(super) const BOUND: u8 = 27;
    pub(super) const REQUESTED_DETAILS: u8 = 28;
}

impl Grant {
    pub(crate) fn seal(&self, key: Option<&DataKey>, place: &str) -> Result<SecretBytes, Error> {
        let tokens = &self.tokens;
        let mut record = Writer::new(KIND);
        record
            .text(tag::ACCESS_TOKEN, tokens.access_token.expose())
            .text_if(tag::REFRESH_TOKEN, tokens.expose_refresh_token())
            .number_if(tag::EXPIRES_AT, tokens.expires_at)
            .number(tag::OBTAINED_AT, tokens.obtained_at)
            .texts(tag::SCOPE, &tokens.scopes)
            .text(tag::ISSUER, &tokens.issuer)
            .text(tag::CLIENT_ID, &tokens.client_id)
            .text_if(tag::RESOURCE, tokens.resource.as_deref())
            .text(tag::TOKEN_ENDPOINT, &self.token_endpoint)
            .text_if(tag::REVOCATION_ENDPOINT, self.revocation_endpoint.as_deref())
            .flag(tag::OUTCOME_LOST, self.outcome_lost)
            .text_if(tag::ACCOUNT, self.account.as_deref())
            .text_if(tag::REGISTERED_AS, self.registered_as.as_deref())
            .text_if(tag::ID_TOKEN, tokens.id_token.as_ref().map(Secret::expose))
            .text_if(tag::END_SESSION_ENDPOINT, self.end_session_endpoint.as_deref())
            .text_if(tag::AUTHORIZATION_DETAILS, tokens.authorization_details.as_deref())
            .flag(tag::BOUND, tokens.bound)
            .texts(tag::REQUESTED_DETAILS, &tokens.requested_details);
        if tokens.requested != tokens.scopes {
            record.texts(tag::REQUESTED, &tokens.requested);
        }
        if let Some(binding) = &tokens.binding {
            binding.write(&mut record);
        }
        seal::seal(key, &[place], &record.finish())
    }

    pub(crate) fn open(key: Option<&DataKey>, place: &str, bytes: &[u8]) -> Result<Self, Error> {
        let record = seal::open(key, &[place], bytes)?;
        let record = Reader::new(KIND, &record)?;
        let scopes = record.texts(tag::SCOPE)?;
        let requested = record.texts(tag::REQUESTED)?;
        // It was verified when it came; nothing else is kept.
        let token = record.secret_if(tag::ID_TOKEN)?;
        let identity = token.as_ref().map(|token| id_token::kept(token.expose())).transpose()?;
        let grant = Self {
            tokens: TokenSet {
                access_token: record.secret(tag::ACCESS_TOKEN)?,
                refresh_token: record.secret_if(tag::REFRESH_TOKEN)?,
                expires_at: record.number_if(tag::EXPIRES_AT)?,
                obtained_at: record.number(tag::OBTAINED_AT)?,
                requested: if requested.is_empty() { scopes.clone() } else { requested },
                scopes,
                issuer: record.text(tag::ISSUER)?,
                client_id: record.text(tag::CLIENT_ID)?,
                resource: record.text_if(tag::RESOURCE)?,
                authorization_details: record.text_if(tag::AUTHORIZATION_DETAILS)?,
                requested_details: record.texts(tag::REQUESTED_DETAILS)?,
                bound: record.flag(tag::BOUND)?,
                binding: Binding::read(&record)?,
                id_token: token,
                identity: identity.map(Box::new),
                jitter: token::jitter()?,
            },
            token_endpoint: record.text(tag::TOKEN_ENDPOINT)?,
            revocation_endpoint: record.text_if(tag::REVOCATION_ENDPOINT)?,
            account: record.text_if(tag::ACCOUNT)?,
            registered_as: record.text_if(tag::REGISTERED_AS)?,
            end_session_endpoint: record.text_if(tag::END_SESSION_ENDPOINT)?,
            outcome_lost: record.flag(tag::OUTCOME_LOST)?,
        };
        // Where there is no key, anyone who can write the file could send the refresh token elsewhere.
        uri::check_endpoint("token_endpoint", &grant.token_endpoint)?;
        Ok(grant)
    }
}
