//! What an authorization server chooses where the texts leave a choice.

use super::record::Grant;
use crate::error::Error;
use crate::uri;

/// Which text rules where RFC 6749 and OAuth 2.1 differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// RFC 6749: a redirect URI that was sent with the authorization request must come with the token
    /// request too (§4.1.3).
    OAuth20,
    /// OAuth 2.1 (draft 16): it may be absent there, because the challenge binds the code already; where it
    /// comes it must be equal.
    OAuth21,
}

/// The longest life of a code, in seconds (RFC 6749 §4.1.2).
const MAX_CODE_LIFETIME_S: u64 = 600;

/// The longest time for which a refresh token that was exchanged is spared, in seconds (P27).
const MAX_REUSE_WINDOW_S: u64 = 30;

/// The choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The server's issuer identifier (RFC 8414 §2), sent as `iss` (RFC 9207).
    pub issuer: String,
    /// Which text rules.
    pub profile: Profile,
    /// How long a code lives, in seconds. More than 600 counts as 600.
    pub code_lifetime_s: u64,
    /// How long an access token lives, in seconds.
    pub access_token_lifetime_s: u64,
    /// How long a refresh token lives unused, in seconds: each exchange begins it anew. 0: none is issued and
    /// none is taken.
    pub refresh_token_lifetime_s: u64,
    /// How long the immediate predecessor of a refresh token may still be exchanged while its successor is
    /// unused, in seconds; more than 30 counts as 30. It spares a client whose answer was lost, and leaves
    /// a thief the same time. 0: never (P27, RFC 9700 §4.14.2).
    pub reuse_window_s: u64,
    /// After so many wrong verifiers a grant is burnt. 1 burns at the first: that buys nothing against
    /// 256 bits, and lets whoever stole a code end the honest sign-in.
    pub max_mismatches: u32,
    /// Scopes that every client may ask for, beside those of its own record: `openid`, for example.
    pub open_scopes: Vec<String>,
    /// The types of authorization details that are granted (RFC 9396 §2); none here: every type.
    pub details_types: Vec<String>,
}

impl Policy {
    /// OAuth 2.1, codes that live for a minute, access tokens for an hour, refresh tokens for two weeks
    /// and without a window for their reuse, burnt after 5 mismatches.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] unless the issuer is an https URL (http on loopback) without
    /// query and fragment.
    pub fn new(issuer: impl Into<String>) -> Result<Self, Error> {
        let issuer = issuer.into();
        uri::check_issuer(&issuer)?;
        Ok(Self {
            issuer,
            profile: Profile::OAuth21,
            code_lifetime_s: 60,
            access_token_lifetime_s: 3600,
            refresh_token_lifetime_s: 14 * 24 * 3600,
            reuse_window_s: 0,
            max_mismatches: 5,
            open_scopes: Vec::new(),
            details_types: Vec::new(),
        })
    }

    pub(super) fn code_lifetime_s(&self) -> u64 {
        self.code_lifetime_s.min(MAX_CODE_LIFETIME_S)
    }

    pub(super) fn reuse_window_s(&self) -> u64 {
        self.reuse_window_s.min(MAX_REUSE_WINDOW_S)
    }

    /// Whether refresh tokens are issued from this grant.
    pub(super) const fn refreshes(&self, grant: &Grant) -> bool {
        grant.refreshable && self.refresh_token_lifetime_s > 0
    }
}
