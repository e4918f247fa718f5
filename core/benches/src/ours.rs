//! The client's jobs by ProofKey.

use crate::Failure;
use crate::inputs::{self, CLIENT_ID, ISSUER, NOW, PORT, REDIRECT_PATH, REDIRECT_URI, SCOPES};
use crate::inputs::{AUTHORIZATION_ENDPOINT, METADATA, TOKEN_ENDPOINT, TOKEN_RESPONSE};
use proofkey::flow::sign_in::{RedirectTarget, SignIn, SignInConfig};
use proofkey::http::{Header, HttpResponse};
use proofkey::metadata::Provider;
use proofkey::session::{AuthorizationRequest, Completion, PkceSession, TokenRequest};
use proofkey::step::{Event, Listen, LoopbackHost, Step};
use proofkey::token::TokenSet;
use proofkey::verifier::CodeVerifier;
use std::hint::black_box;

/// A verifier and the text of its challenge.
///
/// # Errors
/// When the system's generator fails.
pub fn pair() -> Result<(CodeVerifier, String), proofkey::Error> {
    let verifier = CodeVerifier::generate()?;
    let challenge = verifier.challenge().to_text();
    Ok((verifier, challenge))
}

/// What the sign-in asks for.
#[must_use]
pub fn request() -> AuthorizationRequest {
    AuthorizationRequest {
        issuer: ISSUER.into(),
        authorization_endpoint: AUTHORIZATION_ENDPOINT.into(),
        token_endpoint: TOKEN_ENDPOINT.into(),
        iss_promised: true,
        client_id: CLIENT_ID.into(),
        redirect_uri: REDIRECT_URI.into(),
        scopes: SCOPES.map(String::from).to_vec(),
        resource: None,
        extra_parameters: vec![],
    }
}

/// A session and its URL. The copy of the request belongs to the job: a session takes it over.
///
/// # Errors
/// When the system's generator fails.
pub fn authorization_url(
    request: &AuthorizationRequest,
) -> Result<(PkceSession, String), proofkey::Error> {
    let session = PkceSession::begin(request.clone())?;
    let url = session.authorization_url();
    Ok((session, url))
}

/// Reads the metadata.
///
/// # Errors
/// When it cannot be used.
pub fn discovery() -> Result<Provider, proofkey::Error> {
    Provider::read(ISSUER, METADATA.as_bytes(), false, METADATA_URL, NOW)
}

const METADATA_URL: &str = "https://as.example/.well-known/oauth-authorization-server";

/// A token request whose answer is awaited.
///
/// # Errors
/// When the redirect is not accepted.
pub fn token_request() -> Result<TokenRequest, Failure> {
    let (session, url) = authorization_url(&request())?;
    let state = inputs::raw_parameter(&url, "state").ok_or("no state in the URL")?;
    match session.complete(&inputs::redirect(state)) {
        Completion::Accepted(request) => Ok(request),
        Completion::NotOurs(_, why) => Err(why.into()),
        Completion::Ended(error) => Err(error.into()),
    }
}

/// The answer of the token endpoint.
#[must_use]
pub fn answer() -> HttpResponse {
    let headers = vec![Header::new("Content-Type", "application/json")];
    HttpResponse::new(200, headers, TOKEN_RESPONSE.into())
}

/// The configuration of [`sign_in`].
#[must_use]
pub fn config() -> SignInConfig {
    let request = request();
    SignInConfig {
        issuer: request.issuer,
        authorization_endpoint: request.authorization_endpoint,
        token_endpoint: request.token_endpoint,
        iss_promised: request.iss_promised,
        client_id: request.client_id,
        redirect: RedirectTarget::Loopback(Listen {
            host: LoopbackHost::V4,
            port: 0,
            path: REDIRECT_PATH.into(),
        }),
        scopes: request.scopes,
        resource: request.resource,
        extra_parameters: vec![],
        browse_timeout_ms: 60_000,
    }
}

/// The whole flow; browser, listener and server answer at once.
///
/// # Errors
/// When the flow does not end in tokens.
pub fn sign_in(config: &SignInConfig) -> Result<TokenSet, Failure> {
    let mut flow = SignIn::new(config.clone())?;
    let mut event = Event::Start;
    loop {
        event = match flow.advance(event, NOW)? {
            Step::Listen(_) => Event::Listening { port: PORT },
            Step::Browse { url, .. } => {
                let state = inputs::raw_parameter(&url, "state").ok_or("no state in the URL")?;
                Event::Redirect { uri: inputs::redirect(state) }
            }
            Step::Send { request, .. } => {
                drop(black_box(request));
                Event::Response(answer())
            }
            Step::Done => return flow.outcome().ok_or_else(|| "no outcome".into()),
            other => return Err(format!("the step {} in a plain sign-in", other.name()).into()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_jobs_do_what_they_say() -> Result<(), Failure> {
        let (verifier, challenge) = pair()?;
        assert_eq!(verifier.challenge().to_text(), challenge);

        let (_, url) = authorization_url(&request())?;
        assert_eq!(inputs::raw_parameter(&url, "client_id"), Some(CLIENT_ID));
        assert_eq!(inputs::raw_parameter(&url, "scope"), Some("read%20write"));

        assert_eq!(discovery()?.token_endpoint, TOKEN_ENDPOINT);
        let read = token_request()?.into_tokens(&answer(), NOW)?;
        assert_eq!(read.expose_access_token(), inputs::ACCESS_TOKEN);

        let tokens = sign_in(&config())?;
        assert_eq!(tokens.expose_access_token(), inputs::ACCESS_TOKEN);
        assert_eq!(tokens.expires_at(), Some(NOW + 3600));
        assert_eq!(tokens.scopes(), SCOPES);
        Ok(())
    }
}
