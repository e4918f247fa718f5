//! The claims of an ID token: read once, checked against what was asked (OpenID Connect Core §3.1.3.7).

use super::{IdTokenRequest, Identity};
use crate::jose::Algorithm;
use crate::json::{self, Members};
use crate::random;
use crate::uri::Reason;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Clocks may differ by so many seconds.
const SKEW: u64 = 60;

/// A token that was just issued and seems so many seconds old, or young, means that a clock is wrong.
const CLOCK_WRONG: u64 = 12 * 60 * 60;

/// A token for more clients than this is for nobody.
const MAX_AUDIENCE: usize = 16;

const NAMES: [&str; 17] = [
    "iss",
    "sub",
    "aud",
    "azp",
    "exp",
    "iat",
    "nbf",
    "nonce",
    "at_hash",
    "auth_time",
    "acr",
    "amr",
    "sid",
    "name",
    "preferred_username",
    "email",
    "email_verified",
];

/// The claims that every ID token has, and the rest as it stands there.
pub(super) struct Claims<'a> {
    issuer: String,
    pub(super) subject: String,
    audience: Vec<String>,
    issued_at: u64,
    expires_at: u64,
    members: Members<'a, 17>,
    json: &'a str,
}

impl<'a> Claims<'a> {
    /// Reads the payload. All that an ID token must have is there afterwards, in its form (§2).
    pub(super) fn read(payload: &'a [u8]) -> Result<Self, Reason> {
        let members = json::read(payload, NAMES)
            .map_err(|_| "has claims that are not a JSON object whose members each stand once")?;
        let json = core::str::from_utf8(payload).map_err(|_| "has claims that are not UTF-8")?;
        let issuer = text(&members, "iss").ok_or("has no iss, or one that is not a text")?;
        let subject = text(&members, "sub").ok_or("has no sub, or one that is not a text")?;
        if !(1..=255).contains(&subject.len())
            || !subject.bytes().all(|b| (0x20..=0x7e).contains(&b))
        {
            return Err("has a sub that is not 1 to 255 ASCII characters");
        }
        Ok(Self {
            issuer,
            subject,
            audience: audience(&members)?,
            issued_at: time(&members, "iat")?.ok_or("has no iat")?,
            expires_at: time(&members, "exp")?.ok_or("has no exp")?,
            members,
            json,
        })
    }

    pub(super) fn check(
        &self,
        asked: &IdTokenRequest<'_>,
        algorithm: Algorithm,
    ) -> Result<(), Reason> {
        self.check_parties(asked.issuer, asked.client_id)?;
        self.check_times(asked)?;
        self.check_nonce(asked.nonce)?;
        self.check_access_token(asked.access_token, algorithm)
    }

    /// `iss`, `aud`, `azp` (§3.1.3.7, 2 to 5).
    pub(super) fn check_parties(&self, issuer: &str, client_id: &str) -> Result<(), Reason> {
        if self.issuer != issuer {
            return Err("is of another issuer");
        }
        if !self.audience.iter().any(|client| client == client_id) {
            return Err("is for another client");
        }
        let azp = self.members.text("azp").map_err(|_| "has an azp that is not a text")?;
        match azp {
            Some(azp) if azp.as_str() != client_id => Err("was issued to another client (azp)"),
            None if self.audience.len() > 1 => {
                Err("is for several clients and does not say which it was issued to (azp)")
            }
            _ => Ok(()),
        }
    }

    /// `exp`, `iat`, `nbf`, `auth_time` (§3.1.3.7, 9, 10 and 13).
    fn check_times(&self, asked: &IdTokenRequest<'_>) -> Result<(), Reason> {
        let now = asked.now;
        let future = |time: u64| time > now.saturating_add(SKEW);
        if future(self.issued_at) {
            return Err(if self.issued_at - now >= CLOCK_WRONG {
                "was issued half a day or more in the future; this machine's clock is probably slow"
            } else {
                "was issued in the future"
            });
        }
        if self.expires_at.saturating_add(SKEW) <= now {
            return Err(if now.saturating_sub(self.issued_at) >= CLOCK_WRONG {
                "has expired and was issued half a day or more ago; this machine's clock is probably fast"
            } else {
                "has expired"
            });
        }
        if time(&self.members, "nbf")?.is_some_and(future) {
            return Err("is not valid yet (nbf)");
        }
        let authenticated = time(&self.members, "auth_time")?;
        let Some(max_age) = asked.max_age else {
            return Ok(());
        };
        let authenticated = authenticated
            .ok_or("does not say when the user authenticated (auth_time), which was asked for")?;
        if future(authenticated) {
            return Err("says that the user authenticated in the future (auth_time)");
        }
        if authenticated.saturating_add(max_age).saturating_add(SKEW) < now {
            return Err("says that the user authenticated longer ago than was asked for (max_age)");
        }
        Ok(())
    }

    /// `nonce` (§3.1.3.7, 11), in constant time.
    fn check_nonce(&self, asked: Option<&str>) -> Result<(), Reason> {
        let Some(asked) = asked else {
            return Ok(());
        };
        let nonce = self.members.text("nonce").map_err(|_| "has a nonce that is not a text")?;
        let nonce = nonce.ok_or("has no nonce, although one was sent")?;
        let same: bool = nonce.as_bytes().ct_eq(asked.as_bytes()).into();
        if same { Ok(()) } else { Err("has the nonce of another sign-in") }
    }

    /// `at_hash`: the left half of the hash that the signature uses, over the access token (§3.1.3.6).
    fn check_access_token(&self, token: Option<&str>, algorithm: Algorithm) -> Result<(), Reason> {
        let hash = self.members.text("at_hash").map_err(|_| "has an at_hash that is not a text")?;
        let (Some(hash), Some(token)) = (hash, token) else {
            return Ok(());
        };
        let expected = match algorithm {
            Algorithm::Es256 | Algorithm::Rs256 => random::text(&Sha256::digest(token)[..16]),
            #[cfg(feature = "ps256")]
            Algorithm::Ps256 => random::text(&Sha256::digest(token)[..16]),
            // Ed25519 hashes with SHA-512 (RFC 8032 §5.1).
            #[cfg(feature = "eddsa")]
            Algorithm::EdDsa => random::text(&sha2::Sha512::digest(token)[..32]),
        };
        if *hash == expected { Ok(()) } else { Err("belongs to another access token (at_hash)") }
    }

    /// Claims about the user that have another type than OpenID gives them count as absent: they still stand
    /// in `claims`.
    pub(super) fn into_identity(self) -> Result<Identity, Reason> {
        let text = |name| text(&self.members, name);
        Ok(Identity {
            auth_time: time(&self.members, "auth_time")?,
            acr: text("acr"),
            amr: self.members.texts("amr").ok().flatten().unwrap_or_default(),
            session_id: text("sid"),
            name: text("name"),
            preferred_username: text("preferred_username"),
            email: text("email"),
            // Some issuers write it as a text.
            email_verified: match self.members.raw("email_verified") {
                Some("true" | "\"true\"") => Some(true),
                Some("false" | "\"false\"") => Some(false),
                _ => None,
            },
            claims: self.json.to_owned(),
            issuer: self.issuer,
            subject: self.subject,
            audience: self.audience,
            issued_at: self.issued_at,
            expires_at: self.expires_at,
        })
    }
}

fn text(members: &Members<'_, 17>, name: &str) -> Option<String> {
    let mut text = members.text(name).ok().flatten()?;
    Some(core::mem::take(&mut *text))
}

/// One client as a text, or a list of them (§2).
fn audience(members: &Members<'_, 17>) -> Result<Vec<String>, Reason> {
    const WRONG: Reason = "has an aud that is neither a text nor a list of 1 to 16 texts";
    if members.raw("aud").is_none() {
        return Err("has no aud");
    }
    let audience = match text(members, "aud") {
        Some(client) => vec![client],
        None => members.texts("aud").ok().flatten().ok_or(WRONG)?,
    };
    if (1..=MAX_AUDIENCE).contains(&audience.len()) { Ok(audience) } else { Err(WRONG) }
}

/// A time in seconds since the epoch.
fn time(members: &Members<'_, 17>, name: &'static str) -> Result<Option<u64>, Reason> {
    members.natural(name).map_err(|_| "has a time that is not a whole number of seconds")
}
