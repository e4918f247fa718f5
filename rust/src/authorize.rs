//! The header fields of a request to the resource: the token, and the proof of its key.

use crate::cancel::CancelHandle;
use crate::client::{Client, Shared, Want};
use crate::driver::{self, NO_SIGNER};
use proofkey::error::Error;
use proofkey::secret::Secret;
use proofkey::token::{AuthorizationFields, Authorized, TokenSet, check_resource};

impl Client {
    /// The header fields for a request with this method to `url`: `Authorization`, and where the token is bound
    /// to a key a proof of its possession, made for this one request (RFC 6750 §2.1, RFC 9449 §7.1); with a token
    /// that was refreshed where it had to be. The user is not asked.
    ///
    /// For one request with all of its tries there is [`Client::request`].
    ///
    /// # Errors
    /// [`Error::WrongResource`] where `url` does not lie in this client's resource; [`Error::SigningFailed`]; else
    /// as [`Client::access_token`].
    pub fn authorize(&self, method: &str, url: &str) -> Result<AuthorizationFields, Error> {
        self.authorize_as(method, url, None)
    }

    /// As [`Client::authorize`], after the resource answered 401 to a request with the fields `refused`: with
    /// another token, for which one refresh is made unless somebody has made it meanwhile. The request is to
    /// be repeated once, and given up if it is refused again.
    ///
    /// # Errors
    /// As [`Client::authorize`].
    pub fn authorize_again(
        &self,
        method: &str,
        url: &str,
        refused: &AuthorizationFields,
    ) -> Result<AuthorizationFields, Error> {
        self.authorize_as(method, url, Some(refused))
    }

    fn authorize_as(
        &self,
        method: &str,
        url: &str,
        refused: Option<&AuthorizationFields>,
    ) -> Result<AuthorizationFields, Error> {
        check_resource(self.0.config.resource.as_deref(), url)?;
        let held = self.0.state().held.clone();
        let rejected = match (held, refused) {
            (Some(held), Some(refused)) if carries(refused, &held) => Some(held.fingerprint()),
            _ => None,
        };
        let want = Want { rejected, ..Want::default() };
        let tokens = self.0.tokens(want, &CancelHandle::new())?;
        self.0.fields(&tokens, method, url)
    }

    /// Remembers the value of the header field `DPoP-Nonce` of an answer from `url` (RFC 9449 §8.2): the next
    /// proof for a request there holds it. To be told of every answer of a resource to a request with the fields
    /// of [`Client::authorize`]; [`Client::fetch`] and [`Client::request`] do it themselves.
    pub fn heard_nonce(&self, url: &str, nonce: &str) {
        // A text that is no nonce is not taken, and the server says again what it wants.
        self.0.nonces.heard(url, nonce);
    }
}

impl Shared {
    /// The header fields of a request with these tokens, signed by whoever keeps their key.
    pub(crate) fn fields(
        &self,
        tokens: &TokenSet,
        method: &str,
        url: &str,
    ) -> Result<AuthorizationFields, Error> {
        let failed = |detail: String| Error::SigningFailed { detail };
        match tokens.authorize_now(method, url, driver::now(), &self.nonces)? {
            Authorized::Ready(fields) => Ok(fields),
            Authorized::Sign(proof) => {
                let signer = self.signer.as_ref().ok_or_else(|| failed(NO_SIGNER.to_owned()))?;
                let signature = signer
                    .sign(&proof.key_id, proof.input.as_bytes())
                    .map_err(|error| failed(shown(&error.to_string())))?;
                proof.signed(&signature)
            }
            // `authorize_now` does not look at the time.
            Authorized::Stale => Err(Error::FlowEnded),
        }
    }
}

/// A signer's words, as far as they can be shown.
fn shown(words: &str) -> String {
    words.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Whether the request was made with this token.
fn carries(fields: &AuthorizationFields, tokens: &TokenSet) -> bool {
    let value = fields.authorization.expose();
    let token = value.split_once(' ').map_or("", |(_, token)| token);
    Secret::new(token.to_owned()).matches(tokens.expose_access_token())
}
