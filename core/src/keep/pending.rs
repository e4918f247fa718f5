//! A sign-in that waits for its redirect, kept so that it can be finished by another run of the program.

use super::codec::{Reader, Writer};
use super::registration::RegisteredAs;
use crate::error::Error;
use crate::seal::{self, DataKey};
use crate::secret::SecretBytes;
use crate::session::PkceSession;

/// A pending sign-in: the session, and what is known besides.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) session: PkceSession,
    pub(crate) known: Known,
}

/// What is known of the server and the client besides what the session has pinned.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) revocation_endpoint: Option<String>,
    /// The client's registration, where that is how it came to its identifier.
    pub(crate) registered_as: Option<RegisteredAs>,
}

const KIND: u8 = 4;
const REVOCATION_ENDPOINT: u8 = 32;
const CLIENT_NAME: u8 = 33;
const REUSED: u8 = 34;

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
        let Known { revocation_endpoint, registered_as } = &self.known;
        record.text_if(REVOCATION_ENDPOINT, revocation_endpoint.as_deref());
        if let Some(RegisteredAs { client_name, reused }) = registered_as {
            record.text(CLIENT_NAME, client_name).flag(REUSED, *reused);
        }
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
        let reused = record.flag(REUSED)?;
        let client_name = record.text_if(CLIENT_NAME)?;
        let known = Known {
            revocation_endpoint: record.text_if(REVOCATION_ENDPOINT)?,
            registered_as: client_name.map(|client_name| RegisteredAs { client_name, reused }),
        };
        Ok(Self { session: PkceSession::read(&record, now)?, known })
    }
}
