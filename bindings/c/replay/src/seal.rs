//! The data key.

use crate::c::{call, text, view};
use crate::error::Error;
use proofkey_c::data_key::{
    pk_data_key, pk_data_key_expose_text, pk_data_key_free, pk_data_key_from_bytes,
    pk_data_key_from_text,
};

pub struct DataKey(pk_data_key);

impl DataKey {
    pub fn from_text(given: &str) -> Result<Self, Error> {
        let given = view(given);
        let mut key = pk_data_key { id: 0 };
        // SAFETY: everything that is pointed to lives until the end of this function.
        call(|error| unsafe { pk_data_key_from_text(given.data, given.length, &mut key, error) })?;
        Ok(Self(key))
    }

    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, Error> {
        let mut key = pk_data_key { id: 0 };
        // SAFETY: as above.
        call(|error| unsafe { pk_data_key_from_bytes(bytes.as_ptr(), &mut key, error) })?;
        Ok(Self(key))
    }

    pub fn expose_text(&self) -> String {
        // SAFETY: the pointers are `text`'s.
        let exposed = text(|b, n, l, e| unsafe { pk_data_key_expose_text(self.0, b, n, l, e) });
        exposed.expect("the handle is good").expect("a text")
    }

    pub(crate) const fn handle(&self) -> pk_data_key {
        self.0
    }
}

impl Drop for DataKey {
    fn drop(&mut self) {
        pk_data_key_free(self.0);
    }
}
