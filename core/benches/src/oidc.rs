//! The client's jobs by the crate `openidconnect`, as its documentation does them, without its HTTP clients and
//! without ID tokens, which ProofKey does not read.

use crate::Failure;
use crate::inputs::{self, CLIENT_ID, ISSUER, METADATA, REDIRECT_URI, SCOPES};
use crate::inputs::{AUTHORIZATION_ENDPOINT, TOKEN_ENDPOINT, TOKEN_RESPONSE};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreJsonWebKeySet, CoreProviderMetadata, CoreTokenResponse,
};
use openidconnect::http::{self, header::CONTENT_TYPE};
use openidconnect::url::Url;
use openidconnect::{
    AuthUrl, AuthorizationCode, ClientId, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, RedirectUrl, Scope, TokenUrl,
};
use std::hint::black_box;

/// Reads the metadata and compares its issuer, as `CoreProviderMetadata::discover` does with what came.
///
/// # Errors
/// When it cannot be read or is another issuer's.
pub fn discovery() -> Result<CoreProviderMetadata, Failure> {
    let metadata: CoreProviderMetadata = serde_json::from_slice(METADATA.as_bytes())?;
    if metadata.issuer() != &IssuerUrl::new(ISSUER.into())? {
        return Err("another issuer".into());
    }
    Ok(metadata)
}

/// Reads the answer of the token endpoint.
///
/// # Errors
/// When it cannot be read.
pub fn token_response() -> Result<CoreTokenResponse, Failure> {
    Ok(serde_json::from_slice(black_box(TOKEN_RESPONSE.as_bytes()))?)
}

/// A whole sign-in; browser, listener and server answer at once.
///
/// # Errors
/// When it does not end in tokens.
pub fn sign_in() -> Result<CoreTokenResponse, Failure> {
    let client = CoreClient::new(
        ClientId::new(CLIENT_ID.into()),
        IssuerUrl::new(ISSUER.into())?,
        CoreJsonWebKeySet::new(Vec::new()),
    )
    .set_auth_uri(AuthUrl::new(AUTHORIZATION_ENDPOINT.into())?)
    .set_token_uri(TokenUrl::new(TOKEN_ENDPOINT.into())?)
    .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.into())?);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, sent, nonce) = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scopes(SCOPES.map(|scope| Scope::new(scope.into())))
        .set_pkce_challenge(challenge)
        .url();
    black_box((url, nonce));

    let redirect = Url::parse(&inputs::redirect(sent.secret()))?;
    let parameter = |name: &str| {
        redirect.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    };
    let code = parameter("code").map(AuthorizationCode::new).ok_or("no code in the redirect")?;
    let state = parameter("state").map(CsrfToken::new).ok_or("no state in the redirect")?;
    if state.secret() != sent.secret() {
        return Err("the state of another sign-in".into());
    }
    let tokens = client.exchange_code(code).set_pkce_verifier(verifier).request(&answer)?;
    black_box(tokens.access_token());
    Ok(tokens)
}

#[allow(clippy::needless_pass_by_value, reason = "the crate's trait for HTTP clients wants it so")]
fn answer(request: HttpRequest) -> Result<HttpResponse, http::Error> {
    drop(black_box(request));
    http::Response::builder()
        .status(200)
        .header(CONTENT_TYPE, "application/json")
        .body(TOKEN_RESPONSE.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_jobs_do_what_they_say() -> Result<(), Failure> {
        let metadata = discovery()?;
        assert_eq!(metadata.token_endpoint().map(|url| url.as_str()), Some(TOKEN_ENDPOINT));
        assert_eq!(token_response()?.access_token().secret(), inputs::ACCESS_TOKEN);
        assert_eq!(sign_in()?.access_token().secret(), inputs::ACCESS_TOKEN);
        Ok(())
    }
}
