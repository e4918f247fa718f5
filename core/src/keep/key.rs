//! The keys of a store. Each is a name that any file system takes, and tells nothing: a kind, and a hash of
//! what the record belongs to. Two accounts, clients, resources or issuers never share one.

use core::fmt::Write as _;
use sha2::{Digest as _, Sha256};

/// The kind of the record that holds tokens.
const TOKENS: &str = "tokens";

/// Whether the key is one of tokens.
pub(crate) fn is_of_tokens(key: &str) -> bool {
    key.strip_prefix(TOKENS).is_some_and(|rest| rest.starts_with('-'))
}

/// The tokens of one client at one issuer, for one resource and account.
pub(crate) fn tokens(
    issuer: &str,
    client_id: &str,
    resource: Option<&str>,
    account: Option<&str>,
) -> String {
    key(TOKENS, &[Some(issuer), Some(client_id), resource, account])
}

/// Who is signed in at an address, as a program names it: a resource or else an issuer; with a client where
/// the program names one.
pub(crate) fn signed_in(target: &Target<'_>, client_id: Option<&str>) -> String {
    key("signin", &target.parts(client_id))
}

/// The sign-in at an address that waits for its redirect.
pub(crate) fn pending(target: &Target<'_>, client_id: Option<&str>) -> String {
    key("pending", &target.parts(client_id))
}

/// The registration of a client at an issuer (M4: kept per issuer and never used with another).
pub(crate) fn client(issuer: &str, client_name: &str) -> String {
    key("client", &[Some(issuer), Some(client_name)])
}

/// The same of a client that signs in on another device (RFC 8628).
pub(crate) fn device_client(issuer: &str, client_name: &str) -> String {
    key("device", &[Some(issuer), Some(client_name)])
}

/// An address as a program names it.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) issuer: Option<&'a str>,
    pub(crate) resource: Option<&'a str>,
    pub(crate) account: Option<&'a str>,
}

impl<'a> Target<'a> {
    /// Where there is a resource it is the address; the issuer is one that it may name.
    const fn parts(&self, client_id: Option<&'a str>) -> [Option<&'a str>; 4] {
        let issuer = if self.resource.is_some() { None } else { self.issuer };
        [issuer, self.resource, self.account, client_id]
    }
}

/// 128 bits of SHA-256 over the kind and the parts, each with its length before it.
fn key(kind: &str, parts: &[Option<&str>]) -> String {
    let mut hash = Sha256::new();
    hash.update(kind);
    for part in parts {
        // What is absent is not what is empty.
        let length = part.map_or(u64::MAX, |part| part.len() as u64);
        hash.update(length.to_be_bytes());
        hash.update(part.unwrap_or_default());
    }
    let mut out = format!("{kind}-");
    for byte in hash.finalize().iter().take(16) {
        // Writing to a text cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_where_anything_does_and_are_names_of_files() {
        let target = |issuer, resource, account| Target { issuer, resource, account };
        let keys = [
            tokens("https://a", "c", None, None),
            tokens("https://a", "c", None, Some("")),
            tokens("https://a", "c", Some("https://r"), None),
            tokens("https://a", "c", Some("https://r"), Some("x")),
            tokens("https://a", "c", None, Some("https://r")),
            tokens("https://ac", "", None, None),
            tokens("https://b", "c", None, None),
            client("https://a", "c"),
            device_client("https://a", "c"),
            signed_in(&target(Some("https://a"), None, None), None),
            signed_in(&target(Some("https://a"), None, None), Some("c")),
            signed_in(&target(None, Some("https://a"), None), None),
            pending(&target(None, Some("https://a"), None), None),
        ];
        for (n, key) in keys.iter().enumerate() {
            assert!(!keys[..n].contains(key), "{n}");
            assert!(key.len() <= 64, "{key}");
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            assert!(key.bytes().all(plain), "{key}");
        }
        let with_issuer = target(Some("https://a"), Some("https://r"), None);
        let without = target(None, Some("https://r"), None);
        assert_eq!(signed_in(&with_issuer, None), signed_in(&without, None));
    }
}
