//! The tokens.

use crate::c::{call, text, view};
use crate::error::Error;
use crate::id_token::{self, Identity};
use proofkey_c::granted::*;
use proofkey_c::identity::pk_identity;
use proofkey_c::status::{PK_NOTHING, PK_OK};
use proofkey_c::tokens::*;
use proofkey_core::secret::Secret;

pub struct TokenSet {
    access_token: String,
    refresh_token: Option<String>,
    expires_at: Option<u64>,
    scopes: Vec<String>,
    issuer: String,
    client_id: String,
    resource: Option<String>,
    token_type: String,
    identity: Option<Identity>,
    requested: Vec<String>,
    missing: Vec<String>,
    details: Option<String>,
    missing_details: Vec<String>,
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
            let list = |result| -> Vec<String> {
                let scope = read(result).expect("never absent");
                scope.split_ascii_whitespace().map(str::to_owned).collect()
            };
            let mut identity = pk_identity { id: 0 };
            let identity = match pk_tokens_identity(tokens, &mut identity, std::ptr::null_mut()) {
                PK_OK => Some(id_token::take(identity)),
                PK_NOTHING => None,
                status => panic!("{status}"),
            };
            Self {
                access_token: read(text(|b, n, l, e| {
                    pk_tokens_expose_access_token(tokens, b, n, l, e)
                }))
                .expect("an access token"),
                refresh_token: read(text(|b, n, l, e| {
                    pk_tokens_expose_refresh_token(tokens, b, n, l, e)
                })),
                expires_at: expires,
                scopes: list(text(|b, n, l, e| pk_tokens_scope(tokens, b, n, l, e))),
                token_type: read(text(|b, n, l, e| pk_tokens_token_type(tokens, b, n, l, e)))
                    .expect("a type"),
                identity,
                requested: list(text(|b, n, l, e| pk_tokens_requested_scope(tokens, b, n, l, e))),
                missing: list(text(|b, n, l, e| pk_tokens_missing_scope(tokens, b, n, l, e))),
                details: read(text(|b, n, l, e| {
                    pk_tokens_authorization_details(tokens, b, n, l, e)
                })),
                missing_details: (0..)
                    .map_while(|index| {
                        read(text(|b, n, l, e| {
                            pk_tokens_missing_authorization_detail(tokens, index, b, n, l, e)
                        }))
                    })
                    .collect(),
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
    pub fn token_type(&self) -> &str {
        &self.token_type
    }
    pub const fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }
    pub fn requested_scopes(&self) -> &[String] {
        &self.requested
    }
    pub fn missing_scopes(&self) -> Vec<String> {
        self.missing.clone()
    }
    pub fn authorization_details(&self) -> Option<&str> {
        self.details.as_deref()
    }
    pub fn missing_authorization_details(&self) -> Vec<String> {
        self.missing_details.clone()
    }
}
