//! Who the client is at this server (M4): registered beforehand, named by its document, or registered now.

use super::Context;
use super::connect::Server;
use super::exchange::answer;
use super::vault::Kept;
use crate::error::Error;
use crate::flow::sign_in::{RedirectTarget, listening};
use crate::keep::key;
use crate::keep::registration::RegisteredAs;
use crate::keep::signed_in::SignedIn;
use crate::listen::Listen;
use crate::random;
use crate::registration::{ENDPOINT, Registered, Registration};
use crate::step::Step;
use crate::uri;

/// The client's identifier, and where its redirect arrives.
pub(super) struct Client {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    /// The registration, where that is how it came to its identifier.
    pub(super) registered_as: Option<RegisteredAs>,
}

impl Context {
    pub(super) async fn client(&self, server: &Server) -> Result<Client, Error> {
        if let Some(client_id) = self.named_client(server).await? {
            let redirect_uri = self.redirect(None).await?;
            return Ok(Client { client_id, redirect_uri, registered_as: None });
        }
        let (endpoint, name) = self.registration(server).await?;
        let name = &*name;
        let place = key::client(&server.issuer, name);
        let kept = self.vault.load_if_readable(&place, Registered::open).await?;
        // Some servers compare the port too: the one that was registered is tried first.
        let known = kept.filter(|known| self.serves(known, &server.scopes));
        let redirect_uri = self.redirect(known.as_ref()).await?;
        let known = known.filter(|known| known.redirect_uri == redirect_uri);
        let registered_as =
            Some(RegisteredAs { client_name: name.to_owned(), reused: known.is_some() });
        let client_id = match known {
            Some(known) => known.client_id,
            None => {
                let (client_name, scopes) = (name, &server.scopes[..]);
                let redirect_uri = Some(&*redirect_uri);
                let registration = Registration { client_name, redirect_uri, scopes };
                self.register(&place, endpoint, registration).await?
            }
        };
        Ok(Client { client_id, redirect_uri, registered_as })
    }

    /// The identifier that the configuration names, where the server can take it.
    pub(super) async fn named_client(&self, server: &Server) -> Result<Option<String>, Error> {
        let config = &self.config;
        if let (Some(client_id), None, Some(_)) =
            (&config.client_id, &config.issuer, &config.resource)
        {
            self.same_issuer(server, client_id).await?;
        }
        let document = config.client_document.as_ref();
        let named = config.client_id.as_ref();
        Ok(named.or(document.filter(|_| server.takes_client_documents)).cloned())
    }

    /// Where to register, and by which name: that of the configuration, else that of the last sign-in here.
    pub(super) async fn registration<'a>(
        &self,
        server: &'a Server,
    ) -> Result<(&'a str, String), Error> {
        let config = &self.config;
        if let Some(endpoint) = &server.registration_endpoint {
            let name = match config.client_name.clone() {
                None => self.registered_name().await?,
                named => named,
            };
            if let Some(name) = name {
                return Ok((endpoint, name));
            }
        }
        let reason = match (&server.registration_endpoint, &config.client_document) {
            (Some(_), _) => "no client name is configured to register one by",
            (None, Some(_)) => "the server takes neither client documents nor registrations",
            (None, None) if server.takes_client_documents => {
                "the server takes client documents, but none is configured"
            }
            (None, None) => "the server takes no registrations",
        };
        Err(Error::ClientIdNeeded { issuer: server.issuer.clone(), reason })
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

    pub(super) async fn register(
        &self,
        place: &str,
        endpoint: &str,
        registration: Registration<'_>,
    ) -> Result<String, Error> {
        let registered = match self.send_registration(endpoint, registration).await {
            // Some servers take no scope that they do not list for clients. Without the parameter the server
            // chooses what the client may ask for (RFC 7591 §2), and the sign-in shows whether that is enough.
            Err(Error::RegistrationRefused { error, .. })
                if !registration.scopes.is_empty()
                    && matches!(&*error, "invalid_client_metadata" | "invalid_scope") =>
            {
                let without = Registration { scopes: &[], ..registration };
                let registered = self.send_registration(endpoint, without).await?;
                // The scopes that it serves, or the next sign-in would register once more.
                Registered { scopes: registration.scopes.to_vec(), ..registered }
            }
            other => other?,
        };
        let bytes = registered.seal(self.vault.key(), place)?;
        self.vault.put(place, Some(bytes)).await?;
        Ok(registered.client_id)
    }

    async fn send_registration(
        &self,
        endpoint: &str,
        registration: Registration<'_>,
    ) -> Result<Registered, Error> {
        let request = registration.request(endpoint);
        // Run to its end: a registration that nobody kept would stay at the server for ever.
        let event = self.io.perform(Step::Send { request, finish: true }).await;
        registration.registered(&answer(event, ENDPOINT)?)
    }

    /// Forgets the registration of a sign-in where its end says that the server does not know the client, or
    /// may mean it: such a server shows its error to the user and redirects nobody (RFC 6749 §4.1.2.1), so the
    /// wait runs out or the user closes the browser. One that was made a moment ago is known; and to forget
    /// one in vain costs a registration. The caller's cancel says nothing.
    pub(super) async fn doubt_registration(
        &self,
        end: &Error,
        issuer: &str,
        client_id: &str,
        registered_as: Option<&RegisteredAs>,
    ) -> Result<(), Error> {
        let Some(RegisteredAs { client_name, reused }) = registered_as else {
            return Ok(());
        };
        let doubtful = match end {
            Error::ClientRefused { .. } => true,
            Error::RedirectTimeout { .. } | Error::UserCancelled => *reused,
            _ => false,
        };
        if doubtful {
            self.forget_registration(issuer, client_name, client_id).await?;
        }
        Ok(())
    }

    /// The server does not know the client any more: the next sign-in registers it anew. A store that fails
    /// is no error: where the registration stays, the next sign-in comes here again.
    pub(super) async fn forget_registration(
        &self,
        issuer: &str,
        name: &str,
        client_id: &str,
    ) -> Result<(), Error> {
        let place = key::client(issuer, name);
        let kept = self.vault.load(&place, Registered::open).await;
        let forgotten = match kept {
            // Another program may have registered anew meanwhile.
            Ok(Kept { revision, value: Some(known) }) if known.client_id == client_id => {
                self.vault.swap(&place, revision, None).await
            }
            Ok(_) => Ok(false),
            Err(error) => Err(error),
        };
        match forgotten {
            Err(end @ (Error::UnexpectedEvent { .. } | Error::Cancelled)) => Err(end),
            _ => Ok(()),
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
