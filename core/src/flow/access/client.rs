//! Who the client is at this server (M4): registered beforehand, named by its document, or registered now.

use super::Context;
use super::connect::Server;
use super::vault::Kept;
use crate::error::{Error, cleaned};
use crate::flow::coroutine::unexpected;
use crate::flow::sign_in::{RedirectTarget, listening};
use crate::keep::key;
use crate::keep::signed_in::SignedIn;
use crate::listen::Listen;
use crate::random;
use crate::registration::{ENDPOINT, Registered, Registration};
use crate::step::{Event, Step};
use crate::uri;

/// The client's identifier, and where its redirect arrives.
pub(super) struct Client {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    /// The name that it was registered by, where that is how it came to its identifier.
    pub(super) registered_as: Option<String>,
}

impl Context {
    pub(super) async fn client(&self, server: &Server) -> Result<Client, Error> {
        let config = &self.config;
        let named = match (&config.client_id, &config.client_document) {
            (Some(client_id), _) => Some(client_id),
            (None, Some(url)) if server.takes_client_documents => Some(url),
            _ => None,
        };
        if let (Some(client_id), None, Some(_)) =
            (&config.client_id, &config.issuer, &config.resource)
        {
            self.same_issuer(server, client_id).await?;
        }
        if let Some(client_id) = named {
            let (client_id, redirect_uri) = (client_id.clone(), self.redirect(None).await?);
            return Ok(Client { client_id, redirect_uri, registered_as: None });
        }
        let (Some(endpoint), Some(name)) = (&server.registration_endpoint, &config.client_name)
        else {
            let reason = match (&server.registration_endpoint, &config.client_document) {
                (Some(_), _) => "no client name is configured to register one by",
                (None, Some(_)) => "the server takes neither client documents nor registrations",
                (None, None) if server.takes_client_documents => {
                    "the server takes client documents, but none is configured"
                }
                (None, None) => "the server takes no registrations",
            };
            return Err(Error::ClientIdNeeded { issuer: server.issuer.clone(), reason });
        };
        let place = key::client(&server.issuer, name);
        let kept = self.vault.load_if_readable(&place, Registered::open).await?;
        // Some servers compare the port too: the one that was registered is tried first.
        let known = kept.filter(|known| self.serves(known, &server.scopes));
        let redirect_uri = self.redirect(known.as_ref()).await?;
        let client_id = match known.filter(|known| known.redirect_uri == redirect_uri) {
            Some(known) => known.client_id,
            None => self.register(&place, endpoint, name, &redirect_uri, server).await?,
        };
        Ok(Client { client_id, redirect_uri, registered_as: Some(name.clone()) })
    }

    /// A resource that names another issuer than before is not followed with an identifier that the one
    /// before gave (M4): only the user can know whether it means anything there.
    async fn same_issuer(&self, server: &Server, client_id: &str) -> Result<(), Error> {
        let place = key::signed_in(&self.config.target(), Some(client_id));
        let known = self.vault.load_if_readable(&place, SignedIn::open).await?;
        match known.filter(|known| known.issuer != server.issuer) {
            None => Ok(()),
            Some(known) => {
                Err(Error::IssuerChanged { known: known.issuer, found: server.issuer.clone() })
            }
        }
    }

    /// Whether a registration is one for this redirect, its port aside, and for these scopes.
    fn serves(&self, known: &Registered, scopes: &[String]) -> bool {
        let redirect = match &self.config.redirect {
            RedirectTarget::Fixed(uri) => known.redirect_uri == *uri,
            RedirectTarget::Loopback(listen) => port_of(&known.redirect_uri).is_some_and(|port| {
                listen.redirect_uri(port) == known.redirect_uri && [0, port].contains(&listen.port)
            }),
        };
        redirect && scopes.iter().all(|scope| known.scopes.contains(scope))
    }

    /// The redirect URI; where it is on loopback, the receiver listens from here on.
    async fn redirect(&self, known: Option<&Registered>) -> Result<String, Error> {
        let listen = match &self.config.redirect {
            RedirectTarget::Fixed(uri) => return Ok(uri.clone()),
            RedirectTarget::Loopback(listen) => listen,
        };
        let registered = known.and_then(|known| port_of(&known.redirect_uri));
        let port = match registered {
            Some(port) => port,
            None => listen.port,
        };
        if self.config.paste {
            let port = if port == 0 { unlikely_port()? } else { port };
            return Ok(listen.redirect_uri(port));
        }
        let first = self.listen(Listen { port, ..listen.clone() }).await;
        let bound = match first {
            // The registered port is only preferred: with another one the client is registered anew.
            Err(Error::PortInUse { .. }) if registered.is_some() && listen.port == 0 => {
                self.listen(listen.clone()).await?
            }
            other => other?,
        };
        Ok(listen.redirect_uri(bound))
    }

    pub(super) async fn listen(&self, listen: Listen) -> Result<u16, Error> {
        let asked = listen.port;
        listening(self.io.perform(Step::Listen(listen)).await, asked)
    }

    async fn register(
        &self,
        place: &str,
        endpoint: &str,
        client_name: &str,
        redirect_uri: &str,
        server: &Server,
    ) -> Result<String, Error> {
        let registration = Registration { client_name, redirect_uri, scopes: &server.scopes };
        let request = registration.request(endpoint);
        // Run to its end: a registration that nobody kept would stay at the server for ever.
        let registered = match self.io.perform(Step::Send { request, finish: true }).await {
            Event::Response(response) => registration.registered(&response)?,
            Event::Unreachable { reason, detail } => {
                let endpoint = ENDPOINT;
                return Err(Error::Unreachable { endpoint, reason, detail: cleaned(&detail) });
            }
            Event::Cancel => return Err(Error::Cancelled),
            event => return Err(unexpected(&event, "Send")),
        };
        let bytes = registered.seal(self.vault.key(), place)?;
        self.vault.put(place, Some(bytes)).await?;
        Ok(registered.client_id)
    }

    /// The server does not know the client any more: the next sign-in registers it anew.
    pub(super) async fn forget_registration(&self, issuer: &str, name: &str, client_id: &str) {
        let place = key::client(issuer, name);
        if let Ok(Kept { revision, value: Some(known) }) =
            self.vault.load(&place, Registered::open).await
            && known.client_id == client_id
        {
            // Where it stays, the next sign-in comes here again.
            let _ = self.vault.swap(&place, revision, None).await;
        }
    }
}

/// The port of a redirect URI on loopback.
pub(super) fn port_of(redirect_uri: &str) -> Option<u16> {
    let uri = uri::parts(redirect_uri).ok()?;
    uri::loopback(uri.host)?;
    uri.port?.parse().ok()
}

/// A port of the dynamic range (RFC 6335 §6) that nobody can know beforehand: nothing listens there.
fn unlikely_port() -> Result<u16, Error> {
    let [high, low] = *random::bytes::<2>()?;
    Ok(49_152 | u16::from_be_bytes([high, low]))
}
