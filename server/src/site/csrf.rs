//! The consent form's protection against requests that another site makes (P28, RFC 6749 §10.12).
//!
//! A double-submit token that is bound: the form's field is an HMAC, under a key of this server, of
//! the browser's cookie, the user, and the request that was shown. A cookie that another local server
//! planted (cookies do not know ports) is worth nothing without the field, and a field serves for the
//! one request that the user has seen, and for this user.

use super::Place;
use crate::random::{self, Failed};
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
    secure: bool,
}

/// What a form is for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    /// The user whom it was shown to.
    pub(super) subject: &'a str,
    /// The request: that of its page.
    pub(super) request: &'a str,
}

impl Csrf {
    /// For the forms of the page at this path, behind the issuer's. The port stands in the cookie's name: two
    /// servers on one host do not overwrite each other's.
    pub(super) fn new(key: Zeroizing<[u8; 32]>, place: &Place, path: &str) -> Self {
        let port = place.host.rsplit_once(':').map_or("", |(_, port)| port);
        let port = if port.bytes().all(|b| b.is_ascii_digit()) { port } else { "" };
        Self {
            key,
            cookie: format!("proofkey_csrf_{port}"),
            path: format!("{}{path}", place.base),
            secure: place.is_secure(),
        }
    }

    /// The browser's value, or a new one. Keeping it lets two consent pages be open side by side.
    pub(super) fn value(&self, headers: &HeaderMap) -> Result<Secret, Failed> {
        match self.sent(headers) {
            Some(value) => Ok(Secret::new(value.to_owned())),
            None => random::text::<32>(),
        }
    }

    /// `Set-Cookie`. `Secure` but for a server that speaks http to loopback.
    pub(super) fn set_cookie(&self, value: &Secret) -> String {
        let Self { cookie, path, secure, .. } = self;
        let secure = if *secure { "; Secure" } else { "" };
        format!("{cookie}={}; Path={path}{secure}; HttpOnly; SameSite=Strict", value.expose())
    }

    /// The form's field.
    pub(super) fn field(&self, value: &str, shown: Shown<'_>) -> Option<String> {
        Some(URL_SAFE_NO_PAD.encode(self.mac(value, shown)?.finalize().into_bytes()))
    }

    /// Whether this field belongs to the cookie that came with it and to what was shown. Compared in
    /// constant time.
    pub(super) fn is_right(&self, headers: &HeaderMap, field: &str, shown: Shown<'_>) -> bool {
        let Some(value) = self.sent(headers) else {
            return false;
        };
        let (Ok(field), Some(mac)) = (URL_SAFE_NO_PAD.decode(field), self.mac(value, shown)) else {
            return false;
        };
        mac.verify_slice(&field).is_ok()
    }

    fn mac(&self, value: &str, shown: Shown<'_>) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.key).ok()?;
        // No part can run into another: the value has one length, and the others say theirs.
        mac.update(value.as_bytes());
        for part in [&*self.path, shown.subject, shown.request] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
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
    use super::super::Discovery;
    use super::*;

    fn with_cookie(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::COOKIE, cookie.parse().unwrap());
        headers
    }

    /// P28: the field is bound to cookie, user, request, page and server.
    #[test]
    fn a_field_serves_one_browser_one_user_and_one_request() {
        let place = Place::of("http://127.0.0.1:7", Discovery::Both).unwrap();
        let csrf = csrf();
        let value = csrf.value(&HeaderMap::new()).unwrap();
        let headers = with_cookie(&format!("a=b; proofkey_csrf_7={}", value.expose()));
        let shown = Shown { subject: "u", request: "client_id=a" };
        let field = csrf.field(value.expose(), shown).unwrap();
        assert!(csrf.is_right(&headers, &field, shown));
        assert!(!csrf.is_right(&headers, &field, Shown { request: "client_id=b", ..shown }));
        assert!(!csrf.is_right(&headers, &field, Shown { subject: "v", ..shown }));
        assert!(!csrf.is_right(&headers, &field, Shown { subject: "uc", request: "lient_id=a" }));
        assert!(!csrf.is_right(&headers, &field[..42], shown));
        assert!(!csrf.is_right(&headers, "", shown));
        assert!(!csrf.is_right(&HeaderMap::new(), &field, shown));
        let other_key = Csrf::new(Zeroizing::new([8; 32]), &place, "/authorize");
        assert!(!other_key.is_right(&headers, &field, shown));
        let other_page = Csrf::new(Zeroizing::new([7; 32]), &place, "/device");
        assert!(!other_page.is_right(&headers, &field, shown));
        let another_node = super::tests::csrf();
        assert!(another_node.is_right(&headers, &field, shown));
        let another = "A".repeat(VALUE_LEN);
        let planted = with_cookie(&format!("proofkey_csrf_7={another}"));
        assert!(!csrf.is_right(&planted, &field, shown));
        let twice =
            with_cookie(&format!("proofkey_csrf_7={0}; proofkey_csrf_7={0}", value.expose()));
        assert!(!csrf.is_right(&twice, &field, shown));
    }

    #[test]
    fn the_cookie_is_secure_where_the_server_is() {
        let value = Secret::new("v".into());
        let https = Place::of("https://as.example/tenant", Discovery::Both).unwrap();
        let csrf = Csrf::new(Zeroizing::new([7; 32]), &https, "/authorize");
        let cookie = csrf.set_cookie(&value);
        assert!(cookie.contains("Path=/tenant/authorize; Secure; HttpOnly"), "{cookie}");
        assert!(!super::tests::csrf().set_cookie(&value).contains("Secure"));
    }

    fn csrf() -> Csrf {
        let place = Place::of("http://127.0.0.1:7", Discovery::Both).unwrap();
        Csrf::new(Zeroizing::new([7; 32]), &place, "/authorize")
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
