//! The token endpoint's answer (RFC 6749 §5), read strictly, and the tokens that come of it.

use crate::authorization_details as details;
use crate::callback::refused;
use crate::dpop::DpopNonces;
use crate::error::{Error, shown_url};
use crate::grammar::is_vschar;
use crate::http::{HttpResponse, MAX_BODY};
use crate::json::{self, Members};
use crate::possession::{self, Binding};
use crate::random;
use crate::secret::Secret;
use crate::uri;
use sha2::{Digest as _, Sha256};

pub use crate::id_token::Identity;
pub use crate::possession::{AuthorizationFields, Authorized, UnsignedProof};

/// How errors call it.
pub(crate) const ENDPOINT: &str = "the token endpoint";

/// A longer life than ten years is taken as ten years, in seconds.
const MAX_LIFETIME: u64 = 10 * 365 * 24 * 60 * 60;

/// A token is not used in its last minute: clocks differ, and a request takes time.
const MARGIN: u64 = 60;

/// Up to so many seconds earlier still, so that what was issued at one time is not refreshed at one time.
const JITTER: u64 = 30;

/// The tokens of one sign-in. Wiped on drop, not shown by `Debug`; neither `Clone` nor `Serialize`.
#[derive(Debug)]
pub struct TokenSet {
    pub(crate) access_token: Secret,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) expires_at: Option<u64>,
    pub(crate) obtained_at: u64,
    pub(crate) scopes: Vec<String>,
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) resource: Option<String>,
    /// The scopes that the last sign-in asked for.
    pub(crate) requested: Vec<String>,
    /// `authorization_details` as they were granted (RFC 9396 §7), JSON.
    pub(crate) authorization_details: Option<String>,
    /// The types of the authorization details that the last sign-in asked for; the one who asked puts them here.
    pub(crate) requested_details: Vec<String>,
    /// Whether the token's type is DPoP.
    pub(crate) bound: bool,
    /// The key that it is bound to; the one who asked for it puts it here.
    pub(crate) binding: Option<Binding>,
    /// The ID token as it came; whether it is looked at is for the one who asked for it.
    pub(crate) id_token: Option<Secret>,
    /// Who signed in, as a verified ID token said.
    pub(crate) identity: Option<Box<Identity>>,
    /// How many seconds before the margin this copy is taken for old.
    pub(crate) jitter: u64,
}

/// What tokens were asked for: whose they are, and what a silent answer means.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) resource: Option<&'a str>,
    /// What is granted where the answer names no scope (RFC 6749 §5.1, §6).
    pub(crate) scopes: &'a [String],
    /// Whether the request carried a proof of possession.
    pub(crate) dpop: bool,
}

/// A number of seconds from 0 to [`JITTER`], drawn anew for each copy.
pub(crate) fn jitter() -> Result<u64, Error> {
    random::bytes::<1>().map(|byte| jitter_of(byte[0]))
}

/// The jitter that a random byte gives.
pub(crate) fn jitter_of(byte: u8) -> u64 {
    u64::from(byte) % (JITTER + 1)
}

impl TokenSet {
    /// Whether the access token can still be used at `now`, in seconds since the epoch: it does not expire
    /// within the next minute, and a little earlier by chance, or within the last quarter of a short life.
    /// Where the server named no end it can. Where the clock was set back by more than a minute behind
    /// the time when it came, nobody knows, and it cannot.
    #[must_use]
    pub fn is_fresh(&self, now: u64) -> bool {
        let Some(expires_at) = self.expires_at else {
            return true;
        };
        let lifetime = expires_at.saturating_sub(self.obtained_at);
        let margin = MARGIN.min(lifetime / 4) + self.jitter.min(lifetime / 8);
        now.saturating_add(margin) < expires_at && now.saturating_add(MARGIN) >= self.obtained_at
    }

    /// Whether the server still takes the access token at `now`, as far as can be known.
    #[must_use]
    pub fn is_valid(&self, now: u64) -> bool {
        self.expires_at.is_none_or(|expires_at| now < expires_at)
            && now.saturating_add(MARGIN) >= self.obtained_at
    }

    /// The value of the header field `Authorization` for a request to `url` (RFC 6750 §2.1), while the
    /// access token [is fresh](Self::is_fresh); nothing when it must be refreshed first. Copies made of it
    /// are the caller's to wipe. A token that is bound to a key needs a proof beside it: see
    /// [`TokenSet::authorize`].
    ///
    /// # Errors
    /// [`Error::WrongResource`] where `url` does not lie in the resource that the token is for, or the token
    /// is for none (M8); [`Error::InvalidConfiguration`] that names `url`; [`Error::SigningFailed`] where the
    /// token is bound.
    pub fn authorization(&self, url: &str, now: u64) -> Result<Option<Secret>, Error> {
        let header = self.authorization_now(url)?;
        Ok(self.is_fresh(now).then_some(header))
    }

    /// As [`authorization`](Self::authorization), fresh or not: for tokens that a flow has just given. They are
    /// the best that there are, and the resource says whether they will do. Copies made of it are the caller's
    /// to wipe.
    ///
    /// # Errors
    /// As [`authorization`](Self::authorization).
    pub fn authorization_now(&self, url: &str) -> Result<Secret, Error> {
        check_resource(self.resource.as_deref(), url)?;
        if self.bound {
            let detail =
                "a token that is bound to a key goes with a proof: use authorize".to_owned();
            return Err(Error::SigningFailed { detail });
        }
        Ok(Secret::new(["Bearer ", self.access_token.expose()].concat()))
    }

    /// The header fields for a request with this method to `url`: `Authorization`, and where the token is
    /// bound to a key a proof of its possession (RFC 9449 §7.1), made for this one request.
    /// [`Authorized::Stale`] where the access token is not [fresh](Self::is_fresh) and must be refreshed first.
    ///
    /// # Errors
    /// [`Error::WrongResource`] where `url` does not lie in the resource that the token is for, or the token
    /// is for none (M8); [`Error::InvalidConfiguration`] that names `url`; [`Error::RandomUnavailable`];
    /// [`Error::SigningFailed`].
    pub fn authorize(
        &self,
        method: &str,
        url: &str,
        now: u64,
        nonces: &DpopNonces,
    ) -> Result<Authorized, Error> {
        check_resource(self.resource.as_deref(), url)?;
        if !self.is_fresh(now) {
            return Ok(Authorized::Stale);
        }
        self.authorize_now(method, url, now, nonces)
    }

    /// As [`authorize`](Self::authorize), fresh or not: for tokens that a flow has just given.
    ///
    /// # Errors
    /// As [`authorize`](Self::authorize).
    pub fn authorize_now(
        &self,
        method: &str,
        url: &str,
        now: u64,
        nonces: &DpopNonces,
    ) -> Result<Authorized, Error> {
        check_resource(self.resource.as_deref(), url)?;
        if self.bound && self.binding.is_none() {
            let detail = "the key that the token is bound to is not here".to_owned();
            return Err(Error::SigningFailed { detail });
        }
        let binding = self.binding.as_ref().filter(|_| self.bound);
        possession::fields(self.access_token.expose(), binding, method, url, now, nonces)
    }

    /// The type of the access token: `Bearer`, or `DPoP` where it is bound to a key (RFC 9449 §5).
    #[must_use]
    pub const fn token_type(&self) -> &'static str {
        if self.bound { "DPoP" } else { "Bearer" }
    }

    /// Who signed in, where the scope `openid` was asked for and the server's ID token was verified.
    #[must_use]
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_deref()
    }

    /// The scopes that the last sign-in asked for.
    #[must_use]
    pub fn requested_scopes(&self) -> &[String] {
        &self.requested
    }

    /// The scopes that were asked for and not granted, in their order.
    #[must_use]
    pub fn missing_scopes(&self) -> Vec<String> {
        self.requested.iter().filter(|scope| !self.scopes.contains(scope)).cloned().collect()
    }

    /// The authorization details that were granted (RFC 9396 §7), as the JSON text of the answer; none
    /// where it has none.
    #[must_use]
    pub fn authorization_details(&self) -> Option<&str> {
        self.authorization_details.as_deref()
    }

    /// The types of the authorization details that were asked for and of which none was granted (RFC 9396 §7), each
    /// once, in their order. Entries of one type may still differ from what was asked for: what they hold is known
    /// to the program and its server alone.
    #[must_use]
    pub fn missing_authorization_details(&self) -> Vec<String> {
        details::missing(&self.requested_details, self.authorization_details())
    }

    /// SHA-256 of the access token: names it without showing it.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(self.access_token.expose()).into()
    }

    /// The access token, for the header `Authorization: Bearer …` of requests to its resource and to no
    /// other. Copies made of it are the caller's to wipe.
    #[must_use]
    pub fn expose_access_token(&self) -> &str {
        self.access_token.expose()
    }

    /// The refresh token, if the server issued one.
    #[must_use]
    pub fn expose_refresh_token(&self) -> Option<&str> {
        self.refresh_token.as_ref().map(Secret::expose)
    }

    /// When the access token expires, in seconds since the epoch by the clock that was given; none
    /// where the server did not say.
    #[must_use]
    pub const fn expires_at(&self) -> Option<u64> {
        self.expires_at
    }

    /// The scopes that were granted: the server's, or those asked for where it named none
    /// (RFC 6749 §5.1).
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Who issued them.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whom they were issued to.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The resource that was asked for (RFC 8707).
    #[must_use]
    pub fn resource(&self) -> Option<&str> {
        self.resource.as_deref()
    }
}

/// Checks that a request to `url` may carry a token for `resource` (M8), as [`TokenSet::authorization`] does: for
/// who has no token yet and asks before the user is asked.
///
/// # Errors
/// [`Error::WrongResource`] where `url` does not lie in the resource, or there is none;
/// [`Error::InvalidConfiguration`] that names `url`.
pub fn check_resource(resource: Option<&str>, url: &str) -> Result<(), Error> {
    let within = match resource {
        Some(resource) => uri::lies_in(url, resource)?,
        None => false,
    };
    if within {
        return Ok(());
    }
    let resource = resource.unwrap_or("(none)").to_owned();
    Err(Error::WrongResource { url: shown_url(url), resource })
}

/// Reads the answer to a token request. A server's words that repeat one of the secrets that it was sent
/// are not shown.
pub(crate) fn read(
    response: &HttpResponse,
    asked: Asked<'_>,
    now: u64,
    secrets: &[&str],
) -> Result<TokenSet, Error> {
    read_with(response, asked, now, secrets, None)
}

/// As [`read`], with a [`jitter`] that was drawn with other numbers: a call of the system's generator takes as long
/// as half of what is done here.
pub(crate) fn read_with(
    response: &HttpResponse,
    asked: Asked<'_>,
    now: u64,
    secrets: &[&str],
    jitter: Option<u64>,
) -> Result<TokenSet, Error> {
    let status = response.status;
    let malformed = |reason| Error::MalformedResponse { endpoint: ENDPOINT, status, reason };
    if status != 200 {
        return Err(refusal(response, ENDPOINT, secrets));
    }
    if response.body.len() as u64 > MAX_BODY {
        return Err(malformed("is larger than 64 KiB"));
    }
    let members = members(response).map_err(malformed)?;
    // Some servers send an error with status 200; RFC 6749 §5.2 wants 400 or 401.
    if let Some(error) = refusal_of(&members, secrets) {
        return Err(error);
    }
    tokens(&members, asked, now, jitter).map_err(|defect| match defect {
        Defect::Malformed(reason) => malformed(reason),
        Defect::TokenType => Error::UnsupportedTokenType,
        Defect::Random => Error::RandomUnavailable,
    })
}

/// The error of an answer of which nothing good can come: a refusal in the words of RFC 6749 §5.2, which
/// other endpoints use too, or an answer that is neither.
pub(crate) fn refusal(response: &HttpResponse, endpoint: &'static str, secrets: &[&str]) -> Error {
    let status = response.status;
    let malformed = |reason| Error::MalformedResponse { endpoint, status, reason };
    if (300..400).contains(&status) {
        return Error::RedirectRefused { endpoint, status };
    }
    if response.body.len() as u64 > MAX_BODY {
        return malformed("is larger than 64 KiB");
    }
    // P14: whatever a failing server says besides, it has not judged the grant.
    if matches!(status, 429 | 500..=599) {
        return Error::ServerUnavailable { what: format!("HTTP {status}"), description: None };
    }
    members(response)
        .ok()
        .and_then(|members| refusal_of(&members, secrets))
        .unwrap_or_else(|| malformed("is neither a success nor an error of RFC 6749 §5.2"))
}

fn refusal_of(members: &Members<'_, COUNT>, secrets: &[&str]) -> Option<Error> {
    let error = members.text("error").ok().flatten()?;
    let repeats = |text: &str| secrets.iter().any(|secret| text.contains(secret));
    let description = members.text("error_description").ok().flatten();
    let shown = description.as_ref().map(|text| text.as_str()).filter(|text| !repeats(text));
    let error = if repeats(&error) { "a code that repeats what it was sent" } else { &error };
    Some(refused(error, shown))
}

/// How many members are read.
const COUNT: usize = 9;

const NAMES: [&str; COUNT] = [
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "scope",
    "id_token",
    details::NAME,
    "error",
    "error_description",
];

fn members(response: &HttpResponse) -> Result<Members<'_, COUNT>, &'static str> {
    if !response.is_json() {
        return Err("is not of the type application/json");
    }
    json::read(&response.body, NAMES)
}

enum Defect {
    Malformed(&'static str),
    TokenType,
    Random,
}

fn tokens(
    members: &Members<'_, COUNT>,
    asked: Asked<'_>,
    now: u64,
    drawn: Option<u64>,
) -> Result<TokenSet, Defect> {
    // An `error` that is no string still is no success.
    if members.raw("error").is_some() {
        return Err(Defect::Malformed("has an error member that is not a string"));
    }
    let token_type = members
        .text("token_type")
        .map_err(|_| Defect::Malformed("has a token_type that is not a string"))?
        .ok_or(Defect::Malformed("has no token_type (RFC 6749 §5.1)"))?;
    let bound = asked.dpop && token_type.eq_ignore_ascii_case("DPoP");
    if !bound && !token_type.eq_ignore_ascii_case("Bearer") {
        return Err(Defect::TokenType);
    }
    let access_token = secret(members, "access_token")
        .map_err(|()| Defect::Malformed("has an access_token that is not printable ASCII"))?
        .ok_or(Defect::Malformed("has no access_token (RFC 6749 §5.1)"))?;
    let refresh_token = secret(members, "refresh_token")
        .map_err(|()| Defect::Malformed("has a refresh_token that is not printable ASCII"))?;
    let lifetime = members.raw("expires_in").map(lifetime).transpose().map_err(|()| {
        Defect::Malformed("has an expires_in that is not a whole number of seconds")
    })?;
    let scopes = members
        .text("scope")
        .map_err(|_| Defect::Malformed("has a scope that is not a string"))?
        .map_or_else(
            || asked.scopes.to_vec(),
            |scope| scope.split_ascii_whitespace().map(str::to_owned).collect(),
        );
    Ok(TokenSet {
        access_token,
        refresh_token,
        expires_at: lifetime.map(|seconds| now.saturating_add(seconds)),
        obtained_at: now,
        scopes,
        issuer: asked.issuer.to_owned(),
        client_id: asked.client_id.to_owned(),
        resource: asked.resource.map(str::to_owned),
        requested: asked.scopes.to_vec(),
        authorization_details: granted_details(members)?,
        requested_details: Vec::new(),
        bound,
        binding: None,
        // One that cannot be one is as none: whoever wants it refuses that.
        id_token: secret(members, "id_token").ok().flatten(),
        identity: None,
        jitter: drawn.map_or_else(jitter, Ok).map_err(|_| Defect::Random)?,
    })
}

/// RFC 9396 §7: a list, given out as it is written.
fn granted_details(members: &Members<'_, COUNT>) -> Result<Option<String>, Defect> {
    match members.raw(details::NAME) {
        None => Ok(None),
        Some(raw) if raw.starts_with('[') && raw.len() <= 16 * 1024 => Ok(Some(raw.to_owned())),
        Some(_) => Err(Defect::Malformed("has authorization_details that are no list")),
    }
}

/// RFC 6749 Appendix A.12, A.17: `1*VSCHAR`. Nothing else may reach a header.
fn secret(members: &Members<'_, COUNT>, name: &str) -> Result<Option<Secret>, ()> {
    let Some(mut text) = members.text(name).map_err(|_| ())? else {
        return Ok(None);
    };
    if text.is_empty() || !text.bytes().all(is_vschar) {
        return Err(());
    }
    Ok(Some(Secret::new(core::mem::take(&mut *text))))
}

/// P13: an integer, or a string of digits; capped at ten years.
fn lifetime(raw: &str) -> Result<u64, ()> {
    let decoded;
    let text = if raw.starts_with('"') {
        decoded = json::text(raw).map_err(|_| ())?;
        decoded.as_str()
    } else {
        raw
    };
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(());
    }
    // All digits: the only way to fail is to be larger than any cap.
    Ok(text.parse::<u64>().unwrap_or(MAX_LIFETIME).min(MAX_LIFETIME))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_a_flow_has_just_given_goes_to_its_resource_whatever_its_age() {
        let tokens = TokenSet {
            access_token: Secret::new("at-1".into()),
            refresh_token: None,
            expires_at: Some(1000),
            obtained_at: 0,
            scopes: Vec::new(),
            issuer: "https://as.example".into(),
            client_id: "agent".into(),
            resource: Some("https://mcp.example/mcp".into()),
            requested: Vec::new(),
            authorization_details: None,
            requested_details: Vec::new(),
            bound: false,
            binding: None,
            id_token: None,
            identity: None,
            jitter: 0,
        };
        let url = "https://mcp.example/mcp/notes";
        assert!(tokens.authorization(url, 1000).unwrap().is_none());
        assert!(tokens.authorization_now(url).unwrap().matches("Bearer at-1"));
        let elsewhere = tokens.authorization_now("https://evil.example/mcp").unwrap_err();
        assert_eq!(elsewhere.code(), "wrong_resource");
    }
}
