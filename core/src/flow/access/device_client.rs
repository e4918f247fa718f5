//! Who the client is where the user signs in on another device: the same ways (M4), and no redirect.

use super::Context;
use super::connect::Server;
use crate::error::Error;
use crate::keep::key;
use crate::registration::{Registered, Registration};

/// The client's identifier, and where its registration is kept, if it has one.
pub(super) struct DeviceClient {
    pub(super) client_id: String,
    pub(super) place: Option<String>,
}

impl Context {
    pub(super) async fn device_client(&self, server: &Server) -> Result<DeviceClient, Error> {
        if let Some(client_id) = self.named_client(server).await? {
            return Ok(DeviceClient { client_id, place: None });
        }
        let (endpoint, client_name) = self.registration(server).await?;
        let client_name = &*client_name;
        // Beside that of the sign-ins with a browser: it has another grant, and no redirect URI.
        let place = key::device_client(&server.issuer, client_name);
        let kept = self.vault.load_if_readable(&place, Registered::open).await?;
        let scopes = &server.scopes[..];
        let serves = |known: &Registered| scopes.iter().all(|scope| known.scopes.contains(scope));
        let client_id = match kept.filter(serves) {
            Some(known) => known.client_id,
            None => {
                let registration = Registration { client_name, redirect_uri: None, scopes };
                self.register(&place, endpoint, registration).await?
            }
        };
        Ok(DeviceClient { client_id, place: Some(place) })
    }

    /// The server does not accept the client: where it was registered here, the next sign-in registers anew.
    pub(super) async fn doubt_device_client(
        &self,
        end: &Error,
        client: &DeviceClient,
    ) -> Result<(), Error> {
        if let (Error::ClientRefused { .. }, Some(place)) = (end, &client.place) {
            // Where it stays, the next sign-in comes here again.
            let forgotten = self.vault.put(place, None).await;
            if let Err(end @ (Error::UnexpectedEvent { .. } | Error::Cancelled)) = forgotten {
                return Err(end);
            }
        }
        Ok(())
    }
}
