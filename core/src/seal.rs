//! Bytes that may lie on a disk: sealed under a key that the platform keeps, or marked as not sealed.
//!
//! XChaCha20-Poly1305 with a nonce of 24 random bytes, so that any number of processes can seal under one
//! key without counting. What is sealed belongs to its context: bytes that were put in another place, or
//! kept from another client, do not open.

use crate::error::Error;
use crate::random;
use crate::secret::SecretBytes;
use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{Key, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// The key that sealed bytes are sealed under: 32 bytes that the platform keeps (a keyring, a Keychain, a
/// key of the Keystore around it). Wiped on drop.
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// A fresh key from the system's generator.
    ///
    /// # Errors
    /// [`Error::RandomUnavailable`].
    pub fn generate() -> Result<Self, Error> {
        random::bytes::<32>().map(Self)
    }

    /// The key of these 32 bytes.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] that names `data_key`, for any other number of bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            let reason = "is not 32 bytes long";
            return Err(Error::InvalidConfiguration { field: "data_key", reason });
        }
        key.copy_from_slice(bytes);
        Ok(Self(key))
    }

    /// The key of this text: base64url without padding of 32 bytes, as a keyring keeps it.
    ///
    /// # Errors
    /// [`Error::InvalidConfiguration`] that names `data_key`.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        random::bytes_of(text.trim_end()).map_or_else(
            || {
                let reason = "is not the base64url text of 32 bytes";
                Err(Error::InvalidConfiguration { field: "data_key", reason })
            },
            |bytes| Self::from_bytes(&bytes),
        )
    }

    /// The key as base64url without padding, for a keyring. Copies made of it are the caller's to wipe.
    #[must_use]
    pub fn expose_text(&self) -> Zeroizing<String> {
        Zeroizing::new(random::text(&*self.0))
    }

    /// The 32 bytes themselves. Copies made of them are the caller's to wipe.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        &*self.0
    }
}

impl core::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// What every sealed or marked text of bytes begins with, and the version.
const MAGIC: &[u8; 4] = b"PKs1";
const SEALED: u8 = 1;
const OPEN: u8 = 0;
const NONCE: usize = 24;
const TAG: usize = 16;
const HEAD: usize = MAGIC.len() + 1;

/// Nothing that is kept is larger, in bytes.
const MAX: usize = 256 * 1024;

/// Seals, or marks as not sealed where there is no key.
pub(crate) fn seal(
    key: Option<&DataKey>,
    context: &[&str],
    plain: &[u8],
) -> Result<SecretBytes, Error> {
    let Some(key) = key else {
        let mut out = Vec::with_capacity(HEAD + plain.len());
        out.extend_from_slice(MAGIC);
        out.push(OPEN);
        out.extend_from_slice(plain);
        return Ok(SecretBytes::new(out));
    };
    let nonce = random::bytes::<NONCE>()?;
    let mut out = Zeroizing::new(Vec::with_capacity(HEAD + NONCE + plain.len() + TAG));
    out.extend_from_slice(MAGIC);
    out.push(SEALED);
    out.extend_from_slice(&*nonce);
    out.extend_from_slice(plain);
    let tag = cipher(key)
        .encrypt_inout_detached(
            &XNonce::from(*nonce),
            &associated(context),
            (&mut out[HEAD + NONCE..]).into(),
        )
        .map_err(|_| unreadable("it is too large to be sealed"))?;
    out.extend_from_slice(&tag);
    Ok(SecretBytes::new(core::mem::take(&mut *out)))
}

/// Opens what [`seal`] made in the same context. With a key, bytes that were not sealed are refused: else
/// whoever can write the disk could put tokens of their own in.
pub(crate) fn open(
    key: Option<&DataKey>,
    context: &[&str],
    bytes: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    if bytes.len() > MAX {
        return Err(unreadable("it is larger than 256 KiB"));
    }
    let (head, rest) = bytes.split_at_checked(HEAD).ok_or_else(|| unreadable("it is cut off"))?;
    if !head.starts_with(MAGIC) {
        return Err(unreadable("it is not of this version of ProofKey"));
    }
    match (head.last(), key) {
        (Some(&OPEN), None) => Ok(Zeroizing::new(rest.to_vec())),
        (Some(&OPEN), Some(_)) => Err(unreadable("it is not sealed, although there is a key")),
        (Some(&SEALED), None) => Err(unreadable("it is sealed, and there is no key")),
        (Some(&SEALED), Some(key)) => open_sealed(key, context, rest),
        _ => Err(unreadable("it is not of this version of ProofKey")),
    }
}

fn open_sealed(key: &DataKey, context: &[&str], rest: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let cut = || unreadable("it is cut off");
    let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or_else(cut)?;
    let (sealed, tag) = rest.split_last_chunk::<TAG>().ok_or_else(cut)?;
    let mut plain = Zeroizing::new(sealed.to_vec());
    cipher(key)
        .decrypt_inout_detached(
            &XNonce::from(*nonce),
            &associated(context),
            plain.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .map_err(|_| {
            unreadable("it was sealed with another key or for another place, or it was changed")
        })?;
    Ok(plain)
}

fn cipher(key: &DataKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key.0))
}

/// Each part with its length before it, so that no two contexts read alike.
fn associated(context: &[&str]) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    for part in context {
        out.extend_from_slice(&(part.len() as u64).to_be_bytes());
        out.extend_from_slice(part.as_bytes());
    }
    out
}

pub(crate) const fn unreadable(reason: &'static str) -> Error {
    Error::RecordUnreadable { reason }
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
