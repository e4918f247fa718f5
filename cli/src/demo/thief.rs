//! The thief. He has read all that went through the browser: the question with the challenge, and the
//! redirect with the code. He was not in the agent's memory.

use super::scene::Trick;
use super::wire;
use crate::error::CliError;
use proofkey::http::{Header, HttpRequest, HttpResponse, Method};
use proofkey::secret::Secret;
use proofkey::verifier::CodeVerifier;

/// What he knows.
pub struct Thief {
    /// Where codes are redeemed.
    pub token_endpoint: String,
    /// The agent's identifier: no secret.
    pub client_id: String,
    /// Read from the question.
    pub redirect_uri: String,
    /// Read from the question.
    pub resource: String,
    /// Read from the question.
    pub challenge: String,
    /// Read from the redirect.
    pub code: Secret,
}

impl Thief {
    /// Tries it, as a real token request (RFC 6749 §4.1.3).
    pub fn tries(&self, trick: Trick) -> Result<HttpResponse, CliError> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", self.code.expose())
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("client_id", &self.client_id)
            .append_pair("resource", &self.resource);
        match trick {
            Trick::NoVerifier => &mut form,
            Trick::GuessedVerifier | Trick::Replay => {
                form.append_pair("code_verifier", CodeVerifier::generate()?.expose_verifier())
            }
            Trick::ChallengeAsVerifier => form.append_pair("code_verifier", &self.challenge),
        };
        wire::send(&HttpRequest {
            method: Method::Post,
            url: self.token_endpoint.clone(),
            headers: vec![
                Header::new("Content-Type", "application/x-www-form-urlencoded"),
                Header::new("Accept", "application/json"),
            ],
            body: Some(Secret::new(form.finish())),
            max_body: 64 * 1024,
            timeout_ms: 5_000,
        })
    }
}
