//! Who signed in: the ID token, verified with the server's keys (OpenID Connect Core §3.1.3.7, P16).

use super::Context;
use super::exchange::answer;
use crate::error::Error;
use crate::http::{HttpRequest, HttpResponse, MAX_BODY};
use crate::id_token::{self, IdTokenRequest, Verified};
use crate::jose::KeySet;
use crate::step::Step;
use crate::token::TokenSet;

/// How errors call it.
const ENDPOINT: &str = "the key set of the issuer";

/// How long the keys may take, in milliseconds.
const TIMEOUT_MS: u64 = 15_000;

/// What an ID token is checked against.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Whether it was asked for.
    pub(super) wanted: bool,
    pub(super) jwks_uri: Option<&'a str>,
    pub(super) nonce: Option<&'a str>,
    pub(super) max_age: Option<u64>,
}

impl Context {
    /// Verifies the ID token of fresh tokens and puts down who it names. One that was not asked for is
    /// forgotten, and so is one where nobody knows the server's keys: it proves nothing.
    pub(super) async fn identify(
        &self,
        tokens: &mut TokenSet,
        asked: Asked<'_>,
    ) -> Result<(), Error> {
        let token = tokens.id_token.take();
        let (true, Some(jwks_uri), Some(token)) = (asked.wanted, asked.jwks_uri, token) else {
            return Ok(());
        };
        let wanted = IdTokenRequest {
            issuer: &tokens.issuer,
            client_id: &tokens.client_id,
            nonce: asked.nonce,
            access_token: Some(tokens.access_token.expose()),
            max_age: asked.max_age,
            now: self.io.now(),
        };
        // The keys may change between the signing and the reading: an unknown one is looked for once more.
        for _ in 0..2 {
            let keys = self.keys(jwks_uri).await?;
            if let Verified::Good(identity) = id_token::verify(token.expose(), &keys, &wanted)? {
                tokens.identity = Some(identity);
                tokens.id_token = Some(token);
                return Ok(());
            }
        }
        Err(Error::IdTokenRefused {
            reason: "is signed with a key that the issuer does not publish",
        })
    }

    async fn keys(&self, jwks_uri: &str) -> Result<KeySet, Error> {
        let request = HttpRequest::get_json(jwks_uri, TIMEOUT_MS);
        let event = self.io.perform(Step::Send { request, finish: true }).await;
        read(&answer(event, ENDPOINT)?)
    }
}

fn read(response: &HttpResponse) -> Result<KeySet, Error> {
    let status = response.status;
    match status {
        _ if response.body.len() as u64 > MAX_BODY => {
            Err(Error::InvalidKeySet { reason: "is larger than 64 KiB" })
        }
        200 => KeySet::read(&response.body),
        300..=399 => Err(Error::RedirectRefused { endpoint: ENDPOINT, status }),
        429 | 500..=599 => {
            let what = format!("HTTP {status}");
            Err(Error::ServerUnavailable { what, description: None })
        }
        _ => Err(Error::InvalidKeySet { reason: "is not at the address that the metadata names" }),
    }
}
