//! The version, of the header and of the library.

use crate::call::call;
use crate::error::pk_error;
use crate::output::Buffer;
use crate::status::{Fail, Misuse, pk_status};
use core::ffi::c_char;

/// The first number of the header's version.
pub const PK_VERSION_MAJOR: u32 = 0;
/// The second number of the header's version.
pub const PK_VERSION_MINOR: u32 = 1;
/// The third number of the header's version.
pub const PK_VERSION_PATCH: u32 = 0;

/// A number of Cargo's version.
const fn number(text: &str) -> u32 {
    match u32::from_str_radix(text, 10) {
        Ok(number) => number,
        Err(_) => u32::MAX,
    }
}

// The header is made of literals; this is what keeps them Cargo's.
const _: () = assert!(
    PK_VERSION_MAJOR == number(env!("CARGO_PKG_VERSION_MAJOR"))
        && PK_VERSION_MINOR == number(env!("CARGO_PKG_VERSION_MINOR"))
        && PK_VERSION_PATCH == number(env!("CARGO_PKG_VERSION_PATCH")),
    "the numbers here are those of Cargo.toml"
);

/// Writes the library's version, such as `0.1.0`, and a NUL. `PK_VERSION` is the header's.
///
/// `buffer` has room for `capacity` bytes; `length`, which may be null, gets the text's length.
///
/// Returns `PK_OK`, `PK_BUFFER_TOO_SMALL` or `PK_NULL`. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_version(
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            Buffer::new("buffer", buffer, capacity, length).write(env!("CARGO_PKG_VERSION"))
        })
    }
}

/// Asks whether a program that was compiled with a header of this version may use this library:
/// `PK_CHECK_VERSION(&error)` passes the numbers of the header. Call it once, at the start.
///
/// Returns `PK_OK`, or `PK_VERSION_MISMATCH`: another major version, another minor version before 1.0, or a
/// library that is older than the header. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_check_version(
    major: u32,
    minor: u32,
    patch: u32,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let same = major == PK_VERSION_MAJOR && (major != 0 || minor == PK_VERSION_MINOR);
            let older = (minor, patch) <= (PK_VERSION_MINOR, PK_VERSION_PATCH);
            if same && older { Ok(()) } else { Err(Fail::Misuse(Misuse::Version, "version")) }
        })
    }
}
