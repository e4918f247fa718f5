//! The tokens.

use crate::c::{call, text, view};
use crate::error::Error;
use proofkey_c::status::{PK_NOTHING, PK_OK};
use proofkey_c::tokens::{
    pk_tokens, pk_tokens_authorization, pk_tokens_client_id, pk_tokens_expires_at,
    pk_tokens_expose_access_token, pk_tokens_expose_refresh_token, pk_tokens_free,
    pk_tokens_is_fresh, pk_tokens_issuer, pk_tokens_resource, pk_tokens_scope,
};
use proofkey_core::secret::Secret;

pub struct TokenSet {
    access_token: String,
    refresh_token: Option<String>,
    expires_at: Option<u64>,
    scopes: Vec<String>,
    issuer: String,
    client_id: String,
    resource: Option<String>,
    tokens: pk_tokens,
}

impl Drop for TokenSet {
    fn drop(&mut self) {
        pk_tokens_free(self.tokens);
    }
}

impl TokenSet {
    pub fn take(tokens: pk_tokens) -> Self {
        // SAFETY: every pointer that is passed here is to something of `text`'s and `call`'s.
        unsafe {
            let read = |result: Result<Option<String>, _>| result.expect("the tokens are good");
            let mut expires_at = 0;
            let expires = match pk_tokens_expires_at(tokens, &mut expires_at, std::ptr::null_mut())
            {
                PK_OK => Some(expires_at),
                PK_NOTHING => None,
                status => panic!("{status}"),
            };
            let scope =
                read(text(|b, n, l, e| pk_tokens_scope(tokens, b, n, l, e))).expect("a scope");
            Self {
                access_token: read(text(|b, n, l, e| {
                    pk_tokens_expose_access_token(tokens, b, n, l, e)
                }))
                .expect("an access token"),
                refresh_token: read(text(|b, n, l, e| {
                    pk_tokens_expose_refresh_token(tokens, b, n, l, e)
                })),
                expires_at: expires,
                scopes: scope.split_ascii_whitespace().map(str::to_owned).collect(),
                issuer: read(text(|b, n, l, e| pk_tokens_issuer(tokens, b, n, l, e)))
                    .expect("an issuer"),
                client_id: read(text(|b, n, l, e| pk_tokens_client_id(tokens, b, n, l, e)))
                    .expect("a client"),
                resource: read(text(|b, n, l, e| pk_tokens_resource(tokens, b, n, l, e))),
                tokens,
            }
        }
    }

    pub fn authorization(&self, url: &str, now: u64) -> Result<Option<Secret>, Error> {
        let url = view(url);
        let mut fresh = false;
        // SAFETY: the pointer is to a value of this function.
        call(|error| unsafe { pk_tokens_is_fresh(self.tokens, now, &mut fresh, error) })?;
        // SAFETY: the text lives until the end of this function; the other pointers are `text`'s.
        let value = text(|b, n, l, e| unsafe {
            pk_tokens_authorization(self.tokens, url.data, url.length, now, b, n, l, e)
        })?;
        assert_eq!(value.is_some(), fresh, "both judge the same");
        Ok(value.map(Secret::new))
    }

    pub fn expose_access_token(&self) -> &str {
        &self.access_token
    }
    pub fn expose_refresh_token(&self) -> Option<&str> {
        self.refresh_token.as_deref()
    }
    pub const fn expires_at(&self) -> Option<u64> {
        self.expires_at
    }
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
    pub fn client_id(&self) -> &str {
        &self.client_id
    }
    pub fn resource(&self) -> Option<&str> {
        self.resource.as_deref()
    }
}
