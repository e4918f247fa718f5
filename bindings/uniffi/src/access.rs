//! Access to a resource: from an address to a token that stays fresh, as a state machine that a driver serves.

use crate::discovery::Discovered;
use crate::dpop::DpopNonces;
use crate::error::{Family, Outcome, ProofKeyError};
use crate::guard::{self, Guarded, shows};
use crate::resource_call::StepUp;
use crate::seal::DataKey;
use crate::session::{Parameter, parameters};
use crate::sign_in::RedirectTarget;
use crate::step::{Event, Step};
use crate::token::TokenSet;
use proofkey::flow::access as core;
use std::sync::Arc;

/// What the flow is to come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Goal {
    /// A token, without the user: the one that is kept, refreshed where it must be. Else `sign_in_required`
    /// or another error of the family `SignInAgain`.
    Token,
    /// A token; where it cannot be had without the user, by a sign-in.
    TokenOrSignIn,
    /// A sign-in, whatever is kept.
    SignIn,
    /// The end of a sign-in that an earlier run of the program began.
    Resume,
    /// The end of what is kept: revoked at the server where that can be (RFC 7009), and forgotten.
    SignOut,
}

/// How the flow came to its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Source {
    /// They were kept.
    Kept,
    /// They were refreshed.
    Refreshed,
    /// The user signed in.
    SignedIn,
}

/// The endpoints that a sign-in needs, given by hand.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Endpoints {
    /// Where the user is sent.
    pub authorization_endpoint: String,
    /// Where codes and refresh tokens are redeemed.
    pub token_endpoint: String,
    /// Where tokens are revoked (RFC 7009).
    pub revocation_endpoint: Option<String>,
    /// Where authorization requests are pushed (RFC 9126).
    #[uniffi(default = None)]
    pub pushed_authorization_request_endpoint: Option<String>,
    /// Where device codes come from (RFC 8628).
    #[uniffi(default = None)]
    pub device_authorization_endpoint: Option<String>,
    /// Where the server's keys are: without them no ID token is looked at.
    #[uniffi(default = None)]
    pub jwks_uri: Option<String>,
    /// Where the user signs out of the browser's session (OpenID Connect RP-Initiated Logout).
    #[uniffi(default = None)]
    pub end_session_endpoint: Option<String>,
    /// Whether the server promises `iss` in its answers (RFC 9207 §3).
    pub iss_promised: bool,
}

crate::mirror::mirrors!(
    Endpoints,
    core::Endpoints {
        authorization_endpoint,
        token_endpoint,
        revocation_endpoint,
        pushed_authorization_request_endpoint,
        device_authorization_endpoint,
        jwks_uri,
        end_session_endpoint,
        iss_promised,
    }
);

/// Whether tokens are bound to a key, so that who steals one cannot use it (RFC 9449).
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Dpop {
    /// They are not.
    Never,
    /// They are where the server offers it; what came of it is the type of the tokens.
    Preferred,
    /// They are, or there is no sign-in: `dpop_unsupported`, `token_not_bound`.
    Required,
}

impl From<Dpop> for core::Dpop {
    fn from(dpop: Dpop) -> Self {
        match dpop {
            Dpop::Never => Self::Never,
            Dpop::Preferred => Self::Preferred,
            Dpop::Required => Self::Required,
        }
    }
}

/// What the flow needs to know. An address is enough: `issuer` or `resource`.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AccessConfig {
    /// The authorization server's identifier, where it is known. With a resource that names its issuers it
    /// must be one of them.
    pub issuer: Option<String>,
    /// The protected resource, an MCP server for instance: the tokens are for it alone (RFC 8707).
    pub resource: Option<String>,
    /// The endpoints of the issuer, where its metadata is not to be asked.
    pub endpoints: Option<Endpoints>,
    /// The client's identifier, where it was registered beforehand.
    pub client_id: Option<String>,
    /// The address of the client's metadata document, for servers that take it as the identifier.
    pub client_document: Option<String>,
    /// The client's name: with it the client is registered dynamically (RFC 7591) where there is no other way.
    pub client_name: Option<String>,
    /// The scopes to ask for; where there are none, those that the resource demands or lists.
    pub scopes: Vec<String>,
    /// The scopes that no sign-in goes beyond, whoever names more: what is only listed and lies above is left out, what
    /// is demanded by name ends the sign-in (`scope_ceiling`). `offline_access` is a scope like others. Without a
    /// ceiling there is no limit. A `ResourceCall` is made with the same.
    #[uniffi(default = None)]
    pub scope_ceiling: Option<Vec<String>>,
    /// Which of several accounts of the user this is; a name that the program chooses.
    pub account: Option<String>,
    /// Where the redirect arrives.
    pub redirect: RedirectTarget,
    /// Whether nothing listens and the user pastes the address that the browser ends at.
    pub paste: bool,
    /// How long the user may take, in milliseconds; from 1 s to 1 h.
    pub browse_timeout_ms: u64,
    /// More parameters of the authorization request; none may stand in for one that ProofKey sets.
    pub extra_parameters: Vec<Parameter>,
    /// The issuers that may leave S256 out of their metadata, by name.
    pub allow_missing_s256: Vec<String>,
    /// Whether a pending sign-in is kept, so that `Resume` can take it up.
    pub resumable: bool,
    /// Whether the tokens are bound to a key (RFC 9449).
    pub dpop: Dpop,
    /// The name of a key that the platform keeps and signs with; without one a key is made for each
    /// sign-in and kept with its tokens.
    #[uniffi(default = None)]
    pub dpop_key: Option<String>,
    /// Whether the authorization request is pushed also to servers that only offer it (RFC 9126); those
    /// that require it get it so in any case.
    #[uniffi(default = false)]
    pub push: bool,
}

/// What is only so in this one run of the flow. It may hold a redirect, and with that a code, and shows nothing.
#[derive(uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AccessRun {
    /// What is kept is sealed under this key; without one the store itself must keep it from others.
    #[uniffi(default = None)]
    pub key: Option<Arc<DataKey>>,
    /// The `fingerprint` of an access token that the resource did not take, although it was fresh: where that
    /// one is still kept it is refreshed.
    #[uniffi(default = None)]
    pub rejected: Option<Vec<u8>>,
    /// The `WWW-Authenticate` fields of the resource's 401, where there was one (RFC 9728 §5).
    #[uniffi(default = [])]
    pub www_authenticate: Vec<String>,
    /// For `Resume`: the redirect that has arrived, where it started this run of the program.
    #[uniffi(default = None)]
    pub redirect_uri: Option<String>,
    /// What an earlier flow discovered; it is taken while it is less than an hour old.
    #[uniffi(default = None)]
    pub known: Option<Discovered>,
    /// Whether the user signs in on another device (RFC 8628). It is never chosen by itself.
    #[uniffi(default = false)]
    pub device: bool,
    /// What a resource demanded of the sign-in; see `ResourceCall`.
    #[uniffi(default = None)]
    pub step_up: Option<StepUp>,
    /// What the program's other flows and requests heard of nonces (RFC 9449 §8): one for a client.
    #[uniffi(default = None)]
    pub nonces: Option<Arc<DpopNonces>>,
}

shows!(AccessRun, |_it| "AccessRun(…)".to_owned());

/// Something that went wrong without ending the flow. No field holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Warning {
    /// Stable across versions and languages.
    pub code: String,
    /// What the caller can do about it.
    pub family: Family,
    /// What was wrong and what was expected.
    pub text: String,
    /// What to do, in one sentence for the person who runs the program.
    pub advice: String,
}

/// What came of the flow.
#[derive(uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AccessOutcome {
    /// The tokens; none after `SignOut`.
    pub tokens: Option<Arc<TokenSet>>,
    /// Where they came from; none after `SignOut`.
    pub source: Option<Source>,
    /// Whether the store holds what is given here, or after `SignOut` nothing more.
    pub stored: bool,
    /// After `SignOut`: whether the server has revoked them; none where there were no tokens.
    pub revoked: Option<bool>,
    /// What went wrong without ending the flow: why a refresh failed while the old token is still good, why
    /// tokens could not be stored, why the server did not revoke.
    pub warning: Option<Warning>,
    /// After `SignOut`: where the user's browser ends the session that it may still have with the server
    /// (OpenID Connect RP-Initiated Logout §2). Opening it is the program's part. It holds the ID token, so it
    /// belongs into the browser and into no log.
    pub end_session_url: Option<String>,
    /// What was discovered, for the next flow.
    pub discovered: Option<Discovered>,
}

shows!(AccessOutcome, |_it| "AccessOutcome(…)".to_owned());

/// The flow. The first event is `Start`; each call does one step, and an error ends the flow.
#[derive(uniffi::Object)]
pub struct Access(Guarded<core::Access>);

#[uniffi::export]
impl Access {
    /// Makes the flow; nothing happens until `Start`. `invalid_configuration` names the field that cannot be
    /// used.
    #[uniffi::constructor]
    pub fn new(config: AccessConfig, goal: Goal, run: AccessRun) -> Outcome<Arc<Self>> {
        guard::call("Access.new", || {
            let key = run.key.as_ref().map(|key| key.shared());
            let goal = match goal {
                Goal::Token => core::Goal::Token,
                Goal::TokenOrSignIn => core::Goal::TokenOrSignIn,
                Goal::SignIn => core::Goal::SignIn,
                Goal::Resume => core::Goal::Resume,
                Goal::SignOut => core::Goal::SignOut,
            };
            let nonces = run.nonces.as_ref().map(|nonces| nonces.shared()).unwrap_or_default();
            let flow = core::Access::with_nonces(into_core(config, run)?, goal, key, nonces)?;
            Ok(Arc::new(Self(Guarded::new(flow))))
        })
    }

    /// Takes what has happened and says what to do next. `now` is in seconds since the epoch. Every error
    /// ends the flow; every later event is answered by `flow_ended`.
    pub fn advance(&self, event: Event, now: u64) -> Outcome<Step> {
        self.0.with("Access.advance", |flow| Ok(flow.advance(event.into(), now)?.into()))
    }

    /// What came of it, once, after `Done`; else nothing.
    pub fn outcome(&self) -> Outcome<Option<AccessOutcome>> {
        self.0.with("Access.outcome", |flow| Ok(flow.outcome().map(Into::into)))
    }
}

/// Checks a configuration as the flow does: `invalid_configuration` names the field that cannot be used.
#[uniffi::export]
pub fn check_access(config: AccessConfig) -> Outcome<()> {
    guard::call("check_access", || {
        let run = AccessRun {
            key: None,
            rejected: None,
            www_authenticate: Vec::new(),
            redirect_uri: None,
            known: None,
            device: false,
            step_up: None,
            nonces: None,
        };
        Ok(into_core(config, run)?.check()?)
    })
}

/// Fails with the error of a store that gave this stable code (`store_full`, `keyring_unavailable` and the
/// like), for a store that is used outside of a flow. `detail` is the store's own words.
#[uniffi::export]
pub fn store_error(code: String, detail: String) -> Outcome<()> {
    guard::call("store_error", || Err(proofkey::Error::from_store(&code, &detail).into()))
}

fn into_core(config: AccessConfig, run: AccessRun) -> Result<core::AccessConfig, proofkey::Error> {
    let rejected = run.rejected.map(|bytes| {
        let reason = "is not the 32 bytes of a fingerprint";
        let wrong = proofkey::Error::InvalidConfiguration { field: "rejected", reason };
        bytes.try_into().map_err(|_| wrong)
    });
    Ok(core::AccessConfig {
        issuer: config.issuer,
        resource: config.resource,
        endpoints: config.endpoints.map(Into::into),
        client_id: config.client_id,
        client_document: config.client_document,
        client_name: config.client_name,
        scopes: config.scopes,
        scope_ceiling: config.scope_ceiling,
        account: config.account,
        redirect: config.redirect.into(),
        paste: config.paste,
        browse_timeout_ms: config.browse_timeout_ms,
        extra_parameters: parameters(config.extra_parameters),
        www_authenticate: run.www_authenticate,
        allow_missing_s256: config.allow_missing_s256,
        resumable: config.resumable,
        redirect_uri: run.redirect_uri,
        rejected: rejected.transpose()?,
        device: run.device,
        dpop: config.dpop.into(),
        dpop_key: config.dpop_key,
        push: config.push,
        step_up: run.step_up.map(Into::into),
        known: run.known.map(|known| Box::new(known.into())),
    })
}

impl From<core::AccessOutcome> for AccessOutcome {
    fn from(outcome: core::AccessOutcome) -> Self {
        let core::AccessOutcome {
            tokens,
            source,
            stored,
            revoked,
            warning,
            end_session_url,
            discovered,
        } = outcome;
        Self {
            tokens: tokens.map(TokenSet::new),
            source: source.map(|source| match source {
                core::Source::Kept => Source::Kept,
                core::Source::Refreshed => Source::Refreshed,
                core::Source::SignedIn => Source::SignedIn,
            }),
            stored,
            revoked,
            warning: warning.map(|error| {
                let ProofKeyError::Failed { code, family, text, advice } = error.into();
                Warning { code, family, text, advice }
            }),
            end_session_url: end_session_url.map(|url| url.expose().to_owned()),
            discovered: discovered.map(|found| (*found).into()),
        }
    }
}
