//! Proofs of possession at a server's endpoints (RFC 9449): which nonces are good, and what came before.

use crate::endpoint::only;
use crate::expiring::Expiring;
use crate::random;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use proofkey::grant::dpop::{ProofRequest, check_proof};
use sha2::{Digest as _, Sha256};
use std::sync::Mutex;

/// How far a proof's time may be from ours, in seconds, forward or back (RFC 9449 §11.1).
const WINDOW_S: u64 = 60;

/// So many proofs are remembered. When there is no room for one it is refused: forgetting one would let it be
/// used again.
const MAX_SEEN: usize = 20_000;

/// Judges the proofs that come with requests.
pub struct Possession {
    required: bool,
    nonces: Option<Mutex<Nonces>>,
    seen: Mutex<Expiring<()>>,
}

/// The nonces that are good: the newest, and the one before it (RFC 9449 §8.2).
struct Nonces {
    lifetime_s: u64,
    newest: (String, u64),
    previous: Option<(String, u64)>,
}

/// What a request has proven.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proven {
    /// The thumbprint of the key; none where no proof came.
    pub thumbprint: Option<String>,
    /// A newer nonce than the one that was used, for the field `DPoP-Nonce` of the answer.
    pub nonce: Option<String>,
}

/// A proof that is refused, or one that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotProven {
    /// `invalid_dpop_proof` or `use_dpop_nonce` (RFC 9449 §5, §8).
    pub error: &'static str,
    /// What was wrong. It holds nothing of the request.
    pub description: String,
    /// The nonce to be used, for the field `DPoP-Nonce` of the answer.
    pub nonce: Option<String>,
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
        Self { required: false, nonces: None, seen: Mutex::new(Expiring::new(MAX_SEEN)) }
    }

    /// Whether tokens are issued and taken with a proof only.
    #[must_use]
    pub const fn required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }

    /// Proofs must hold a nonce of ours. After so many seconds there is a new one, and the old one is good for as
    /// long again.
    #[must_use]
    pub fn nonces(mut self, lifetime_s: u64) -> Self {
        // The first one is made when it is asked for.
        let newest = (String::new(), 0);
        self.nonces = Some(Mutex::new(Nonces { lifetime_s, newest, previous: None }));
        self
    }

    /// Whether tokens are issued and taken with a proof only.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.required
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
        let field = match only(headers, "dpop") {
            Ok(None) => return Ok(Proven::default()),
            Ok(Some(field)) => field,
            // RFC 9449 §4.3, point 1.
            Err(_) => return Err(self.wrong("there is more than one proof", now)),
        };
        let Proof { method, url, access_token } = asked;
        let request =
            ProofRequest { method, url, access_token, nonce: None, now, window_s: WINDOW_S };
        let checked = check_proof(field, &request)
            .map_err(|defect| self.wrong(&format!("the proof is wrong: {}", defect.code()), now))?;
        let nonce = self.judge_nonce(checked.nonce.as_deref(), now)?;
        // RFC 9449 §11.1. Twice the window: a proof of the near future is good until then.
        let name = Sha256::digest(format!("{}.{}", checked.thumbprint, checked.jti));
        let name = URL_SAFE_NO_PAD.encode(name);
        let fresh = self
            .seen
            .lock()
            .is_ok_and(|mut seen| seen.insert(name, (), now.saturating_add(2 * WINDOW_S + 1), now));
        if !fresh {
            return Err(self.wrong("the proof was used before", now));
        }
        Ok(Proven { thumbprint: Some(checked.thumbprint), nonce })
    }

    /// The refusal of a request without a proof, where one is needed.
    #[must_use]
    pub fn missing(&self, now: u64) -> NotProven {
        self.wrong("the request has no proof of a key (RFC 9449)", now)
    }

    fn wrong(&self, description: &str, now: u64) -> NotProven {
        let nonce = self.newest(now);
        NotProven { error: "invalid_dpop_proof", description: description.to_owned(), nonce }
    }

    /// The nonce to be used from now on, where nonces are used.
    fn newest(&self, now: u64) -> Option<String> {
        let mut nonces = self.nonces.as_ref()?.lock().ok()?;
        nonces.turn(now);
        Some(nonces.newest.0.clone()).filter(|nonce| !nonce.is_empty())
    }

    /// Whether this nonce is good. Gives a newer one, if there is one.
    fn judge_nonce(&self, sent: Option<&str>, now: u64) -> Result<Option<String>, NotProven> {
        let Some(nonces) = &self.nonces else {
            return Ok(None);
        };
        let newest = self.newest(now);
        let previous = nonces.lock().ok().and_then(|n| Some(n.previous.as_ref()?.0.clone()));
        match sent {
            Some(sent) if newest.as_deref() == Some(sent) => Ok(None),
            Some(sent) if previous.as_deref() == Some(sent) => Ok(newest),
            _ => Err(NotProven {
                error: "use_dpop_nonce",
                description: "the proof has to hold the nonce of this answer (RFC 9449 §8)".into(),
                nonce: newest,
            }),
        }
    }
}

impl Default for Possession {
    fn default() -> Self {
        Self::new()
    }
}

impl Nonces {
    /// Makes a new one where the newest is old, and forgets what is older than that. A generator that fails
    /// leaves none, and then no proof is good.
    fn turn(&mut self, now: u64) {
        let age = |born: u64| now.saturating_sub(born);
        if self.newest.0.is_empty() || age(self.newest.1) >= self.lifetime_s {
            let nonce = random::text::<16>().map(|nonce| nonce.expose().to_owned());
            let old = std::mem::replace(&mut self.newest, (nonce.unwrap_or_default(), now));
            self.previous = Some(old).filter(|(nonce, _)| !nonce.is_empty());
        }
        self.previous.take_if(|(_, born)| age(*born) >= self.lifetime_s.saturating_mul(2));
    }
}
