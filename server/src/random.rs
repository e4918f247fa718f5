//! Random texts, from the operating system's generator alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proofkey::secret::Secret;
use rand::TryRng as _;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

/// The generator failed. There is no fallback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failed;

pub(crate) fn bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, Failed> {
    let mut bytes = Zeroizing::new([0; N]);
    SysRng.try_fill_bytes(&mut *bytes).map_err(|_| Failed)?;
    Ok(bytes)
}

/// `N` bytes as base64url without padding.
pub(crate) fn text<const N: usize>() -> Result<Secret, Failed> {
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(*bytes::<N>()?)))
}
