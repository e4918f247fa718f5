//! A resource that is read with its token.

use crate::cancel::CancelHandle;
use crate::client::Client;
use crate::http::{self, Opened, Unreachable};
use crate::request::ResourceRequest;
use proofkey::error::Error;
use proofkey::http::Header;
use proofkey::resource_call::StepUp;
use proofkey::token::AuthorizationFields;
use std::io::{self, Read as _, Write};
use std::time::Duration;

/// How long the head of an answer may take; a body may take as long as it likes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a resource answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fetched {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body, as the resource wrote it.
    pub content_type: Option<String>,
    /// The header fields of the answer, their names in small letters.
    pub headers: Vec<Header>,
    /// How many bytes the body had.
    pub length: u64,
}

/// What kept a resource from being read.
#[derive(Debug)]
#[non_exhaustive]
pub enum FetchError {
    /// No token could be had for it, or it is not this client's resource, or no token will do.
    Token(Error),
    /// The resource demands another sign-in (RFC 6750 §3.1, RFC 9470), and the user was not to be asked.
    StepUp(Box<StepUp>),
    /// The resource gave no whole answer.
    Unreachable(Unreachable),
    /// The body could not be written where it was to go.
    Output(io::Error),
}

impl core::fmt::Display for FetchError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Token(error) => error.fmt(f),
            Self::StepUp(_) => f.write_str("the resource demands another sign-in"),
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
    /// it comes. Where the token is refused it is refreshed once and the request repeated once, and once more for
    /// a nonce (RFC 9449 §9). No redirect is followed: the token goes to no other place. The user is not asked.
    ///
    /// [`Client::request`] does the same for other methods, and with the user where they may be asked.
    ///
    /// # Errors
    /// See [`FetchError`]. An answer with any status is an answer.
    pub fn fetch(
        &self,
        url: &str,
        out: &mut dyn Write,
        cancel: &CancelHandle,
    ) -> Result<Fetched, FetchError> {
        self.request("GET", url).send(out, cancel)
    }
}

impl ResourceRequest {
    /// One try.
    pub(crate) fn open(&self, fields: &AuthorizationFields) -> Result<Opened, FetchError> {
        let own = |name: &str| self.headers.iter().any(|own| own.name.eq_ignore_ascii_case(name));
        let mut headers = vec![Header::new("Authorization", fields.authorization.expose())];
        headers.extend(fields.dpop.iter().map(|proof| Header::new("DPoP", proof.expose())));
        let ours = headers.len();
        let common = [("Accept", "*/*"), ("Accept-Encoding", "identity")];
        let left = common.into_iter().filter(|(name, _)| !own(name));
        headers.extend(left.map(|(name, value)| Header::new(name, value)));
        for own in &self.headers {
            let mut authorizing = headers.iter().take(ours);
            if !authorizing.any(|header| header.name.eq_ignore_ascii_case(&own.name)) {
                headers.push(own.clone());
            }
        }
        let line = (self.method.as_str(), self.url.as_str());
        http::open(line, &headers, self.body.as_deref(), PATIENCE).map_err(FetchError::Unreachable)
    }
}

impl Opened {
    /// The body, as it comes.
    pub(crate) fn read(
        self,
        out: &mut dyn Write,
        cancel: &CancelHandle,
    ) -> Result<Fetched, FetchError> {
        let Self { status, headers, mut body } = self;
        let mut of_type = headers.iter().filter(|header| header.name == "content-type");
        let content_type = of_type.next().map(|header| header.value.clone());
        let mut length = 0;
        let mut some = zeroize::Zeroizing::new(vec![0; 64 * 1024]);
        loop {
            if cancel.is_cancelled() {
                return Err(Error::Cancelled.into());
            }
            let got = match body.read(&mut some) {
                Ok(0) => return Ok(Fetched { status, content_type, headers, length }),
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
