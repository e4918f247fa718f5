//! The sign-in flow.

use super::step::{give, host};
use crate::c::{call, parameters, sized, view, view_or_none, views};
use crate::error::Error;
use crate::token::TokenSet;
use proofkey_c::sign_in::{
    pk_sign_in, pk_sign_in_advance, pk_sign_in_config, pk_sign_in_free, pk_sign_in_new,
    pk_sign_in_outcome,
};
use proofkey_c::status::{PK_NOTHING, PK_OK};
use proofkey_c::tokens::pk_tokens;
use proofkey_core::step::{Event, Step};

pub use proofkey_core::flow::sign_in::{RedirectTarget, SignInConfig};

pub struct SignIn(pk_sign_in);

impl SignIn {
    pub fn new(config: SignInConfig) -> Result<Self, Error> {
        let scopes = views(&config.scopes);
        let mut given: pk_sign_in_config = sized();
        given.issuer = view(&config.issuer);
        given.authorization_endpoint = view(&config.authorization_endpoint);
        given.token_endpoint = view(&config.token_endpoint);
        given.client_id = view(&config.client_id);
        given.scopes = scopes.as_ptr();
        given.scope_count = scopes.len();
        given.resource = view_or_none(config.resource.as_deref());
        given.browse_timeout_ms = config.browse_timeout_ms;
        let extra = parameters(&config.extra_parameters);
        given.extra_parameters = extra.as_ptr();
        given.extra_parameter_count = extra.len();
        given.iss_promised = u32::from(config.iss_promised);
        match &config.redirect {
            RedirectTarget::Fixed(uri) => given.redirect_uri = view(uri),
            RedirectTarget::Loopback(listen) => {
                given.loopback_path = view(&listen.path);
                given.loopback_port = listen.port;
                given.loopback_host = host(listen.host);
            }
        }
        let mut sign_in = pk_sign_in { id: 0 };
        // SAFETY: everything that is pointed to lives until the end of this function.
        call(|error| unsafe { pk_sign_in_new(&given, &mut sign_in, error) })?;
        Ok(Self(sign_in))
    }

    pub fn advance(&mut self, event: Event, now: u64) -> Result<Step, Error> {
        // SAFETY: the pointers are those of `give`, good until the end of the call.
        give(&event, |event, step, error| unsafe {
            pk_sign_in_advance(self.0, event, now, step, error)
        })
    }

    pub fn outcome(&mut self) -> Option<TokenSet> {
        let mut tokens = pk_tokens { id: 0 };
        // SAFETY: the pointer is to a structure of this function; an error may be null.
        match unsafe { pk_sign_in_outcome(self.0, &mut tokens, std::ptr::null_mut()) } {
            PK_OK => Some(TokenSet::take(tokens)),
            PK_NOTHING => None,
            status => panic!("{status}"),
        }
    }
}

impl Drop for SignIn {
    fn drop(&mut self) {
        pk_sign_in_free(self.0);
    }
}
