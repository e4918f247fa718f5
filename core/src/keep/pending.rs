//! A sign-in that waits for its redirect, kept so that it can be finished by another run of the program.

use super::codec::{Reader, Writer};
use super::registration::RegisteredAs;
use crate::error::Error;
use crate::possession::Binding;
use crate::seal::{self, DataKey};
use crate::secret::SecretBytes;
use crate::session::PkceSession;
use crate::uri;

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
    /// Where the server's keys are (RFC 8414 §2).
    pub(crate) jwks_uri: Option<String>,
    /// Where the user signs out of the browser's session.
    pub(crate) end_session_endpoint: Option<String>,
    /// The client's registration, where that is how it came to its identifier.
    pub(crate) registered_as: Option<RegisteredAs>,
    /// How long ago the user may have signed in, in seconds, where that was asked (OpenID Connect Core
    /// §3.1.2.1).
    pub(crate) max_age: Option<u64>,
    /// The key that the tokens are to be bound to.
    pub(crate) binding: Option<Binding>,
}

const KIND: u8 = 4;
const REVOCATION_ENDPOINT: u8 = 32;
const CLIENT_NAME: u8 = 33;
const REUSED: u8 = 34;
const JWKS_URI: u8 = 35;
const END_SESSION_ENDPOINT: u8 = 36;
const MAX_AGE: u8 = 37;

impl Pending {
    /// Until `expires_at`, in seconds since the epoch.
    pub(crate) fn seal(
        &self,
        key: Option<&DataKey>,
        place: &str,
        expires_at: u64,
    ) -> Result<SecretBytes, Error> {
        let mut record = Writer::new(KIND);
        let known = &self.known;
        self.session.write(&mut record, expires_at);
        record
            .text_if(REVOCATION_ENDPOINT, known.revocation_endpoint.as_deref())
            .text_if(JWKS_URI, known.jwks_uri.as_deref())
            .text_if(END_SESSION_ENDPOINT, known.end_session_endpoint.as_deref())
            .number_if(MAX_AGE, known.max_age);
        if let Some(RegisteredAs { client_name, reused }) = &known.registered_as {
            record.text(CLIENT_NAME, client_name).flag(REUSED, *reused);
        }
        if let Some(binding) = &known.binding {
            binding.write(&mut record);
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
            jwks_uri: record.text_if(JWKS_URI)?,
            end_session_endpoint: record.text_if(END_SESSION_ENDPOINT)?,
            max_age: record.number_if(MAX_AGE)?,
            binding: Binding::read(&record)?,
            registered_as: client_name.map(|client_name| RegisteredAs { client_name, reused }),
        };
        // Where there is no key, anyone who can write the file could name keys of their own.
        known.jwks_uri.as_deref().map_or(Ok(()), |uri| uri::check_endpoint("jwks_uri", uri))?;
        Ok(Self { session: PkceSession::read(&record, now)?, known })
    }
}
