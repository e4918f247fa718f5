//! What a server knows of its clients.

use super::{call, view};
pub use proofkey_core::grant::client::ClientRecord;

pub fn redirect_uri_matches(registered: &str, sent: &str) -> bool {
    let (left, right, mut matches) = (view(registered), view(sent), false);
    // SAFETY: everything that is pointed to lives until the end of this function.
    call(|error| unsafe {
        proofkey_c::grant::request::pk_redirect_uri_matches(
            left.data,
            left.length,
            right.data,
            right.length,
            &mut matches,
            error,
        )
    })
    .expect("both are texts");
    matches
}
