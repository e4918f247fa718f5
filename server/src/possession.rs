//! Proofs of possession at a server's endpoints (RFC 9449): the core judges them, and here is remembered which came
//! before.

use crate::endpoint::only;
use crate::expiring::Expiring;
use http::HeaderMap;
use proofkey::Error;
use proofkey::grant::possession::{ProofNonces, ProofRules, RequestProof};
use std::sync::Mutex;

pub use proofkey::grant::possession::{NotProven, Proven};

/// So many proofs are remembered. When there is no room for one it is refused: forgetting one would let it be
/// used again.
const MAX_SEEN: usize = 20_000;

/// Judges the proofs that come with requests.
pub struct Possession {
    rules: ProofRules,
    seen: Mutex<Expiring<()>>,
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
    /// Proofs are taken where they come, without nonces.
    #[must_use]
    pub fn new() -> Self {
        Self { rules: ProofRules::default(), seen: Mutex::new(Expiring::new(MAX_SEEN)) }
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

    /// Whether tokens are issued and taken with a proof only.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.rules.required
    }

    /// Judges the field `DPoP` of a request. Without one nothing is proven, and that is no error here.
    ///
    /// # Errors
    /// [`NotProven`] for a proof that is wrong, old, used before or without the right nonce.
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
        let proven = self.rules.judge(&request, access_token)?;
        if let Some(proof) = &proven.remember {
            let until = now.saturating_add(proof.lifetime_s);
            let fresh = self
                .seen
                .lock()
                .is_ok_and(|mut seen| seen.insert(proof.name.clone(), (), until, now));
            if !fresh {
                return Err(self.rules.replayed(now));
            }
        }
        Ok(proven)
    }

    /// The refusal of a request without a proof, where one is needed.
    #[must_use]
    pub fn missing(&self, now: u64) -> NotProven {
        self.rules.missing(now)
    }
}

impl Default for Possession {
    fn default() -> Self {
        Self::new()
    }
}
