//! The authorization request, pushed to the server where it must be (RFC 9126), else in the URL.

use super::Context;
use super::connect::Server;
use crate::error::{Error, cleaned};
use crate::flow::coroutine::unexpected;
use crate::possession::Binding;
use crate::pushed;
use crate::session::PkceSession;
use crate::step::Event;

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
        let response = match self.exchange(binding, false, make).await? {
            Event::Response(response) => response,
            Event::Unreachable { reason, detail } => {
                let endpoint = pushed::ENDPOINT;
                return Err(Error::Unreachable { endpoint, reason, detail: cleaned(&detail) });
            }
            Event::Cancel => return Err(Error::Cancelled),
            event => return Err(unexpected(&event, "Send")),
        };
        let request_uri = pushed::read(&response)?;
        let pinned = session.pinned();
        Ok(pushed::url(&pinned.authorization_endpoint, &pinned.client_id, &request_uri))
    }
}
