//! What a program holds: a client for one resource or one authorization server.

use crate::ask::{Ask, Interaction, ReadLine};
use crate::browser::Browser;
use crate::builder::ClientBuilder;
use crate::cancel::CancelHandle;
use crate::driver::{self, Confirm, Host, ShowCode, Warned};
use crate::flight::{Flight, Landed, Landing};
use crate::request::ConfirmStepUp;
use crate::signer::Signer;
use crate::store::Store;
use proofkey::dpop::DpopNonces;
use proofkey::error::Error;
use proofkey::flow::access::{Access, AccessConfig, AccessOutcome, Goal};
use proofkey::flow::discovery::Discovered;
use proofkey::resource_call::StepUp;
use proofkey::secret::Secret;
use proofkey::token::TokenSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A public client for one resource, or of one authorization server.
///
/// It signs its user in, keeps what came of it in its [store](crate::Store), and refreshes it. It may be shared
/// between threads; clones are the same client.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) config: AccessConfig,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) browser: Browser,
    pub(crate) interaction: Interaction,
    pub(crate) read_line: ReadLine,
    pub(crate) confirm: Option<Arc<Confirm>>,
    pub(crate) on_warning: Option<Arc<Warned>>,
    pub(crate) show_code: Option<Arc<ShowCode>>,
    pub(crate) signer: Option<Arc<dyn Signer>>,
    pub(crate) confirm_step_up: Option<Arc<ConfirmStepUp>>,
    /// One for all flows and requests: what a server said once is not asked for again.
    pub(crate) nonces: Arc<DpopNonces>,
    pub(crate) state: Mutex<State>,
}

#[derive(Default)]
pub(crate) struct State {
    /// The tokens that were given last.
    pub(crate) held: Option<Arc<TokenSet>>,
    known: Option<Box<Discovered>>,
    flights: Vec<(Want, Arc<Flight>)>,
}

impl State {
    pub(crate) fn knowing(known: Option<Box<Discovered>>) -> Self {
        Self { known, ..Self::default() }
    }
}

/// What several threads may want together.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Want {
    pub(crate) interaction: Interaction,
    /// The fingerprint of a token that the resource did not take.
    pub(crate) rejected: Option<[u8; 32]>,
    /// What the resource demands of the next sign-in.
    pub(crate) step_up: Option<StepUp>,
}

impl Want {
    /// Whether these tokens, which are fresh, are such.
    fn is_met_by(&self, held: &TokenSet) -> bool {
        self.rejected != Some(held.fingerprint())
            && self.step_up.as_ref().is_none_or(|demand| {
                // Of an authentication nobody here knows whether it will do.
                let scopes = held.requested_scopes();
                demand.acr_values.is_empty()
                    && demand.max_age.is_none()
                    && demand.scopes.iter().all(|scope| scopes.contains(scope))
            })
    }
}

/// What came of [`Client::sign_out`].
#[derive(Debug)]
#[non_exhaustive]
pub struct SignedOut {
    /// Whether the server has revoked the tokens; none where there were none.
    pub revoked: Option<bool>,
    /// Why it has not.
    pub warning: Option<Error>,
    /// Where the user's browser ends the session that it may still have with the server (OpenID Connect
    /// RP-Initiated Logout §2), where the server has one and has said who signed in. It holds the ID token: it
    /// belongs into the [browser](crate::Browser::open) and into no log.
    pub end_session_url: Option<Secret>,
}

impl core::fmt::Debug for Client {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let AccessConfig { issuer, resource, client_id, account, scopes, .. } = &self.0.config;
        f.debug_struct("Client")
            .field("issuer", issuer)
            .field("resource", resource)
            .field("client_id", client_id)
            .field("account", account)
            .field("scopes", scopes)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Begins the settings.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Signs the user in: opens the browser, waits for the redirect, redeems the code, and keeps what comes.
    ///
    /// Where the endpoints were not given it first asks the resource or the issuer for its metadata
    /// (RFC 9728, RFC 8414), once an hour. It blocks until the user is done, at most for the browse timeout
    /// and 30 s for the exchange. A store that fails costs no tokens: they are given, with a
    /// [warning](ClientBuilder::on_warning).
    ///
    /// # Errors
    /// Every [`Error`]; [`Error::family`] says what can be done about it, [`Error::advice`] in words.
    pub fn sign_in(&self) -> Result<Arc<TokenSet>, Error> {
        self.sign_in_until(&CancelHandle::new())
    }

    /// As [`Client::sign_in`], until `cancel` is used from another thread. See [`CancelHandle`] for
    /// what a cancel means at which time.
    ///
    /// # Errors
    /// As [`Client::sign_in`], and [`Error::Cancelled`].
    pub fn sign_in_until(&self, cancel: &CancelHandle) -> Result<Arc<TokenSet>, Error> {
        let run = Run { interaction: self.0.interaction, ..Run::default() };
        self.0.tokens_of(Goal::SignIn, run, cancel)
    }

    /// Finishes a sign-in that an earlier run of this program began, with a client that was built
    /// [`resumable`](ClientBuilder::resumable). `redirect` is the address that the browser came back with,
    /// where it started this run; without one it is waited for as before.
    ///
    /// # Errors
    /// [`Error::NothingPending`], [`Error::SessionExpired`], and as [`Client::sign_in_until`].
    pub fn resume(
        &self,
        redirect: Option<&str>,
        cancel: &CancelHandle,
    ) -> Result<Arc<TokenSet>, Error> {
        let redirect = redirect.map(str::to_owned);
        let run = Run { interaction: self.0.interaction, redirect, ..Run::default() };
        self.0.tokens_of(Goal::Resume, run, cancel)
    }

    /// The access token, for the header of requests to its resource and to no other: the one that is held
    /// while it is fresh, else the one that is kept, refreshed where it must be. Where that cannot be
    /// without the user, `interaction` says whether they are asked.
    ///
    /// However many threads ask at once, one flow answers them all.
    ///
    /// # Errors
    /// [`Error::SignInRequired`] and others of the family `sign_in_again` where the user must be asked and may
    /// not; else as [`Client::sign_in`].
    pub fn access_token(&self, interaction: Interaction) -> Result<Secret, Error> {
        self.access_token_until(interaction, &CancelHandle::new())
    }

    /// As [`Client::access_token`], until `cancel` is used from another thread.
    ///
    /// # Errors
    /// As [`Client::access_token`], and [`Error::Cancelled`].
    pub fn access_token_until(
        &self,
        interaction: Interaction,
        cancel: &CancelHandle,
    ) -> Result<Secret, Error> {
        let tokens = self.tokens_until(interaction, cancel)?;
        Ok(Secret::new(tokens.expose_access_token().to_owned()))
    }

    /// As [`Client::access_token_until`], with all that is known of the token.
    ///
    /// # Errors
    /// As [`Client::access_token_until`].
    pub fn tokens_until(
        &self,
        interaction: Interaction,
        cancel: &CancelHandle,
    ) -> Result<Arc<TokenSet>, Error> {
        self.0.tokens(Want { interaction, ..Want::default() }, cancel)
    }

    /// Forgets the sign-in, after asking the server to revoke its tokens (RFC 7009). Where the server does not,
    /// it is forgotten here all the same, and the warning says why.
    ///
    /// # Errors
    /// What keeps it from being forgotten; nothing has changed then.
    pub fn sign_out(&self) -> Result<SignedOut, Error> {
        self.sign_out_until(&CancelHandle::new())
    }

    /// As [`Client::sign_out`], until `cancel` is used from another thread.
    ///
    /// # Errors
    /// As [`Client::sign_out`], and [`Error::Cancelled`].
    pub fn sign_out_until(&self, cancel: &CancelHandle) -> Result<SignedOut, Error> {
        let outcome = self.0.run(Goal::SignOut, Run::default(), cancel)?;
        self.0.state().held = None;
        let AccessOutcome { revoked, warning, end_session_url, .. } = outcome;
        Ok(SignedOut { revoked, warning, end_session_url })
    }
}

/// What is only so in one run of the flow.
#[derive(Default)]
struct Run {
    interaction: Interaction,
    rejected: Option<[u8; 32]>,
    step_up: Option<StepUp>,
    redirect: Option<String>,
}

impl Shared {
    /// No code panics while it holds the lock.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that are held, or those that a flight brings, ours or one that is under way.
    pub(crate) fn tokens(self: &Arc<Self>, want: Want, cancel: &CancelHandle) -> Landed {
        if cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let mut state = self.state();
        if let Some(held) = &state.held
            && want.is_met_by(held)
            && held.is_fresh(driver::now())
        {
            return Ok(Arc::clone(held));
        }
        let under_way =
            state.flights.iter().find(|(other, flight)| *other == want && flight.board());
        let flight = match under_way {
            Some((_, flight)) => Arc::clone(flight),
            None => {
                let flight = Arc::new(Flight::default());
                flight.board();
                state.flights.push((want.clone(), Arc::clone(&flight)));
                let (shared, landing) = (Arc::clone(self), Landing(Arc::clone(&flight)));
                let fly = move || shared.fly(want, &landing.0);
                let thread = std::thread::Builder::new().name("proofkey".into()).spawn(fly);
                if let Err(error) = thread {
                    state.flights.retain(|(_, other)| !Arc::ptr_eq(other, &flight));
                    let detail = format!("no thread can be started: {error}");
                    return Err(Error::StoreFailed { detail });
                }
                flight
            }
        };
        drop(state);
        flight.wait(cancel)
    }

    fn fly(&self, want: Want, flight: &Arc<Flight>) {
        let Want { interaction, rejected, step_up } = want;
        let goal = match (interaction, &step_up) {
            (_, Some(_)) => Goal::SignIn,
            (Interaction::Never, None) => Goal::Token,
            (_, None) => Goal::TokenOrSignIn,
        };
        let run = Run { interaction, rejected, step_up, redirect: None };
        let landed = self.tokens_of(goal, run, &flight.cancel);
        // Held before it lands, and no longer under way: who comes next finds the one or the other.
        self.state().flights.retain(|(_, other)| !Arc::ptr_eq(other, flight));
        flight.land(landed);
    }

    fn tokens_of(&self, goal: Goal, run: Run, cancel: &CancelHandle) -> Landed {
        let outcome = self.run(goal, run, cancel);
        let mut state = self.state();
        match outcome.and_then(|outcome| outcome.tokens.ok_or(Error::FlowEnded)) {
            Ok(tokens) => {
                let tokens = Arc::new(tokens);
                state.held = Some(Arc::clone(&tokens));
                Ok(tokens)
            }
            Err(error) => {
                // What the server no longer takes is not given again.
                if error.family() == proofkey::Family::SignInAgain {
                    state.held = None;
                }
                Err(error)
            }
        }
    }

    fn run(&self, goal: Goal, run: Run, cancel: &CancelHandle) -> Result<AccessOutcome, Error> {
        let ask = Ask::new(run.interaction, &self.browser, &self.read_line);
        let known = self.state().known.clone();
        // What waits for no redirect is not taken up again.
        let device = matches!(ask, Ask::Device) && goal != Goal::Resume;
        let config = AccessConfig {
            device,
            resumable: self.config.resumable && !device,
            paste: ask.only_pastes(),
            rejected: run.rejected,
            www_authenticate: run.step_up.as_ref().map_or_else(
                || self.config.www_authenticate.clone(),
                |demand| demand.www_authenticate.clone(),
            ),
            step_up: run.step_up,
            redirect_uri: run.redirect,
            known,
            ..self.config.clone()
        };
        let key = self.store.data_key(goal != Goal::Token)?;
        let flow = Access::with_nonces(config, goal, key, Arc::clone(&self.nonces))?;
        let host = Host {
            ask: &ask,
            store: &*self.store,
            confirm: self.confirm.as_deref(),
            show_code: self.show_code.as_deref(),
            signer: self.signer.as_deref(),
            cancel,
        };
        let outcome = driver::run(flow, &host)?;
        if let Some(found) = &outcome.discovered {
            self.state().known = Some(found.clone());
        }
        if let (Some(warning), Some(tell), true) =
            (&outcome.warning, &self.on_warning, goal != Goal::SignOut)
        {
            tell(warning);
        }
        Ok(outcome)
    }
}
