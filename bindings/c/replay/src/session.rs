//! The session and the token request.

use crate::c::{
    bytes, call, parameters, request, sized, text, view, view_bytes, view_or_none, views,
    with_response,
};
use crate::error::Error;
use crate::seal::DataKey;
use crate::token::TokenSet;
use proofkey_c::sealed::{pk_session_open, pk_session_seal};
use proofkey_c::session::{
    pk_authorization_request, pk_session, pk_session_authorization_url, pk_session_begin,
    pk_session_complete, pk_session_free, pk_token_request, pk_token_request_free,
    pk_token_request_http, pk_token_request_tokens,
};
use proofkey_c::tokens::pk_tokens;
use proofkey_core::callback::Refusal;
use proofkey_core::http::{HttpRequest, HttpResponse};

use proofkey_core::secret::SecretBytes;

pub use proofkey_core::session::{AuthorizationRequest, Parameter};

pub struct PkceSession(pk_session);

pub enum Completion {
    Accepted(TokenRequest),
    NotOurs(PkceSession, Refusal),
    Ended(Error),
}

impl PkceSession {
    pub fn begin(request: AuthorizationRequest) -> Result<Self, Error> {
        let scopes = views(&request.scopes);
        let mut given: pk_authorization_request = sized();
        given.issuer = view(&request.issuer);
        given.authorization_endpoint = view(&request.authorization_endpoint);
        given.token_endpoint = view(&request.token_endpoint);
        given.client_id = view(&request.client_id);
        given.redirect_uri = view(&request.redirect_uri);
        given.scopes = scopes.as_ptr();
        given.scope_count = scopes.len();
        given.resource = view_or_none(request.resource.as_deref());
        given.iss_promised = u32::from(request.iss_promised);
        let extra = parameters(&request.extra_parameters);
        given.extra_parameters = extra.as_ptr();
        given.extra_parameter_count = extra.len();
        let mut session = pk_session { id: 0 };
        // SAFETY: everything that is pointed to lives until the end of this function.
        call(|error| unsafe { pk_session_begin(&given, &mut session, error) })?;
        Ok(Self(session))
    }

    pub fn seal(&self, key: &DataKey, expires_at: u64) -> Result<SecretBytes, Error> {
        // SAFETY: the pointers are `bytes`'s.
        let sealed = bytes(|b, n, l, e| unsafe {
            pk_session_seal(self.0, key.handle(), expires_at, b, n, l, e)
        });
        Ok(SecretBytes::new(sealed?.expect("a session")))
    }

    pub fn open(
        key: &DataKey,
        sealed: &[u8],
        issuer: &str,
        client_id: &str,
        redirect_uri: &str,
        now: u64,
    ) -> Result<Self, Error> {
        let sealed = view_bytes(sealed);
        let (issuer, client_id) = (view(issuer), view(client_id));
        let redirect_uri = view(redirect_uri);
        let mut session = pk_session { id: 0 };
        // SAFETY: everything that is pointed to lives until the end of this function.
        call(|error| unsafe {
            let key = key.handle();
            pk_session_open(key, sealed, issuer, client_id, redirect_uri, now, &mut session, error)
        })?;
        Ok(Self(session))
    }

    pub fn authorization_url(&self) -> String {
        // SAFETY: the pointers are `text`'s.
        let url = text(|b, n, l, e| unsafe { pk_session_authorization_url(self.0, b, n, l, e) });
        url.expect("the session is good").expect("a URL")
    }

    pub fn complete(self, redirect: &str) -> Completion {
        let mut request = pk_token_request { id: 0 };
        let given = view(redirect);
        // SAFETY: everything that is pointed to lives until the end of this function.
        let completed = call(|error| unsafe {
            pk_session_complete(self.0, given.data, given.length, &mut request, error)
        });
        match completed {
            Ok(()) => Completion::Accepted(TokenRequest(request)),
            Err(error) => match error.not_ours() {
                Some(refusal) => Completion::NotOurs(self, refusal),
                None => Completion::Ended(error),
            },
        }
    }
}

impl Drop for PkceSession {
    fn drop(&mut self) {
        pk_session_free(self.0);
    }
}

pub struct TokenRequest(pk_token_request);

impl TokenRequest {
    pub fn http_request(&self) -> HttpRequest {
        let mut given = sized();
        // SAFETY: the pointer is to a structure of this function.
        call(|error| unsafe { pk_token_request_http(self.0, &mut given, error) })
            .expect("a request");
        request(&given)
    }

    pub fn into_tokens(self, response: &HttpResponse, now: u64) -> Result<TokenSet, Error> {
        let mut tokens = pk_tokens { id: 0 };
        with_response(response, |given| {
            // SAFETY: the pointers are good until the end of the call.
            call(|error| unsafe { pk_token_request_tokens(self.0, given, now, &mut tokens, error) })
        })?;
        Ok(TokenSet::take(tokens))
    }
}

impl Drop for TokenRequest {
    fn drop(&mut self) {
        pk_token_request_free(self.0);
    }
}
