//! Who the client is where the user signs in on another device: the same ways (M4), and no redirect.

use super::Context;
use super::client::Client;
use super::connect::Server;
use crate::error::Error;
use crate::keep::key;
use crate::registration::{Registered, Registration};

impl Context {
    pub(super) async fn device_client(&self, server: &Server) -> Result<Client, Error> {
        let client = |client_id, registered_as| {
            Ok(Client { client_id, redirect_uri: String::new(), registered_as })
        };
        if let Some(client_id) = self.named_client(server).await? {
            return client(client_id, None);
        }
        let (endpoint, name) = self.registration(server)?;
        // Beside that of the sign-ins with a browser: it has other grants, and no redirect URI.
        let place = key::device_client(&server.issuer, name);
        let kept = self.vault.load_if_readable(&place, Registered::open).await?;
        let serves =
            |known: &Registered| server.scopes.iter().all(|scope| known.scopes.contains(scope));
        let client_id = match kept.filter(serves) {
            Some(known) => known.client_id,
            None => {
                let registration = Registration {
                    client_name: name,
                    redirect_uri: None,
                    scopes: &server.scopes,
                };
                self.register(&place, endpoint, registration).await?
            }
        };
        client(client_id, Some(name.to_owned()))
    }
}
