//! The record of a client that was registered dynamically (RFC 7591).

use super::codec::{Reader, Writer};
use crate::error::Error;
use crate::registration::Registered;
use crate::seal::{self, DataKey};
use crate::secret::SecretBytes;

/// The registration that a client's identifier came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RegisteredAs {
    /// The client's name: with the issuer it tells where the registration is kept.
    pub(crate) client_name: String,
    /// Whether an earlier sign-in made it: the server may have forgotten it since.
    pub(crate) reused: bool,
}

const KIND: u8 = 5;

mod tag {
    pub(super) const CLIENT_ID: u8 = 1;
    pub(super) const REDIRECT_URI: u8 = 2;
    pub(super) const MANAGEMENT_URI: u8 = 3;
    pub(super) const MANAGEMENT_TOKEN: u8 = 4;
    pub(super) const SCOPE: u8 = 5;
}

impl Registered {
    pub(crate) fn seal(&self, key: Option<&DataKey>, place: &str) -> Result<SecretBytes, Error> {
        let mut record = Writer::new(KIND);
        record
            .text(tag::CLIENT_ID, &self.client_id)
            .text(tag::REDIRECT_URI, &self.redirect_uri)
            .text_if(tag::MANAGEMENT_URI, self.management_uri.as_deref())
            .text_if(
                tag::MANAGEMENT_TOKEN,
                self.management_token.as_ref().map(crate::secret::Secret::expose),
            )
            .texts(tag::SCOPE, &self.scopes);
        seal::seal(key, &[place], &record.finish())
    }

    pub(crate) fn open(key: Option<&DataKey>, place: &str, bytes: &[u8]) -> Result<Self, Error> {
        let record = seal::open(key, &[place], bytes)?;
        let record = Reader::new(KIND, &record)?;
        Ok(Self {
            client_id: record.text(tag::CLIENT_ID)?,
            redirect_uri: record.text(tag::REDIRECT_URI)?,
            scopes: record.texts(tag::SCOPE)?,
            management_uri: record.text_if(tag::MANAGEMENT_URI)?,
            management_token: record.secret_if(tag::MANAGEMENT_TOKEN)?,
        })
    }
}
