//! One exchange with an endpoint that takes proofs of possession (RFC 9449 §5, §10.1).

use super::Context;
use crate::dpop::Proof;
use crate::error::{Error, cleaned};
use crate::flow::coroutine::unexpected;
use crate::http::{Header, HttpRequest, HttpResponse};
use crate::json;
use crate::possession::{ALG, Binding, FIELD, Prepared, nonce};
use crate::step::{Event, Step};

impl Context {
    /// Sends what `make` makes, with a proof where the tokens are bound to a key. Where the server wants
    /// another nonce in the proof it has done nothing yet, and is asked once more (RFC 9449 §8).
    pub(super) async fn exchange(
        &self,
        binding: Option<&Binding>,
        finish: bool,
        make: impl Fn() -> HttpRequest + Send + Sync,
    ) -> Result<Event, Error> {
        let mut again = binding.is_some();
        loop {
            let mut request = make();
            let url = request.url.clone();
            if let Some(binding) = binding {
                let proof = self.proof(binding, &request).await?;
                request.headers.push(Header::new(FIELD, proof));
            }
            let event = self.io.perform(Step::Send { request, finish }).await;
            let Event::Response(response) = &event else {
                return Ok(event);
            };
            let heard = match nonce(&response.headers) {
                Some(nonce) if binding.is_some() => self.nonces.heard(&url, nonce),
                _ => false,
            };
            if !(heard && core::mem::take(&mut again) && wants_nonce(response)) {
                return Ok(event);
            }
        }
    }

    async fn proof(&self, binding: &Binding, request: &HttpRequest) -> Result<String, Error> {
        let nonce = self.nonces.of(&request.url);
        let proof = Proof {
            method: request.method.as_str(),
            url: &request.url,
            nonce: nonce.as_deref(),
            access_token: None,
            issued_at: self.io.now(),
        };
        let (key_id, input) = match binding.prepare(&proof)? {
            Prepared::Proof(proof) => return Ok(proof),
            Prepared::Sign { key_id, input } => (key_id, input),
        };
        let step = Step::Sign { key_id, alg: ALG, input: input.clone() };
        match self.io.perform(step).await {
            Event::Signed { signature } => crate::dpop::assemble(&input, &signature),
            Event::Failed { detail, .. } => Err(Error::SigningFailed { detail: cleaned(&detail) }),
            Event::Cancel => Err(Error::Cancelled),
            event => Err(unexpected(&event, "Sign")),
        }
    }
}

/// The answer of this endpoint, where one came.
pub(super) fn answer(event: Event, endpoint: &'static str) -> Result<HttpResponse, Error> {
    match event {
        Event::Response(response) => Ok(response),
        Event::Unreachable { reason, detail } => {
            Err(Error::Unreachable { endpoint, reason, detail: cleaned(&detail) })
        }
        Event::Cancel => Err(Error::Cancelled),
        event => Err(unexpected(&event, "Send")),
    }
}

/// RFC 9449 §8: the error of a server that wants its nonce in the proof.
fn wants_nonce(response: &HttpResponse) -> bool {
    matches!(response.status, 400 | 401)
        && json::read(&response.body, ["error"])
            .is_ok_and(|members| matches!(members.text("error"), Ok(Some(error)) if *error == "use_dpop_nonce"))
}
