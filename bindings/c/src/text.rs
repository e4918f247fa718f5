//! `pk_text`: a text or bytes in somebody's memory.

use core::ffi::c_char;

/// A text (UTF-8) or bytes: a pointer and a length. `data` of null is an absent text where a text may be
/// absent, and an empty one elsewhere if `length` is 0.
///
/// In what the library hands out, one NUL follows that `length` does not count, so that `data` serves as a
/// C string; `data` is null for what is absent.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_text {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes.
    pub length: usize,
}

impl pk_text {
    pub(crate) const ABSENT: Self = Self { data: core::ptr::null(), length: 0 };
}
