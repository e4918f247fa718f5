//! Codes and tokens: `grant_id.secret`, 16 and 32 random bytes as base64url without padding. All that
//! belongs to one grant begins alike, so its rows lie together; the store keeps the SHA-256 of the whole.

use super::record::Hash;
use crate::error::Error;
use crate::random;
use crate::secret::{Secret, SecretBuilder};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

const ID_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;

/// A code or a token that was just made.
pub(super) struct Minted {
    pub(super) text: Secret,
    pub(super) hash: Hash,
}

/// A new grant's id and its code, from one call of the generator.
pub(super) fn mint_code() -> Result<(String, Minted), Error> {
    let random = random::bytes::<{ ID_BYTES + SECRET_BYTES }>()?;
    let (id, secret) = random.split_at(ID_BYTES);
    let grant_id = random::text(id);
    let code = join(&grant_id, secret);
    Ok((grant_id, code))
}

/// A token of a grant.
pub(super) fn mint_token(grant_id: &str) -> Result<Minted, Error> {
    Ok(join(grant_id, &*random::bytes::<SECRET_BYTES>()?))
}

fn join(grant_id: &str, secret: &[u8]) -> Minted {
    let secret = Zeroizing::new(random::text(secret));
    let mut text = SecretBuilder::with_capacity(grant_id.len() + 1 + secret.len());
    text.push_str(grant_id);
    text.push('.');
    text.push_str(&secret);
    let text = text.finish();
    let hash = hash(text.expose());
    Minted { text, hash }
}

fn hash(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

/// The grant's id and the hash of what was presented, if it has the one spelling that we give out: a
/// prefix, a suffix or another spelling of the same bytes never gets as far as the store.
pub(super) fn read(text: &str) -> Option<(String, Hash)> {
    let (id, secret) = text.split_once('.')?;
    (canonical::<ID_BYTES>(id) && canonical::<SECRET_BYTES>(secret))
        .then(|| (id.to_owned(), hash(text)))
}

fn canonical<const N: usize>(text: &str) -> bool {
    let mut bytes = Zeroizing::new([0; N]);
    text.len() == random::text_len(N)
        && URL_SAFE_NO_PAD.decode_slice(text, &mut *bytes).is_ok_and(|n| n == N)
}
