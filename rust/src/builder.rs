//! The settings of a client.

mod endpoints;

use crate::ask::{self, Interaction, PastePrompt, ReadLine};
use crate::browser::Browser;
use crate::client::{Client, Shared, State};
use crate::driver::{Confirm, ShowCode, Warned};
use crate::request::ConfirmStepUp;
use crate::signer::Signer;
use crate::store::{MemoryStore, Store};
use proofkey::device::DeviceCode;
use proofkey::error::Error;
use proofkey::flow::access::{AccessConfig, Dpop, Endpoints};
use proofkey::flow::discovery::Discovered;
use proofkey::flow::sign_in::RedirectTarget;
use proofkey::resource_call::StepUp;
use proofkey::secret::Secret;
use proofkey::session::Parameter;
use proofkey::step::{Listen, LoopbackHost};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The settings of a [`Client`]. An address is enough: a resource, or an issuer.
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    config: AccessConfig,
    endpoints: Option<Endpoints>,
    iss_promised: bool,
    allow_missing_s256: bool,
    listen: Listen,
    known: Option<Box<Discovered>>,
    store: Arc<dyn Store>,
    browser: Browser,
    interaction: Interaction,
    read_line: ReadLine,
    confirm: Option<Arc<Confirm>>,
    on_warning: Option<Arc<Warned>>,
    show_code: Option<Arc<ShowCode>>,
    signer: Option<Arc<dyn Signer>>,
    confirm_step_up: Option<Arc<ConfirmStepUp>>,
}

impl core::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut shown = f.debug_struct("ClientBuilder");
        shown.field("config", &self.config).field("endpoints", &self.endpoints);
        shown.field("listen", &self.listen).field("browser", &self.browser).finish_non_exhaustive()
    }
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            config: AccessConfig::default(),
            endpoints: None,
            iss_promised: false,
            allow_missing_s256: false,
            listen: Listen { host: LoopbackHost::V4, port: 0, path: "/callback".to_owned() },
            known: None,
            store: Arc::new(MemoryStore::new()),
            browser: Browser::default(),
            interaction: Interaction::Auto,
            read_line: Arc::new(ask::at_terminal),
            confirm: None,
            on_warning: None,
            show_code: None,
            signer: None,
            confirm_step_up: None,
        }
    }

    /// The protected resource, an MCP server for instance: the tokens are for it alone (RFC 8707), and it names
    /// its authorization server (RFC 9728) where no issuer is given.
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.config.resource = Some(resource.into());
        self
    }

    /// The authorization server's identifier, exactly as the server writes it (RFC 8414 §2).
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.config.issuer = Some(issuer.into());
        self
    }

    /// Whether the server promises `iss` in its answers (RFC 9207 §3), where the endpoints are given by hand;
    /// else its metadata says so. Then an answer without it is refused. Default: no; an `iss` that comes all
    /// the same is checked.
    pub const fn iss_promised(mut self, promised: bool) -> Self {
        self.iss_promised = promised;
        self
    }

    /// Whether the issuer that is given here may leave S256 out of its metadata: for servers that are known to
    /// do PKCE and not to say so. Default: no, and a sign-in is refused (`pkce_unsupported`).
    pub const fn allow_missing_s256(mut self, allowed: bool) -> Self {
        self.allow_missing_s256 = allowed;
        self
    }

    /// As [`allow_missing_s256`](Self::allow_missing_s256), for an issuer that a resource names.
    pub fn allow_missing_s256_of(mut self, issuer: impl Into<String>) -> Self {
        self.config.allow_missing_s256.push(issuer.into());
        self
    }

    /// The public client's identifier, where it was registered beforehand.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.config.client_id = Some(client_id.into());
        self
    }

    /// The address of the client's metadata document, which is its identifier at servers that take such.
    pub fn client_document(mut self, url: impl Into<String>) -> Self {
        self.config.client_document = Some(url.into());
        self
    }

    /// The client's name: with it the client is registered dynamically (RFC 7591) where there is no other way.
    pub fn client_name(mut self, name: impl Into<String>) -> Self {
        self.config.client_name = Some(name.into());
        self
    }

    /// What is asked for (RFC 6749 §3.3). Default: what the resource demands or lists; without a resource
    /// nothing, which leaves it to the server.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.config.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Which of several accounts of the user this is: any name that the program chooses. It keeps their
    /// tokens apart.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.config.account = Some(account.into());
        self
    }

    /// One more parameter of the authorization request (`prompt`, `login_hint`, …).
    pub fn extra_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.config.extra_parameters.push(Parameter { name: name.into(), value: value.into() });
        self
    }

    /// Where tokens are kept. Default: in memory, for as long as the client lives.
    pub fn store(mut self, store: impl Store + 'static) -> Self {
        self.store = Arc::new(store);
        self
    }

    /// Asks whether an issuer is trusted that a resource names: its host, and that of the resource. Default: it
    /// is, and the browser shows the host.
    pub fn confirm(mut self, ask: impl Fn(&str, &str) -> bool + Send + Sync + 'static) -> Self {
        self.confirm = Some(Arc::new(ask));
        self
    }

    /// The only hosts, with their ports where they have one, of issuers that a resource may name.
    pub fn allowed_issuers<S: Into<String>>(self, hosts: impl IntoIterator<Item = S>) -> Self {
        let hosts: Vec<String> = hosts.into_iter().map(Into::into).collect();
        self.confirm(move |issuer, _| hosts.iter().any(|host| host == issuer))
    }

    /// Hears what went wrong without ending anything: a refresh that failed while the old token is still good,
    /// tokens that could not be stored.
    pub fn on_warning(mut self, tell: impl Fn(&Error) + Send + Sync + 'static) -> Self {
        self.on_warning = Some(Arc::new(tell));
        self
    }

    /// The host of the redirect URI (RFC 8252 §7.3). Default: `127.0.0.1`.
    pub const fn redirect_host(mut self, host: LoopbackHost) -> Self {
        self.listen.host = host;
        self
    }

    /// The port of the redirect URI, for servers that want a fixed one. Default: 0, the system's
    /// choice, which is better: nobody can know or take it beforehand.
    pub const fn port(mut self, port: u16) -> Self {
        self.listen.port = port;
        self
    }

    /// The path of the redirect URI. Default: `/callback`.
    pub fn redirect_path(mut self, path: impl Into<String>) -> Self {
        self.listen.path = path.into();
        self
    }

    /// Which browser is used.
    pub fn browser(mut self, browser: Browser) -> Self {
        self.browser = browser;
        self
    }

    /// How [`Client::sign_in`] and [`Client::resume`] ask the user. Default: [`Interaction::Auto`].
    pub const fn interaction(mut self, interaction: Interaction) -> Self {
        self.interaction = interaction;
        self
    }

    /// How the user is shown a device code ([`Interaction::Device`]): where to go, what to enter, and the advice
    /// against phishing, all three. It must come back at once; what it shows stays until the sign-in has ended.
    /// Default: stderr.
    pub fn show_code(mut self, show: impl Fn(&DeviceCode) + Send + Sync + 'static) -> Self {
        self.show_code = Some(Arc::new(show));
        self
    }

    /// Whether tokens are bound to a key, so that who steals one cannot use it (RFC 9449). Default: no.
    pub const fn dpop(mut self, dpop: Dpop) -> Self {
        self.config.dpop = dpop;
        self
    }

    /// The name of the key that tokens are bound to, at the [signer](Self::signer). Default: a key that is made
    /// here for each sign-in, and kept with its tokens.
    pub fn dpop_key(mut self, key_id: impl Into<String>) -> Self {
        self.config.dpop_key = Some(key_id.into());
        self
    }

    /// Who keeps the key and signs with it; it needs a [name](Self::dpop_key).
    pub fn signer(mut self, signer: impl Signer + 'static) -> Self {
        self.signer = Some(Arc::new(signer));
        self
    }

    /// Whether the authorization request is pushed also to servers that only offer it (RFC 9126), so that the
    /// browser sees none of it. Those that require it get it so in any case. Default: no.
    pub const fn push(mut self, push: bool) -> Self {
        self.config.push = push;
        self
    }

    /// The scopes that no sign-in goes beyond, whatever the resource lists or demands; [those asked
    /// for](Self::scopes) lie below. What is demanded and lies above ends the sign-in or the request with
    /// [`Error::ScopeCeiling`]. `offline_access` is a scope like others. Default: there is no limit, for the user
    /// sees the scopes and decides.
    pub fn scope_ceiling<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.config.scope_ceiling = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Asks before a [request](Client::request) makes the user sign in: with what the resource demands, or with
    /// nothing where there is no token that could be used. Where it says no, the request ends with
    /// [`Error::UserCancelled`]. Default: it is allowed, where the request allows interaction at all.
    pub fn confirm_step_up(
        mut self,
        ask: impl Fn(&StepUp) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.confirm_step_up = Some(Arc::new(ask));
        self
    }

    /// How a user is asked to open an address elsewhere and to paste the redirect. `read` shows the prompt, with
    /// [`PastePrompt::WARNING`], and gives the line; it is called in a thread of its own. Default: stderr and
    /// stdin.
    pub fn read_line(
        mut self,
        read: impl Fn(&PastePrompt) -> std::io::Result<Option<Secret>> + Send + Sync + 'static,
    ) -> Self {
        self.read_line = Arc::new(read);
        self
    }

    /// How long the user may take, from 1 s to 1 h. Default: 5 min.
    pub fn browse_timeout(mut self, timeout: Duration) -> Self {
        self.config.browse_timeout_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// Whether a sign-in can be taken up again by a later run of this program ([`Client::resume`]). Default: no.
    pub const fn resumable(mut self, resumable: bool) -> Self {
        self.config.resumable = resumable;
        self
    }

    /// What [`discover`](crate::discover()) found for this resource or issuer: it is not asked again for an hour.
    pub fn known(mut self, found: Discovered) -> Self {
        self.known = Some(Box::new(found));
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] names the setting that cannot be used.
    pub fn build(mut self) -> Result<Client, Error> {
        if self.iss_promised {
            self.endpoints().iss_promised = true;
        }
        let mut config = self.config;
        config.redirect = RedirectTarget::Loopback(self.listen);
        config.endpoints = self.endpoints;
        if self.allow_missing_s256 {
            config.allow_missing_s256.extend(config.issuer.clone());
        }
        config.check()?;
        if config.dpop_key.is_some() != self.signer.is_some() {
            let reason = "and signer go together: a key of the platform has a name, and somebody who signs with it";
            return Err(Error::InvalidConfiguration { field: "dpop_key", reason });
        }
        Ok(Client(Arc::new(Shared {
            config,
            store: self.store,
            browser: self.browser,
            interaction: self.interaction,
            read_line: self.read_line,
            confirm: self.confirm,
            on_warning: self.on_warning,
            show_code: self.show_code,
            signer: self.signer,
            confirm_step_up: self.confirm_step_up,
            nonces: Arc::default(),
            state: Mutex::new(State::knowing(self.known)),
        })))
    }
}
