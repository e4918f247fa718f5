//! The pair of RFC 7636 and its verification.

use crate::call::call;
use crate::error::pk_error;
use crate::input;
use crate::output::{Buffer, Out};
use crate::status::pk_status;
use core::ffi::c_char;
use proofkey::challenge::CodeChallenge;
use proofkey::verifier::CodeVerifier;
use zeroize::Zeroizing;

/// The length of a verifier that `pk_pair` makes, and of every challenge.
const TEXT: usize = 43;

/// Makes a code verifier from the system's generator, and its challenge (RFC 7636 §4.1, §4.2). S256 is the
/// only method.
///
/// Both are texts of 43 characters with a NUL: the buffers need 44 bytes. The verifier is a secret; the
/// caller wipes the buffer when it is done. `verifier_length` and `challenge_length` may be null.
///
/// Returns `PK_OK`; `PK_ERROR` with `random_unavailable`; `PK_BUFFER_TOO_SMALL` or `PK_NULL`, upon which no
/// buffer is written. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_pair(
    verifier: *mut c_char,
    verifier_capacity: usize,
    verifier_length: *mut usize,
    challenge: *mut c_char,
    challenge_capacity: usize,
    challenge_length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let verifier = Buffer::new("verifier", verifier, verifier_capacity, verifier_length);
            let challenge =
                Buffer::new("challenge", challenge, challenge_capacity, challenge_length);
            verifier.fits(TEXT)?;
            challenge.fits(TEXT)?;
            let made = CodeVerifier::generate()?;
            verifier.write(made.expose_verifier())?;
            challenge.write(&made.challenge().to_text())
        })
    }
}

/// The S256 challenge of a verifier that was made elsewhere (RFC 7636 §4.2).
///
/// `buffer` needs 44 bytes; `length` may be null.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_verifier`; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_challenge(
    verifier: *const c_char,
    verifier_length: usize,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let text = Zeroizing::new(input::text("verifier", verifier, verifier_length)?);
            let made = CodeVerifier::parse(&text)?;
            Buffer::new("buffer", buffer, capacity, length).write(&made.challenge().to_text())
        })
    }
}

/// Reads the text of a challenge as its 32 bytes, for a database.
///
/// `bytes` points to 32 bytes.
///
/// Returns `PK_OK`; `PK_ERROR` with `invalid_challenge` unless it is 43 characters of canonical base64url; or
/// a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_challenge_read(
    challenge: *const c_char,
    challenge_length: usize,
    bytes: *mut u8,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise; an array of bytes is where its first byte is.
    unsafe {
        call(error, || {
            let out = Out::new("bytes", bytes.cast::<[u8; 32]>())?;
            let text = input::text("challenge", challenge, challenge_length)?;
            out.write(*CodeChallenge::parse(&text)?.as_bytes());
            Ok(())
        })
    }
}

/// Writes the 32 bytes of a challenge as its text.
///
/// `bytes` points to 32 bytes; `buffer` needs 44; `length` may be null.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_challenge_write(
    bytes: *const u8,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let text = CodeChallenge::from_bytes(input::hash("bytes", bytes)?).to_text();
            Buffer::new("buffer", buffer, capacity, length).write(&text)
        })
    }
}

/// Whether the challenge is that of the verifier: the authorization server's check (RFC 7636 §4.6), in
/// constant time. `*matches` becomes true or false.
///
/// Returns `PK_OK` for both; `PK_ERROR` with `invalid_verifier` or `invalid_challenge` for a text outside the
/// grammar; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_verify(
    verifier: *const c_char,
    verifier_length: usize,
    challenge: *const c_char,
    challenge_length: usize,
    matches: *mut bool,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("matches", matches)?;
            let verifier = Zeroizing::new(input::text("verifier", verifier, verifier_length)?);
            let challenge = input::text("challenge", challenge, challenge_length)?;
            let challenge = CodeChallenge::parse(&challenge)?;
            out.write(proofkey::verify(&verifier, &challenge)?);
            Ok(())
        })
    }
}
