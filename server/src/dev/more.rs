//! What the development server does beside sign-ins by redirect, and how.

use super::DevError;
use crate::clock::Clock;
use crate::devices::Devices;
use crate::openid::{Algorithm, OpenId};
use crate::possession::Possession;
use crate::pushed::PushedRequests;
use proofkey::grant::check::Authentication;

/// Scopes that every client may ask for: that of an ID token, and that of `/api/admin`.
pub(super) const OPEN_SCOPES: [&str; 2] = ["openid", "admin"];

/// So many pushed requests and so many devices wait at once.
const CAPACITY: usize = 1_000;

/// How long a nonce is the newest one, in seconds.
const NONCE_LIFETIME_S: u64 = 60;

/// The choices, each of which has a default. Times are in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct More {
    /// Requests that were not pushed are refused (RFC 9126 §5). No.
    pub require_par: bool,
    /// How long a pushed request waits for its browser. A minute.
    pub par_lifetime_s: u64,
    /// Tokens are issued and taken with a proof of possession only (RFC 9449). No.
    pub require_dpop: bool,
    /// Proofs must hold a nonce of this server (RFC 9449 §8, §9). No.
    pub dpop_nonce: bool,
    /// How long a nonce is the newest one; the one before it is good for as long again. A minute.
    pub dpop_nonce_lifetime_s: u64,
    /// How long a device waits between polls (RFC 8628 §3.2). Five seconds; 0 is for tests.
    pub device_interval_s: u64,
    /// How long a device's codes live. Ten minutes.
    pub device_lifetime_s: u64,
    /// How ID tokens are signed. ES256.
    pub id_token_alg: Algorithm,
    /// How long a key signs. None: for as long as the server runs.
    pub key_lifetime_s: Option<u64>,
    /// A POST to `/rotate-keys` makes a new key: for tests. No.
    pub rotate_keys: bool,
    /// Where a browser may be sent after a sign-out. A loopback receiver at `/signed-out`.
    pub post_logout_redirect_uris: Vec<String>,
    /// How long ago a sign-in may have been at `/api/fresh`. Five minutes.
    pub fresh_max_age_s: u64,
    /// The types of authorization details that are granted (RFC 9396). None here: every type.
    pub details_types: Vec<String>,
}

impl Default for More {
    fn default() -> Self {
        Self {
            require_par: false,
            par_lifetime_s: 60,
            require_dpop: false,
            dpop_nonce: false,
            dpop_nonce_lifetime_s: NONCE_LIFETIME_S,
            device_interval_s: 5,
            device_lifetime_s: 600,
            id_token_alg: Algorithm::Es256,
            key_lifetime_s: None,
            rotate_keys: false,
            post_logout_redirect_uris: vec![
                "http://127.0.0.1/signed-out".into(),
                "http://[::1]/signed-out".into(),
            ],
            fresh_max_age_s: 300,
            details_types: Vec::new(),
        }
    }
}

impl More {
    pub(super) fn pushed(&self) -> PushedRequests {
        PushedRequests::new(CAPACITY, self.par_lifetime_s).required(self.require_par)
    }

    pub(super) fn devices(&self) -> Devices {
        Devices::new(CAPACITY, self.device_lifetime_s, self.device_interval_s)
    }

    pub(super) fn possession(&self) -> Result<Possession, proofkey::Error> {
        let possession = Possession::new().required(self.require_dpop);
        if self.dpop_nonce { possession.nonces(self.dpop_nonce_lifetime_s) } else { Ok(possession) }
    }

    /// Makes the first key, which takes a while for RS256.
    pub(super) async fn openid(&self, clock: &Clock) -> Result<OpenId, DevError> {
        for uri in &self.post_logout_redirect_uris {
            proofkey::check_redirect_uri(uri)?;
        }
        let now = clock.now().map_err(|_| DevError::Clock)?;
        let (algorithm, key_lifetime_s) = (self.id_token_alg, self.key_lifetime_s);
        let made =
            tokio::task::spawn_blocking(move || OpenId::new(algorithm, key_lifetime_s, now)).await;
        let openid = made.ok().and_then(Result::ok).ok_or(DevError::Random)?;
        Ok(openid.post_logout_redirect_uris(self.post_logout_redirect_uris.clone()))
    }

    /// What `/api/fresh` wants of a sign-in.
    pub(super) fn fresh(&self) -> Authentication {
        Authentication {
            acr_values: vec!["urn:proofkey:strong".into()],
            max_age_s: Some(self.fresh_max_age_s),
        }
    }
}
