//! What a server asks of proofs of possession (RFC 9449), and the proofs that came with a request.

use crate::error::Outcome;
use crate::guard::shows;
use proofkey::grant::possession as core;

/// What a server asks of proofs of possession (RFC 9449).
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ProofRules {
    /// Whether tokens are issued and taken with a proof only (RFC 9449 §5.2, RFC 9728 §2).
    #[uniffi(default = false)]
    pub required: bool,
    /// How far a proof's time may be from the server's, in seconds, forward or back (RFC 9449 §11.1).
    #[uniffi(default = 60)]
    pub window_s: u64,
    /// The key that the server's nonces are made with (RFC 9449 §8): 32 bytes of a good generator, the same on every
    /// node of the server. None: proofs need no nonce. It is a secret and not shown.
    #[uniffi(default = None)]
    pub nonce_key: Option<Vec<u8>>,
    /// After so many seconds there is a new nonce; the one before it is good for as long again.
    #[uniffi(default = 300)]
    pub nonce_lifetime_s: u64,
}

shows!(ProofRules, |it| format!("ProofRules(required: {}, …)", it.required));

/// A request, and the proofs that came with it.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct RequestProof {
    /// The values of its header fields `DPoP`, each as it came: none proves nothing, and more than one is refused
    /// (RFC 9449 §4.3). They are not shown.
    pub fields: Vec<String>,
    /// Its method.
    pub method: String,
    /// Its URL as clients know it, not as a proxy has rewritten it; query and fragment are not compared.
    pub url: String,
    /// The time, in seconds since the epoch.
    pub now: u64,
    /// What the server asks of proofs.
    pub rules: ProofRules,
}

shows!(RequestProof, |it| format!("RequestProof({}, {} fields, …)", it.method, it.fields.len()));

impl RequestProof {
    /// Gives rules and request to a flow.
    pub(super) fn present(
        self,
        to: impl FnOnce(&core::ProofRules, &core::RequestProof<'_>) -> Result<(), proofkey::Error>,
    ) -> Outcome<()> {
        let Self { fields, method, url, now, rules } = self;
        let ProofRules { required, window_s, nonce_key, nonce_lifetime_s } = rules;
        let nonces =
            nonce_key.map(|key| core::ProofNonces::new(key, nonce_lifetime_s)).transpose()?;
        let rules = core::ProofRules { required, window_s, nonces };
        let request = core::RequestProof { fields: &fields, method: &method, url: &url, now };
        Ok(to(&rules, &request)?)
    }
}
