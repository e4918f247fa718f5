//! The client's jobs by the crate `oauth2`, as its documentation and its examples do them.

use crate::Failure;
use crate::inputs::{self, CLIENT_ID, REDIRECT_URI, SCOPES};
use crate::inputs::{AUTHORIZATION_ENDPOINT, TOKEN_ENDPOINT, TOKEN_RESPONSE};
use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::http::{self, header::CONTENT_TYPE};
use oauth2::url::Url;
use oauth2::{AuthUrl, AuthorizationCode, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl};
use oauth2::{EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, PkceCodeVerifier};
use oauth2::{Scope, TokenUrl};
use std::hint::black_box;

/// A client that knows both endpoints.
pub type Client =
    BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// A verifier and its challenge.
#[must_use]
pub fn pair() -> (PkceCodeChallenge, PkceCodeVerifier) {
    PkceCodeChallenge::new_random_sha256()
}

/// The public client.
///
/// # Errors
/// When one of the URLs cannot be parsed.
pub fn client() -> Result<Client, Failure> {
    Ok(BasicClient::new(ClientId::new(CLIENT_ID.into()))
        .set_auth_uri(AuthUrl::new(AUTHORIZATION_ENDPOINT.into())?)
        .set_token_uri(TokenUrl::new(TOKEN_ENDPOINT.into())?)
        .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.into())?))
}

/// The URL, the state and the verifier.
pub fn authorization_url(client: &Client) -> (Url, CsrfToken, PkceCodeVerifier) {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scopes(SCOPES.map(|scope| Scope::new(scope.into())))
        .set_pkce_challenge(challenge)
        .url();
    (url, state, verifier)
}

/// A whole sign-in; browser, listener and server answer at once. The client is made for it, because its
/// redirect URI has the port that the system chose.
///
/// # Errors
/// When it does not end in tokens.
pub fn sign_in() -> Result<BasicTokenResponse, Failure> {
    let client = client()?;
    let (url, sent, verifier) = authorization_url(&client);
    black_box(url);

    let redirect = Url::parse(&inputs::redirect(sent.secret()))?;
    let parameter = |name: &str| {
        redirect.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    };
    let code = parameter("code").map(AuthorizationCode::new).ok_or("no code in the redirect")?;
    let state = parameter("state").map(CsrfToken::new).ok_or("no state in the redirect")?;
    // The crate leaves this to its caller.
    if state.secret() != sent.secret() {
        return Err("the state of another sign-in".into());
    }
    Ok(client.exchange_code(code).set_pkce_verifier(verifier).request(&answer)?)
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
    use oauth2::TokenResponse as _;

    #[test]
    fn the_jobs_do_what_they_say() -> Result<(), Failure> {
        let (challenge, verifier) = pair();
        let again = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        assert_eq!(challenge.as_str(), again.as_str());

        let (url, ..) = authorization_url(&client()?);
        assert_eq!(inputs::raw_parameter(url.as_str(), "client_id"), Some(CLIENT_ID));
        assert_eq!(inputs::raw_parameter(url.as_str(), "scope"), Some("read+write"));

        assert_eq!(sign_in()?.access_token().secret(), inputs::ACCESS_TOKEN);
        Ok(())
    }
}
