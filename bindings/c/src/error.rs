//! `pk_error`: what went wrong, as a value that belongs to the caller. No allocation, no state of a
//! thread.

use crate::input::Structure;
use crate::status::{Fail, PK_OK, pk_status};
use core::ffi::c_char;
use core::mem::{offset_of, size_of};

/// What went wrong. The caller owns it; a function writes it when it fails and leaves it alone when it
/// does not. Nothing of it is secret. Each text ends with a NUL and is cut where it would not fit.
///
/// Set `size` before the first use: `pk_error error = PK_ERROR_INIT;`. With another size nothing is
/// written; the status is the same.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_error {
    /// `sizeof(pk_error)`.
    pub size: usize,
    /// The status that the function returned.
    pub status: pk_status,
    /// The stable code: `invalid_grant`, `port_in_use`, `null_pointer`. It never changes its meaning.
    pub code: [c_char; 64],
    /// What can be done: `retry`, `sign_in_again`, `fix_configuration` or `user_cancelled`.
    pub family: [c_char; 32],
    /// The setting, where one is wrong (`invalid_configuration`); the member of a document
    /// (`invalid_metadata`); the scope above the ceiling (`scope_ceiling`); the parameter or member, where a call is; else
    /// empty.
    pub field: [c_char; 64],
    /// What was wrong and what was expected, in English.
    pub message: [c_char; 1024],
    /// What to do, in one sentence for the person who runs the program.
    pub advice: [c_char; 256],
}

// SAFETY: `repr(C)`, the size first, numbers only.
unsafe impl Structure for pk_error {}

/// What went wrong without ending a flow; where nothing did, `PK_OK` and empty texts.
pub(crate) fn warning(error: Option<proofkey::Error>) -> pk_error {
    let said = error.map_or(NOTHING, |error| describe(&Fail::Core(error)));
    pk_error { size: size_of::<pk_error>(), ..said }
}

const NOTHING: pk_error = pk_error {
    size: 0,
    status: PK_OK,
    code: [0; 64],
    family: [0; 32],
    field: [0; 64],
    message: [0; 1024],
    advice: [0; 256],
};

/// Writes what went wrong, if the caller wants to know.
///
/// # Safety
/// `out` is null, or points to a structure that begins with its size and has as many bytes.
pub(crate) unsafe fn fill(out: *mut pk_error, fail: &Fail) {
    if out.is_null() {
        return;
    }
    // SAFETY: not null, so by the caller's promise the size is there.
    let size = unsafe { out.cast::<usize>().read_unaligned() };
    if size < size_of::<pk_error>() {
        return;
    }
    let written = describe(fail);
    let start = offset_of!(pk_error, status);
    // SAFETY: both have `size_of::<pk_error>()` bytes; the size itself stays as it is. Bytes are
    // copied, so nothing needs to be aligned.
    unsafe {
        (&raw const written)
            .cast::<u8>()
            .add(start)
            .copy_to_nonoverlapping(out.cast::<u8>().add(start), size_of::<pk_error>() - start);
    }
}

fn describe(fail: &Fail) -> pk_error {
    const FIX: &str = "fix_configuration";
    let mut error = pk_error { status: fail.status(), ..NOTHING };
    let (code, family, field, message, advice) = match fail {
        Fail::Misuse(misuse, name) => {
            let (_, code, ending, advice) = misuse.facts();
            (code, FIX, *name, format!("{name} {ending}"), advice)
        }
        Fail::Nothing(what) => {
            ("nothing", FIX, "", (*what).to_owned(), "Ask only for what is there.")
        }
        Fail::Core(error) => {
            let field = match error {
                proofkey::Error::InvalidConfiguration { field, .. } => field,
                proofkey::Error::InvalidMetadata { member, .. } => member,
                proofkey::Error::ScopeCeiling { scope } => scope.as_str(),
                _ => "",
            };
            (error.code(), error.family().as_str(), field, error.to_string(), error.advice())
        }
        // In the store's own words, which name the file; a flow that is told them says what it was about.
        #[cfg(feature = "file-store")]
        Fail::Store(error) => {
            let core = proofkey::Error::from_store(error.code(), "");
            (core.code(), core.family().as_str(), "", error.to_string(), core.advice())
        }
        #[cfg(feature = "file-store")]
        Fail::Busy => (
            "busy",
            "retry",
            "",
            "somebody else holds the lock".to_owned(),
            "Ask again, until you have waited long enough.",
        ),
        Fail::NotOurs(refusal) => {
            (refusal.code(), "retry", "", refusal.to_string(), "Go on waiting for the redirect.")
        }
        Fail::Panicked => (
            "panicked",
            FIX,
            "",
            "a mistake in the library was caught".to_owned(),
            "Free the handle and start again; report it with what was called before.",
        ),
    };
    write(&mut error.code, code);
    write(&mut error.family, family);
    write(&mut error.field, field);
    write(&mut error.message, &message);
    write(&mut error.advice, advice);
    error
}

/// As many whole characters as fit, then NUL. A NUL inside would end the text for C: it is left out.
fn write(out: &mut [c_char], text: &str) {
    let mut room = out.len() - 1;
    let mut bytes = out.iter_mut();
    for c in text.chars().filter(|c| *c != '\0') {
        if c.len_utf8() > room {
            break;
        }
        room -= c.len_utf8();
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            if let Some(place) = bytes.next() {
                *place = byte.cast_signed() as c_char;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_ends_with_a_nul() {
        let mut out = [0; 6];
        write(&mut out, "aäää");
        let bytes: Vec<u8> = out.iter().map(|c| c.cast_unsigned()).collect();
        assert_eq!(&bytes, b"a\xc3\xa4\xc3\xa4\0");
        let mut out = [0; 6];
        write(&mut out, "aaaaääää");
        let bytes: Vec<u8> = out.iter().map(|c| c.cast_unsigned()).collect();
        assert_eq!(&bytes, b"aaaa\0\0");
    }
}
