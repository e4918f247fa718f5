//! The authorization request, pushed to the server where it must be (RFC 9126), else in the URL.

use super::Context;
use super::connect::Server;
use super::exchange::answer;
use crate::error::Error;
use crate::possession::Binding;
use crate::pushed;
use crate::session::PkceSession;

impl Context {
    /// The URL for the browser.
    pub(super) async fn url(
        &self,
        server: &Server,
        session: &PkceSession,
        binding: Option<&Binding>,
    ) -> Result<String, Error> {
        let jkt = binding.map(Binding::thumbprint);
        let wanted = server.pushing_required || self.config.push;
        let Some(endpoint) = server.pushed_endpoint.as_ref().filter(|_| wanted) else {
            return Ok(session.url(jkt.as_deref()));
        };
        let make = || session.pushed(endpoint, jkt.as_deref());
        let response = answer(self.exchange(binding, false, make).await?, pushed::ENDPOINT)?;
        let request_uri = pushed::read(&response)?;
        let pinned = session.pinned();
        Ok(pushed::url(&pinned.authorization_endpoint, &pinned.client_id, &request_uri))
    }
}
