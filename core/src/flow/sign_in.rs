//! Sign-in with the authorization code grant and PKCE: listen, browse, redeem.

use crate::error::{Error, cleaned};
use crate::http::HttpResponse;
use crate::session::{AuthorizationRequest, Completion, Parameter, PkceSession, TokenRequest};
use crate::step::{Event, Listen, Step};
use crate::token::{self, TokenSet};
use crate::uri;

/// What a sign-in needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInConfig {
    /// The authorization server's identifier.
    pub issuer: String,
    /// Where the user is sent.
    pub authorization_endpoint: String,
    /// Where the code is redeemed.
    pub token_endpoint: String,
    /// Whether the server promises `iss` in its answers (RFC 9207 §3).
    pub iss_promised: bool,
    /// The public client's identifier.
    pub client_id: String,
    /// Where the answer arrives.
    pub redirect: RedirectTarget,
    /// The scopes; may be empty.
    pub scopes: Vec<String>,
    /// The resource that the tokens are for (RFC 8707).
    pub resource: Option<String>,
    /// How long the user may take, in milliseconds; from 1 s to 1 h.
    pub browse_timeout_ms: u64,
    /// More parameters of the authorization request; see [`AuthorizationRequest::extra_parameters`].
    pub extra_parameters: Vec<Parameter>,
}

/// Where the redirect arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectTarget {
    /// At the loopback receiver, which the flow asks the driver to open (RFC 8252 §7.3).
    Loopback(Listen),
    /// At a URI that the platform watches: a claimed https link or a private-use scheme.
    Fixed(String),
}

/// The sign-in flow. See [`crate::step`] for how it is driven.
#[derive(Debug)]
pub struct SignIn {
    redirect: RedirectTarget,
    browse_timeout_ms: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    Ready(Box<AuthorizationRequest>),
    Listening(Box<AuthorizationRequest>),
    Browsing(Box<PkceSession>),
    Redeeming(Box<TokenRequest>),
    Done(Option<Box<TokenSet>>),
    Ended,
}

impl State {
    /// The step that waits for an event.
    const fn step(&self) -> &'static str {
        match self {
            Self::Ready(_) => "(none yet)",
            Self::Listening(_) => "Listen",
            Self::Browsing(_) => "Browse",
            Self::Redeeming(_) => "Send",
            Self::Done(_) => "Done",
            Self::Ended => "(ended)",
        }
    }
}

impl SignIn {
    /// Makes the flow; nothing happens until [`Event::Start`].
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] names the field that cannot be used.
    pub fn new(config: SignInConfig) -> Result<Self, Error> {
        check_browse_timeout(config.browse_timeout_ms)?;
        if let RedirectTarget::Loopback(listen) = &config.redirect {
            uri::check_loopback_path(&listen.path)?;
        }
        // What is wrong is said now, not when the user waits. Any port serves for that.
        let request = AuthorizationRequest {
            issuer: config.issuer,
            authorization_endpoint: config.authorization_endpoint,
            token_endpoint: config.token_endpoint,
            iss_promised: config.iss_promised,
            client_id: config.client_id,
            redirect_uri: redirect_uri(&config.redirect, 1),
            scopes: config.scopes,
            resource: config.resource,
            extra_parameters: config.extra_parameters,
        };
        request.check()?;
        let SignInConfig { redirect, browse_timeout_ms, .. } = config;
        Ok(Self { redirect, browse_timeout_ms, state: State::Ready(Box::new(request)) })
    }

    /// Takes what has happened and says what to do next. `now` is in seconds since the epoch.
    ///
    /// # Errors
    /// Every error ends the flow; its secrets are wiped, and every later event is answered by
    /// [`Error::FlowEnded`].
    pub fn advance(&mut self, event: Event, now: u64) -> Result<Step, Error> {
        // A late event, a cancel perhaps, must not lose tokens that nobody has fetched yet.
        if let State::Done(_) = self.state {
            return Err(Error::FlowEnded);
        }
        match core::mem::replace(&mut self.state, State::Ended) {
            State::Done(_) | State::Ended => Err(Error::FlowEnded),
            State::Ready(request) => self.start(request, &event),
            State::Listening(request) => self.listening(*request, event),
            State::Browsing(session) => self.browsing(session, event),
            State::Redeeming(request) => self.redeeming(*request, event, now),
        }
    }

    /// The tokens, once, after [`Step::Done`].
    pub fn outcome(&mut self) -> Option<TokenSet> {
        match &mut self.state {
            State::Done(tokens) => tokens.take().map(|tokens| *tokens),
            _ => None,
        }
    }

    fn start(&mut self, request: Box<AuthorizationRequest>, event: &Event) -> Result<Step, Error> {
        match (event, &self.redirect) {
            (Event::Start, RedirectTarget::Loopback(listen)) => {
                self.state = State::Listening(request);
                Ok(Step::Listen(listen.clone()))
            }
            (Event::Start, RedirectTarget::Fixed(_)) => self.browse(*request),
            (Event::Cancel, _) => Err(Error::Cancelled),
            _ => Err(unexpected(event, State::Ready(request).step())),
        }
    }

    fn listening(
        &mut self,
        mut request: AuthorizationRequest,
        event: Event,
    ) -> Result<Step, Error> {
        let asked = match &self.redirect {
            RedirectTarget::Loopback(listen) => listen.port,
            RedirectTarget::Fixed(_) => 0,
        };
        let port = listening(event, asked)?;
        request.redirect_uri = redirect_uri(&self.redirect, port);
        self.browse(request)
    }

    fn browse(&mut self, request: AuthorizationRequest) -> Result<Step, Error> {
        let redirect_uri = request.redirect_uri.clone();
        // `new` has checked it; what is new is the port at most.
        let session = PkceSession::begin_checked(request)?;
        let url = session.authorization_url();
        self.state = State::Browsing(Box::new(session));
        Ok(Step::Browse { url, redirect_uri, deadline_ms: self.browse_timeout_ms })
    }

    fn browsing(&mut self, session: Box<PkceSession>, event: Event) -> Result<Step, Error> {
        match event {
            Event::Redirect { uri } => match session.complete(&uri) {
                Completion::Accepted(request) => {
                    let step = Step::Send { request: request.http_request(), finish: true };
                    self.state = State::Redeeming(Box::new(request));
                    Ok(step)
                }
                Completion::NotOurs(session, refused) => {
                    self.state = State::Browsing(Box::new(session));
                    Ok(Step::Await { deadline_ms: self.browse_timeout_ms, refused: Some(refused) })
                }
                Completion::Ended(error) => Err(error),
            },
            event => {
                let step = State::Browsing(session).step();
                Err(not_redirected(event, self.browse_timeout_ms, step))
            }
        }
    }

    fn redeeming(&mut self, request: TokenRequest, event: Event, now: u64) -> Result<Step, Error> {
        let tokens = redeemed(event, |response| request.into_tokens(response, now))?;
        self.state = State::Done(Some(Box::new(tokens)));
        Ok(Step::Done)
    }
}

/// How long a user may take.
pub(crate) fn check_browse_timeout(milliseconds: u64) -> Result<(), Error> {
    if (1_000..=3_600_000).contains(&milliseconds) {
        return Ok(());
    }
    Err(Error::InvalidConfiguration {
        field: "browse_timeout_ms",
        reason: "is not between 1000 (one second) and 3600000 (one hour)",
    })
}

/// What `Listen` came to: the port.
pub(crate) fn listening(event: Event, asked: u16) -> Result<u16, Error> {
    match event {
        Event::Listening { port } if port != 0 => Ok(port),
        Event::Failed { code, .. } if code == "port_in_use" => {
            Err(Error::PortInUse { port: asked })
        }
        Event::Failed { code, .. } if code == "loopback_unavailable" => {
            Err(Error::LoopbackUnavailable)
        }
        Event::Failed { detail, .. } => Err(Error::ListenFailed { detail: cleaned(&detail) }),
        Event::Cancel => Err(Error::Cancelled),
        event => Err(unexpected(&event, "Listen")),
    }
}

/// Why `Browse` or `Await` ended without a redirect.
pub(crate) fn not_redirected(event: Event, browse_timeout_ms: u64, step: &'static str) -> Error {
    match event {
        Event::Elapsed => Error::RedirectTimeout { seconds: browse_timeout_ms / 1000 },
        Event::Dismissed => Error::UserCancelled,
        // The receiver, which is waited on here: the browser is not to blame.
        Event::Failed { code, detail } if code == "listen_failed" => {
            Error::ListenFailed { detail: cleaned(&detail) }
        }
        Event::Failed { detail, .. } => Error::BrowserFailed { detail: cleaned(&detail) },
        Event::Cancel => Error::Cancelled,
        event => Error::UnexpectedEvent { event: event.name(), step },
    }
}

/// What the token request came to.
pub(crate) fn redeemed(
    event: Event,
    read: impl FnOnce(&HttpResponse) -> Result<TokenSet, Error>,
) -> Result<TokenSet, Error> {
    match event {
        Event::Response(response) => read(&response),
        Event::Unreachable { reason, detail } => {
            let endpoint = token::ENDPOINT;
            Err(Error::Unreachable { endpoint, reason, detail: cleaned(&detail) })
        }
        Event::Cancel => Err(Error::Cancelled),
        event => Err(Error::UnexpectedEvent { event: event.name(), step: "Send" }),
    }
}

const fn unexpected(event: &Event, step: &'static str) -> Error {
    Error::UnexpectedEvent { event: event.name(), step }
}

/// The redirect URI, with this port where it is on loopback.
fn redirect_uri(target: &RedirectTarget, port: u16) -> String {
    match target {
        RedirectTarget::Fixed(uri) => uri.clone(),
        RedirectTarget::Loopback(listen) => listen.redirect_uri(port),
    }
}
