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
    pub(super) prompt: Vec<String>,
    pub(super) login_hint: Option<String>,
    pub(super) ui_locales: Vec<String>,
    pub(super) authorization_details: Option<String>,
}

impl More {
    pub(super) fn read(form: &Form, policy: &Policy) -> Result<Self, Refused> {
        Ok(Self {
            dpop_jkt: thumbprint(form)?,
            nonce: text(form, "nonce", "the nonce is not printable ASCII of up to 1 KiB")?,
            acr_values: list(
                form,
                "acr_values",
                "acr_values is not printable ASCII of up to 1 KiB",
            )?,
            max_age: max_age(form)?,
            prompt: prompt(form)?,
            login_hint: login_hint(form)?,
            ui_locales: list(
                form,
                "ui_locales",
                "ui_locales is not printable ASCII of up to 1 KiB",
            )?,
            authorization_details: details(form, policy)?,
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

fn list(form: &Form, name: &str, otherwise: &'static str) -> Result<Vec<String>, Refused> {
    let text = text(form, name, otherwise)?.unwrap_or_default();
    Ok(text.split(' ').filter(|item| !item.is_empty()).map(str::to_owned).collect())
}

/// OpenID Connect Core §3.1.2.1: `none` stands alone.
fn prompt(form: &Form) -> Result<Vec<String>, Refused> {
    let prompt = list(form, "prompt", "prompt is not printable ASCII of up to 1 KiB")?;
    if prompt.len() > 1 && prompt.iter().any(|value| value == "none") {
        return Err(("invalid_request", "prompt is none and something else"));
    }
    Ok(prompt)
}

/// The hint may be a name in any script.
fn login_hint(form: &Form) -> Result<Option<String>, Refused> {
    match form.non_empty("login_hint") {
        Some(hint) if hint.len() > MAX_TEXT || hint.chars().any(char::is_control) => {
            Err(("invalid_request", "login_hint is longer than 1 KiB or has control characters"))
        }
        hint => Ok(hint.map(str::to_owned)),
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
        let more = read("prompt=login+consent&login_hint=J%C3%BCrgen&ui_locales=de+en");
        let more = more.unwrap_or_default();
        assert_eq!(more.prompt, ["login", "consent"]);
        assert_eq!(more.login_hint.as_deref(), Some("J\u{fc}rgen"));
        assert_eq!(more.ui_locales, ["de", "en"]);
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for (query, error) in [
            ("dpop_jkt=abc", "invalid_request"),
            // The last character holds bits that no 32 bytes have.
            ("dpop_jkt=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB", "invalid_request"),
            ("nonce=%C3%BC", "invalid_request"),
            ("max_age=-1", "invalid_request"),
            ("max_age=%2B1", "invalid_request"),
            ("max_age=1.5", "invalid_request"),
            ("acr_values=a%0Ab", "invalid_request"),
            ("prompt=none+login", "invalid_request"),
            ("prompt=%C3%BC", "invalid_request"),
            ("login_hint=a%0Ab", "invalid_request"),
            ("ui_locales=%C3%BC", "invalid_request"),
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
