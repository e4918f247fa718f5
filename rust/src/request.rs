//! One request to a resource with all of its tries: authorized, judged by its answer, and sent again where a
//! refresh, a nonce or a sign-in mends it.

use crate::ask::Interaction;
use crate::cancel::CancelHandle;
use crate::client::{Client, Want};
use crate::fetch::{FetchError, Fetched};
use proofkey::error::{Error, Family};
use proofkey::http::Header;
use proofkey::resource_call::{Reaction, ResourceCall, StepUp};
use proofkey::token::{AuthorizationFields, TokenSet, check_resource};
use std::io::Write;
use std::sync::Arc;

/// Whether the user may be asked to sign in with what a resource demands.
pub(crate) type ConfirmStepUp = dyn Fn(&StepUp) -> bool + Send + Sync;

/// A request to a client's resource; begun by [`Client::request`].
///
/// [`send`](Self::send) does it all. Who has an HTTP stack of their own takes the fields of
/// [`authorize`](Self::authorize), sends, and tells [`answered`](Self::answered), as long as that says so:
///
/// ```no_run
/// # use proofkey_client::{CancelHandle, Client, FetchError, Header};
/// # fn mine(_: &str, _: Option<&str>) -> (u16, Vec<Header>) { (200, Vec::new()) }
/// # fn f(client: &Client) -> Result<(), FetchError> {
/// let mut request = client.request("GET", "https://mcp.example/mcp/notes");
/// loop {
///     let fields = request.authorize(&CancelHandle::new())?;
///     let dpop = fields.dpop.as_ref().map(|proof| proof.expose());
///     let (status, headers) = mine(fields.authorization.expose(), dpop);
///     if !request.answered(status, &headers)? {
///         break; // the answer is the program's
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct ResourceRequest {
    client: Client,
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Option<Vec<u8>>,
    interaction: Interaction,
    call: ResourceCall,
    /// Those that the request was sent with.
    tokens: Option<Arc<TokenSet>>,
    /// What the next try needs first.
    next: Next,
}

/// What comes before a try.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Next {
    /// A token.
    Token,
    /// Nothing: the token will do, with another proof.
    Proof,
    /// Another token than the one of this fingerprint.
    Other([u8; 32]),
    /// A sign-in.
    SignIn(StepUp),
}

/// Shows where it goes; headers and body are the program's.
impl core::fmt::Debug for ResourceRequest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut shown = f.debug_struct("ResourceRequest");
        shown.field("method", &self.method).field("url", &self.url).finish_non_exhaustive()
    }
}

impl Client {
    /// Begins a request with this method to `url`, which must lie in this client's resource.
    pub fn request(&self, method: impl Into<String>, url: impl Into<String>) -> ResourceRequest {
        ResourceRequest {
            client: self.clone(),
            method: method.into(),
            url: url.into(),
            headers: Vec::new(),
            body: None,
            interaction: Interaction::Never,
            call: ResourceCall::new(self.0.config.scope_ceiling.clone()),
            tokens: None,
            next: Next::Token,
        }
    }
}

impl ResourceRequest {
    /// One more header field. Those that authorize the request take the place of any of their names.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push(Header::new(name, value));
        self
    }

    /// What is sent with it. A request that the resource refuses has not been done, and is sent again whole.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Whether, and how, the user may be asked to sign in for it: because there is no token, or because the
    /// resource demands more (RFC 9470). Default: not at all.
    pub const fn interaction(mut self, interaction: Interaction) -> Self {
        self.interaction = interaction;
        self
    }

    /// Sends it, again where that mends something, and writes the last answer's body to `out` as it comes. No
    /// redirect is followed: the token goes to no other place. The head of each answer may take a minute.
    ///
    /// # Errors
    /// See [`FetchError`]. An answer with any status is an answer.
    pub fn send(
        mut self,
        out: &mut dyn Write,
        cancel: &CancelHandle,
    ) -> Result<Fetched, FetchError> {
        loop {
            let fields = self.authorize(cancel)?;
            let opened = self.open(&fields)?;
            if !self.answered(opened.status, &opened.headers)? {
                return opened.read(out, cancel);
            }
        }
    }

    /// The header fields of the next try. It refreshes, and asks the user, where the last answer has made that
    /// needed.
    ///
    /// # Errors
    /// [`FetchError::Token`] and [`FetchError::StepUp`].
    pub fn authorize(&mut self, cancel: &CancelHandle) -> Result<AuthorizationFields, FetchError> {
        // Nobody is asked for a token that the request could not be sent with.
        check_resource(self.client.0.config.resource.as_deref(), &self.url)?;
        let tokens = match (std::mem::replace(&mut self.next, Next::Proof), self.tokens.take()) {
            (Next::Proof, Some(tokens)) => tokens,
            (Next::Other(rejected), _) => self.token(Some(rejected), cancel)?,
            (Next::SignIn(demand), before) => {
                let rejected = before.map(|tokens| tokens.fingerprint());
                self.sign_in(rejected, Some(demand), cancel)?
            }
            (Next::Token | Next::Proof, _) => self.token(None, cancel)?,
        };
        let fields = self.client.0.fields(&tokens, &self.method, &self.url)?;
        self.tokens = Some(tokens);
        Ok(fields)
    }

    /// Hears the answer: its status and its header fields. Whether the request is to be sent again, with other
    /// fields of [`authorize`](Self::authorize); else the answer is the program's.
    ///
    /// # Errors
    /// [`FetchError::Token`]: [`Error::ScopeCeiling`] or [`Error::StepUpRefused`]; [`FetchError::StepUp`].
    pub fn answered(&mut self, status: u16, headers: &[Header]) -> Result<bool, FetchError> {
        let named = |name: &'static str| {
            let of_name = move |header: &&Header| header.name.eq_ignore_ascii_case(name);
            headers.iter().filter(of_name).map(|header| &header.value)
        };
        let mut nonces = named("dpop-nonce");
        if let (Some(nonce), None) = (nonces.next(), nonces.next()) {
            self.client.heard_nonce(&self.url, nonce);
        }
        let Some(tokens) = &self.tokens else {
            return Ok(false);
        };
        let challenges: Vec<String> = named("www-authenticate").cloned().collect();
        let (requested, granted) = (tokens.requested_scopes(), tokens.scopes());
        self.next = match self.call.answered(status, &challenges, requested, granted) {
            Reaction::Accept => return Ok(false),
            Reaction::Retry => Next::Proof,
            Reaction::Refresh => Next::Other(tokens.fingerprint()),
            Reaction::SignIn(demand) if self.interaction == Interaction::Never => {
                return Err(FetchError::StepUp(Box::new(demand)));
            }
            Reaction::SignIn(demand) => Next::SignIn(demand),
            Reaction::GiveUp(error) => return Err(error.into()),
        };
        Ok(true)
    }

    /// A token without the user; where there is none, with them, if they may be asked.
    fn token(
        &self,
        rejected: Option<[u8; 32]>,
        cancel: &CancelHandle,
    ) -> Result<Arc<TokenSet>, Error> {
        let want = Want { rejected, ..Want::default() };
        match self.client.0.tokens(want, cancel) {
            Err(error)
                if error.family() == Family::SignInAgain
                    && self.interaction != Interaction::Never =>
            {
                self.sign_in(rejected, None, cancel)
            }
            other => other,
        }
    }

    fn sign_in(
        &self,
        rejected: Option<[u8; 32]>,
        step_up: Option<StepUp>,
        cancel: &CancelHandle,
    ) -> Result<Arc<TokenSet>, Error> {
        let ask = self.client.0.confirm_step_up.as_deref();
        let allowed =
            ask.is_none_or(|ask| step_up.as_ref().map_or_else(|| ask(&StepUp::default()), ask));
        // Who is asked may take their time, and the program may cancel meanwhile.
        if cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        if !allowed {
            return Err(Error::UserCancelled);
        }
        let want = Want { interaction: self.interaction, rejected, step_up };
        self.client.0.tokens(want, cancel)
    }
}
