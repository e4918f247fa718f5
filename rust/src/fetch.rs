//! A resource that is read with its token.

use crate::cancel::CancelHandle;
use crate::client::Client;
use crate::http::{self, Opened, Unreachable};
use proofkey::error::Error;
use proofkey::http::Header;
use proofkey::secret::Secret;
use std::io::{self, Read as _, Write};
use std::time::Duration;

/// How long the head of an answer may take; a body may take as long as it likes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a resource answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fetched {
    /// The HTTP status: any that is not 401, or 401 for the second time.
    pub status: u16,
    /// The media type of the body, as the resource wrote it.
    pub content_type: Option<String>,
    /// How many bytes the body had.
    pub length: u64,
}

/// What kept a resource from being read.
#[derive(Debug)]
#[non_exhaustive]
pub enum FetchError {
    /// No token could be had for it, or it is not this client's resource.
    Token(Error),
    /// The resource gave no whole answer.
    Unreachable(Unreachable),
    /// The body could not be written where it was to go.
    Output(io::Error),
}

impl core::fmt::Display for FetchError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Token(error) => error.fmt(f),
            Self::Unreachable(error) => error.fmt(f),
            Self::Output(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FetchError {}

impl From<Error> for FetchError {
    fn from(error: Error) -> Self {
        Self::Token(error)
    }
}

impl Client {
    /// Reads `url`, which must lie in this client's resource, with its token, and writes the body to `out` as
    /// it comes. At a 401 the token is refreshed once and the request repeated once. No redirect is followed:
    /// the token goes to no other place. The user is not asked.
    ///
    /// # Errors
    /// See [`FetchError`]. An answer with any status is an answer.
    pub fn fetch(
        &self,
        url: &str,
        out: &mut dyn Write,
        cancel: &CancelHandle,
    ) -> Result<Fetched, FetchError> {
        let first = self.authorize_until(url, None, cancel)?;
        let mut opened = open(url, &first)?;
        if opened.status == 401 {
            let second = self.authorize_until(url, Some(&first), cancel)?;
            opened = open(url, &second)?;
        }
        let Opened { status, content_type, mut body, .. } = opened;
        let mut length = 0;
        let mut some = zeroize::Zeroizing::new(vec![0; 64 * 1024]);
        loop {
            if cancel.is_cancelled() {
                return Err(Error::Cancelled.into());
            }
            let got = match body.read(&mut some) {
                Ok(0) => return Ok(Fetched { status, content_type, length }),
                Ok(got) => got,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(FetchError::Unreachable(http::broken_off(&error))),
            };
            length += got as u64;
            let written = out.write_all(some.get(..got).unwrap_or_default());
            // What comes slowly is to be seen as it comes.
            written.and_then(|()| out.flush()).map_err(FetchError::Output)?;
        }
    }
}

fn open(url: &str, authorization: &Secret) -> Result<Opened, FetchError> {
    let headers = [
        Header::new("Accept", "*/*"),
        Header::new("Accept-Encoding", "identity"),
        Header::new("Authorization", authorization.expose()),
    ];
    http::open(url, &headers, PATIENCE).map_err(FetchError::Unreachable)
}
