//! The consent form's protection against requests that another site makes (P28, RFC 6749 §10.12).
//!
//! A double-submit token that is bound: the form's field is an HMAC, under a key of this process, of
//! the browser's cookie and of the request that was shown. A cookie that another local server
//! planted (cookies do not know ports) is worth nothing without the field, and a field serves for the
//! one request that the user has seen.

use super::DevError;
use crate::random;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use proofkey::secret::Secret;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The length of a cookie's value: 32 random bytes in base64url.
const VALUE_LEN: usize = 43;

pub(super) struct Csrf {
    key: Zeroizing<[u8; 32]>,
    cookie: String,
    path: String,
}

impl Csrf {
    /// `port` stands in the cookie's name: two servers on one host do not overwrite each other's. `path`
    /// is where the cookie is sent to.
    pub(super) fn new(port: u16, path: String) -> Result<Self, DevError> {
        let key = random::bytes().map_err(|_| DevError::Random)?;
        Ok(Self { key, cookie: format!("proofkey_csrf_{port}"), path })
    }

    /// The browser's value, or a new one. Keeping it lets two consent pages be open side by side.
    pub(super) fn value(&self, headers: &HeaderMap) -> Result<Secret, DevError> {
        match self.sent(headers) {
            Some(value) => Ok(Secret::new(value.to_owned())),
            None => random::text::<32>().map_err(|_| DevError::Random),
        }
    }

    /// `Set-Cookie`. No `Secure`: the server speaks http to loopback.
    pub(super) fn set_cookie(&self, value: &Secret) -> String {
        let Self { cookie, path, .. } = self;
        format!("{cookie}={}; Path={path}; HttpOnly; SameSite=Strict", value.expose())
    }

    /// The form's field.
    pub(super) fn field(&self, value: &str, query: &str) -> Option<String> {
        Some(URL_SAFE_NO_PAD.encode(self.mac(value, query)?.finalize().into_bytes()))
    }

    /// Whether this field belongs to the cookie that came with it and to this query. Compared in
    /// constant time.
    pub(super) fn is_right(&self, headers: &HeaderMap, field: &str, query: &str) -> bool {
        let Some(value) = self.sent(headers) else {
            return false;
        };
        let (Ok(field), Some(mac)) = (URL_SAFE_NO_PAD.decode(field), self.mac(value, query)) else {
            return false;
        };
        mac.verify_slice(&field).is_ok()
    }

    fn mac(&self, value: &str, query: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.key).ok()?;
        // The value has one length, so the two parts cannot run into each other.
        mac.update(value.as_bytes());
        mac.update(query.as_bytes());
        Some(mac)
    }

    /// The only cookie of our name, if it has the form of one that we gave out.
    fn sent<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let mut ours = headers
            .get_all(http::header::COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.cookie)
            .map(|(_, value)| value);
        let value = ours.next()?;
        let well_formed = value.len() == VALUE_LEN
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        (well_formed && ours.next().is_none()).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends with its first wrong step")]
    use super::*;

    fn with_cookie(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::COOKIE, cookie.parse().unwrap());
        headers
    }

    /// P28: the field is bound to cookie, request and process.
    #[test]
    fn a_field_serves_one_browser_one_request_and_one_process() {
        let (csrf, other) = (csrf(), csrf());
        let value = csrf.value(&HeaderMap::new()).unwrap();
        let headers = with_cookie(&format!("a=b; proofkey_csrf_7={}", value.expose()));
        let field = csrf.field(value.expose(), "client_id=a").unwrap();
        assert!(csrf.is_right(&headers, &field, "client_id=a"));
        assert!(!csrf.is_right(&headers, &field, "client_id=b"));
        assert!(!csrf.is_right(&headers, &field[..42], "client_id=a"));
        assert!(!csrf.is_right(&headers, "", "client_id=a"));
        assert!(!csrf.is_right(&HeaderMap::new(), &field, "client_id=a"));
        assert!(!other.is_right(&headers, &field, "client_id=a"));
        let another = "A".repeat(VALUE_LEN);
        let planted = with_cookie(&format!("proofkey_csrf_7={another}"));
        assert!(!csrf.is_right(&planted, &field, "client_id=a"));
        let twice =
            with_cookie(&format!("proofkey_csrf_7={0}; proofkey_csrf_7={0}", value.expose()));
        assert!(!csrf.is_right(&twice, &field, "client_id=a"));
    }

    fn csrf() -> Csrf {
        Csrf::new(7, "/authorize".into()).unwrap()
    }

    #[test]
    fn a_browser_keeps_its_value() {
        let csrf = csrf();
        let value = csrf.value(&HeaderMap::new()).unwrap();
        let headers = with_cookie(&format!("proofkey_csrf_7={}", value.expose()));
        assert!(csrf.value(&headers).unwrap().matches(value.expose()));
        let odd = with_cookie("proofkey_csrf_7=<script>");
        assert_eq!(csrf.value(&odd).unwrap().len(), VALUE_LEN);
    }
}
