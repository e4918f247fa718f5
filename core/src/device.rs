//! The device grant (RFC 8628): what its endpoint answers, and what the user is shown.

use crate::error::Error;
use crate::form::FormWriter;
use crate::http::{HttpRequest, HttpResponse, MAX_BODY};
use crate::json::{self, Members};
use crate::metadata::reach;
use crate::secret::Secret;
use crate::token;
use crate::uri;
use zeroize::Zeroizing;

/// How errors call the endpoint.
pub(crate) const ENDPOINT: &str = "the device authorization endpoint";

/// How long the request may take, in milliseconds.
const TIMEOUT_MS: u64 = 15_000;

/// The grant type (RFC 8628 §3.4).
pub(crate) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// RFC 8628 §3.5: where the server names no interval, in seconds.
const INTERVAL: u64 = 5;

/// No server needs a longer interval, in seconds.
const MAX_INTERVAL: u64 = 60;

/// A longer life than an hour is taken as an hour, in seconds.
const MAX_LIFETIME: u64 = 3600;

/// A code that the user reads and types may have so many characters.
const MAX_USER_CODE: usize = 64;

/// What the user is shown (RFC 8628 §3.3). It is for the person in front of this device alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCode {
    /// What to enter.
    pub user_code: String,
    /// Where to enter it: an https URL (http on loopback where the issuer is there).
    pub verification_uri: String,
    /// The same with the code in it, for a QR code; the user compares the code all the same (RFC 8628
    /// §3.3.1).
    pub verification_uri_complete: Option<String>,
    /// How long the code is good for, in seconds.
    pub expires_in_s: u64,
    /// What to tell the user against phishing, in one sentence (RFC 8628 §5.4).
    pub advice: &'static str,
}

/// RFC 8628 §5.4: who is sent such a code by somebody else signs that somebody in.
const ADVICE: &str = "Enter the code only if you have just started this sign-in yourself, and only at this address; never enter a code that somebody sent you, and send this one to nobody.";

/// A device authorization response (RFC 8628 §3.2).
#[derive(Debug)]
pub(crate) struct DeviceAuthorization {
    pub(crate) device_code: Secret,
    pub(crate) shown: DeviceCode,
    /// How long to wait between two requests, in seconds.
    pub(crate) interval_s: u64,
}

/// The device authorization request (RFC 8628 §3.1).
pub(crate) fn request(
    endpoint: &str,
    client_id: &str,
    scopes: &[String],
    resource: Option<&str>,
) -> HttpRequest {
    let scope = (!scopes.is_empty()).then(|| scopes.join(" "));
    let mut body = FormWriter::body();
    body.pair("client_id", client_id)
        .pair_if("scope", scope.as_deref())
        .pair_if("resource", resource);
    HttpRequest::form_post(endpoint, body.finish(), TIMEOUT_MS)
}

const NAMES: [&str; 6] = [
    "device_code",
    "user_code",
    "verification_uri",
    "verification_uri_complete",
    "expires_in",
    "interval",
];

/// Reads the answer. `issuer` says how near to this machine the address may lie.
pub(crate) fn read(response: &HttpResponse, issuer: &str) -> Result<DeviceAuthorization, Error> {
    let status = response.status;
    let malformed = |reason| Error::MalformedResponse { endpoint: ENDPOINT, status, reason };
    if status != 200 {
        return Err(token::refusal(response, ENDPOINT, &[]));
    }
    if response.body.len() as u64 > MAX_BODY {
        return Err(malformed("is larger than 64 KiB"));
    }
    if !response.is_json() {
        return Err(malformed("is not of the type application/json"));
    }
    let members = json::read(&response.body, NAMES).map_err(malformed)?;
    let device_code = required(&members, "device_code").map_err(malformed)?;
    let user_code = required(&members, "user_code").map_err(malformed)?;
    // It is shown, and typed: nothing that a terminal or a page would obey.
    if user_code.len() > MAX_USER_CODE || !user_code.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return Err(malformed("has a user_code that cannot be shown"));
    }
    let from = reach::of(issuer);
    let address = |url: &str| {
        uri::parts(url)
            .and_then(|parts| reach::check_parts(&parts, from))
            .map_err(|_| malformed("has a verification_uri that is no https URL"))
    };
    let verification_uri = required(&members, "verification_uri").map_err(malformed)?;
    address(&verification_uri)?;
    let complete = members
        .text("verification_uri_complete")
        .map_err(|_| malformed("has a verification_uri_complete that is not a string"))?;
    if let Some(complete) = &complete {
        address(complete)?;
    }
    let seconds = |raw: &str, reason| raw.parse::<u64>().map_err(|_| malformed(reason));
    let expires_in_s = match members.raw("expires_in") {
        None => return Err(malformed("has no expires_in (RFC 8628 §3.2)")),
        Some(raw) => seconds(raw, "has an expires_in that is not a whole number of seconds")?,
    };
    if expires_in_s == 0 {
        return Err(malformed("has an expires_in of no seconds"));
    }
    let interval_s = match members.raw("interval") {
        None => INTERVAL,
        Some(raw) => seconds(raw, "has an interval that is not a whole number of seconds")?,
    };
    if interval_s > MAX_INTERVAL {
        return Err(malformed("has an interval of more than a minute"));
    }
    Ok(DeviceAuthorization {
        device_code: Secret::new(device_code.to_string()),
        shown: DeviceCode {
            user_code: user_code.to_string(),
            verification_uri: verification_uri.to_string(),
            verification_uri_complete: complete.map(|url| url.to_string()),
            expires_in_s: expires_in_s.min(MAX_LIFETIME),
            advice: ADVICE,
        },
        interval_s,
    })
}

/// A member that is a text of 1 to 2,048 bytes.
fn required<const N: usize>(
    members: &Members<'_, N>,
    name: &str,
) -> Result<Zeroizing<String>, &'static str> {
    let text = members.text(name).map_err(|_| "has a member that is no text")?;
    text.filter(|text| (1..=2048).contains(&text.len()))
        .ok_or("lacks one of device_code, user_code and verification_uri (RFC 8628 §3.2)")
}

/// What the token endpoint says while the user has not decided yet (RFC 8628 §3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Undecided {
    /// `authorization_pending`.
    Pending,
    /// `slow_down`: five seconds more between two requests from now on.
    SlowDown,
    /// `expired_token`.
    Expired,
}

/// Reads that of an error, if it says such a thing.
pub(crate) fn undecided(error: &Error) -> Option<Undecided> {
    match error {
        Error::RequestRefused { error, .. } => match error.as_str() {
            "authorization_pending" => Some(Undecided::Pending),
            "slow_down" => Some(Undecided::SlowDown),
            "expired_token" => Some(Undecided::Expired),
            _ => None,
        },
        _ => None,
    }
}
