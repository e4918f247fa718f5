//! Proofs of possession at a server's endpoints (RFC 9449): the core judges them, and here is remembered which came
//! before.

use crate::endpoint::only;
use crate::pending::{Kind, PendingStore, Put};
use http::HeaderMap;
use proofkey::Error;
use proofkey::grant::possession::{ProofNonces, ProofRules, Remember, RequestProof};
use std::sync::Arc;

pub use proofkey::grant::possession::{NotProven, Proven};

/// Judges the proofs that come with requests.
pub struct Possession {
    rules: ProofRules,
    seen: Arc<dyn PendingStore>,
}

/// Nothing is proven.
#[derive(Debug)]
pub enum Unproven {
    /// The proof is not good, and the client is told what is wrong with it.
    Wrong(NotProven),
    /// The store has no room for it, or has failed: the client may try again with another.
    NotRemembered,
}

/// The request that a proof has to be for.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its address, as clients know it.
    pub url: &'a str,
    /// At a resource: the access token that came with it.
    pub access_token: Option<&'a str>,
}

impl Possession {
    /// Proofs are taken where they come, without nonces, and remembered in this store. When it has no room for one,
    /// that is refused: forgetting one would let it be used again.
    #[must_use]
    pub fn new(seen: Arc<dyn PendingStore>) -> Self {
        Self { rules: ProofRules::default(), seen }
    }

    /// Whether tokens are issued and taken with a proof only.
    #[must_use]
    pub const fn required(mut self, required: bool) -> Self {
        self.rules.required = required;
        self
    }

    /// Proofs must hold a nonce of ours. After so many seconds there is a new one, and the old one is good for as
    /// long again.
    ///
    /// # Errors
    /// [`Error::RandomUnavailable`]; [`Error::InvalidConfiguration`] for no seconds.
    pub fn nonces(mut self, lifetime_s: u64) -> Result<Self, Error> {
        self.rules.nonces = Some(ProofNonces::generate(lifetime_s)?);
        Ok(self)
    }

    /// The same nonces at every node that has this key: 32 random bytes.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] for a key of another length or no seconds.
    pub fn shared_nonces(mut self, key: Vec<u8>, lifetime_s: u64) -> Result<Self, Error> {
        self.rules.nonces = Some(ProofNonces::new(key, lifetime_s)?);
        Ok(self)
    }

    /// Whether tokens are issued and taken with a proof only.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.rules.required
    }

    /// Judges the field `DPoP` of a request. Without one nothing is proven, and that is no error here. Before anything is
    /// done for it, the proof has to be remembered: by the flow that is told of it, or by [`Self::remember`].
    ///
    /// # Errors
    /// [`NotProven`] for a proof that is wrong, old, not the only one, or without the right nonce.
    pub fn judge(
        &self,
        headers: &HeaderMap,
        asked: Proof<'_>,
        now: u64,
    ) -> Result<Proven, NotProven> {
        let Proof { method, url, access_token } = asked;
        let fields = match only(headers, "dpop") {
            Ok(field) => field.map(str::to_owned).into_iter().collect(),
            // Of several, or of one that is no text, none is a proof.
            Err(_) => vec![String::new(); 2],
        };
        let request = RequestProof { fields: &fields, method, url, now };
        self.rules.judge(&request, access_token)
    }

    /// Remembers the proof of a request, if it came with one (RFC 9449 §11.1). Do it where else nothing stands against the
    /// request: a stranger makes as many proofs as he likes, and must not fill the store with them.
    ///
    /// # Errors
    /// [`Unproven::Wrong`] where it was used before, [`Unproven::NotRemembered`] where the store cannot remember it.
    pub async fn remember(&self, proven: &Proven, now: u64) -> Result<(), Unproven> {
        match &proven.remember {
            None => Ok(()),
            Some(proof) if self.is_new(proof).await? => Ok(()),
            Some(_) => Err(Unproven::Wrong(self.replayed(now))),
        }
    }

    /// Remembers a proof. Says whether it was new.
    pub(crate) async fn is_new(&self, proof: &Remember) -> Result<bool, Unproven> {
        // P29: where it cannot be remembered nothing is proven.
        match self.seen.put(Kind::Proof, &proof.name, b"", proof.lifetime_s).await {
            Ok(Put::Kept) => Ok(true),
            Ok(Put::Known) => Ok(false),
            Ok(Put::Full) => Err(Unproven::NotRemembered),
            Err(error) => {
                tracing::error!(target: crate::narrate::TARGET, %error, "the store of proofs failed");
                Err(Unproven::NotRemembered)
            }
        }
    }

    /// The refusal of a request whose proof was used before.
    #[must_use]
    pub fn replayed(&self, now: u64) -> NotProven {
        self.rules.replayed(now)
    }

    /// The refusal of a request without a proof, where one is needed.
    #[must_use]
    pub fn missing(&self, now: u64) -> NotProven {
        self.rules.missing(now)
    }
}
