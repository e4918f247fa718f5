//! `PkceSession`: one pending sign-in, used once.

use crate::authorization::Pinned;
use crate::callback::{self, Refusal, Verdict};
use crate::challenge::ChallengeMethod;
use crate::error::Error;
use crate::form::FormWriter;
use crate::http::{HttpRequest, HttpResponse};
use crate::random;
use crate::secret::Secret;
use crate::token::{self, TokenSet};
use crate::verifier::CodeVerifier;

pub use crate::authorization::AuthorizationRequest;

/// How long the token request may take, in milliseconds. It is run to its end, so it must have one.
const TOKEN_TIMEOUT_MS: u64 = 30_000;

/// One pending sign-in: verifier, state and nonce, made for it alone, and the record of what was asked
/// of whom. It is used once; neither `Clone` nor `Serialize`.
///
/// ```
/// use proofkey::session::{AuthorizationRequest, Completion, PkceSession};
///
/// let session = PkceSession::begin(AuthorizationRequest {
///     issuer: "https://as.example".into(),
///     authorization_endpoint: "https://as.example/authorize".into(),
///     token_endpoint: "https://as.example/token".into(),
///     iss_promised: false,
///     client_id: "my-agent".into(),
///     redirect_uri: "http://127.0.0.1:4711/callback".into(),
///     scopes: vec!["read".into()],
///     resource: None,
/// })?;
/// println!("open {}", session.authorization_url());
///
/// // A redirect that anyone could have sent does not spend the session.
/// match session.complete("http://127.0.0.1:4711/callback?code=x&state=guessed") {
///     Completion::Accepted(request) => println!("post to {}", request.http_request().url),
///     Completion::NotOurs(_session, why) => println!("wait on: {why}"),
///     Completion::Ended(error) => println!("{error}. {}", error.advice()),
/// }
/// # Ok::<(), proofkey::Error>(())
/// ```
#[derive(Debug)]
pub struct PkceSession {
    verifier: CodeVerifier,
    state: Secret,
    nonce: Secret,
    pinned: Pinned,
}

/// What a redirect did to a session.
#[derive(Debug)]
#[must_use]
pub enum Completion {
    /// It is ours and carries a code: this redeems it.
    Accepted(TokenRequest),
    /// It is not ours; the session waits on.
    NotOurs(PkceSession, Refusal),
    /// It is ours and says no, or is broken: the session is over.
    Ended(Error),
}

impl PkceSession {
    /// Begins: checks the request, then draws verifier, state and nonce, 32 bytes each, in one call of
    /// the system's generator.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] names the field that cannot be used;
    /// [`Error::RandomUnavailable`] when the generator fails.
    pub fn begin(request: AuthorizationRequest) -> Result<Self, Error> {
        request.check()?;
        Self::begin_checked(request)
    }

    /// Begins with a request that was checked.
    pub(crate) fn begin_checked(request: AuthorizationRequest) -> Result<Self, Error> {
        let random = random::bytes::<96>()?;
        let (verifier, rest) = random.split_at(32);
        let (state, nonce) = rest.split_at(32);
        Ok(Self {
            verifier: CodeVerifier::from_random(verifier),
            state: Secret::new(random::text(state)),
            nonce: Secret::new(random::text(nonce)),
            pinned: request,
        })
    }

    /// The URL for the user's browser (RFC 6749 §4.1.1, RFC 7636 §4.3). It holds the challenge, never
    /// the verifier; `nonce` is in it where the scope `openid` is asked for.
    #[must_use]
    pub fn authorization_url(&self) -> String {
        let pinned = &self.pinned;
        let nonce = pinned.scopes.iter().any(|scope| scope == "openid");
        let mut url = FormWriter::query(&pinned.authorization_endpoint);
        url.pair("response_type", "code")
            .pair("client_id", &pinned.client_id)
            .pair("redirect_uri", &pinned.redirect_uri)
            .pair_if("scope", pinned.scope().as_deref())
            .pair("state", self.state.expose())
            .pair_if("nonce", nonce.then(|| self.nonce.expose()))
            .pair("code_challenge", &self.verifier.challenge().to_text())
            .pair("code_challenge_method", ChallengeMethod::S256.as_str())
            .pair_if("resource", pinned.resource.as_deref());
        url.into_public()
    }

    /// Judges a redirect: the whole URI as it arrived, undecoded.
    ///
    /// State and issuer are compared with what was pinned at the beginning, and the issuer before the
    /// code is given to anyone (RFC 9207 §2.4). A redirect that does not carry this session's state gives the
    /// session back.
    pub fn complete(self, redirect: &str) -> Completion {
        match callback::judge(redirect, &self.pinned, &self.state) {
            Verdict::Noise(refusal) => Completion::NotOurs(self, refusal),
            Verdict::End(error) => Completion::Ended(error),
            Verdict::Code(code) => {
                let Self { verifier, pinned, .. } = self;
                Completion::Accepted(TokenRequest { code, verifier, pinned })
            }
        }
    }

    /// Ends the session unused; its secrets are wiped. Dropping it does the same.
    pub fn discard(self) {
        drop(self);
    }
}

/// A code and the verifier that redeems it.
#[derive(Debug)]
pub struct TokenRequest {
    code: Secret,
    verifier: CodeVerifier,
    pinned: Pinned,
}

impl TokenRequest {
    /// The token request (RFC 6749 §4.1.3, RFC 7636 §4.5). Send it once: a code is never tried twice.
    #[must_use]
    pub fn http_request(&self) -> HttpRequest {
        let mut body = FormWriter::body();
        body.pair("grant_type", "authorization_code")
            .pair("code", self.code.expose())
            .pair("redirect_uri", &self.pinned.redirect_uri)
            .pair("client_id", &self.pinned.client_id)
            .pair("code_verifier", self.verifier.expose_verifier())
            .pair_if("resource", self.pinned.resource.as_deref());
        HttpRequest::form_post(&self.pinned.token_endpoint, body.finish(), TOKEN_TIMEOUT_MS)
    }

    /// Reads the answer of the token endpoint. `now` is in seconds since the epoch.
    ///
    /// # Errors
    /// The server's refusal as the error of its code, or [`Error::MalformedResponse`],
    /// [`Error::RedirectRefused`], [`Error::UnsupportedTokenType`], [`Error::ServerUnavailable`].
    pub fn into_tokens(self, response: &HttpResponse, now: u64) -> Result<TokenSet, Error> {
        let secrets = [self.code.expose(), self.verifier.expose_verifier()];
        token::read(response, &self.pinned, now, secrets)
    }
}
