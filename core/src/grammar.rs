//! The character classes of the specifications.

/// Looks at every character, so its time says nothing about where a wrong one stands.
pub(crate) fn all_unreserved(text: &str) -> bool {
    text.bytes().fold(true, |all, byte| all & is_unreserved(byte))
}

/// RFC 3986 §2.3. `|` and not `||`: no branch, so that a loop over it is vectorised.
pub(crate) const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() | matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// RFC 6749 Appendix A: `%x20-7E`.
pub(crate) const fn is_vschar(byte: u8) -> bool {
    matches!(byte, 0x20..=0x7e)
}

/// RFC 6749 §3.3, a scope-token: `%x21 / %x23-5B / %x5D-7E`.
pub(crate) const fn is_scope_character(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)
}

/// RFC 6749 §3.3: one scope.
pub(crate) fn is_scope_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_scope_character)
}
