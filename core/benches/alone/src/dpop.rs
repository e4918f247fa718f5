//! A proof of possession (RFC 9449) for a request to a resource: made by the client and checked by the resource.

use crate::Failure;
use crate::inputs::{self, CLIENT_ID, ISSUER, NOW, PORT};
use crate::inputs::{ACCESS_TOKEN, AUTHORIZATION_ENDPOINT, TOKEN_ENDPOINT, TOKEN_RESPONSE};
use proofkey::dpop::DpopNonces;
use proofkey::flow::access::{Access, AccessConfig, Dpop, Endpoints, Goal};
use proofkey::grant::dpop::{ProofRequest, check_proof};
use proofkey::http::{Header, HttpResponse};
use proofkey::step::{Event, Step};
use proofkey::token::{AuthorizationFields, Authorized, TokenSet};
use std::sync::Arc;

/// What the request is made to.
pub const RESOURCE: &str = "https://api.example/notes";
/// What its server demands.
pub const NONCE: &str = "eyJ7S_zG.eyJH0-Z.HX4w-7v";
/// A proof may be so old, in seconds.
pub const WINDOW: u64 = 60;

/// ProofKey's client: tokens that a sign-in has bound to a key, and the nonces that it has heard.
#[derive(Debug)]
pub struct Ours(TokenSet, DpopNonces);

impl Ours {
    /// Signs in; browser, store and server answer at once.
    ///
    /// # Errors
    /// When no tokens come of it.
    pub fn new() -> Result<Self, Failure> {
        let endpoints = Endpoints {
            authorization_endpoint: AUTHORIZATION_ENDPOINT.into(),
            token_endpoint: TOKEN_ENDPOINT.into(),
            revocation_endpoint: None,
            pushed_authorization_request_endpoint: None,
            device_authorization_endpoint: None,
            jwks_uri: None,
            end_session_endpoint: None,
            iss_promised: true,
        };
        let config = AccessConfig {
            issuer: Some(ISSUER.into()),
            resource: Some(RESOURCE.into()),
            endpoints: Some(endpoints),
            client_id: Some(CLIENT_ID.into()),
            dpop: Dpop::Required,
            ..AccessConfig::default()
        };
        let mut flow = Access::with_nonces(config, Goal::SignIn, None, Arc::default())?;
        let mut event = Event::Start;
        loop {
            event = match flow.advance(event, NOW)? {
                Step::Listen(_) => Event::Listening { port: PORT },
                Step::Browse { url, .. } => {
                    let state = inputs::raw_parameter(&url, "state").ok_or("no state")?;
                    Event::Redirect { uri: inputs::redirect(state) }
                }
                Step::Send { .. } => {
                    let headers = vec![Header::new("Content-Type", "application/json")];
                    let body = TOKEN_RESPONSE.replace("Bearer", "DPoP");
                    Event::Response(HttpResponse::new(200, headers, body.into()))
                }
                Step::Lock { .. } => Event::Locked,
                Step::Load { .. } => Event::Loaded { revision: 0, value: None },
                Step::Swap { .. } => Event::Swapped { swapped: true },
                Step::Unlock { .. } => Event::Ok,
                Step::Done => break,
                other => return Err(format!("the step {}", other.name()).into()),
            };
        }
        let tokens = flow.outcome().and_then(|outcome| outcome.tokens).ok_or("no tokens")?;
        let nonces = DpopNonces::new();
        nonces.heard(RESOURCE, NONCE);
        Ok(Self(tokens, nonces))
    }

    /// The header fields of a request.
    ///
    /// # Errors
    /// When the request cannot be authorized.
    pub fn fields(&self) -> Result<AuthorizationFields, Failure> {
        match self.0.authorize("GET", RESOURCE, NOW, &self.1)? {
            Authorized::Ready(fields) => Ok(fields),
            other => Err(format!("{other:?}").into()),
        }
    }
}

/// Checks a proof as the resource does, and gives the thumbprint of its key.
///
/// # Errors
/// When it is not taken.
pub fn check(proof: &str) -> Result<String, Failure> {
    let asked = ProofRequest {
        method: "GET",
        url: RESOURCE,
        access_token: Some(ACCESS_TOKEN),
        nonce: Some(NONCE),
        now: NOW,
        window_s: WINDOW,
    };
    let checked = check_proof(proof, &asked).map_err(|defect| defect.code())?;
    Ok(checked.thumbprint)
}
