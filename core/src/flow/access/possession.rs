//! The key that the tokens of a sign-in are bound to, if they are to be (RFC 9449).

use super::connect::Server;
use super::{Context, Dpop};
use crate::error::{Error, cleaned};
use crate::flow::coroutine::unexpected;
use crate::jose::{PublicKey, SigningKey};
use crate::possession::{ALG, Binding};
use crate::step::{Event, Step};

impl Context {
    pub(super) async fn binding(&self, server: &Server) -> Result<Option<Binding>, Error> {
        match (self.config.dpop, server.dpop_offered) {
            (Dpop::Never, _) | (Dpop::Preferred, Some(false)) => return Ok(None),
            (Dpop::Required, Some(false)) => {
                return Err(Error::DpopUnsupported { issuer: server.issuer.clone() });
            }
            // Where the endpoints are given by hand nobody says; the answer will.
            (Dpop::Preferred | Dpop::Required, Some(true) | None) => {}
        }
        let Some(key_id) = self.config.dpop_key.clone() else {
            return SigningKey::from_random().map(Binding::Ours).map(Some);
        };
        match self.io.perform(Step::Key { key_id: key_id.clone(), alg: ALG }).await {
            Event::PublicKey { sec1 } => {
                let detail = "the platform's public key is no point on P-256".to_owned();
                let public = PublicKey::from_sec1(&sec1).ok_or(Error::SigningFailed { detail })?;
                Ok(Some(Binding::Platform { key_id, public }))
            }
            Event::Failed { detail, .. } => Err(Error::SigningFailed { detail: cleaned(&detail) }),
            Event::Cancel => Err(Error::Cancelled),
            event => Err(unexpected(&event, "Key")),
        }
    }
}
