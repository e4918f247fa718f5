//! The sign-in on another device (RFC 8628): the code is shown here, and entered where there is a browser.

use super::connect::Server;
use super::exchange::answer;
use super::identity::Asked;
use super::{AccessOutcome, Context};
use crate::device::{self, DeviceAuthorization, Undecided};
use crate::error::{Error, cleaned};
use crate::flow::coroutine::unexpected;
use crate::form::FormWriter;
use crate::http::{HttpRequest, Lost};
use crate::keep::pending::Known;
use crate::possession::Binding;
use crate::step::{Event, Step};
use crate::token::{self, TokenSet};

/// How long one token request may take, in milliseconds. It is run to its end, so it must have one.
const TIMEOUT_MS: u64 = 30_000;

/// A server that names no pause gets one all the same, in milliseconds.
const LEAST_PAUSE_MS: u64 = 250;

/// RFC 8628 §3.5: what `slow_down` adds, in milliseconds.
const SLOWER_MS: u64 = 5_000;

impl Context {
    pub(super) async fn sign_in_by_device(&self) -> Result<AccessOutcome, Error> {
        let server = self.connect().await?;
        let unsupported = Error::DeviceUnsupported { issuer: server.issuer.clone() };
        let endpoint = server.device_endpoint.as_ref().ok_or(unsupported)?;
        let client = self.device_client(&server).await?;
        let binding = self.binding(&server).await?;
        let polled = self.by_device(&server, endpoint, &client.client_id, binding.as_ref()).await;
        let mut tokens = match polled {
            Err(error) => {
                self.doubt_device_client(&error, &client).await?;
                return Err(error);
            }
            Ok(tokens) => tokens,
        };
        let asked = Asked {
            wanted: server.scopes.iter().any(|scope| scope == "openid"),
            jwks_uri: server.jwks_uri.as_deref(),
            // The request has none: nothing of it passed through a browser.
            nonce: None,
            max_age: None,
        };
        let identified = self.identify(&mut tokens, asked).await;
        let known = Known {
            revocation_endpoint: server.revocation_endpoint,
            jwks_uri: server.jwks_uri,
            end_session_endpoint: server.end_session_endpoint,
            max_age: None,
            binding,
            // A refresh that is refused for the client's sake would not find this registration.
            registered_as: None,
        };
        let outcome = self.receive(tokens, server.token_endpoint, known, identified).await?;
        Ok(AccessOutcome { discovered: server.discovered, ..outcome })
    }

    async fn by_device(
        &self,
        server: &Server,
        endpoint: &str,
        client_id: &str,
        binding: Option<&Binding>,
    ) -> Result<TokenSet, Error> {
        let code = self.device_code(server, endpoint, client_id).await?;
        self.poll(server, client_id, binding, code).await
    }

    async fn device_code(
        &self,
        server: &Server,
        endpoint: &str,
        client_id: &str,
    ) -> Result<DeviceAuthorization, Error> {
        let request =
            device::request(endpoint, client_id, &server.scopes, server.resource.as_deref());
        let event = self.io.perform(Step::Send { request, finish: false }).await;
        device::read(&answer(event, device::ENDPOINT)?, &server.issuer)
    }

    /// Asks for the tokens at the server's pace, until the user has decided or the code has expired. The
    /// time is that of the waits, which the driver measures; the clock may be set meanwhile.
    async fn poll(
        &self,
        server: &Server,
        client_id: &str,
        binding: Option<&Binding>,
        code: DeviceAuthorization,
    ) -> Result<TokenSet, Error> {
        let DeviceAuthorization { device_code, shown, interval_s } = code;
        let mut left_ms = shown.expires_in_s * 1000;
        let mut pause_ms = (interval_s * 1000).max(LEAST_PAUSE_MS);
        let mut step = Step::ShowCode { code: shown, poll_ms: pause_ms };
        loop {
            let name = step.name();
            match self.io.perform(step).await {
                Event::Elapsed => {}
                Event::Dismissed => return Err(Error::UserCancelled),
                Event::Cancel => return Err(Error::Cancelled),
                event => return Err(unexpected(&event, name)),
            }
            left_ms = left_ms.saturating_sub(pause_ms);
            let make = || {
                let mut body = FormWriter::body();
                body.pair("grant_type", device::GRANT_TYPE)
                    .pair("device_code", device_code.expose())
                    .pair("client_id", client_id)
                    .pair_if("resource", server.resource.as_deref());
                HttpRequest::form_post(&server.token_endpoint, body.finish(), TIMEOUT_MS)
            };
            match self.exchange(binding, true, make).await? {
                Event::Response(response) => {
                    let asked = token::Asked {
                        issuer: &server.issuer,
                        client_id,
                        resource: server.resource.as_deref(),
                        scopes: &server.scopes,
                        dpop: binding.is_some(),
                    };
                    let secrets = [device_code.expose()];
                    match token::read(&response, asked, self.io.now(), &secrets) {
                        Ok(tokens) => return Ok(tokens),
                        Err(error) => match device::undecided(&error) {
                            Some(Undecided::Pending) => {}
                            Some(Undecided::SlowDown) => pause_ms += SLOWER_MS,
                            Some(Undecided::Expired) => return Err(Error::DeviceCodeExpired),
                            // RFC 8628 §3.5: a server that cannot answer is asked less often.
                            None if matches!(error, Error::ServerUnavailable { .. }) => {
                                pause_ms += pause_ms;
                            }
                            None => return Err(error),
                        },
                    }
                }
                // The same would come again. Any other loss is asked for once more (RFC 8628 §3.5).
                Event::Unreachable { reason: Lost::TooLarge, detail } => {
                    let (endpoint, reason) = (token::ENDPOINT, Lost::TooLarge);
                    return Err(Error::Unreachable { endpoint, reason, detail: cleaned(&detail) });
                }
                Event::Unreachable { .. } => pause_ms += pause_ms,
                Event::Cancel => return Err(Error::Cancelled),
                event => return Err(unexpected(&event, "Send")),
            }
            if left_ms < pause_ms {
                return Err(Error::DeviceCodeExpired);
            }
            step = Step::Wait { millis: pause_ms };
        }
    }
}
