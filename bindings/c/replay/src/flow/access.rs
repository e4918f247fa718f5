//! The access flow.

use super::step::{give, host};
use crate::c::{call, parameters, sized, text, view, view_or_none, views};
use crate::discovered::Handle;
use crate::dpop::DpopNonces;
use crate::error::Error;
use crate::resource_call::LentStepUp;
use crate::seal::DataKey;
use crate::token::TokenSet;
use proofkey_c::access::config::*;
use proofkey_c::access::outcome::*;
use proofkey_c::access::*;
use proofkey_c::error::pk_error;
use proofkey_c::known::PK_FIELD_ISSUER;
use proofkey_c::status::{PK_NOTHING, PK_OK};
use proofkey_core::flow::sign_in::RedirectTarget;
use proofkey_core::secret::Secret;
use proofkey_core::step::{Event, Step};
use std::sync::Arc;

pub use proofkey_core::flow::access::{AccessConfig, Dpop, Endpoints, Goal, Source};

pub struct Access(pk_access);

pub struct AccessOutcome {
    pub tokens: Option<TokenSet>,
    pub source: Option<Source>,
    pub stored: bool,
    pub revoked: Option<bool>,
    pub warning: Option<Error>,
    pub end_session_url: Option<Secret>,
}

impl Access {
    /// The C structures are lent from `config`; what an earlier flow discovered has no way from Rust to C and is not
    /// passed.
    pub fn new(config: AccessConfig, goal: Goal, key: Option<Arc<DataKey>>) -> Result<Self, Error> {
        assert!(config.known.is_none());
        let mut given: pk_access_config = sized();
        given.issuer = view_or_none(config.issuer.as_deref());
        given.resource = view_or_none(config.resource.as_deref());
        given.client_id = view_or_none(config.client_id.as_deref());
        given.client_document = view_or_none(config.client_document.as_deref());
        given.client_name = view_or_none(config.client_name.as_deref());
        given.account = view_or_none(config.account.as_deref());
        given.browse_timeout_ms = config.browse_timeout_ms;
        given.paste = u32::from(config.paste);
        given.resumable = u32::from(config.resumable);
        given.device = u32::from(config.device);
        given.push = u32::from(config.push);
        given.dpop = match config.dpop {
            Dpop::Never => PK_DPOP_NEVER,
            Dpop::Preferred => PK_DPOP_PREFERRED,
            Dpop::Required => PK_DPOP_REQUIRED,
        };
        given.dpop_key = view_or_none(config.dpop_key.as_deref());
        if let Some(endpoints) = &config.endpoints {
            given.authorization_endpoint = view(&endpoints.authorization_endpoint);
            given.token_endpoint = view(&endpoints.token_endpoint);
            given.revocation_endpoint = view_or_none(endpoints.revocation_endpoint.as_deref());
            given.pushed_authorization_request_endpoint =
                view_or_none(endpoints.pushed_authorization_request_endpoint.as_deref());
            given.device_authorization_endpoint =
                view_or_none(endpoints.device_authorization_endpoint.as_deref());
            given.jwks_uri = view_or_none(endpoints.jwks_uri.as_deref());
            given.end_session_endpoint = view_or_none(endpoints.end_session_endpoint.as_deref());
            given.iss_promised = u32::from(endpoints.iss_promised);
        }
        match &config.redirect {
            RedirectTarget::Fixed(uri) => given.redirect_uri = view(uri),
            RedirectTarget::Loopback(listen) => {
                given.loopback_path = view(&listen.path);
                given.loopback_port = listen.port;
                given.loopback_host = host(listen.host);
            }
        }
        let scopes = views(&config.scopes);
        (given.scopes, given.scope_count) = (scopes.as_ptr(), scopes.len());
        let ceiling = config.scope_ceiling.as_deref().map(views);
        if let Some(ceiling) = &ceiling {
            // A ceiling of nothing is one all the same: its pointer is never null.
            (given.scope_ceiling, given.scope_ceiling_count) = (ceiling.as_ptr(), ceiling.len());
        }
        let extra = parameters(&config.extra_parameters);
        (given.extra_parameters, given.extra_parameter_count) = (extra.as_ptr(), extra.len());
        let exceptions = views(&config.allow_missing_s256);
        given.allow_missing_s256 = exceptions.as_ptr();
        given.allow_missing_s256_count = exceptions.len();

        let fields = views(&config.www_authenticate);
        let mut run: pk_access_run = sized();
        run.data_key = key.as_ref().map_or(run.data_key, |key| key.handle());
        run.rejected = config.rejected.as_ref().map_or(std::ptr::null(), |hash| hash.as_ptr());
        run.www_authenticate = fields.as_ptr();
        run.www_authenticate_count = fields.len();
        run.redirect = view_or_none(config.redirect_uri.as_deref());
        let nonces = DpopNonces::new();
        run.nonces = nonces.handle();
        let demanded = config.step_up.as_ref().map(LentStepUp::new);
        let step_up = demanded.as_ref().map(LentStepUp::lend);
        run.step_up = step_up.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);

        let mut access = pk_access { id: 0 };
        let goal = match goal {
            Goal::Token => PK_GOAL_TOKEN,
            Goal::TokenOrSignIn => PK_GOAL_TOKEN_OR_SIGN_IN,
            Goal::SignIn => PK_GOAL_SIGN_IN,
            Goal::Resume => PK_GOAL_RESUME,
            Goal::SignOut => PK_GOAL_SIGN_OUT,
        };
        // SAFETY: everything that is pointed to lives until the end of this function.
        let checked = call(|error| unsafe { pk_access_check(&given, error) });
        // SAFETY: as above.
        let made = call(|error| unsafe { pk_access_new(&given, goal, &run, &mut access, error) });
        // The key and the nonces may go now: the flow has its own.
        drop((key, nonces));
        assert_eq!(format!("{checked:?}"), format!("{made:?}"), "both check the same");
        made.map(|()| Self(access))
    }

    pub fn advance(&mut self, event: Event, now: u64) -> Result<Step, Error> {
        // SAFETY: the pointers are those of `give`, good until the end of the call.
        give(&event, |event, step, error| unsafe {
            pk_access_advance(self.0, event, now, step, error)
        })
    }

    pub fn outcome(&mut self) -> Option<AccessOutcome> {
        let mut outcome: pk_access_outcome = sized();
        let mut warning: pk_error = sized();
        let null = std::ptr::null_mut();
        // SAFETY: the pointers are to structures of this function; an error may be null.
        match unsafe { pk_access_take_outcome(self.0, &mut outcome, &mut warning, null) } {
            PK_OK => {}
            PK_NOTHING => return None,
            status => panic!("{status}"),
        }
        let tokens = (outcome.tokens.id != 0).then(|| TokenSet::take(outcome.tokens));
        if outcome.discovered.id != 0 {
            // What was discovered is whose the tokens are.
            let found = Handle::new(outcome.discovered);
            let issuer = found.text(PK_FIELD_ISSUER).expect("never absent");
            assert!(tokens.as_ref().is_none_or(|tokens| tokens.issuer() == issuer));
        }
        // SAFETY: the pointers are `text`'s.
        let url = text(|b, n, l, e| unsafe { pk_access_end_session_url(self.0, b, n, l, e) });
        Some(AccessOutcome {
            end_session_url: url.expect("the access is good").map(Secret::new),
            tokens,
            source: match outcome.source {
                0 => None,
                PK_SOURCE_KEPT => Some(Source::Kept),
                PK_SOURCE_REFRESHED => Some(Source::Refreshed),
                PK_SOURCE_SIGNED_IN => Some(Source::SignedIn),
                other => panic!("unknown source {other}"),
            },
            stored: outcome.stored != 0,
            revoked: match outcome.revoked {
                PK_REVOKED_NOTHING => None,
                PK_REVOKED_YES => Some(true),
                PK_REVOKED_NO => Some(false),
                other => panic!("unknown answer {other}"),
            },
            warning: match warning.status {
                PK_OK => None,
                status => Some(Error::read(status, &warning)),
            },
        })
    }
}

impl Drop for Access {
    fn drop(&mut self) {
        pk_access_free(self.0);
    }
}
