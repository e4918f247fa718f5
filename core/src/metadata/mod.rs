//! What servers say about themselves: where the documents are, what is believed of them.
//!
//! - [`well_known`]: the addresses of the documents (RFC 8414 §3.1, OpenID Connect Discovery §4,
//!   RFC 9728 §3.1).
//! - [`provider`]: the authorization server's document, read strictly.
//! - [`capability`]: what follows from it for ProofKey.
//! - [`resource`]: the protected resource's document.
//! - [`reach`]: how near to this machine an address is.
//!
//! `docs/decisions/discovery.md` says what an absent, an invalid and a foreign document do.

pub mod capability;
pub mod provider;
pub mod reach;
pub mod resource;
pub mod well_known;

mod difference;

pub use capability::{Capability, Feature, Support};
pub use provider::Provider;
pub use resource::ProtectedResource;

use crate::error::Error;
use crate::http::MAX_BODY;
use crate::json::{self, Members};
use reach::Reach;

/// The members of a document, and the words that errors call it by.
struct Document<'a, const N: usize> {
    name: &'static str,
    members: Members<'a, N>,
}

impl<'a, const N: usize> Document<'a, N> {
    fn read(name: &'static str, body: &'a [u8], members: [&'static str; N]) -> Result<Self, Error> {
        let whole = |reason| Error::InvalidMetadata { document: name, member: "the body", reason };
        if body.len() as u64 > MAX_BODY {
            return Err(whole("is larger than 64 KiB"));
        }
        Ok(Self { name, members: json::read(body, members).map_err(whole)? })
    }

    const fn invalid(&self, member: &'static str, reason: &'static str) -> Error {
        Error::InvalidMetadata { document: self.name, member, reason }
    }

    fn text(&self, member: &'static str) -> Result<Option<String>, Error> {
        match self.members.text(member) {
            Ok(text) => Ok(text.map(|mut text| core::mem::take(&mut *text))),
            Err(_) => Err(self.invalid(member, "is not a string")),
        }
    }

    fn required(&self, member: &'static str) -> Result<String, Error> {
        self.text(member)?.ok_or_else(|| self.invalid(member, "is missing"))
    }

    fn texts(&self, member: &'static str) -> Result<Option<Vec<String>>, Error> {
        let reason = "is not a list of at most 1024 strings";
        self.members.texts(member).map_err(|_| self.invalid(member, reason))
    }

    /// A truth value; absent means false wherever one is read here.
    fn truth(&self, member: &'static str) -> Result<bool, Error> {
        match self.members.truth(member) {
            Ok(truth) => Ok(truth.unwrap_or(false)),
            Err(_) => Err(self.invalid(member, "is neither true nor false")),
        }
    }

    /// A URL that the document names, fit to be asked by one who asked `from` (P11).
    fn endpoint(&self, member: &'static str, from: Reach) -> Result<Option<String>, Error> {
        let Some(url) = self.text(member)? else {
            return Ok(None);
        };
        reach::check(&url, from).map_err(|reason| self.invalid(member, reason))?;
        Ok(Some(url))
    }
}

/// Whether a document that was fetched at `fetched_at` may still be used: it is younger than this age.
/// One from the future (the clock was set back) is not. All in seconds; the epoch is that of the clock
/// that was given when it was fetched.
fn is_fresh(fetched_at: u64, now: u64, max_age_s: u64) -> bool {
    now.checked_sub(fetched_at).is_some_and(|age| age < max_age_s)
}

#[cfg(test)]
mod tests {
    use super::is_fresh;

    #[test]
    fn a_document_ages_by_the_clock_that_is_given() {
        assert!(is_fresh(1000, 1000, 60));
        assert!(is_fresh(1000, 1059, 60));
        assert!(!is_fresh(1000, 1060, 60));
        assert!(!is_fresh(1000, 1000, 0));
        // A day off, either way.
        assert!(!is_fresh(100_000, 13_600, 60));
        assert!(!is_fresh(13_600, 100_000, 60));
        assert!(is_fresh(0, u64::MAX - 1, u64::MAX));
    }
}
