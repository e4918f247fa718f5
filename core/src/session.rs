//! `PkceSession`: one pending sign-in, used once.

use crate::authorization::Pinned;
use crate::callback::{self, Refusal, Verdict};
use crate::challenge::ChallengeMethod;
use crate::error::Error;
use crate::form::FormWriter;
use crate::http::{HttpRequest, HttpResponse};
use crate::keep::codec::{Reader, Writer};
use crate::pushed;
use crate::random;
use crate::seal::{self, DataKey};
use crate::secret::{Secret, SecretBytes};
use crate::token::{self, TokenSet};
use crate::verifier::CodeVerifier;

pub use crate::authorization::{AuthorizationRequest, Parameter};

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
///     extra_parameters: vec![],
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
    /// For the tokens that come of it, see [`token::jitter`].
    jitter: u64,
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
    /// Begins: checks the request, then draws verifier, state and nonce, 32 bytes each, and what else is to be
    /// random in one call of the system's generator.
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
        let random = random::bytes::<97>()?;
        let (verifier, rest) = random.split_at(32);
        let (state, rest) = rest.split_at(32);
        let (nonce, last) = rest.split_at(32);
        Ok(Self {
            verifier: CodeVerifier::from_random(verifier),
            state: Secret::new(random::text(state)),
            nonce: Secret::new(random::text(nonce)),
            jitter: token::jitter_of(last[0]),
            pinned: request,
        })
    }

    /// The URL for the user's browser (RFC 6749 §4.1.1, RFC 7636 §4.3). It holds the challenge, never
    /// the verifier; `nonce` is in it where the scope `openid` is asked for.
    #[must_use]
    pub fn authorization_url(&self) -> String {
        self.url(None)
    }

    /// The URL, for tokens that are to be bound to the key of this thumbprint (RFC 9449 §10).
    pub(crate) fn url(&self, dpop_jkt: Option<&str>) -> String {
        let mut url = FormWriter::query(&self.pinned.authorization_endpoint);
        self.write_request(&mut url, dpop_jkt);
        url.into_public()
    }

    /// The same request, pushed (RFC 9126 §2.1).
    pub(crate) fn pushed(&self, endpoint: &str, dpop_jkt: Option<&str>) -> HttpRequest {
        let mut body = FormWriter::body();
        self.write_request(&mut body, dpop_jkt);
        HttpRequest::form_post(endpoint, body.finish(), pushed::TIMEOUT_MS)
    }

    fn write_request(&self, form: &mut FormWriter, dpop_jkt: Option<&str>) {
        let pinned = &self.pinned;
        form.pair("response_type", "code")
            .pair("client_id", &pinned.client_id)
            .pair("redirect_uri", &pinned.redirect_uri)
            .pair_if("scope", pinned.scope().as_deref())
            .pair("state", self.state.expose())
            .pair_if("nonce", pinned.wants_identity().then(|| self.nonce.expose()))
            .pair("code_challenge", &self.verifier.challenge().to_text())
            .pair("code_challenge_method", ChallengeMethod::S256.as_str())
            .pair_if("resource", pinned.resource.as_deref())
            .pair_if("dpop_jkt", dpop_jkt);
        for extra in &pinned.extra_parameters {
            form.checked_pair(&extra.name, &extra.value);
        }
    }

    /// Issuer and client, as they were pinned.
    pub(crate) fn parties(&self) -> (String, String) {
        (self.pinned.issuer.clone(), self.pinned.client_id.clone())
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
                let Self { verifier, nonce, jitter, pinned, .. } = self;
                Completion::Accepted(TokenRequest { code, verifier, nonce, jitter, pinned })
            }
        }
    }

    /// The session as bytes that may lie on a disk, sealed under this key: for a platform that may end the
    /// program while the user is at the browser. Until `expires_at`, in seconds since the epoch, they can
    /// be opened again by one who names the same issuer, client and redirect URI.
    ///
    /// Nothing in the bytes ends with their use: who opens them deletes them first, so that of two that
    /// try one succeeds. A disk that is set back brings them back; the code behind them is good only once.
    ///
    /// # Errors
    /// [`Error::RandomUnavailable`].
    pub fn seal(&self, key: &DataKey, expires_at: u64) -> Result<SecretBytes, Error> {
        let mut record = Writer::new(KIND);
        self.write(&mut record, expires_at);
        let pinned = &self.pinned;
        let context = context(&pinned.issuer, &pinned.client_id, &pinned.redirect_uri);
        seal::seal(Some(key), &context, &record.finish())
    }

    /// Opens what [`PkceSession::seal`] made. `now` is in seconds since the epoch.
    ///
    /// # Errors
    /// [`Error::RecordUnreadable`] where the bytes were changed, sealed with another key, or belong to
    /// another issuer, client or redirect URI; [`Error::SessionExpired`].
    pub fn open(
        key: &DataKey,
        sealed: &[u8],
        issuer: &str,
        client_id: &str,
        redirect_uri: &str,
        now: u64,
    ) -> Result<Self, Error> {
        let context = context(issuer, client_id, redirect_uri);
        let record = seal::open(Some(key), &context, sealed)?;
        Self::read(&Reader::new(KIND, &record)?, now)
    }

    pub(crate) fn write(&self, record: &mut Writer, expires_at: u64) {
        let pinned = &self.pinned;
        record
            .text(tag::VERIFIER, self.verifier.expose_verifier())
            .text(tag::STATE, self.state.expose())
            .text(tag::NONCE, self.nonce.expose())
            .number(tag::EXPIRES_AT, expires_at)
            .text(tag::ISSUER, &pinned.issuer)
            .text(tag::AUTHORIZATION_ENDPOINT, &pinned.authorization_endpoint)
            .text(tag::TOKEN_ENDPOINT, &pinned.token_endpoint)
            .flag(tag::ISS_PROMISED, pinned.iss_promised)
            .text(tag::CLIENT_ID, &pinned.client_id)
            .text(tag::REDIRECT_URI, &pinned.redirect_uri)
            .texts(tag::SCOPE, &pinned.scopes)
            .text_if(tag::RESOURCE, pinned.resource.as_deref());
    }

    /// What [`PkceSession::write`] wrote. The extra parameters are not among it: the request was made.
    pub(crate) fn read(record: &Reader<'_>, now: u64) -> Result<Self, Error> {
        let pinned = AuthorizationRequest {
            issuer: record.text(tag::ISSUER)?,
            authorization_endpoint: record.text(tag::AUTHORIZATION_ENDPOINT)?,
            token_endpoint: record.text(tag::TOKEN_ENDPOINT)?,
            iss_promised: record.flag(tag::ISS_PROMISED)?,
            client_id: record.text(tag::CLIENT_ID)?,
            redirect_uri: record.text(tag::REDIRECT_URI)?,
            scopes: record.texts(tag::SCOPE)?,
            resource: record.text_if(tag::RESOURCE)?,
            extra_parameters: Vec::new(),
        };
        pinned.check()?;
        if now >= record.number(tag::EXPIRES_AT)? {
            return Err(Error::SessionExpired);
        }
        Ok(Self {
            verifier: CodeVerifier::parse(record.secret(tag::VERIFIER)?.expose())?,
            state: record.secret(tag::STATE)?,
            nonce: record.secret(tag::NONCE)?,
            jitter: token::jitter()?,
            pinned,
        })
    }

    pub(crate) const fn pinned(&self) -> &Pinned {
        &self.pinned
    }

    /// Ends the session unused; its secrets are wiped. Dropping it does the same.
    pub fn discard(self) {
        drop(self);
    }
}

/// What a sealed session is bound to.
const fn context<'a>(issuer: &'a str, client_id: &'a str, redirect_uri: &'a str) -> [&'a str; 4] {
    ["session", issuer, client_id, redirect_uri]
}

/// The kind of record that a sealed session is.
const KIND: u8 = 3;

/// The tags of its fields; those of a pending sign-in begin at 32.
mod tag {
    pub(super) const VERIFIER: u8 = 1;
    pub(super) const STATE: u8 = 2;
    pub(super) const NONCE: u8 = 3;
    pub(super) const EXPIRES_AT: u8 = 4;
    pub(super) const ISSUER: u8 = 5;
    pub(super) const AUTHORIZATION_ENDPOINT: u8 = 6;
    pub(super) const TOKEN_ENDPOINT: u8 = 7;
    pub(super) const ISS_PROMISED: u8 = 8;
    pub(super) const CLIENT_ID: u8 = 9;
    pub(super) const REDIRECT_URI: u8 = 10;
    pub(super) const SCOPE: u8 = 11;
    pub(super) const RESOURCE: u8 = 12;
}

/// A code and the verifier that redeems it.
#[derive(Debug)]
pub struct TokenRequest {
    code: Secret,
    verifier: CodeVerifier,
    nonce: Secret,
    jitter: u64,
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

    pub(crate) const fn pinned(&self) -> &Pinned {
        &self.pinned
    }

    /// The nonce that an ID token must repeat; none where no ID token was asked for.
    pub(crate) fn nonce(&self) -> Option<&str> {
        self.pinned.wants_identity().then(|| self.nonce.expose())
    }

    /// Reads the answer of the token endpoint. `now` is in seconds since the epoch.
    ///
    /// # Errors
    /// The server's refusal as the error of its code, or [`Error::MalformedResponse`],
    /// [`Error::RedirectRefused`], [`Error::UnsupportedTokenType`], [`Error::ServerUnavailable`].
    pub fn into_tokens(self, response: &HttpResponse, now: u64) -> Result<TokenSet, Error> {
        self.tokens(response, now, false)
    }

    /// The same; with `dpop` the request carried a proof of possession.
    pub(crate) fn tokens(
        &self,
        response: &HttpResponse,
        now: u64,
        dpop: bool,
    ) -> Result<TokenSet, Error> {
        let secrets = [self.code.expose(), self.verifier.expose_verifier()];
        let pinned = &self.pinned;
        let asked = token::Asked {
            issuer: &pinned.issuer,
            client_id: &pinned.client_id,
            resource: pinned.resource.as_deref(),
            scopes: &pinned.scopes,
            dpop,
        };
        let mut tokens = token::read_with(response, asked, now, &secrets, Some(self.jitter))?;
        tokens.requested_details = pinned.detail_types();
        Ok(tokens)
    }
}
