//! Text that is wiped when it is dropped and never printed.

use subtle::ConstantTimeEq;
use zeroize::{Zeroize as _, Zeroizing};

/// A secret text: a verifier, a code, a token, a form body that holds one.
///
/// It is wiped on drop, has no `Display`, no `Clone` and no `Serialize`, and its `Debug` says only
/// that it is there. [`Secret::expose`] is the one way to its content.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over. Its buffer is not copied, so the only copy left is this one.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself. Copies made of it are the caller's to wipe.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Compares in a time that depends on the lengths alone.
    #[must_use]
    pub fn matches(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Bytes that may hold secrets: what a store keeps. Wiped on drop and not shown by `Debug`.
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes the bytes over. Their buffer is not copied.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes themselves. Copies made of them are the caller's to wipe.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl core::fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SecretBytes({})", self.0.len())
    }
}

/// A text that is built piece by piece and may hold secrets.
///
/// A `String` that grows leaves its old buffer behind unwiped. This one never grows in place: when
/// the room is used up it moves to a larger buffer and wipes the old one.
pub(crate) struct SecretBuilder(Zeroizing<String>);

impl SecretBuilder {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(Zeroizing::new(String::with_capacity(bytes)))
    }

    #[inline]
    pub(crate) fn push(&mut self, c: char) {
        self.reserve(c.len_utf8());
        self.0.push(c);
    }

    #[inline]
    pub(crate) fn push_str(&mut self, text: &str) {
        self.reserve(text.len());
        self.0.push_str(text);
    }

    /// Pushes a byte percent-encoded (RFC 3986 §2.1).
    #[inline]
    pub(crate) fn push_encoded(&mut self, byte: u8) {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        self.reserve(3);
        self.0.push('%');
        self.0.push(char::from(HEX[usize::from(byte >> 4)]));
        self.0.push(char::from(HEX[usize::from(byte & 15)]));
    }

    /// Makes room for so many bytes more.
    #[inline]
    fn reserve(&mut self, bytes: usize) {
        let needed = self.0.len() + bytes;
        if needed > self.0.capacity() {
            self.move_to(needed * 2);
        }
    }

    #[cold]
    fn move_to(&mut self, capacity: usize) {
        let mut larger = String::with_capacity(capacity);
        larger.push_str(&self.0);
        self.0.zeroize();
        self.0 = Zeroizing::new(larger);
    }

    /// The text, where it turned out to hold no secret.
    pub(crate) fn into_public(mut self) -> String {
        core::mem::take(&mut *self.0)
    }

    pub(crate) fn finish(self) -> Secret {
        Secret(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_builder_keeps_what_was_pushed_across_its_moves() {
        let mut builder = SecretBuilder::with_capacity(2);
        for n in 0..40 {
            builder.push_str(&n.to_string());
            builder.push('ü');
        }
        let text: String = (0..40).map(|n| format!("{n}ü")).collect();
        assert_eq!(builder.finish().expose(), text);
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        assert_eq!(format!("{:?}", Secret::new("hunter2".into())), "Secret(…)");
    }

    #[test]
    fn matches_is_equality() {
        let secret = Secret::new("abc".into());
        assert!(secret.matches("abc"));
        assert!(!secret.matches("abd"));
        assert!(!secret.matches("abcd"));
        assert!(!secret.matches(""));
    }
}
