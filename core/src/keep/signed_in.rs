//! Which sign-in an address stands for: a program that knows only the address of a resource finds by it the
//! issuer and the client that the last sign-in there came to, without asking anyone.

use super::codec::{Reader, Writer};
use crate::error::Error;
use crate::seal::{self, DataKey};
use crate::secret::SecretBytes;

/// The last sign-in at an address.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SignedIn {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
}

const KIND: u8 = 2;
const ISSUER: u8 = 1;
const CLIENT_ID: u8 = 2;

impl SignedIn {
    pub(crate) fn seal(&self, key: Option<&DataKey>, place: &str) -> Result<SecretBytes, Error> {
        let mut record = Writer::new(KIND);
        record.text(ISSUER, &self.issuer).text(CLIENT_ID, &self.client_id);
        seal::seal(key, &[place], &record.finish())
    }

    pub(crate) fn open(key: Option<&DataKey>, place: &str, bytes: &[u8]) -> Result<Self, Error> {
        let record = seal::open(key, &[place], bytes)?;
        let record = Reader::new(KIND, &record)?;
        Ok(Self { issuer: record.text(ISSUER)?, client_id: record.text(CLIENT_ID)? })
    }
}
