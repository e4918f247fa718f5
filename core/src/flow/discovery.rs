//! Discovery: from an issuer, or from a resource and its 401, to both documents (RFC 8414, OpenID Connect
//! Discovery, RFC 9728).
//!
//! The flow ends with what it found. Nothing has been opened and no one trusted: the caller shows
//! [`Provider::issuer_host`] before it begins a sign-in.

use super::fetch::{Fetch, Fetched};
use super::sign_in::{RedirectTarget, SignInConfig};
use crate::error::Error;
use crate::metadata::{ProtectedResource, Provider, provider, reach, resource, well_known};
use crate::step::{Event, Step};
use crate::uri;
use crate::www_authenticate::Challenges;

/// What discovery starts from: an issuer, a resource, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiscoveryConfig {
    /// The issuer, where it is known. With a resource that names its issuers, it must be one of them.
    pub issuer: Option<String>,
    /// The protected resource, where there is one.
    pub resource: Option<String>,
    /// The `WWW-Authenticate` fields of the resource's 401, where there was one (RFC 9728 §5).
    pub www_authenticate: Vec<String>,
    /// The issuers that may leave S256 out of their metadata: an exception that is made by name, because
    /// their metadata is known to be wrong (M3). Compared as strings.
    pub allow_missing_s256: Vec<String>,
}

/// What discovery found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovered {
    /// The authorization server.
    pub provider: Provider,
    /// The protected resource, where discovery started from one.
    pub resource: Option<ProtectedResource>,
    /// The scopes to ask for: those of the 401, else those that the resource lists, else none (M7).
    pub scopes: Vec<String>,
}

impl Discovered {
    /// A sign-in for what was found: with these scopes and for this resource; all fields can be changed.
    #[must_use]
    pub fn sign_in(&self, client_id: impl Into<String>, redirect: RedirectTarget) -> SignInConfig {
        SignInConfig {
            scopes: self.scopes.clone(),
            resource: self.resource.as_ref().map(|found| found.resource.clone()),
            ..self.provider.sign_in(client_id, redirect)
        }
    }
}

/// The discovery flow. See [`crate::step`] for how it is driven: its only step but `Done` is `Send`.
#[derive(Debug)]
pub struct Discovery {
    config: DiscoveryConfig,
    /// The scopes of the 401.
    demanded: Option<Vec<String>>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// The well-known addresses of what the flow starts from.
    Ready(Vec<String>),
    Resource(Fetch),
    Issuer {
        fetch: Fetch,
        issuer: String,
        resource: Option<Box<ProtectedResource>>,
    },
    Done(Option<Box<Discovered>>),
    Ended,
}

impl Discovery {
    /// Makes the flow; nothing happens until [`Event::Start`].
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] names the field that cannot be used.
    pub fn new(config: DiscoveryConfig) -> Result<Self, Error> {
        let servers = config.issuer.as_deref().map(well_known::authorization_server_urls);
        let servers = servers.transpose()?;
        for issuer in &config.allow_missing_s256 {
            let field = "allow_missing_s256";
            let reason = "has an entry that is no issuer: an https URL without query";
            uri::check_issuer(issuer).map_err(|_| Error::InvalidConfiguration { field, reason })?;
        }
        let urls = match (&config.resource, servers) {
            (Some(resource), _) => well_known::protected_resource_urls(resource)?,
            (None, Some(urls)) => urls,
            (None, None) => {
                return Err(Error::InvalidConfiguration {
                    field: "issuer",
                    reason: "is missing, and so is resource; expected one of them",
                });
            }
        };
        Ok(Self { config, demanded: None, state: State::Ready(urls) })
    }

    /// Takes what has happened and says what to do next. `now` is in seconds since the epoch.
    ///
    /// # Errors
    /// Every error ends the flow, and every later event is answered by [`Error::FlowEnded`].
    pub fn advance(&mut self, event: Event, now: u64) -> Result<Step, Error> {
        // A late event must not lose what nobody has fetched yet.
        if let State::Done(_) = self.state {
            return Err(Error::FlowEnded);
        }
        match core::mem::replace(&mut self.state, State::Ended) {
            State::Done(_) | State::Ended => Err(Error::FlowEnded),
            State::Ready(urls) => self.start(&event, urls),
            State::Resource(fetch) => self.resource(fetch, event, now),
            State::Issuer { fetch, issuer, resource } => {
                self.issuer(fetch, issuer, resource, event, now)
            }
        }
    }

    /// What was found, once, after [`Step::Done`].
    pub fn outcome(&mut self) -> Option<Discovered> {
        match &mut self.state {
            State::Done(found) => found.take().map(|found| *found),
            _ => None,
        }
    }

    fn start(&mut self, event: &Event, urls: Vec<String>) -> Result<Step, Error> {
        match event {
            Event::Start => {}
            Event::Cancel => return Err(Error::Cancelled),
            event => {
                return Err(Error::UnexpectedEvent { event: event.name(), step: "(none yet)" });
            }
        }
        if let Some(resource) = &self.config.resource {
            let (named, demanded) = challenged(resource, &self.config.www_authenticate)?;
            self.demanded = demanded;
            let urls = named.into_iter().chain(urls).collect();
            let mut fetch = Fetch::new(resource::NAME, urls);
            let step = fetch.next()?;
            self.state = State::Resource(fetch);
            return Ok(step);
        }
        let issuer = self.config.issuer.clone().unwrap_or_default();
        self.ask_issuer(issuer, None, urls)
    }

    fn ask_issuer(
        &mut self,
        issuer: String,
        resource: Option<Box<ProtectedResource>>,
        urls: Vec<String>,
    ) -> Result<Step, Error> {
        let mut fetch = Fetch::new(provider::NAME, urls);
        let step = fetch.next()?;
        self.state = State::Issuer { fetch, issuer, resource };
        Ok(step)
    }

    fn resource(&mut self, mut fetch: Fetch, event: Event, now: u64) -> Result<Step, Error> {
        let asked = self.config.resource.as_deref().unwrap_or_default();
        let read = |body: &[u8], url: &str| {
            let found = ProtectedResource::read(asked, body, url, now)?;
            let issuer = found.issuer(self.config.issuer.as_deref())?;
            Ok((Box::new(found), issuer))
        };
        match fetch.answer(event, read)? {
            Fetched::Next(step) => {
                self.state = State::Resource(fetch);
                Ok(step)
            }
            Fetched::Document((found, issuer)) => {
                let urls = well_known::authorization_server_urls(&issuer)?;
                self.ask_issuer(issuer, Some(found), urls)
            }
        }
    }

    fn issuer(
        &mut self,
        mut fetch: Fetch,
        issuer: String,
        resource: Option<Box<ProtectedResource>>,
        event: Event,
        now: u64,
    ) -> Result<Step, Error> {
        let excepted = self.config.allow_missing_s256.contains(&issuer);
        let read = |body: &[u8], url: &str| {
            Provider::read(&issuer, body, excepted, url, now).map(Box::new)
        };
        match fetch.answer(event, read)? {
            Fetched::Next(step) => {
                self.state = State::Issuer { fetch, issuer, resource };
                Ok(step)
            }
            Fetched::Document(provider) => {
                let resource = resource.map(|found| *found);
                let listed = || resource.as_ref().map(ProtectedResource::scopes_to_ask_for);
                let scopes = self.demanded.take().or_else(listed).unwrap_or_default();
                let found = Discovered { provider: *provider, resource, scopes };
                self.state = State::Done(Some(Box::new(found)));
                Ok(Step::Done)
            }
        }
    }
}

/// What the 401 says: where the metadata is, and which scopes are wanted. The address may lie no
/// nearer to this machine than the resource does.
fn challenged(
    resource: &str,
    fields: &[String],
) -> Result<(Option<String>, Option<Vec<String>>), Error> {
    let Some(demand) = Challenges::parse(fields.iter().map(String::as_str)).demand() else {
        return Ok((None, None));
    };
    if let Some(url) = &demand.resource_metadata {
        reach::check(url, reach::of(resource)).map_err(|reason| Error::InvalidMetadata {
            document: "the challenge of the protected resource",
            member: "resource_metadata",
            reason,
        })?;
    }
    Ok((demand.resource_metadata, demand.scopes))
}
