//! The code verifier (RFC 7636 §4.1) and its verification (§4.6).

use crate::challenge::CodeChallenge;
use crate::error::Error;
use crate::grammar::all_unreserved;
use crate::random;
use crate::secret::Secret;

/// A code verifier: the secret that is made for one sign-in and leaves it only inside the body of the
/// token request.
///
/// Wiped on drop. Neither `Clone`, `Display` nor `Serialize`: it is used once.
#[derive(Debug)]
pub struct CodeVerifier(Secret);

impl CodeVerifier {
    /// Makes a fresh one: 32 bytes of the system's generator, 43 characters of base64url.
    ///
    /// # Errors
    /// [`Error::RandomUnavailable`] when the generator fails.
    pub fn generate() -> Result<Self, Error> {
        Ok(Self::from_random(&*random::bytes::<32>()?))
    }

    /// Takes a verifier that was made elsewhere.
    ///
    /// # Errors
    /// [`Error::InvalidVerifier`] unless it is 43 to 128 of `A-Z a-z 0-9 - . _ ~` (RFC 7636 §4.1).
    pub fn parse(text: &str) -> Result<Self, Error> {
        check_grammar(text)?;
        Ok(Self(Secret::new(text.to_owned())))
    }

    /// Its challenge, S256 (RFC 7636 §4.2).
    #[must_use]
    pub fn challenge(&self) -> CodeChallenge {
        CodeChallenge::of(self.0.expose())
    }

    /// The verifier itself, for those who make the token request on their own. Copies made of it are
    /// the caller's to wipe.
    #[must_use]
    pub fn expose_verifier(&self) -> &str {
        self.0.expose()
    }

    pub(crate) fn from_random(bytes: &[u8]) -> Self {
        Self(Secret::new(random::text(bytes)))
    }
}

/// Whether the challenge is that of the verifier: the authorization server's check (RFC 7636 §4.6).
///
/// The grammar comes before the hash, and the 32 bytes are compared in constant time.
///
/// # Errors
/// [`Error::InvalidVerifier`] when the verifier is outside the grammar of §4.1; it is not hashed then.
pub fn verify(verifier: &str, challenge: &CodeChallenge) -> Result<bool, Error> {
    check_grammar(verifier)?;
    Ok(CodeChallenge::of(verifier).same(challenge))
}

/// RFC 7636 §4.1: `code-verifier = 43*128unreserved`.
fn check_grammar(text: &str) -> Result<(), Error> {
    let reason = match text.len() {
        0 => "is empty",
        1..43 => "is shorter than 43 characters",
        43..=128 if all_unreserved(text) => return Ok(()),
        43..=128 => "has a character outside the alphabet",
        _ => "is longer than 128 characters",
    };
    Err(Error::InvalidVerifier { reason })
}
