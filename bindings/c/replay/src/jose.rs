//! Keys and signatures.

use crate::c::{call, view_bytes};
use crate::error::Error;
use proofkey_c::dpop_proof::pk_raw_signature;
use proofkey_c::id_token::pk_key_set_read;
use proofkey_c::status::{PK_NOTHING, PK_OK};

/// The document: in C a token is verified with it as it came.
pub struct KeySet {
    pub(crate) body: Vec<u8>,
    count: usize,
}

impl KeySet {
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let (given, mut count) = (view_bytes(body), 0);
        // SAFETY: everything that is pointed to lives until the end of this function.
        call(|error| unsafe { pk_key_set_read(given.data, given.length, &mut count, error) })?;
        Ok(Self { body: body.to_vec(), count })
    }

    #[expect(clippy::len_without_is_empty, reason = "nobody asks")]
    pub const fn len(&self) -> usize {
        self.count
    }
}

pub fn raw_signature(bytes: &[u8]) -> Option<[u8; 64]> {
    let (given, mut raw) = (view_bytes(bytes), [0; 64]);
    let null = std::ptr::null_mut();
    // SAFETY: everything that is pointed to lives until the end of this function; an error may be null.
    match unsafe { pk_raw_signature(given.data, given.length, raw.as_mut_ptr(), null) } {
        PK_OK => Some(raw),
        PK_NOTHING => None,
        status => panic!("{status}"),
    }
}
