//! Keys that a platform keeps, and signs with.

/// What went wrong at the signer, in its own words; they come back in
/// [`Error::SigningFailed`](crate::Error::SigningFailed).
pub type SignerError = Box<dyn std::error::Error + Send + Sync>;

/// A place that keeps keys so that nobody can copy them: a TPM, a security key, an agent.
///
/// A client that is given one binds its tokens to a key there (RFC 9449), by the name that
/// [`dpop_key`](crate::ClientBuilder::dpop_key) says. Without one the key is made in this program, and kept with
/// the tokens, sealed like them. It may block; it is asked by one thread at a time for each sign-in and request.
pub trait Signer: Send + Sync {
    /// Makes the P-256 key of this name if there is none, and gives its public half: the point (SEC 1 §2.3.3),
    /// compressed or not.
    ///
    /// # Errors
    /// What the place says; it ends the sign-in.
    fn public_key(&self, key_id: &str) -> Result<Vec<u8>, SignerError>;

    /// Signs these bytes with that key by ES256 (RFC 7518 §3.4): they are not hashed yet. Gives the 64 bytes of
    /// the RFC, or DER (RFC 3279 §2.2.3).
    ///
    /// # Errors
    /// What the place says; it ends the sign-in or the request.
    fn sign(&self, key_id: &str, input: &[u8]) -> Result<Vec<u8>, SignerError>;
}
