//! The nonces of DPoP.

use crate::c::call;
use proofkey_c::dpop_nonces::*;

pub struct DpopNonces(pk_dpop_nonces);

impl DpopNonces {
    pub fn new() -> Self {
        let mut nonces = pk_dpop_nonces { id: 0 };
        // SAFETY: the pointer is to a structure of this function.
        call(|error| unsafe { pk_dpop_nonces_new(&mut nonces, error) }).expect("one can be made");
        Self(nonces)
    }

    pub(crate) const fn handle(&self) -> pk_dpop_nonces {
        self.0
    }
}

impl Drop for DpopNonces {
    fn drop(&mut self) {
        pk_dpop_nonces_free(self.0);
    }
}
