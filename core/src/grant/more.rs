//! What an authorization request may ask for beside scope and resource: a key (RFC 9449 §10), a way to sign in
//! (OpenID Connect Core §3.1.2.1, RFC 9470 §4), and details (RFC 9396).

use super::policy::Policy;
use super::record::Terms;
use super::request::Refused;
use crate::form::Form;
use crate::grammar::is_vschar;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// No nonce and no list of classes is longer, in bytes.
const MAX_TEXT: usize = 1024;

/// So many details a request may hold.
const MAX_DETAILS: usize = 16;

#[derive(Default)]
pub(super) struct More {
    pub(super) dpop_jkt: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) acr_values: Vec<String>,
    pub(super) max_age: Option<u64>,
    pub(super) authorization_details: Option<String>,
    /// Whether the user must not be asked anything.
    pub(super) unattended: bool,
}

impl More {
    pub(super) fn read(form: &Form, policy: &Policy) -> Result<Self, Refused> {
        Ok(Self {
            dpop_jkt: thumbprint(form)?,
            nonce: text(form, "nonce", "the nonce is not printable ASCII of up to 1 KiB")?,
            acr_values: text(
                form,
                "acr_values",
                "acr_values is not printable ASCII of up to 1 KiB",
            )?
            .map(|values| values.split(' ').filter(|v| !v.is_empty()).map(str::to_owned).collect())
            .unwrap_or_default(),
            max_age: max_age(form)?,
            authorization_details: details(form, policy)?,
            unattended: unattended(form)?,
        })
    }

    pub(super) fn terms(&self, auth_time: Option<u64>, acr: Option<String>) -> Terms {
        Terms {
            dpop_jkt: self.dpop_jkt.clone(),
            nonce: self.nonce.clone(),
            auth_time,
            acr,
            authorization_details: self.authorization_details.clone(),
        }
    }
}

/// RFC 7638 with SHA-256: 32 bytes as base64url.
fn thumbprint(form: &Form) -> Result<Option<String>, Refused> {
    match form.non_empty("dpop_jkt") {
        Some(text) if !is_thumbprint(text) => {
            Err(("invalid_request", "dpop_jkt is not 43 characters of base64url"))
        }
        jkt => Ok(jkt.map(str::to_owned)),
    }
}

fn is_thumbprint(text: &str) -> bool {
    let mut bytes = [0; 32];
    text.len() == 43 && URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) == Ok(32)
}

fn text(form: &Form, name: &str, otherwise: &'static str) -> Result<Option<String>, Refused> {
    match form.non_empty(name) {
        Some(text) if text.len() > MAX_TEXT || !text.bytes().all(is_vschar) => {
            Err(("invalid_request", otherwise))
        }
        text => Ok(text.map(str::to_owned)),
    }
}

/// OpenID Connect Core §3.1.2.1: `none` stands alone. Other values are the server's to heed.
fn unattended(form: &Form) -> Result<bool, Refused> {
    let values = form.non_empty("prompt").unwrap_or_default();
    match values.split(' ').filter(|value| !value.is_empty()).collect::<Vec<_>>()[..] {
        ["none"] => Ok(true),
        ref values if values.contains(&"none") => {
            Err(("invalid_request", "prompt=none stands beside another value"))
        }
        _ => Ok(false),
    }
}

fn max_age(form: &Form) -> Result<Option<u64>, Refused> {
    form.non_empty("max_age")
        .map(|text| {
            // `parse` would take a sign.
            let digits = text.bytes().all(|b| b.is_ascii_digit());
            text.parse().ok().filter(|_| digits)
        })
        .map_or(Ok(None), |seconds| match seconds {
            None => Err(("invalid_request", "max_age is not a number of seconds")),
            seconds => Ok(seconds),
        })
}

/// RFC 9396 §2: an array of objects, each with a type; §5 has the error.
pub(super) fn details(form: &Form, policy: &Policy) -> Result<Option<String>, Refused> {
    let Some(text) = form.non_empty("authorization_details") else {
        return Ok(None);
    };
    let wrong = (
        "invalid_authorization_details",
        "authorization_details is not an array of 1 to 16 objects with a type",
    );
    let Ok(Value::Array(all)) = serde_json::from_str(text) else {
        return Err(wrong);
    };
    let types: Vec<&str> = all
        .iter()
        .filter_map(|detail| detail.get("type")?.as_str().filter(|t| !t.is_empty()))
        .collect();
    if all.is_empty() || all.len() > MAX_DETAILS || types.len() < all.len() {
        return Err(wrong);
    }
    let served = &policy.details_types;
    if !served.is_empty() && !types.iter().all(|t| served.iter().any(|known| known == t)) {
        return Err(("invalid_authorization_details", "one of these types is not served"));
    }
    Ok(Some(Value::Array(all).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<More, Refused> {
        let mut policy = Policy::new("https://as.example").map_err(|_| ("", ""))?;
        policy.details_types = vec!["t".into()];
        More::read(&Form::parse(query), &policy)
    }

    #[test]
    fn what_is_asked_for_is_read_strictly() {
        let jkt = "A".repeat(43);
        let query = format!(
            "dpop_jkt={jkt}&nonce=n&acr_values=a+b&max_age=0&authorization_details=%5B%7B%22type%22:%22t%22%7D%5D"
        );
        let more = read(&query).unwrap_or_default();
        assert_eq!(more.dpop_jkt, Some(jkt));
        assert_eq!(more.nonce.as_deref(), Some("n"));
        assert_eq!(
            (more.acr_values.as_slice(), more.max_age),
            (["a".into(), "b".into()].as_slice(), Some(0))
        );
        assert_eq!(more.authorization_details.as_deref(), Some("[{\"type\":\"t\"}]"));
        assert!(!more.unattended);
        for (query, unattended) in
            [("prompt=none", true), ("prompt=login", false), ("prompt=NONE", false)]
        {
            assert_eq!(read(query).map(|more| more.unattended), Ok(unattended), "{query}");
        }
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for (query, error) in [
            ("dpop_jkt=abc", "invalid_request"),
            // The last character holds bits that no 32 bytes have.
            ("dpop_jkt=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB", "invalid_request"),
            ("nonce=%C3%BC", "invalid_request"),
            ("prompt=none+login", "invalid_request"),
            ("prompt=consent+none", "invalid_request"),
            ("max_age=-1", "invalid_request"),
            ("max_age=%2B1", "invalid_request"),
            ("max_age=1.5", "invalid_request"),
            ("acr_values=a%0Ab", "invalid_request"),
            ("authorization_details=x", "invalid_authorization_details"),
            ("authorization_details=%5B%5D", "invalid_authorization_details"),
            ("authorization_details=%7B%22type%22:%22t%22%7D", "invalid_authorization_details"),
            (
                "authorization_details=%5B%7B%22type%22:%22other%22%7D%5D",
                "invalid_authorization_details",
            ),
            ("authorization_details=%5B%7B%7D%5D", "invalid_authorization_details"),
        ] {
            assert_eq!(read(query).err().map(|refused| refused.0), Some(error), "{query}");
        }
    }
}
