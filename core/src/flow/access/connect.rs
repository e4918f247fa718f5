//! From the address to the authorization server: discovered, and trusted by the caller.

use super::Context;
use crate::error::Error;
use crate::flow::coroutine::unexpected;
use crate::flow::discovery::{Discovered, Discovery, DiscoveryConfig};
use crate::metadata::{Feature, ProtectedResource, Provider, Support, resource};
use crate::step::{Event, Step};
use crate::uri;

/// How long a server's metadata is believed without asking again, in seconds.
const METADATA_AGE_S: u64 = 3600;

/// The authorization server of this sign-in, as far as it matters here.
pub(super) struct Server {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) revocation_endpoint: Option<String>,
    pub(super) registration_endpoint: Option<String>,
    pub(super) takes_client_documents: bool,
    pub(super) iss_promised: bool,
    pub(super) pushed_endpoint: Option<String>,
    pub(super) pushing_required: bool,
    pub(super) device_endpoint: Option<String>,
    pub(super) jwks_uri: Option<String>,
    pub(super) end_session_endpoint: Option<String>,
    /// Whether tokens can be bound to a key; none where nobody says.
    pub(super) dpop_offered: Option<bool>,
    /// The scopes to ask for.
    pub(super) scopes: Vec<String>,
    /// Whether `offline_access` is among them although nobody but ProofKey asked for it.
    pub(super) offline_added: bool,
    pub(super) resource: Option<String>,
    pub(super) discovered: Option<Box<Discovered>>,
}

const OFFLINE_ACCESS: &str = "offline_access";

impl Context {
    pub(super) async fn connect(&self) -> Result<Server, Error> {
        let config = &self.config;
        if let (Some(endpoints), Some(issuer)) = (&config.endpoints, &config.issuer) {
            return Ok(Server {
                issuer: issuer.clone(),
                authorization_endpoint: endpoints.authorization_endpoint.clone(),
                token_endpoint: endpoints.token_endpoint.clone(),
                revocation_endpoint: endpoints.revocation_endpoint.clone(),
                registration_endpoint: None,
                takes_client_documents: false,
                iss_promised: endpoints.iss_promised,
                pushed_endpoint: endpoints.pushed_authorization_request_endpoint.clone(),
                pushing_required: false,
                device_endpoint: endpoints.device_authorization_endpoint.clone(),
                jwks_uri: endpoints.jwks_uri.clone(),
                end_session_endpoint: endpoints.end_session_endpoint.clone(),
                dpop_offered: None,
                scopes: self.below_ceiling(self.demanded_or(config.scopes.clone()))?,
                offline_added: false,
                resource: config.resource.clone(),
                discovered: None,
            });
        }
        let found = match config.known.clone().filter(|found| self.still_holds(found)) {
            Some(found) => found,
            None => Box::new(self.discover().await?),
        };
        let (scopes, offline_added) = self.scopes(&found);
        let scopes = self.below_ceiling(self.demanded_or(scopes))?;
        self.confirm(&found).await?;
        let provider = &found.provider;
        Ok(Server {
            issuer: provider.issuer.clone(),
            authorization_endpoint: provider.authorization_endpoint.clone(),
            token_endpoint: provider.token_endpoint.clone(),
            revocation_endpoint: provider.revocation_endpoint.clone(),
            registration_endpoint: provider.registration_endpoint.clone(),
            takes_client_documents: provider.client_id_metadata_document_supported,
            iss_promised: provider.iss_promised,
            pushed_endpoint: provider.pushed_authorization_request_endpoint.clone(),
            pushing_required: provider.require_pushed_authorization_requests,
            device_endpoint: provider.device_authorization_endpoint.clone(),
            jwks_uri: provider.jwks_uri.clone(),
            end_session_endpoint: provider.end_session_endpoint.clone(),
            dpop_offered: Some(offers(provider, Feature::Dpop)),
            scopes,
            offline_added,
            resource: config.resource.clone(),
            discovered: Some(found),
        })
    }

    /// Whether what was discovered before is still fresh and about this very address.
    fn still_holds(&self, found: &Discovered) -> bool {
        let now = self.io.now();
        let config = &self.config;
        let of = found.resource.as_ref().map(|resource| &resource.resource);
        // A 401 may name other scopes and another document than the last one.
        config.www_authenticate.is_empty()
            && of == config.resource.as_ref()
            && config.issuer.as_ref().is_none_or(|issuer| *issuer == found.provider.issuer)
            && found.provider.is_fresh(now, METADATA_AGE_S)
            && found.resource.as_ref().is_none_or(|resource| resource.is_fresh(now, METADATA_AGE_S))
    }

    /// What a resource demands more than the last sign-in asked for is asked for with it (M7).
    fn demanded_or(&self, scopes: Vec<String>) -> Vec<String> {
        match &self.config.step_up {
            Some(demand) if !demand.scopes.is_empty() => demand.scopes.clone(),
            _ => scopes,
        }
    }

    async fn discover(&self) -> Result<Discovered, Error> {
        let config = self.config.discovery();
        let found = self.run_discovery(config.clone()).await;
        match found {
            // Who names both says that they belong together: a resource need not describe itself then.
            Err(Error::MetadataNotFound { document: resource::NAME, .. })
                if config.issuer.is_some() =>
            {
                self.run_discovery(DiscoveryConfig { resource: None, ..config }).await
            }
            other => other,
        }
    }

    async fn run_discovery(&self, config: DiscoveryConfig) -> Result<Discovered, Error> {
        let mut discovery = Discovery::new(config)?;
        let mut event = Event::Start;
        loop {
            match discovery.advance(event, self.io.now())? {
                Step::Done => return discovery.outcome().ok_or(Error::FlowEnded),
                step => event = self.io.perform(step).await,
            }
        }
    }

    /// Only where the resource named the issuer: what the user typed needs no second word.
    async fn confirm(&self, found: &Discovered) -> Result<(), Error> {
        let Some(ProtectedResource { resource, .. }) = &found.resource else {
            return Ok(());
        };
        if self.config.issuer.is_some() {
            return Ok(());
        }
        let host = |url| uri::parts(url).ok().and_then(|uri| uri.authority).unwrap_or_default();
        let issuer_host = found.provider.issuer_host().to_owned();
        let resource_host = host(resource).to_owned();
        let refused = Error::IssuerRefused { host: issuer_host.clone() };
        match self.io.perform(Step::Confirm { issuer_host, resource_host }).await {
            Event::Allowed => Ok(()),
            Event::Refused => Err(refused),
            Event::Cancel => Err(Error::Cancelled),
            event => Err(unexpected(&event, "Confirm")),
        }
    }

    /// What the caller names and nothing more; else what the resource demands or lists (M7). There
    /// `offline_access`, without which some servers give no refresh token, comes and goes with the server's
    /// own list; whether it came is told.
    fn scopes(&self, found: &Discovered) -> (Vec<String>, bool) {
        if !self.config.scopes.is_empty() {
            return (self.config.scopes.clone(), false);
        }
        let mut scopes = found.scopes.clone();
        scopes.retain(|scope| scope != OFFLINE_ACCESS);
        let listed = found.provider.lists_scope(OFFLINE_ACCESS) && self.may_ask(OFFLINE_ACCESS);
        if listed {
            scopes.push(OFFLINE_ACCESS.to_owned());
        }
        (scopes, listed)
    }
}

fn offers(provider: &Provider, feature: Feature) -> bool {
    matches!(provider.capability(feature).support, Support::Supported | Support::Required)
}
