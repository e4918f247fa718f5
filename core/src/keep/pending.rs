//! A sign-in that waits for its redirect, kept so that it can be finished by another run of the program.

use super::codec::{Reader, Writer};
use crate::error::Error;
use crate::seal::{self, DataKey};
use crate::secret::SecretBytes;
use crate::session::PkceSession;

/// A pending sign-in: the session, and what is known besides of its server.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) session: PkceSession,
    pub(crate) revocation_endpoint: Option<String>,
    /// The client's registration, where that is how it came to its identifier.
    pub(crate) client_name: Option<String>,
}

const KIND: u8 = 4;
const REVOCATION_ENDPOINT: u8 = 32;
const CLIENT_NAME: u8 = 33;

impl Pending {
    /// Until `expires_at`, in seconds since the epoch.
    pub(crate) fn seal(
        &self,
        key: Option<&DataKey>,
        place: &str,
        expires_at: u64,
    ) -> Result<SecretBytes, Error> {
        let mut record = Writer::new(KIND);
        self.session.write(&mut record, expires_at);
        record
            .text_if(REVOCATION_ENDPOINT, self.revocation_endpoint.as_deref())
            .text_if(CLIENT_NAME, self.client_name.as_deref());
        seal::seal(key, &[place], &record.finish())
    }

    pub(crate) fn open(
        key: Option<&DataKey>,
        place: &str,
        bytes: &[u8],
        now: u64,
    ) -> Result<Self, Error> {
        let record = seal::open(key, &[place], bytes)?;
        let record = Reader::new(KIND, &record)?;
        Ok(Self {
            session: PkceSession::read(&record, now)?,
            revocation_endpoint: record.text_if(REVOCATION_ENDPOINT)?,
            client_name: record.text_if(CLIENT_NAME)?,
        })
    }
}
