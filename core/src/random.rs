//! Bytes from the operating system's generator. No generator state is kept in user space, so a forked
//! child never repeats its parent's numbers, and a failure is an error, never a fallback.

use crate::error::Error;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRng as _;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

/// `N` bytes in one call of the generator.
pub(crate) fn bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, Error> {
    let mut out = Zeroizing::new([0; N]);
    SysRng.try_fill_bytes(&mut *out).map_err(|_| Error::RandomUnavailable)?;
    Ok(out)
}

/// How many characters of base64url without padding `bytes` bytes make.
pub(crate) const fn text_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// The bytes as base64url without padding, in one buffer of the right size.
pub(crate) fn text(bytes: &[u8]) -> String {
    // Not `encode_string`: that goes through a kilobyte on the stack, and leaves the text there.
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of such a text; nothing where it is none.
pub(crate) fn bytes_of(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    URL_SAFE_NO_PAD.decode(text).ok().map(Zeroizing::new)
}
