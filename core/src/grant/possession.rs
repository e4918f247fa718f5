//! What a server asks of proofs of possession (RFC 9449), and what a request has shown by one.
//!
//! Nothing is kept here. Nonces come from a key and the time, so that every node of a server knows those of the
//! others, and a restart forgets none; which proofs were used before is the store's to know.

use super::answer::{Audit, Refusal, TokenAnswer};
use super::dpop::{ProofDefect, ProofRequest, check_proof};
use crate::error::Error;
use crate::http::Header;
use crate::random;
use crate::secret::SecretBytes;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// How far a proof's time may be from the server's, in seconds, where nothing else is said.
const WINDOW_S: u64 = 60;

/// So many bytes of a hash are a nonce.
const NONCE_BYTES: usize = 16;

/// What a server asks of proofs.
#[derive(Debug)]
pub struct ProofRules {
    /// Whether tokens are issued and taken with a proof only (RFC 9449 §5.2, RFC 9728 §2). No.
    pub required: bool,
    /// How far a proof's time may be from the server's, in seconds, forward or back (RFC 9449 §11.1). A minute.
    pub window_s: u64,
    /// The nonces that proofs have to hold, where they have to (RFC 9449 §8). None.
    pub nonces: Option<ProofNonces>,
}

/// The nonces of a server: a new one each period; that of the period before is good as well (RFC 9449 §8.2).
#[derive(Debug)]
pub struct ProofNonces {
    key: SecretBytes,
    lifetime_s: u64,
}

/// A request, and the proofs that came with it.
#[derive(Debug, Clone, Copy)]
pub struct RequestProof<'a> {
    /// The values of its header fields `DPoP`, each as it came. One is right, none proves nothing.
    pub fields: &'a [String],
    /// Its method.
    pub method: &'a str,
    /// Its URL as clients know it, not as a proxy has rewritten it; query and fragment are not compared.
    pub url: &'a str,
    /// The time, in seconds since the epoch.
    pub now: u64,
}

/// What the store has to remember of a proof, so that it is used once (RFC 9449 §11.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remember {
    /// The name of the proof: 43 characters of base64url, a hash of its key and its identifier.
    pub name: String,
    /// For how long, in seconds: after that the proof is too old to be taken.
    pub lifetime_s: u64,
}

/// What a request has proven.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proven {
    /// The thumbprint of its key; none where no proof came.
    pub thumbprint: Option<String>,
    /// A newer nonce than that of the proof, for the field `DPoP-Nonce` of the answer.
    pub nonce: Option<String>,
    /// What has to be remembered first. Where it was remembered before, the proof proves nothing.
    pub remember: Option<Remember>,
}

/// A proof that is refused, or one that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotProven {
    pub(super) refusal: Refusal,
    /// The nonce to be used, for the field `DPoP-Nonce` of the answer.
    pub nonce: Option<String>,
}

/// A proof that the store has not been asked about.
#[derive(Debug)]
pub(super) struct Unseen {
    pub(super) proof: Remember,
    /// What is to be said where it was remembered before.
    pub(super) replayed: NotProven,
}

/// A proof that a flow has been told of.
#[derive(Debug)]
pub(super) struct Presented {
    pub(super) judged: Result<Proven, NotProven>,
    /// What is to be said where it was remembered before.
    pub(super) replayed: NotProven,
}

impl Default for ProofRules {
    fn default() -> Self {
        Self { required: false, window_s: WINDOW_S, nonces: None }
    }
}

impl ProofRules {
    /// Judges the proof of a request. `access_token` is the one that came with it, at a resource. Without a proof
    /// nothing is proven, and that is no error here: [`Self::missing`] is for where one is needed.
    ///
    /// # Errors
    /// [`NotProven`] for a proof that is wrong, old, not the only one, or without the right nonce.
    pub fn judge(
        &self,
        request: &RequestProof<'_>,
        access_token: Option<&str>,
    ) -> Result<Proven, NotProven> {
        let RequestProof { method, url, now, .. } = *request;
        let field = match request.fields {
            [] => return Ok(Proven::default()),
            [field] => field,
            // RFC 9449 §4.3, point 1.
            _ => return Err(self.refused(Refusal::PROOFS, now)),
        };
        let asked =
            ProofRequest { method, url, access_token, nonce: None, now, window_s: self.window_s };
        let checked =
            check_proof(field, &asked).map_err(|defect| self.refused(wrong(defect), now))?;
        let nonce = match &self.nonces {
            None => None,
            Some(nonces) => nonces
                .judge(checked.nonce.as_deref(), now)
                .map_err(|()| self.refused(Refusal::NONCE, now))?,
        };
        let name = Sha256::digest(format!("{}.{}", checked.thumbprint, checked.jti));
        // Twice the window: a proof of the near future is good until then.
        let lifetime_s = self.window_s.saturating_mul(2).saturating_add(1);
        let remember = Some(Remember { name: random::text(&name), lifetime_s });
        Ok(Proven { thumbprint: Some(checked.thumbprint), nonce, remember })
    }

    /// The refusal of a request without a proof, where one is needed.
    #[must_use]
    pub fn missing(&self, now: u64) -> NotProven {
        self.refused(Refusal::PROOF_NEEDED, now)
    }

    /// The refusal of a request whose proof was remembered before (RFC 9449 §11.1).
    #[must_use]
    pub fn replayed(&self, now: u64) -> NotProven {
        self.refused(Refusal::PROOF_REPLAYED, now)
    }

    /// As [`Self::judge`], for a flow that will do the remembering.
    pub(super) fn presented(
        &self,
        request: &RequestProof<'_>,
        access_token: Option<&str>,
    ) -> Presented {
        let judged = self.judge(request, access_token);
        Presented { judged, replayed: self.replayed(request.now) }
    }

    fn refused(&self, refusal: Refusal, now: u64) -> NotProven {
        NotProven { refusal, nonce: self.nonces.as_ref().map(|nonces| nonces.at(now)) }
    }
}

impl ProofNonces {
    /// Nonces of this key, which every node of the server has and nobody else: 32 bytes of a good generator. After
    /// so many seconds there is a new one, and the old one is good for as long again.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] for a key of another length, and for a lifetime of no seconds.
    pub fn new(key: Vec<u8>, lifetime_s: u64) -> Result<Self, Error> {
        let key = SecretBytes::new(key);
        if key.expose().len() != 32 {
            let (field, reason) = ("nonce_key", "is not 32 bytes long");
            return Err(Error::InvalidConfiguration { field, reason });
        }
        if lifetime_s == 0 {
            let (field, reason) = ("nonce_lifetime_s", "is 0");
            return Err(Error::InvalidConfiguration { field, reason });
        }
        Ok(Self { key, lifetime_s })
    }

    /// As [`Self::new`], with a key that is made now and that nobody else has: for a server of one node.
    ///
    /// # Errors
    /// [`Error::RandomUnavailable`], and those of [`Self::new`].
    pub fn generate(lifetime_s: u64) -> Result<Self, Error> {
        Self::new(random::bytes::<32>()?.to_vec(), lifetime_s)
    }

    /// The nonce of this moment.
    #[must_use]
    pub fn at(&self, now: u64) -> String {
        // A lifetime is never 0.
        self.of(now.checked_div(self.lifetime_s).unwrap_or_default())
    }

    /// Key and message have one length each, so the hash is as good as a MAC.
    fn of(&self, period: u64) -> String {
        let mut hash = Sha256::new();
        hash.update(self.key.expose());
        hash.update(b"DPoP-Nonce");
        hash.update(period.to_be_bytes());
        random::text(hash.finalize().get(..NONCE_BYTES).unwrap_or_default())
    }

    /// Whether this nonce is good. Gives a newer one, if there is one.
    fn judge(&self, sent: Option<&str>, now: u64) -> Result<Option<String>, ()> {
        let sent = sent.ok_or(())?;
        let period = now.checked_div(self.lifetime_s).unwrap_or_default();
        let newest = self.of(period);
        if same(sent, &newest) {
            return Ok(None);
        }
        match period.checked_sub(1) {
            Some(previous) if same(sent, &self.of(previous)) => Ok(Some(newest)),
            _ => Err(()),
        }
    }
}

fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

impl NotProven {
    /// `invalid_dpop_proof` or `use_dpop_nonce` (RFC 9449 §5, §8).
    #[must_use]
    pub const fn error(&self) -> &'static str {
        self.refusal.error
    }

    /// What was wrong. It holds nothing of the request.
    #[must_use]
    pub const fn description(&self) -> &'static str {
        self.refusal.description
    }

    /// The answer of a token endpoint (RFC 9449 §5, §8).
    #[must_use]
    pub fn answer(self) -> TokenAnswer {
        let mut answer = self.refusal.answer();
        answer.headers.extend(nonce_field(self.nonce));
        answer
    }
}

/// The field that gives a client its next nonce (RFC 9449 §8).
pub(super) fn nonce_field(nonce: Option<String>) -> Option<Header> {
    nonce.map(|nonce| Header::new("DPoP-Nonce", nonce))
}

const fn wrong(defect: ProofDefect) -> Refusal {
    let description = match defect {
        ProofDefect::NotAProof => "the proof is wrong: not_a_proof",
        ProofDefect::Algorithm => "the proof is wrong: alg",
        ProofDefect::Key => "the proof is wrong: key",
        ProofDefect::Signature => "the proof is wrong: signature",
        ProofDefect::Method => "the proof is wrong: htm",
        ProofDefect::Url => "the proof is wrong: htu",
        ProofDefect::Time => "the proof is wrong: iat",
        ProofDefect::NonceMissing => "the proof is wrong: nonce_missing",
        ProofDefect::Nonce => "the proof is wrong: nonce",
        ProofDefect::AccessToken => "the proof is wrong: ath",
        ProofDefect::Identifier => "the proof is wrong: jti",
        ProofDefect::Replayed => return Refusal::PROOF_REPLAYED,
    };
    Refusal::proof(description, Audit::ProofRefused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_good_for_its_period_and_the_next() -> Result<(), Error> {
        let nonces = ProofNonces::new(vec![7; 32], 60)?;
        let first = nonces.at(600);
        assert_eq!(first.len(), 22);
        assert_eq!(nonces.at(659), first);
        let second = nonces.at(660);
        assert_ne!(first, second);
        assert_eq!(nonces.judge(Some(&first), 659), Ok(None));
        assert_eq!(nonces.judge(Some(&first), 719), Ok(Some(second.clone())));
        assert_eq!(nonces.judge(Some(&first), 720), Err(()));
        // Nor is one of a time to come.
        assert_eq!(nonces.judge(Some(&second), 659), Err(()));
        assert_eq!(nonces.judge(None, 600), Err(()));
        assert_eq!(nonces.judge(Some(""), 0), Err(()));
        Ok(())
    }

    #[test]
    fn a_node_knows_the_nonces_of_another_and_nobody_else_does() -> Result<(), Error> {
        let of = |byte| ProofNonces::new(vec![byte; 32], 60).map(|nonces| nonces.at(1_800_000_000));
        assert_eq!(of(7)?, of(7)?);
        assert_ne!(of(7)?, of(8)?);
        assert_ne!(ProofNonces::generate(60)?.at(0), ProofNonces::generate(60)?.at(0));
        Ok(())
    }

    #[test]
    fn a_key_that_is_none_is_refused() {
        for (key, lifetime_s) in
            [(vec![0; 31], 60), (vec![0; 33], 60), (Vec::new(), 60), (vec![0; 32], 0)]
        {
            let refused = ProofNonces::new(key, lifetime_s);
            assert!(matches!(refused, Err(Error::InvalidConfiguration { .. })));
        }
    }
}
